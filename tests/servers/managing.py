"""Who may make vhosts on a RabbitMQ: its command line tool, or its management API."""

import json
import os
import urllib.request
from base64 import b64encode
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import quote

from tests.servers.machine import Account, NoServer


class Control(Protocol):
    """Somebody who may make vhosts on a broker."""

    def add_vhost(self, vhost: str, user: str) -> None:
        """Make a vhost in which `user` may do everything. Raises NoServer."""

    def delete_vhost(self, vhost: str) -> None:
        """Remove it with all that it holds. Raises NoServer."""


class Rabbitmqctl:
    """Control by the command line tool of the broker's own machine."""

    def __init__(
        self, command: str, account: Account | None = None, env: Mapping[str, str] | None = None
    ) -> None:
        self._command = command
        self._account = account or Account(os.geteuid(), os.getegid())
        self._env = env

    def call(self, *words: str) -> str:
        """Run one command of it. Raises NoServer."""
        return self._account.run([self._command, "--quiet", *words], env=self._env).stdout

    def add_vhost(self, vhost: str, user: str) -> None:
        """See Control."""
        self.call("add_vhost", vhost)
        self.call("set_permissions", "--vhost", vhost, user, ".*", ".*", ".*")

    def delete_vhost(self, vhost: str) -> None:
        """See Control."""
        self.call("delete_vhost", vhost)


class ManagementApi:
    """Control by the management plugin's HTTP API."""

    def __init__(self, url: str, user: str, password: str) -> None:
        self._url = url
        self._login = b64encode(f"{user}:{password}".encode()).decode()

    def call(self, verb: str, path: str, body: object = None) -> str:
        """One request. Raises NoServer."""
        request = urllib.request.Request(  # noqa: S310  an http address of our own making
            f"{self._url}/api/{path}",
            method=verb,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Basic {self._login}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  see above
                return str(answer.read().decode())
        except OSError as error:
            raise NoServer(f"RabbitMQ's management API: {error}") from error

    def answers(self) -> bool:
        """Whether it takes us in now."""
        try:
            self.call("GET", "whoami")
        except NoServer:
            return False
        return True

    def add_vhost(self, vhost: str, user: str) -> None:
        """See Control."""
        self.call("PUT", f"vhosts/{quote(vhost, safe='')}")
        everything = {"configure": ".*", "write": ".*", "read": ".*"}
        self.call("PUT", f"permissions/{quote(vhost, safe='')}/{quote(user, safe='')}", everything)

    def delete_vhost(self, vhost: str) -> None:
        """See Control."""
        self.call("DELETE", f"vhosts/{quote(vhost, safe='')}")
