"""Modules of the standard library as the system has them, also where eventlet has put its own in their place."""

import importlib
import sys
from typing import Any


def real(name: str) -> Any:
    """The module of that name, unpatched: its threads are threads, its sockets wait without the hub."""
    patcher = sys.modules.get("eventlet.patcher")
    if patcher is not None and patcher.already_patched:
        return patcher.original(name)
    return importlib.import_module(name)
