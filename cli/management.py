"""What the broker's management plugin tells over HTTP, where it runs: AMQP itself does not tell it."""

import json
import urllib.request
from base64 import b64encode
from typing import Any
from urllib.parse import quote, unquote, urlsplit

PATIENCE = 3.0
PORT = 15672


def ask(broker_url: str, what: str) -> Any:
    """`GET /api/<what>/<vhost>` with the broker's own user; None where nobody answers."""
    parts = urlsplit(broker_url)
    vhost = unquote(parts.path[1:]) or "/"
    address = f"http://{parts.hostname}:{PORT}/api/{what}/{quote(vhost, safe='')}"
    login = f"{unquote(parts.username or 'guest')}:{unquote(parts.password or 'guest')}"
    headers = {"Authorization": f"Basic {b64encode(login.encode()).decode()}"}
    try:
        request = urllib.request.Request(address, headers=headers)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310  an http address of our own making
            return json.load(answer)
    except (OSError, ValueError):
        return None
