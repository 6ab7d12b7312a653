"""Gives a province its vhost on a RabbitMQ, and its instance a user who may do there what OCOP needs. Repeatable.

Talks to the management API: RABBITMQ_API, RABBITMQ_ADMIN (admin), RABBITMQ_ADMIN_PASSWORD, RABBITMQ_PASSWORD, PROVINCE.
Needs nothing but Python.
"""

import json
import os
import sys
import urllib.request
from base64 import b64encode
from urllib.parse import quote

USER = "ocop"
OURS = r"^(ocop\..*|[a-z]+\.events)$"
MAY = {"configure": OURS, "read": OURS, "write": r"^(ocop\..*|[a-z]+\.events|amq\.default)$"}
"""Its own exchanges and queues; `amq.default` is how a message reaches a retry or dead-letter queue by its name."""

KEEPS_THE_DEAD = {
    "pattern": r"^ocop\..*\.dead$",
    "definition": {"delivery-limit": 1_000_000},
    "apply-to": "queues",
}
"""RabbitMQ 4 drops what a queue without a limit of its own has delivered twenty times; a dead letter is never dropped.

Not -1, which says so from 4.0 on only: before that it is a limit of none."""


def put(path, body):
    """Make it so on the broker."""
    admin = os.environ.get("RABBITMQ_ADMIN", "admin")
    login = f"{admin}:{os.environ['RABBITMQ_ADMIN_PASSWORD']}"
    request = urllib.request.Request(
        f"{os.environ['RABBITMQ_API']}/api/{path}",
        method="PUT",
        data=json.dumps(body).encode(),
        headers={
            "Authorization": "Basic " + b64encode(login.encode()).decode(),
            "Content-Type": "application/json",
        },
    )
    urllib.request.urlopen(request, timeout=20).close()


def main():
    """Vhost, user, rights, policy."""
    vhost = f"ocop-{os.environ['PROVINCE']}"
    put(
        f"vhosts/{quote(vhost, safe='')}",
        {"description": "OCOP", "default_queue_type": "quorum"},
    )
    put(f"users/{USER}", {"password": os.environ["RABBITMQ_PASSWORD"], "tags": ""})
    put(f"permissions/{quote(vhost, safe='')}/{USER}", MAY)
    put(f"policies/{quote(vhost, safe='')}/ocop-keeps-the-dead", KEEPS_THE_DEAD)
    print(f"vhost {vhost} and user {USER} are there")


if __name__ == "__main__":
    try:
        main()
    except (OSError, KeyError) as error:
        sys.exit(f"the vhost was not made: {error!r}")
