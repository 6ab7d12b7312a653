"""How a process is seen from outside: does it live, can it work, what has it done; on a port and a thread of its own.

`real` (threads and sockets that eventlet has not replaced), `vitals` (what a process counts of its own work), `health`
(what it lives by, what keeps it from working), `onlooker` (asks a service's database on a connection of its own),
`figures` (what lies in the databases, asked when somebody looks), `door` (the port: `/livez`, `/readyz`, `/metrics`).
"""
