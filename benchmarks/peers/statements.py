"""What one message leads to in each work, as statements of SQLAlchemy Core: inbox, state, outbox."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql
from uuid_utils.compat import uuid7

from chassis.inbox import inbox
from chassis.outbox import outbox, sequences
from services.certification.storage.tables import CaseRow
from services.promotion.storage import ListingRow
from services.reporting.storage import dossiers, events

Headers = dict[str, Any]


Runs = Callable[[Any, dict[str, Any]], Awaitable[Any]]
"""How a statement is run: awaited with asyncpg, on the spot with psycopg through `spin`."""


class Scored(BaseModel):
    """What certification and reporting read of ScoredAtProvince."""

    dossier_id: UUID
    assessment_id: UUID
    subject_id: UUID
    product_name: str
    producer: str
    criteria_set: str
    purpose: str
    registration_number: str
    product_code: str
    year: int
    province: str
    district: str | None
    commune: str
    scored_on: date
    mean: str
    band: int
    knocked_out: bool
    star: int
    outcome: dict[str, Any]


class Revoked(BaseModel):
    """What promotion reads of CertificateRevoked."""

    dossier_id: UUID
    certificate_id: UUID
    revoked_on: date
    province: str
    district: str | None
    commune: str


PRODUCT = {"subject_id", "product_name", "producer", "criteria_set", "purpose", "product_code",
           "registration_number", "year", "province", "district", "commune"}  # fmt: skip

cases: Any = CaseRow.__table__
listings: Any = ListingRow.__table__

_note = postgresql.insert(inbox).on_conflict_do_nothing()
_case = select(cases).where(cases.c.id == bindparam("key"))
_listing = select(listings).where(listings.c.id == bindparam("key"))
_end = (
    update(listings)
    .where(listings.c.id == bindparam("key"), listings.c.version == bindparam("seen"))
    .values(status="ended", listed_on=None, version=bindparam("seen") + 1)
)
_count = postgresql.insert(sequences).values(subject=bindparam("subject"), last=1)
_count = _count.on_conflict_do_update(
    index_elements=["subject"], set_={"last": sequences.c.last + 1}
).returning(sequences.c.last)  # type: ignore[assignment]  # an insert that returns


def _upsert(table: Table, *columns: str) -> Any:
    statement = postgresql.insert(table)
    key = [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in columns if name not in key}
    return statement.on_conflict_do_update(index_elements=key, set_=changed)


_facts = _upsert(dossiers, "dossier_id", *sorted(PRODUCT), "scored_on", "mean", "band", "score_star",
                 "knocked_out", "outcome", "outcome_level", "scored_at", "pack")  # fmt: skip
_line = _upsert(events, "id", "type", "subject", "sayer", "time", "dossier_id", "name", "star",
                "province", "district", "commune")  # fmt: skip


async def note(run: Runs, headers: Headers) -> bool:
    """The inbox row; False where the event was heard before."""
    values = {
        "id": UUID(headers["cloudEvents_id"]),
        "source": headers["cloudEvents_source"],
        "type": headers["cloudEvents_type"],
        "subject": headers["cloudEvents_subject"],
        "sequence": int(headers["cloudEvents_sequence"]),
        "heard_at": datetime.now(UTC),
    }
    return bool((await run(_note, values)).rowcount)


async def certification(run: Runs, headers: Headers, body: bytes | str) -> None:
    """A case is opened where there is none."""
    heard = Scored.model_validate_json(body)
    if (await run(_case, {"key": heard.dossier_id})).one_or_none() is not None:
        raise ValueError(f"dossier {heard.dossier_id} came twice: this work scores each once")
    outcome = heard.outcome
    values = heard.model_dump(include=PRODUCT) | {
        "id": heard.dossier_id,
        "assessment_id": heard.assessment_id,
        "scored_level": "province",
        "scored_mean": heard.mean,
        "scored_star": heard.star,
        "scored_on": heard.scored_on,
        "outcome": outcome,
        "pack": headers["cloudEvents_rulepack"],
        "status": "awaits-decision",
        "level": outcome["level"],
        "star": outcome["star"],
        "last_on": heard.scored_on,
        "version": 1,
    }
    await run(insert(cases), values)


async def promotion(run: Runs, headers: Headers, body: bytes | str) -> None:
    """A listing ends, and that is said."""
    heard = Revoked.model_validate_json(body)
    row = (await run(_listing, {"key": heard.dossier_id})).one()
    if row.certificate_id != heard.certificate_id or row.status == "ended":
        return
    if not (await run(_end, {"key": row.id, "seen": row.version})).rowcount:
        raise RuntimeError("somebody else changed the listing")
    subject = str(row.id)
    sequence = (await run(_count, {"subject": subject})).scalar_one()
    said = heard.model_dump(mode="json", exclude={"revoked_on"})
    said |= {"reason": "revoked", "delisted_on": heard.revoked_on.isoformat()}
    values = {
        "id": uuid7(),
        "type": "ProductDelisted",
        "subject": subject,
        "sequence": sequence,
        "time": datetime.now(UTC),
        "correlationid": headers["cloudEvents_correlationid"],
        "causationid": headers["cloudEvents_id"],
        "body": json.dumps(said, ensure_ascii=False),
    }
    await run(insert(outbox), values)


async def reporting(run: Runs, headers: Headers, body: bytes | str) -> None:
    """The dossier's facts, and a line in the log."""
    heard = Scored.model_validate_json(body)
    facts = heard.model_dump(include=PRODUCT) | {
        "dossier_id": heard.dossier_id,
        "scored_on": heard.scored_on,
        "mean": heard.mean,
        "band": heard.band,
        "score_star": heard.star,
        "knocked_out": heard.knocked_out,
        "outcome": heard.outcome["act"],
        "outcome_level": heard.outcome["level"],
        "scored_at": "province",
        "pack": headers["cloudEvents_rulepack"],
    }
    await run(_facts, facts)
    line = {
        "id": UUID(headers["cloudEvents_id"]),
        "type": headers["cloudEvents_type"],
        "subject": headers["cloudEvents_subject"],
        "sayer": headers["cloudEvents_source"].rpartition("/")[2],
        "time": datetime.fromisoformat(headers["cloudEvents_time"]),
        "dossier_id": heard.dossier_id,
        "name": heard.product_name,
        "star": heard.star,
        "province": heard.province,
        "district": heard.district,
        "commune": heard.commune,
    }
    await run(_line, line)


EFFECTS: dict[str, Callable[[Runs, Headers, bytes | str], Awaitable[None]]] = {
    "certification": certification,
    "promotion": promotion,
    "reporting": reporting,
}
"""Service → what one message leads to, after its inbox row and in the same transaction."""


async def hear(service: str, run: Runs, headers: Headers, body: bytes | str) -> None:
    """One message in the transaction that `run` runs in."""
    if await note(run, headers):
        await EFFECTS[service](run, headers, body)


def spin(work: Any) -> None:
    """Run a coroutine that never really waits: how the same works run on a blocking connection."""
    try:
        work.send(None)
    except StopIteration:
        return
    raise RuntimeError("the work waited")
