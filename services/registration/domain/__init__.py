"""What is true in registration: subjects, product ideas and dossiers, their acts and what they refuse.

Read in this order: `places` (where a case belongs on a day), `filing` (who may bring
things in), `subject`, `idea`, then a dossier's `refusals`, `papers`, `proof` (which papers its ticks need), `news`,
`standing`, the `dossier` itself, and `self_assessment` (what its producer sees before filing).
"""
