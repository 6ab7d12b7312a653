"""Counts, per event type, what was sent and what became of it: effected, lost, doubled, stuck, parked, dead."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from chaos import effects
from chaos.effects import Said, Tally
from chassis.outbox import outbox
from cli.audit.delivery import Fate
from cli.audit.delivery import Line as Delivered
from cli.audit.report import Report, take
from cli.house import House


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One event type. `sent` counts outbox rows; `heard`, inbox rows over all hearers; the rest deliveries and effects.

    Lost and doubled count three times over: promised by HTTP against said, said against heard, heard against its effect
    in each hearer's state.
    """

    type: str
    sent: int
    heard: int
    effected: int
    lost: int
    doubled: int
    stuck: int
    parked: int
    dead: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """All lines, and the audit of the whole instance."""

    lines: Sequence[Line]
    audit: Report

    @property
    def totals(self) -> Line:
        """The sum of all lines."""
        names = [name for name in Line.__slots__ if name != "type"]
        return Line(
            type="total",
            **{name: sum(getattr(line, name) for line in self.lines) for name in names},
        )

    @property
    def is_right(self) -> bool:
        """Whether nothing is lost, doubled or stuck, and the audit is clean."""
        totals = self.totals
        return not (totals.lost or totals.doubled or totals.stuck) and self.audit.is_clean


def count(house: House, promised: Said, *, wait: float = 0) -> Ledger:
    """Read all databases and queues. `promised` is what HTTP has answered with success; audit for `wait` seconds."""
    audit = take(house, wait=wait)
    said = _said(house)
    tallies = effects.tally(house, said)
    delivered = {line.type: line for line in audit.delivery.lines}
    types = [*delivered, *(type_ for type_ in tallies if type_ not in delivered)]
    lines = [
        _line(delivered.get(type_), type_, promised, said, tallies.get(type_, Tally()))
        for type_ in types
    ]
    return Ledger(lines=[line for line in lines if any(_figures(line))], audit=audit)


def _figures(line: Line) -> Sequence[int]:
    return [getattr(line, name) for name in Line.__slots__ if name != "type"]


def _said(house: House) -> Said:
    said: Said = Counter()
    for service in house.services:
        with house.database(service).reading() as session:
            for row in session.execute(select(outbox.c.type, outbox.c.subject)):
                said[row.type, row.subject] += 1
    return said


def _line(
    delivered: Delivered | None, type_: str, promised: Said, said: Said, tally: Tally
) -> Line:
    found = delivered or Delivered(sayer="", type=type_)
    fates: Mapping[Fate, int] = found.fates
    unsaid, oversaid = _against(promised, said, type_)
    return Line(
        type=type_,
        sent=found.said,
        heard=sum(found.heard.values()),
        effected=tally.effected,
        lost=fates[Fate.LOST] + tally.lost + unsaid,
        doubled=found.doubled + found.strangers + tally.doubled + oversaid,
        stuck=max(fates[Fate.IN_FLIGHT], found.unsent),
        parked=fates[Fate.PARKED],
        dead=fates[Fate.DEAD],
    )


def _against(promised: Said, said: Said, type_: str) -> tuple[int, int]:
    """What was promised and never said, and what was said more often than promised, where anything was promised."""
    due = Counter({key: n for key, n in promised.items() if key[0] == type_})
    there = Counter({key: said[key] for key in due})
    return (due - there).total(), (there - due).total()
