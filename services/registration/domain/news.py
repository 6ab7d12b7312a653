"""What a dossier's acts lead to, in registration's own words."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.registration.domain.dossier import Dossier


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierWasSubmitted:
    """The dossier was filed."""

    dossier: "Dossier"
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CommuneHasVerified:
    """The commune asks for evaluation."""

    dossier: "Dossier"
    on: date
    request_letter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierWasReturned:
    """The commune sent it back."""

    dossier: "Dossier"
    on: date
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierWasWithdrawn:
    """The producer took it back."""

    dossier: "Dossier"
    on: date


News = DossierWasSubmitted | CommuneHasVerified | DossierWasReturned | DossierWasWithdrawn
