"""What certification hears: which dossiers the councils have scored, and which were withdrawn."""

import structlog
from sqlalchemy.orm import Session

from chassis.reactions import Reactions
from contracts import evaluation, registration
from contracts.envelope import Event
from services.certification import messages, use_cases
from services.certification.storage import SqlCases, SqlWithdrawals
from services.certification.storage.tables import CaseRow, WithdrawalRow

log = structlog.get_logger()

reactions = Reactions("certification", rows=(CaseRow, WithdrawalRow))


@reactions.hears(evaluation.ScoredAtDistrict, evaluation.ScoredAtProvince)
def on_scored(session: Session, event: Event) -> None:
    """A council has closed its assessment."""
    use_cases.hear_score(SqlCases(session), SqlWithdrawals(session), **messages.scored(event))


@reactions.hears(registration.DossierWithdrawn)
def on_withdrawn(session: Session, event: Event) -> None:
    """A producer took its dossier back."""
    case = use_cases.hear_withdrawal(
        SqlCases(session), SqlWithdrawals(session), **messages.withdrawn(event)
    )
    if case is not None and case.certificate_id is not None:
        log.warning("withdrawn, but certified before it was heard", dossier=str(case.id))
