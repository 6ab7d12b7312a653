"""What lies in a dossier besides its own words: files, the commune's findings, the numbers it was given."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One file, known by the hash of its content (sha256, hex). Size in bytes."""

    sha256: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the commune found on one topic: whether it is met, a share in per cent where it is one, and in words."""

    topic: str
    met: bool
    share: Decimal | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The numbers that a dossier gets when it is first filed."""

    registration_number: str
    product_code: str
