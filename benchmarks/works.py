"""The works that contenders are compared in: which event is heard, what must be there before, how many messages."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy.orm import Session

import contracts
from contracts.envelope import Event, from_structured
from regulation.acting import Place
from services.promotion.domain import Certificate, Listing, Product, Status
from services.promotion.storage import SqlListings

EXAMPLES = Path(contracts.__file__).parent / "examples"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One service hearing one type of event; `before` puts into its database what the events find there."""

    service: str
    type: str
    does: str
    target: float
    before: Callable[[Session, Sequence[Event]], None] = lambda _session, _events: None

    def events(self, count: int, *, first: int = 0) -> list[Event]:
        """The contract's example `count` times, each about a dossier of its own; the same in every run."""
        document = json.loads((EXAMPLES / f"{self.type}.json").read_text())
        example = replace(from_structured(document | {"sequence": 1}), causationid=_id("cause"))
        return [_about(example, number) for number in range(first, first + count)]


def _id(*words: object) -> str:
    return str(uuid5(NAMESPACE_OID, " ".join(map(str, words))))


def _about(example: Event, number: int) -> Event:
    dossier = _id("dossier", number)
    data = example.data | {
        name: _id(name, number) for name in example.data if name.endswith("_id")
    }
    data["dossier_id"] = dossier
    return Event(
        id=UUID(_id(example.type, number)),
        source=example.source,
        type=example.type,
        subject=dossier,
        time=example.time,
        sequence=1,
        correlationid=dossier,
        body=json.dumps(data, ensure_ascii=False),
        rulepack=example.rulepack,
        causationid=example.causationid,
    )


def _listed(session: Session, events: Sequence[Event]) -> None:
    """Each event's product in the catalogue, so that the end of its certificate takes it out again."""
    listings = SqlListings(session)
    for event in events:
        listings.save(_listing(event.data))


def _listing(data: dict[str, Any]) -> Listing:
    place = Place(province=data["province"], district=data["district"], commune=data["commune"])
    return Listing(
        id=UUID(data["dossier_id"]),
        product=Product(name="Chè xanh (mẫu)", producer="HTX (mẫu)", code="38-14923-2-2026",
                        criteria_set="QD26-11", place=place),
        certificate=Certificate(id=UUID(data["certificate_id"]), number="1/GCN", star=4,
                                decided_on=date(2026, 7, 24), expires_on=date(2029, 7, 24)),
        status=Status.LISTED,
        listed_on=date(2026, 8, 1),
        last_on=date(2026, 8, 1),
    )  # fmt: skip


WORKS = (
    Work(
        service="certification",
        type="ScoredAtProvince",
        does="inbox row, position, a new case",
        target=5,
    ),
    Work(
        service="promotion",
        type="CertificateRevoked",
        does="inbox row, position, a changed listing, an outbox row",
        target=5,
        before=_listed,
    ),
    Work(
        service="reporting",
        type="ScoredAtProvince",
        does="inbox row, position, the dossier's facts, a line in the log",
        target=10,
    ),
)


def named(service: str) -> Work:
    """The work of one service."""
    return next(work for work in WORKS if work.service == service)


def batches(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """Items, `size` at a time."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
