"""`ocop dead-letters`: looks at what could not be heard, and decides on it: sends it again, mends it, gives it up.

A letter's address is `SERVICE/NUMBER`. Read in this order: `choosing` (which letters), `deciding` (what is done to one,
and recorded), `redriving` (one after the other, until one fails again), `mending`, `showing`; `options`, `looking`,
`acting`, `command`.
"""
