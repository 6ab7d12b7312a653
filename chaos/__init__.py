"""A rig that kills, stops, starves and cuts a whole instance under load, and a ledger that counts what became of it.

Read in this order: `plan` (which fault when, by a seed), `cohort` (which dossiers, and what is to become of them),
`office` (how an act is sent until it is answered), `walk` and `load` (all acts of all dossiers), `proxy` and `network`
(connections that can be cut), `clocks`, `keeper` and `ground` (servers and processes), `strikes` (how each fault is
done), `effects` and `ledger` (what is counted), `run`, `report` (`python -m chaos`).
"""
