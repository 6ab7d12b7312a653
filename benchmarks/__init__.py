"""What is measured, side by side with its peers: `python -m benchmarks [--quick | --long] [--only …]`.

Read in this order: `ground` (a vhost and databases of our own), `works` (what is done to each event), `peers/` (the
same by others), `hearing` and `carrying` (the runs beside peers), `running` (a process of ours), `starting`,
`remembering`, `delaying` and `submitting` (what it takes), `stepping` (what an event passes on its way), `filling`,
`reading` and `catching_up` (what grows with size), `pairing` (A B A B, medians, ratios), `results`, `report`,
`deriving` (from what was measured to docs/scale.md).
"""
