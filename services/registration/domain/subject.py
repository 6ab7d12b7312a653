"""The producing entity (chủ thể): who brings products into the programme."""

from dataclasses import dataclass, field, fields, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from regulation.acting import Actor, Place, Role
from regulation.days import require_order
from regulation.refusals import NotFound, Unfit, UnknownUnit
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


class RepresentativeChanged(Unfit):
    """A number stays with the person whose it is."""

    slug = "representative-changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What is known of a producing entity; only `public_name`, `place` and a pseudonym ever leave registration.

    representative_person  a pseudonym of the legal representative, from his personal number; None: not given.
    """

    kind: SubjectKind
    legal_name: str
    public_name: str
    representative: str
    phone: str | None
    tax_code: str | None
    place: Place
    representative_person: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RepresentativeWasNamed:
    """News: the subject's legal representative is another person now, or nobody that is known."""

    subject: "Subject"
    on: date


@dataclass(slots=True, kw_only=True)
class Subject:
    """A producing entity. `last_on` is the day it was registered or last changed; None where that was not kept."""

    id: UUID
    particulars: Particulars
    last_on: date | None
    version: int = 0
    news: list[RepresentativeWasNamed] = field(default_factory=list, repr=False)

    @classmethod
    def registered(cls, id_: UUID, particulars: Particulars, *, on: date) -> "Subject":
        """One that comes in."""
        subject = cls(id=id_, particulars=particulars, last_on=on)
        if particulars.representative_person is not None:
            subject.news.append(RepresentativeWasNamed(subject=subject, on=on))
        return subject

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

    def change(
        self, wanted: Particulars, *, keep_person: bool = False, by: Actor, on: date, today: date
    ) -> tuple[str, ...]:
        """Correct it, or move it to another commune; the names of what changed, none where all is as it was.

        `keep_person`: whom the representative's pseudonym stands for was left unsaid, and stays as it is.
        Its dossiers keep their place. Raises NotAllowed, RepresentativeChanged, DateInFuture, DateBeforeLastAct.
        """
        self._require_may_change(by, wanted.place.commune, today)
        if keep_person:
            wanted = self._with_person(wanted)
        changed = tuple(
            field.name
            for field in fields(Particulars)
            if getattr(wanted, field.name) != getattr(self.particulars, field.name)
        )
        if changed:
            require_order(on, today=today, last=self.last_on)
            self.particulars = wanted
            self.last_on = on
        if "representative_person" in changed:
            self.news.append(RepresentativeWasNamed(subject=self, on=on))
        return changed

    def _with_person(self, wanted: Particulars) -> Particulars:
        """As wanted, with the person that is known: of a name that is still the same."""
        known = self.particulars
        if known.representative_person and wanted.representative != known.representative:
            raise RepresentativeChanged(
                "representative_personal_number: the representative's name is changed: give his number too, "
                "or null where it is not to be kept"
            )
        return replace(wanted, representative_person=known.representative_person)

    def _require_may_change(self, by: Actor, to: str, today: date) -> None:
        """The producer or its commune; where that commune is no more, the one that the subject now lies in."""
        orphaned = not is_commune(self.place.commune, today)
        if orphaned and by.holds(Role.COMMUNE_OFFICER, to):
            return
        require_filer(by, subject_id=self.id, commune=self.place.commune)
