"""What is read of reporting: the funnel, plan against result, the latest events, dossiers."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, func, literal_column, select, text, union
from sqlalchemy.orm import Session

from chassis.areas import lies_in
from chassis.clock import VIET_NAM
from services.reporting.domain import STARS, Stage
from services.reporting.storage import (
    IDEA,
    REACHED,
    SINCE,
    area_tallies,
    dossiers,
    events,
    plans,
    stage_tallies,
    targets,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One stage: how many dossiers are at it now, and how many have ever come to it."""

    stage: Stage
    now: int
    reached: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """A year's dossiers by stage; the steps' `now` add up to `dossiers`."""

    year: int
    ideas: int
    dossiers: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An area's targets and results per star; `potential` are five-star candidates that are with the ministry.

    `target` is empty where nothing was planned for the area.
    """

    area: str | None
    level: str | None
    target: Mapping[int, int] = field(default_factory=dict)
    result: Mapping[int, int] = field(default_factory=dict)
    potential: int = 0

    @property
    def target_total(self) -> int:
        """Over all stars."""
        return sum(self.target.values())

    @property
    def result_total(self) -> int:
        """Over all stars; candidates do not count."""
        return sum(self.result.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A year's plan against its result, one row per area, and their sum. `source` is None without a plan."""

    year: int
    source: str | None
    rows: tuple[Row, ...]
    total: Row


def years(session: Session) -> list[int]:
    """Every year with an idea, a dossier or a plan, newest first."""
    counted = select(stage_tallies.c.year).group_by(stage_tallies.c.year)
    some = counted.having(func.sum(stage_tallies.c.dossiers) > 0)
    return sorted(session.scalars(union(some, select(plans.c.year))), reverse=True)


def funnel(session: Session, year: int) -> Funnel:
    """How far that year's dossiers have come."""
    now: dict[str, int] = {}
    reached: Counter[str] = Counter()
    for stage, dossiers_, *came in session.execute(_stages(year)):
        now[stage] = dossiers_
        reached.update(dict(zip(REACHED, came, strict=True)))
    chosen = now.pop(IDEA, 0)
    reached[Stage.CLOSED] = now.get(Stage.CLOSED, 0)
    steps = (Step(stage=stage, now=now.get(stage, 0), reached=reached[stage]) for stage in Stage)
    return Funnel(year=year, ideas=chosen, dossiers=sum(now.values()), steps=tuple(steps))


def _stages(year: int) -> Any:
    sums = (func.sum(stage_tallies.c[name]) for name in ("dossiers", *REACHED))
    counted = select(stage_tallies.c.stage, *sums).where(stage_tallies.c.year == year)
    return counted.group_by(stage_tallies.c.stage)


def plan_against_result(session: Session, year: int) -> Table:
    """What was planned and what was certified, by district where a dossier's commune lay in one, else by commune."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for area, level, star, count in session.execute(_targets(year)):
        _place(found, level, area).setdefault("target", {})[star] = count
    for area, level, star, count in session.execute(_results(year)):
        _place(found, level, area).setdefault("result", {})[star] = count
    for area, level, count in session.execute(_pending(year)):
        _place(found, level, area)["potential"] = count
    districts_first = sorted(found, key=lambda place: (place[0] != "district", place[1]))
    rows = tuple(Row(level=place[0], area=place[1], **found[place]) for place in districts_first)
    source = session.scalar(select(plans.c.source).where(plans.c.year == year))
    return Table(year=year, source=source, rows=rows, total=added(rows))


def added(rows: Iterable[Row]) -> Row:
    """The sum of rows, added up again from each of them."""
    each = tuple(rows)
    planned = any(row.target for row in each)
    return Row(
        area=None,
        level=None,
        target=_sums(row.target for row in each) if planned else {},
        result=_sums(row.result for row in each),
        potential=sum(row.potential for row in each),
    )


def _sums(counts: Iterable[Mapping[int, int]]) -> dict[int, int]:
    each = tuple(counts)
    return {star: sum(count.get(star, 0) for count in each) for star in STARS}


def _place(found: dict[tuple[str, str], dict[str, Any]], level: str, area: str) -> dict[str, Any]:
    return found.setdefault((level, area), {})


def _targets(year: int) -> Any:
    return select(targets.c.area, targets.c.level, targets.c.star, targets.c.products).where(
        targets.c.year == year
    )


def _results(year: int) -> Any:
    table = area_tallies.c
    number = func.sum(table.dossiers)
    counted = select(table.area, table.level, table.star, number).where(table.year == year)
    return counted.group_by(table.area, table.level, table.star).having(number > 0)


def _pending(year: int) -> Any:
    table = area_tallies.c
    number = func.sum(table.pending)
    counted = select(table.area, table.level, number).where(table.year == year)
    return counted.group_by(table.area, table.level).having(number > 0)


def latest_events(session: Session, limit: int) -> list[Any]:
    """The newest events, newest first; `name` is the product's or the idea's."""
    statement = (
        select(
            events.c.id,
            events.c.type,
            events.c.subject,
            events.c.time,
            events.c.star,
            events.c.district,
            events.c.commune,
            func.coalesce(events.c.name, dossiers.c.product_name).label("name"),
        )
        .outerjoin(dossiers, dossiers.c.dossier_id == events.c.dossier_id)
        .order_by(events.c.time.desc(), events.c.id.desc())
        .limit(limit)
    )
    return list(session.execute(statement))


def dossiers_of(
    session: Session,
    areas: frozenset[str],
    *,
    year: int | None,
    stage: Stage | None,
    after: UUID | None,
    limit: int,
) -> list[Any]:
    """Dossiers of these areas by id, `limit` at a time, those after `after`."""
    statement = select(dossiers).where(
        lies_in(areas, dossiers.c.commune, dossiers.c.district, dossiers.c.province)
    )
    if year is not None:
        statement = statement.where(dossiers.c.year == year)
    if stage is not None:
        statement = statement.where(dossiers.c.stage == stage)
    if after is not None:
        statement = statement.where(dossiers.c.dossier_id > after)
    return list(session.execute(statement.order_by(dossiers.c.dossier_id).limit(limit)))


def waiting_in_stages(session: Session) -> list[tuple[str, int, datetime | None]]:
    """How many dossiers are in each stage, and since when the oldest waits there; None where nobody has to act."""
    number = func.sum(stage_tallies.c.dossiers)
    counted = select(stage_tallies.c.stage, number).where(stage_tallies.c.stage != IDEA)
    counted = counted.group_by(stage_tallies.c.stage).having(number > 0)
    oldest = {stage: session.scalar(oldest_at(stage)) for stage in SINCE}
    return [
        (stage, count, oldest.get(stage) and datetime.combine(oldest[stage], time(), VIET_NAM))
        for stage, count in session.execute(counted.order_by(stage_tallies.c.stage))
    ]


def oldest_at(stage: Stage) -> Select[Any]:
    """The first day of those that wait there; said as its index says it, which then serves."""
    since: ColumnElement[date] = literal_column(SINCE[stage], Date)
    waiting = select(since).select_from(dossiers).where(text(f"stage = '{stage}'"))
    return waiting.where(since.is_not(None)).order_by(since).limit(1)
