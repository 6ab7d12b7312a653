"""Dossiers in SQL."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from chassis import outbox, rows
from chassis.clock import now
from services.registration import messages
from services.registration.domain.dossier import Dossier, Status
from services.registration.domain.papers import Evidence, Finding
from services.registration.domain.refusals import UnknownDossier
from services.registration.domain.standing import Scored
from services.registration.storage.places import place
from services.registration.storage.tables import DossierRow


class SqlDossiers:
    """Dossiers in SQL."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, dossier_id: UUID) -> Dossier:
        """Raises UnknownDossier."""
        row = rows.read(self._session, DossierRow, dossier_id)
        if row is None:
            raise UnknownDossier(f"dossier {dossier_id} does not exist")
        return to_dossier(row)

    def save(self, dossier: Dossier) -> None:
        """State and news together."""
        rows.write(self._session, DossierRow, dossier, _dossier_values(dossier))
        outbox.say(self._session, [messages.say(news, now()) for news in dossier.news])
        dossier.news.clear()


def to_dossier(row: DossierRow) -> Dossier:
    """The aggregate of a row."""
    return Dossier(
        id=row.id,
        subject_id=row.subject_id,
        idea_id=row.idea_id,
        product_name=row.product_name,
        producer=row.producer,
        criteria_set=row.criteria_set,
        purpose=row.purpose,
        pack_id=row.pack,
        place=place(row),
        opened_on=row.opened_on,
        last_on=row.last_on,
        status=Status(row.status),
        components={
            code: tuple(Evidence(**each) for each in files)
            for code, files in row.components.items()
        },
        samples=row.samples,
        self_assessment=dict(row.self_assessment),
        findings=tuple(_finding(each) for each in row.findings),
        registration_number=row.registration_number,
        product_code=row.product_code,
        received_on=row.received_on,
        standing=row.standing,
        score=_score(row),
        version=row.version,
    )


def _score(row: DossierRow) -> Scored | None:
    if row.scored_by is None or row.scored_standing is None:
        return None
    return Scored(assessment_id=row.scored_by, standing=row.scored_standing)


def _dossier_values(dossier: Dossier) -> dict[str, Any]:
    return {
        "subject_id": dossier.subject_id,
        "idea_id": dossier.idea_id,
        "product_name": dossier.product_name,
        "producer": dossier.producer,
        "criteria_set": dossier.criteria_set,
        "purpose": dossier.purpose,
        "pack": dossier.pack_id,
        **asdict(dossier.place),
        "opened_on": dossier.opened_on,
        "last_on": dossier.last_on,
        "status": dossier.status.value,
        "components": {
            code: [asdict(file) for file in files] for code, files in dossier.components.items()
        },
        "samples": dossier.samples,
        "self_assessment": dict(dossier.self_assessment),
        "findings": [
            asdict(each) | {"share": None if each.share is None else str(each.share)}
            for each in dossier.findings
        ],
        "registration_number": dossier.registration_number,
        "product_code": dossier.product_code,
        "received_on": dossier.received_on,
        "standing": dossier.standing,
        "scored_by": dossier.score and dossier.score.assessment_id,
        "scored_standing": dossier.score and dossier.score.standing,
    }


def _finding(kept: dict[str, Any]) -> Finding:
    share = kept["share"]
    return Finding(
        topic=kept["topic"],
        met=kept["met"],
        share=None if share is None else Decimal(share),
        words=kept["words"],
    )
