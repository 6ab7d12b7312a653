"""Starts a nameko service in this process. Imported first, before anything that opens a socket."""

import os

os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")  # noqa: TID251  psycopg reads it at import; its C wait would freeze eventlet

import eventlet

eventlet.monkey_patch()
