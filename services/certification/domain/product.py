"""The product that a case and its certificate are about."""

from dataclasses import dataclass
from uuid import UUID

from regulation import packs
from regulation.acting import Place
from regulation.packs import Pack


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One product as its dossier describes it, under the rule pack that governs the dossier."""

    subject_id: UUID
    name: str
    producer: str
    code: str
    criteria_set: str
    purpose: str
    registration_number: str
    year: int
    place: Place
    pack_id: str

    @property
    def pack(self) -> Pack:
        """Raises UnknownPack."""
        return packs.pack(self.pack_id)

    def area(self, level: str | None) -> str:
        """The code of the unit whose authority acts at `level`.

        The province enters what the ministry decides, and acts where a unit of that level does
        not exist (no districts since 01/07/2025).
        """
        return self.place.at(level or "") or self.place.province
