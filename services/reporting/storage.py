"""How reporting remembers: a row per dossier and idea, a log of events, targets.

Each sayer's facts have columns of their own, so that what one says never undoes what another said: the rows are
the same in every order that keeps each sayer's own. The stage follows from the columns, in the database itself.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    delete,
    insert,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from chassis.tables import NAMING, UtcDateTime
from services.reporting.domain import Plan, Stage, Target, UnknownPlan

metadata = MetaData(naming_convention=NAMING)

HOLDS = """certificate_id IS NOT NULL
 AND (ended_certificate IS NULL OR ended_certificate <> certificate_id)"""
"""Whether the dossier's product holds a certificate that has not ended."""

STAGE = f"""CASE
 WHEN {HOLDS} THEN '{Stage.CERTIFIED}'
 WHEN certificate_id IS NOT NULL THEN ended_how
 WHEN filing = '{Stage.WITHDRAWN}' THEN '{Stage.WITHDRAWN}'
 WHEN national_star < 3 THEN '{Stage.CLOSED}'
 WHEN national_star IS NOT NULL THEN '{Stage.SCORED}'
 WHEN referred_on IS NOT NULL THEN '{Stage.REFERRED}'
 WHEN outcome = 'close' THEN '{Stage.CLOSED}'
 WHEN scored_on IS NOT NULL THEN '{Stage.SCORED}'
 ELSE coalesce(filing, '{Stage.SUBMITTED}') END"""
"""How far the dossier has come: the furthest of what was heard."""

STAR = f"CASE WHEN {HOLDS} THEN certificate_star END"
"""The star that the product holds now."""

RESULT = """CASE WHEN ended_certificate = certificate_id AND ended_how = 'revoked'
 AND ended_on < expires_on THEN NULL ELSE certificate_star END"""
"""The star that counts for the year's plan: a certificate that lived out its term counts, one revoked within it not."""

dossiers = Table(
    "dossiers",
    metadata,
    Column("dossier_id", Uuid, primary_key=True),
    Column("subject_id", Uuid),
    Column("product_name", Text),
    Column("producer", Text),
    Column("criteria_set", String(40)),
    Column("purpose", String(20)),
    Column("pack", String(40)),
    Column("registration_number", String(60)),
    Column("product_code", String(60)),
    Column("year", Integer),
    Column("province", String(5), nullable=False),
    Column("district", String(5)),
    Column("commune", String(5), nullable=False),
    Column("filing", String(20)),
    Column("submitted_on", Date),
    Column("verified_on", Date),
    Column("returned_on", Date),
    Column("withdrawn_on", Date),
    Column("scored_at", String(20)),
    Column("scored_on", Date),
    Column("mean", Text),
    Column("band", Integer),
    Column("score_star", Integer),
    Column("knocked_out", Boolean),
    Column("outcome", String(20)),
    Column("outcome_level", String(20)),
    Column("referred_on", Date),
    Column("national_on", Date),
    Column("national_mean", Text),
    Column("national_star", Integer),
    Column("new_assessment_on", Date),
    Column("certificate_id", Uuid),
    Column("certificate_number", String(60)),
    Column("certificate_star", Integer),
    Column("certified_at", String(20)),
    Column("certified_on", Date),
    Column("expires_on", Date),
    Column("ended_certificate", Uuid),
    Column("ended_how", String(20)),
    Column("ended_on", Date),
    Column("reevaluation_from", Date),
    Column("reevaluation_until", Date),
    Column("listed_on", Date),
    Column("delisted_on", Date),
    Column("stage", String(20), Computed(STAGE, persisted=True)),
    Column("star", Integer, Computed(STAR, persisted=True)),
    Column("result", Integer, Computed(RESULT, persisted=True)),
    Index("ix_dossiers_stage", "stage", "year", "dossier_id"),
    Index("ix_dossiers_commune", "commune", "dossier_id"),
    Index("ix_dossiers_district", "district", "dossier_id"),
    Index("ix_dossiers_year", "year", "dossier_id"),
)
"""One row per dossier; `filing` is how the dossier stands with registration, by its last word."""

SINCE = {
    Stage.SUBMITTED: "submitted_on",
    Stage.VERIFIED: "verified_on",
    Stage.RETURNED: "returned_on",
    Stage.SCORED: """
CASE
 WHEN new_assessment_on > scored_on THEN new_assessment_on
 ELSE scored_on
END""",
    Stage.REFERRED: "referred_on",
}
"""Where somebody has to act next, and since which day: what an index of that stage has in order."""

