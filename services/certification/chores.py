"""What falls due by the calendar: certificates that end, windows for re-evaluation that open."""

from datetime import date

from sqlalchemy.orm import Session

from chassis.relay import Chore
from services.certification import use_cases
from services.certification.storage import SqlCertificates


def expire_certificates(session: Session, today: date) -> None:
    """Note every certificate whose last day has passed."""
    use_cases.expire_certificates(SqlCertificates(session), today=today)


def announce_reevaluations(session: Session, today: date) -> None:
    """Say once of each certificate that its holder may now file for re-evaluation."""
    use_cases.announce_reevaluations(SqlCertificates(session), today=today)


CHORES: tuple[Chore, ...] = (expire_certificates, announce_reevaluations)
"""Done once a day by certification's leading relay."""
