"""Lets psycopg wait without freezing eventlet's hub: imported before psycopg is, in every nameko process."""

import os

from eventlet import patcher

os.environ["PSYCOPG_WAIT_FUNC"] = "wait_selector"  # noqa: TID251  psycopg reads it at import; its wait in C would freeze the hub


class NotGreen(RuntimeError):
    """This process would stand still while one of its workers waits for the database."""


def require() -> None:
    """Raises NotGreen when eventlet has not patched sockets, or psycopg waits in C."""
    for module in ("socket", "select", "time", "thread"):
        if not patcher.is_monkey_patched(module):
            raise NotGreen(f"eventlet has not patched {module}: start with `ocop worker`")
    import psycopg

    if psycopg.waiting.wait is not psycopg.waiting.wait_selector:
        raise NotGreen("psycopg was imported before chassis.wire.patience and waits in C")
