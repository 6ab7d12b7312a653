"""What is read of reporting: the funnel, plan against result, the latest events, dossiers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select, union
from sqlalchemy.orm import Session

from chassis.clock import VIET_NAM
from services.reporting.domain import STARS, Stage
from services.reporting.storage import dossiers, events, ideas, plans, targets


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


PENDING = and_(
    dossiers.c.referred_on.is_not(None),
    dossiers.c.national_on.is_(None),
    or_(
        dossiers.c.stage == Stage.REFERRED,
        and_(dossiers.c.stage == Stage.CERTIFIED, dossiers.c.star < max(STARS)),
    ),
)
"""A candidate whose national result is awaited."""

REACHED: Mapping[Stage, ColumnElement[bool]] = {
    Stage.SUBMITTED: dossiers.c.submitted_on.is_not(None),
    Stage.VERIFIED: dossiers.c.verified_on.is_not(None),
    Stage.RETURNED: dossiers.c.returned_on.is_not(None),
    Stage.WITHDRAWN: dossiers.c.withdrawn_on.is_not(None),
    Stage.SCORED: dossiers.c.scored_on.is_not(None),
    Stage.CLOSED: dossiers.c.stage == Stage.CLOSED,
    Stage.REFERRED: dossiers.c.referred_on.is_not(None),
    Stage.CERTIFIED: dossiers.c.certificate_id.is_not(None),
    Stage.REVOKED: dossiers.c.ended_how == Stage.REVOKED,
    Stage.EXPIRED: dossiers.c.ended_how == Stage.EXPIRED,
}


def years(session: Session) -> list[int]:
    """Every year with an idea, a dossier or a plan, newest first."""
    known = union(
        select(dossiers.c.year).where(dossiers.c.year.is_not(None)),
        select(ideas.c.year),
        select(plans.c.year),
    )
    return sorted(session.scalars(known), reverse=True)


def funnel(session: Session, year: int) -> Funnel:
    """How far that year's dossiers have come."""
    of_year = dossiers.c.year == year
    counted = [func.sum(case((condition, 1), else_=0)) for condition in REACHED.values()]
    reached = session.execute(select(*counted).where(of_year)).one()
    number = func.count().label("number")
    grouped = select(dossiers.c.stage, number).where(of_year).group_by(dossiers.c.stage)
    now = {row.stage: row.number for row in session.execute(grouped)}
    steps = (
        Step(stage=stage, now=now.get(stage, 0), reached=int(count or 0))
        for stage, count in zip(REACHED, reached, strict=True)
    )
    chosen = select(func.count()).select_from(ideas).where(ideas.c.year == year)
    return Funnel(
        year=year,
        ideas=session.scalar(chosen) or 0,
        dossiers=sum(now.values()),
        steps=tuple(steps),
    )


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


_AREA = func.coalesce(dossiers.c.district, dossiers.c.commune)
_LEVEL = case((dossiers.c.district.is_not(None), "district"), else_="commune")


def _targets(year: int) -> Any:
    return select(targets.c.area, targets.c.level, targets.c.star, targets.c.products).where(
        targets.c.year == year
    )


def _results(year: int) -> Any:
    return (
        select(_AREA, _LEVEL, dossiers.c.result, func.count())
        .where(dossiers.c.year == year, dossiers.c.result.is_not(None))
        .group_by(_AREA, _LEVEL, dossiers.c.result)
    )


def _pending(year: int) -> Any:
    return (
        select(_AREA, _LEVEL, func.count())
        .where(dossiers.c.year == year, PENDING)
        .group_by(_AREA, _LEVEL)
    )


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
    place = (dossiers.c.commune, dossiers.c.district, dossiers.c.province)
    statement = select(dossiers).where(or_(*(column.in_(areas) for column in place)))
    if year is not None:
        statement = statement.where(dossiers.c.year == year)
    if stage is not None:
        statement = statement.where(dossiers.c.stage == stage)
    if after is not None:
        statement = statement.where(dossiers.c.dossier_id > after)
    return list(session.execute(statement.order_by(dossiers.c.dossier_id).limit(limit)))


SINCE = {
    Stage.SUBMITTED: dossiers.c.submitted_on,
    Stage.VERIFIED: dossiers.c.verified_on,
    Stage.RETURNED: dossiers.c.returned_on,
    Stage.SCORED: dossiers.c.scored_on,
    Stage.REFERRED: dossiers.c.referred_on,
}
"""Where somebody has to act next, and since which day."""


def waiting_in_stages(session: Session) -> list[tuple[str, int, datetime | None]]:
    """How many dossiers are in each stage, and since when the oldest waits there; None where nobody has to act."""
    since = case(*((dossiers.c.stage == stage, day) for stage, day in SINCE.items()))
    found = select(dossiers.c.stage, func.count(), func.min(since)).group_by(dossiers.c.stage)
    return [
        (stage, count, day and datetime.combine(day, time(), VIET_NAM))
        for stage, count, day in session.execute(found.order_by(dossiers.c.stage))
    ]
