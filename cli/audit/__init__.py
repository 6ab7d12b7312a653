"""`ocop audit`: every event said and heard, every dossier accounted for, every sum added up again.

Read in this order: `mail` (what was said and heard, from outboxes and inboxes), `delivery` (what became of each event
with each hearer), `facts` (what each service knows of each dossier), `dossiers` (what must be known where), `sums`,
`report`, `command`. The audit reads the five databases itself: it must not agree with a service because it asked that
service.
"""
