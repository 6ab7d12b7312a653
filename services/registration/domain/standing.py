"""Where a dossier stands once it has left its commune, as other services said, in whatever order that was heard."""

from dataclasses import dataclass
from uuid import UUID

COUNCIL, MINISTRY, CERTIFIED, ENDED = 1, 2, 3, 4
"""How far along a standing is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """What a council's last word made of the dossier, and by which assessment."""

    assessment_id: UUID
    standing: str


def rank(standing: str | None) -> int:
    """How far along it is; 0 before any council."""
    if standing is None:
        return 0
    ranks = {"referred-to-national": MINISTRY, "revoked": ENDED, "expired": ENDED}
    return ranks.get(standing, CERTIFIED if standing.startswith("certified") else COUNCIL)
