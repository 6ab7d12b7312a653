"""The producing entity (chủ thể): who brings products into the programme."""

from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from uuid import UUID

from regulation.acting import Actor, Place, Role
from regulation.days import require_order
from regulation.refusals import NotFound, UnknownUnit
from services.registration.domain.filing import require_filer
from services.registration.domain.places import is_commune, place_of


class SubjectKind(StrEnum):
    """What kind of entity produces (26/2026 Art. 3; associations and operating centres for tourism only)."""

    COOPERATIVE = "cooperative"
    COOPERATIVE_GROUP = "cooperative-group"
    SME = "sme"
    PRIVATE_ENTERPRISE = "private-enterprise"
    LLC = "llc"
    JSC = "jsc"
    FARM = "farm"
    HOUSEHOLD = "household"
    ASSOCIATION = "association"
    OPERATING_CENTRE = "operating-centre"


class UnknownSubject(NotFound):
    """There is no such subject."""

    slug = "unknown-subject"


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What is known of a producing entity; only `public_name` and `place` ever leave registration."""

    kind: SubjectKind
    legal_name: str
    public_name: str
    representative: str
    phone: str | None
    tax_code: str | None
    place: Place


@dataclass(slots=True, kw_only=True)
class Subject:
    """A producing entity. `last_on` is the day it was registered or last changed; None where that was not kept."""

    id: UUID
    particulars: Particulars
    last_on: date | None
    version: int = 0

    @property
    def place(self) -> Place:
        """Where it produces."""
        return self.particulars.place

    def place_on(self, day: date) -> Place:
        """Its commune with the units that were above it on that day.

        Raises UnknownUnit where its commune was none then: communes merge, and a subject is moved by a change.
        """
        commune = self.place.commune
        if not is_commune(commune, day):
            raise UnknownUnit(
                f"subject_id: its commune {commune} is no commune on {day}; "
                "change the subject first, to the commune of that day"
            )
        return place_of(commune, day)

    def change(self, wanted: Particulars, *, by: Actor, on: date, today: date) -> tuple[str, ...]:
        """Correct it, or move it to another commune; the names of what changed, none where all is as it was.

        Its dossiers keep their place. Raises NotAllowed, DateInFuture, DateBeforeLastAct.
        """
        self._require_may_change(by, wanted.place.commune, today)
        changed = tuple(
            field.name
            for field in fields(Particulars)
            if getattr(wanted, field.name) != getattr(self.particulars, field.name)
        )
        if changed:
            require_order(on, today=today, last=self.last_on)
            self.particulars = wanted
            self.last_on = on
        return changed

    def _require_may_change(self, by: Actor, to: str, today: date) -> None:
        """The producer or its commune; where that commune is no more, the one that the subject now lies in."""
        orphaned = not is_commune(self.place.commune, today)
        if orphaned and by.holds(Role.COMMUNE_OFFICER, to):
            return
        require_filer(by, subject_id=self.id, commune=self.place.commune)
