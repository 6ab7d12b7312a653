"""Which dead letters a command is about: by address, or by what they have in common."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from chassis.dead_letters import LETTER, State, get
from chassis.settings import SERVICES
from cli.house import House
from cli.mistakes import Mistake

BRIEF = (LETTER.number, LETTER.type, LETTER.subject, LETTER.reason, LETTER.fingerprint, LETTER.state,
         LETTER.attempts, LETTER.deaths, LETTER.buried_at, LETTER.last_at)  # fmt: skip

Address = tuple[str, int]
"""A service and the number of one of its letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What the letters have in common; None and empty leave a thing open. `since` is when they last died."""

    services: Sequence[str] = ()
    addresses: Sequence[Address] = ()
    type: str | None = None
    subject: str | None = None
    reason: str | None = None
    fingerprint: str | None = None
    since: datetime | None = None
    state: State | None = State.WAITING

    @property
    def is_open(self) -> bool:
        """Whether it names nothing at all: every letter is chosen."""
        named = (self.services, self.addresses, self.type, self.subject, self.reason,
                 self.fingerprint, self.since)  # fmt: skip
        return not any(named)

    def narrows(self, service: str) -> Iterator[Any]:
        """The conditions on one service's letters."""
        if self.addresses:
            numbers = [number for name, number in self.addresses if name == service]
            yield LETTER.number.in_(numbers)
        same = (
            (LETTER.type, self.type),
            (LETTER.subject, self.subject),
            (LETTER.state, self.state),
        )
        yield from (column == wanted for column, wanted in same if wanted is not None)
        if self.reason is not None:
            yield LETTER.reason.icontains(self.reason, autoescape=True)
        if self.fingerprint is not None:
            yield LETTER.fingerprint.startswith(self.fingerprint, autoescape=True)
        if self.since is not None:
            yield LETTER.last_at >= self.since


def address(text: str) -> Address:
    """`SERVICE/NUMBER`. Raises Mistake."""
    service, _, number = text.partition("/")
    if service not in SERVICES or not number.isdigit():
        raise Mistake(f"{text}: a letter's address is SERVICE/NUMBER, e.g. reporting/12")
    return service, int(number)


def chosen(house: House, choice: Choice, limit: int | None = None) -> list[tuple[str, Any]]:
    """Service and letter in brief, each service's oldest first."""
    found: list[tuple[str, Any]] = []
    for service in _services(house, choice):
        left = None if limit is None else limit - len(found)
        statement = select(*BRIEF).where(*choice.narrows(service)).order_by(LETTER.number)
        with house.database(service).reading() as session:
            found += [(service, row) for row in session.execute(statement.limit(left))]
    return found


def groups(house: House, choice: Choice) -> list[tuple[str, Any]]:
    """Letters of one fingerprint together: service, how many, since when until when, an example's type and reason."""
    columns = (LETTER.fingerprint, func.count().label("letters"), LETTER.type, LETTER.frame,
               func.min(LETTER.reason).label("reason"), func.min(LETTER.number).label("example"),
               func.min(LETTER.buried_at).label("first"), func.max(LETTER.last_at).label("last"))  # fmt: skip
    found = []
    for service in _services(house, choice):
        statement = select(*columns).where(*choice.narrows(service))
        statement = statement.group_by(LETTER.fingerprint, LETTER.type, LETTER.frame)
        with house.database(service).reading() as session:
            rows = session.execute(statement.order_by(func.count().desc())).all()
        found += [(service, row) for row in rows]
    return found


def letter(house: House, where: Address) -> Any:
    """One letter with all that it carries. Raises Mistake."""
    service, number = where
    with house.database(service).reading() as session:
        found = get(session, number)
    if found is None:
        raise Mistake(f"there is no dead letter {service}/{number}")
    return found


def _services(house: House, choice: Choice) -> list[str]:
    named = choice.services or {name for name, _ in choice.addresses} or house.services
    return [name for name in house.services if name in named]
