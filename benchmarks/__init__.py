"""What is measured, side by side with its peers: `python -m benchmarks [--quick]`.

Read in this order: `ground` (a vhost and databases of our own), `works` (what is done to each event), `peers/` (the
same by others), `hearing` and `carrying` (the runs), `pairing` (A B A B, medians, ratios), `report`.
"""
