"""What registration's HTTP API takes and shows.

Read in this order: `identifiers` (numbers of people and firms), `given`, `shown`, `sheet` (the producer's own sheet).
"""
