"""`ocop import`: dossiers and targets from a workbook or a CSV file, all rows or none.

Read in this order: `columns` (what a file holds), `reading` (a file as rows), `areas` (a printed name as a unit's
code), `all_or_nothing` (many requests in one transaction), `desk` (who asks), `dossiers` and `targets` (rows as
requests), `template`, `refused` (the workbook of errors), `command`. Every row goes through the services' own
applications, so that every rule applies.
"""
