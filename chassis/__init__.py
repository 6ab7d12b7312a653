"""What every service runs on; it knows `contracts` and `regulation`, and no service.

Read in this order: `settings`, `clock`, `database`, `migrating`; `outbox` (news waiting to be sent), `relay` (empties
one outbox for ever); `reactions` (what is heard, and what it leads to), `inbox` and `hearing` (once, in order, in one
commit), `dead_letters` with `origin` and `papers`; `rows`, `gathering`, `bulk` (rows of a group, read and written at
once); `handover` (embedded: straight into the hearers), `wire` (everything RabbitMQ); `web` (everything HTTP),
`identity` (tokens in, actor out), `areas` (which rows lie in whose), `acts` (who did what on what grounds, for ever),
`documents` (forms on paper), `telemetry`, `tracing` with `spans` (one trace per dossier), `watch` (how a process is
seen from outside). What only one service needs does not belong here.
"""
