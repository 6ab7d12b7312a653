"""`ocop act`: every act of every service from the command line, by the same rights, refusals and records as over HTTP.

Read in this order: `insider` (a service's application called in this process), `listing` (which acts there are),
`sending` (a request, and its answer), `command`.
"""
