"""Sends each act over HTTP until it is answered, and remembers what was promised by an answer."""

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from chassis.settings import Settings
from cli.demo.office import Office
from regulation.acting import Actor

TIMEOUT = 30.0
"""Seconds until a request counts as lost and is sent again."""

PATIENCE = 300.0
"""Seconds for which one request is sent again."""

LONGEST_PAUSE = 2.0

MILESTONES = {
    ("dossiers", "submit"): "DossierSubmitted",
    ("dossiers", "verify"): "CommuneVerified",
    ("dossiers", "return"): "DossierReturned",
    ("dossiers", "withdraw"): "DossierWithdrawn",
    ("ideas", "select"): "IdeaSelected",
    ("cases", "refer"): "ReferredNational",
    ("cases", "national-result"): "NationalResultRecorded",
    ("listings", "list"): "ProductListed",
}
"""What an act is done to, and its path's last word → the event that its answer promises of the subject between."""


class NoAnswer(Exception):
    """A request was sent again and again and never answered."""


class Promises:
    """What the services have promised by answering an act with success; and how many requests that took."""

    def __init__(self) -> None:
        self.requests = 0
        self.repeated = 0
        self._acts: set[tuple[str, str, str]] = set()
        self._lock = threading.Lock()

    def note(self, type_: str, subject: str, act: str = "") -> None:
        """An act was answered that says `type_` of `subject`; however often it was sent, it is one act."""
        with self._lock:
            self._acts.add((type_, subject, act))

    def made(self) -> Counter[tuple[str, str]]:
        """Event type and subject → how many events must have been said."""
        return Counter((type_, subject) for type_, subject, _ in self._acts)

    def count(self, *, repeated: int) -> None:
        """A request was answered, having been sent again so often."""
        with self._lock:
            self.requests += 1
            self.repeated += repeated


class NotingOffice(Office):
    """The demo's office, which notes what is promised to it. For one thread."""

    def __init__(self, applications: Any, plan: str, promises: Promises) -> None:
        super().__init__(applications, plan)
        self._promises = promises

    def act(
        self, verb: str, path: str, who: Actor, data: dict[str, Any] | None = None, key: str = ""
    ) -> dict[str, Any]:
        """Send one act until it is answered, and note what its answer promises. Raises ActRefused, NoAnswer."""
        answer = super().act(verb, path, who, data, key)
        *_, what, subject, last = path.split("/")
        if type_ := MILESTONES.get((what, last)):
            self._promises.note(type_, subject, f"{last} {key}")
        return answer

    def promised(self, type_: str, subject: UUID) -> None:
        """An answer has promised an event that its path does not tell."""
        self._promises.note(type_, str(subject))


class Remotes:
    """Where the services' applications come from: processes that may die, a kept-alive connection to each."""

    def __init__(self, settings: Settings, urls: Mapping[str, str], promises: Promises) -> None:
        self.settings = settings
        self._remotes = {name: _Remote(url, promises) for name, url in urls.items()}

    def app(self, service: str) -> "_Remote":
        return self._remotes[service]


class _Remote:
    """Stands where a Flask test client stands in the demo."""

    def __init__(self, url: str, promises: Promises) -> None:
        self._place = urlsplit(url).netloc
        self._promises = promises
        self._connection: http.client.HTTPConnection | None = None

    def test_client(self) -> "_Remote":
        return self

    def open(self, path: str, *, method: str, json: Any, headers: Mapping[str, str]) -> "_Answer":
        return self._until_answered(method, path, _dumped(json), headers, "application/json")

    def get(self, path: str, *, headers: Mapping[str, str]) -> "_Answer":
        return self._until_answered("GET", path, None, headers, "")

    def post(self, path: str, *, data: Mapping[str, Any], headers: Mapping[str, str]) -> "_Answer":
        boundary = uuid4().hex
        body = b"".join(_part(boundary, name, *file) for name, file in data.items())
        body += f"--{boundary}--\r\n".encode()
        kind = f"multipart/form-data; boundary={boundary}"
        return self._until_answered("POST", path, body, headers, kind)

    def _until_answered(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], kind: str
    ) -> "_Answer":
        """Send; when the connection is lost or the service is unwell, again: every act can bear that."""
        told = {**headers, **({"Content-Type": kind} if kind else {})}
        until, pause, repeated = time.monotonic() + PATIENCE, 0.05, 0
        while True:
            try:
                answer = self._once(method, path, body, told)
                if answer.status_code < 500:
                    self._promises.count(repeated=repeated)
                    return answer
                trouble = answer.status
            except (OSError, http.client.HTTPException) as error:
                self._connection, trouble = None, f"{type(error).__name__}: {error}"
            if time.monotonic() > until:
                raise NoAnswer(f"{method} {path}: {trouble}")
            time.sleep(pause)
            pause, repeated = min(pause * 2, LONGEST_PAUSE), repeated + 1

    def _once(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> "_Answer":
        if self._connection is None:
            self._connection = http.client.HTTPConnection(self._place, timeout=TIMEOUT)
        self._connection.request(method, path, body, dict(headers))
        response = self._connection.getresponse()
        return _Answer(response.status, response.reason, response.read())


class _Answer:
    """A response as the demo's office reads it."""

    def __init__(self, code: int, reason: str, body: bytes) -> None:
        self.status_code = code
        self.status = f"{code} {reason}"
        self._body = body

    def get_json(self, *, silent: bool = False) -> Any:
        """The body; None where there is none, or where it is no JSON and that is no matter."""
        try:
            return json.loads(self._body) if self._body else None
        except ValueError:
            if silent:
                return None
            raise


def _dumped(body: Any) -> bytes:
    return json.dumps(body).encode()


def _part(boundary: str, name: str, stream: Any, filename: str) -> bytes:
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"'
    return f"{head}\r\n\r\n".encode() + bytes(stream.read()) + b"\r\n"
