"""What is written from the contracts: docs/events.md for readers, deploy/asyncapi.yaml for tools.

Read in this order: `told` (all that is known of each event), `page`, `asyncapi`, `__main__` (`python -m cli.document`).
"""
