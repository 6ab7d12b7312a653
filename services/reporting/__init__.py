"""Reporting: keeps the facts of every dossier, the year's targets, and sets plan against result.

Says:  nothing
Hears: everybody

Read in this order: domain, messages, storage, tallies, queries, hearing, charts, pages, api, service.
"""
