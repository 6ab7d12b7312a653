"""Counts every dossier and idea again, and says where the tallies that reports are made of differ."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from services.reporting.domain import STARS, Stage
from services.reporting.storage import (
    IDEA,
    REACHED,
    area_tallies,
    dossiers,
    ideas,
    stage_tallies,
)

Key = tuple[Any, ...]

PENDING = and_(
    dossiers.c.referred_on.is_not(None),
    dossiers.c.national_on.is_(None),
    or_(
        dossiers.c.stage == Stage.REFERRED,
        and_(dossiers.c.stage == Stage.CERTIFIED, dossiers.c.star < max(STARS)),
    ),
)
"""A candidate whose national result is awaited."""

CAME: dict[str, ColumnElement[bool]] = {
    Stage.SUBMITTED: dossiers.c.submitted_on.is_not(None),
    Stage.VERIFIED: dossiers.c.verified_on.is_not(None),
    Stage.RETURNED: dossiers.c.returned_on.is_not(None),
    Stage.WITHDRAWN: dossiers.c.withdrawn_on.is_not(None),
    Stage.SCORED: dossiers.c.scored_on.is_not(None),
    Stage.REFERRED: dossiers.c.referred_on.is_not(None),
    Stage.CERTIFIED: dossiers.c.certificate_id.is_not(None),
    Stage.REVOKED: dossiers.c.ended_how == Stage.REVOKED,
    Stage.EXPIRED: dossiers.c.ended_how == Stage.EXPIRED,
}
"""What it means to have come to a stage."""

_LEVEL = case((dossiers.c.district.is_not(None), "district"), else_="commune")
_AREA = func.coalesce(dossiers.c.district, dossiers.c.commune)


def wrong(session: Session) -> list[str]:
    """Every count that is not what counting again gives, as a line each; the cost grows with the dossiers."""
    return [
        f"{' '.join(map(str, key))}: {kept[key]}, counted {again[key]}"
        for kept, again in (_stages(session), _areas(session))
        for key in sorted(kept.keys() | again.keys(), key=str)
        if kept[key] != again[key]
    ]


def _stages(session: Session) -> tuple[Counter[Key], Counter[Key]]:
    """Kept and counted again, by year, stage and what is counted there."""
    names = ("dossiers", *REACHED)
    counts = [func.count(), *(_number(CAME[Stage(name)]) for name in REACHED)]
    table, chosen = dossiers.c, select(ideas.c.year, literal(IDEA), func.count())
    again = select(table.year, table.stage, *counts).where(table.year.is_not(None))
    counted = _read(session, again.group_by(table.year, table.stage), names)
    counted.update(_read(session, chosen.group_by(ideas.c.year), names[:1]))
    return _read(session, _kept(stage_tallies, ("year", "stage"), names), names), counted


def _areas(session: Session) -> tuple[Counter[Key], Counter[Key]]:
    """Kept and counted again, by year, level, area, star and what is counted there."""
    names, table = ("dossiers", "pending"), dossiers.c
    keys = (table.year, _LEVEL, _AREA, func.coalesce(table.result, 0))
    counts = (_number(table.result.is_not(None)), _number(PENDING))
    again = select(*keys, *counts).where(table.year.is_not(None)).group_by(*keys)
    kept = _kept(area_tallies, ("year", "level", "area", "star"), names)
    return _read(session, kept, names), _read(session, again, names)


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _kept(table: Table, keys: tuple[str, ...], names: tuple[str, ...]) -> Select[Any]:
    columns = [table.c[key] for key in keys]
    return select(*columns, *(func.sum(table.c[name]) for name in names)).group_by(*columns)


def _read(session: Session, statement: Select[Any], names: tuple[str, ...]) -> Counter[Key]:
    return Counter(dict(_cells(session, statement, names)))


def _cells(
    session: Session, statement: Select[Any], names: tuple[str, ...]
) -> Iterator[tuple[Key, int]]:
    for row in session.execute(statement):
        key, counts = tuple(row[: -len(names)]), row[-len(names) :]
        yield from (((*key, name), count) for name, count in zip(names, counts, strict=True))