for _stage, _since in SINCE.items():
    _at = text(f"stage = '{_stage}'")
    Index(
        f"ix_dossiers_{_stage}_since",
        _since if _since in dossiers.c else text(f"({_since})"),
        postgresql_where=_at,
        sqlite_where=_at,
        _table=dossiers,
    )

ideas = Table(
    "ideas",
    metadata,
    Column("idea_id", Uuid, primary_key=True),
    Column("subject_id", Uuid, nullable=False),
    Column("title", Text, nullable=False),
    Column("year", Integer, nullable=False, index=True),
    Column("province", String(5), nullable=False),
    Column("district", String(5)),
    Column("commune", String(5), nullable=False),
    Column("selected_on", Date, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("type", String(80), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("sayer", String(40), nullable=False),
    Column("time", UtcDateTime, nullable=False, index=True),
    Column("dossier_id", Uuid),
    Column("name", Text),
    Column("star", Integer),
    Column("province", String(5), nullable=False),
    Column("district", String(5)),
    Column("commune", String(5), nullable=False),
)

_TALLY_ID = BigInteger().with_variant(Integer, "sqlite")


def _counts(*names: str) -> list[Column[int]]:
    return [Column(name, Integer, nullable=False, server_default="0") for name in names]


REACHED = ("submitted", "verified", "returned", "withdrawn", "scored", "referred", "certified",
           "revoked", "expired")  # fmt: skip
"""Stages that a dossier has come to or not, whatever its stage is now."""

IDEA = "idea"
"""Stands for the stage where selected ideas are counted."""

stage_tallies = Table(
    "stage_tallies",
    metadata,
    Column("id", _TALLY_ID, primary_key=True),
    Column("year", Integer, nullable=False),
    Column("stage", String(20), nullable=False),
    *_counts("dossiers", *REACHED),
)
"""How many dossiers are at a stage, and how many of these ever came to each: sums over rows, kept by triggers."""

area_tallies = Table(
    "area_tallies",
    metadata,
    Column("id", _TALLY_ID, primary_key=True),
    Column("year", Integer, nullable=False, index=True),
    Column("level", String(20), nullable=False),
    Column("area", String(5), nullable=False),
    Column("star", Integer, nullable=False),
    *_counts("dossiers", "pending"),
)
"""How many products of an area hold that star, and how many are with the ministry: sums over rows, kept by triggers."""

plans = Table(
    "plans",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("source", Text, nullable=False),
    Column("version", Integer, nullable=False),
)

targets = Table(
    "targets",
    metadata,
    Column("year", Integer, ForeignKey(plans.c.year), primary_key=True, autoincrement=False),
    Column("area", String(5), primary_key=True),
    Column("star", Integer, primary_key=True, autoincrement=False),
    Column("level", String(20), nullable=False),
    Column("products", Integer, nullable=False),
)


def _insert(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def plan_version(session: Session, year: int) -> int:
    """How often the year's plan was entered; 0 where it never was."""
    return session.scalar(select(plans.c.version).where(plans.c.year == year)) or 0


def set_plan(session: Session, plan: Plan) -> int:
    """Put a plan in place of the year's former one, as a whole; its new version.

    Two at once follow each other: the second waits for the first one's row.
    """
    statement = _insert(session.get_bind().dialect.name, plans)
    statement = statement.values(year=plan.year, source=plan.source, version=1)
    counted = {"source": plan.source, "version": plans.c.version + 1}
    statement = statement.on_conflict_do_update(index_elements=["year"], set_=counted)
    version: int = session.execute(statement.returning(plans.c.version)).scalar_one()
    session.execute(delete(targets).where(targets.c.year == plan.year))
    rows = [
        {
            "year": plan.year,
            "area": each.area,
            "level": each.level,
            "star": star,
            "products": count,
        }
        for each in plan.targets
        for star, count in each.stars.items()
    ]
    if rows:
        session.execute(insert(targets), rows)
    return version


def plan_of(session: Session, year: int) -> Plan:
    """The year's plan, by area. Raises UnknownPlan."""
    source = session.scalar(select(plans.c.source).where(plans.c.year == year))
    if source is None:
        raise UnknownPlan(f"no targets were entered for {year}")
    stars: dict[tuple[str, str], dict[int, int]] = {}
    found = select(targets).where(targets.c.year == year)
    for row in session.execute(
        found.order_by(targets.c.level.desc(), targets.c.area, targets.c.star)
    ):
        stars.setdefault((row.area, row.level), {})[row.star] = row.products
    rows = (Target(area=area, level=level, stars=each) for (area, level), each in stars.items())
    return Plan(year=year, source=source, targets=tuple(rows))
