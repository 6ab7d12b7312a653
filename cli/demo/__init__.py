"""A sample year: a real plan's targets, invented products, every act through the services' own doors.

Read in this order: `plan` (which products, and what becomes of each), `sheets` (how members score so that it
becomes so), `office` (who acts, and how an act is sent), `acts` (on one product), `year` (all of them in order),
`command` (`ocop demo`).
"""
