"""What every service runs on. Knows `contracts`, knows no service.

Read in this order: `settings`, `clock`, `database`, `migrating`; `outbox` (news waiting to be sent), `relay` (empties
one outbox for ever), `inbox` and `hearing` (what was heard, and what it leads to), `dead_letters`; `handover` (embedded:
straight into the hearers), `wire` (everything RabbitMQ); `web` (everything HTTP), `identity` (tokens in, actor out),
`rows`, `acts` (who did what on what grounds, for ever), `telemetry`. What only one service needs does not belong here.
"""
