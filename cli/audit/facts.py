"""What each service knows of each dossier, read from its own tables."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Date, Integer, String, TableClause, Uuid, column, select, table

from cli.house import House

Row = Mapping[str, Any]


def _ids(*names: str) -> list[Any]:
    return [column(name, Uuid) for name in names]


def _texts(*names: str) -> list[Any]:
    return [column(name, String) for name in names]


REGISTERED = table("dossiers", *_ids("id"), *_texts("status", "registration_number", "standing"))
ASSESSED = table(
    "assessments",
    *_ids("id", "dossier_id"),
    *_texts("level", "pack", "status"),
    column("turn", Integer),
    column("product", JSON),
    column("conclusion", JSON),
)
CASES = table(
    "cases",
    *_ids("id", "assessment_id", "certificate_id"),
    *_texts("status"),
    column("outcome", JSON),
    column("earlier", JSON),
)
CERTIFICATES = table(
    "certificates",
    *_ids("id", "dossier_id", "decision_id"),
    *_texts("status"),
    column("star", Integer),
    column("year", Integer),
)
DECISIONS = table("decisions", *_ids("id"), *_texts("number"), column("dossiers", JSON))
SERIALS = table("serials", *_texts("province"), column("last", Integer))
LISTINGS = table(
    "listings", *_ids("id", "certificate_id"), *_texts("status"), column("star", Integer)
)
REPORTED = table(
    "dossiers",
    *_ids("dossier_id", "certificate_id"),
    *_texts("filing", "stage", "ended_how"),
    column("certificate_star", Integer),
    column("submitted_on", Date),
    column("listed_on", Date),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Each service's rows by dossier; read along a dossier's way, so that who comes later knows no less."""

    registered: Mapping[UUID, Row]
    assessed: Mapping[UUID, list[Row]]
    cases: Mapping[UUID, Row]
    certificates: Mapping[UUID, Row]
    decisions: list[Row]
    serials: list[Row]
    listings: Mapping[UUID, Row]
    reported: Mapping[UUID, Row]


def read(house: House) -> Facts:
    """Read them all."""
    registered = _by(_rows(house, "registration", REGISTERED), "id")
    assessed = defaultdict(list)
    for row in _rows(house, "evaluation", ASSESSED):
        assessed[row["dossier_id"]].append(row)
    return Facts(
        registered=registered,
        assessed=dict(assessed),
        cases=_by(_rows(house, "certification", CASES), "id"),
        certificates=_by(_rows(house, "certification", CERTIFICATES), "dossier_id"),
        decisions=list(_rows(house, "certification", DECISIONS)),
        serials=list(_rows(house, "certification", SERIALS)),
        listings=_by(_rows(house, "promotion", LISTINGS), "id"),
        reported=_by(_rows(house, "reporting", REPORTED), "dossier_id"),
    )


def _rows(house: House, service: str, source: TableClause) -> Iterable[Row]:
    with house.database(service).reading() as session:
        return [dict(row._mapping) for row in session.execute(select(source))]


def _by(rows: Iterable[Row], key: str) -> dict[UUID, Row]:
    return {row[key]: row for row in rows}
