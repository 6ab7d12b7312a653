"""Documents for people: a template is filled with data, and printed as PDF; an office's own template comes before ours.

Read in this order: `wording` (days, places and offices as a document writes them), `templates` (find and fill),
`pdf` (print), `answering` (a document as the answer to a request). Only a web process or the command line prints: a
page takes longer than a worker may keep its broker waiting, so nothing that hears events imports this.
"""
