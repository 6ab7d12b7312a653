"""A product dossier: assembled by its producer, filed under the law of the day, verified or returned by its commune."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from regulation import packs
from regulation.acting import Actor, Place, Role
from regulation.calendar import add_working_days
from regulation.criteria import CriteriaSet
from regulation.days import require_order
from regulation.packs import Component, Pack
from services.registration.domain.filing import require_filer
from services.registration.domain.news import (
    CommuneHasVerified,
    DossierWasReturned,
    DossierWasSubmitted,
    DossierWasWithdrawn,
    News,
)
from services.registration.domain.papers import Evidence, Finding, Numbers
from services.registration.domain.proof import Proof, named, proofs
from services.registration.domain.refusals import (
    AlreadyCertified,
    AlreadyConcluded,
    AlreadySubmitted,
    AlreadyWithdrawn,
    ComponentsMissing,
    DossierClosed,
    EvidenceMissing,
    FindingsIncomplete,
    NotSubmitted,
    SelfAssessmentMissing,
    UnknownComponent,
    UnknownEvidence,
)
from services.registration.domain.standing import CERTIFIED, Scored, rank


class Status(StrEnum):
    """draft → submitted → verified; submitted → returned → submitted; withdrawn from anywhere before a result."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    VERIFIED = "verified"
    WITHDRAWN = "withdrawn"


OPEN = (Status.DRAFT, Status.RETURNED)
"""In these the producer may change the dossier."""


@dataclass(slots=True, kw_only=True)
class Dossier:
    """One product's dossier under one rule pack.

    `received_on` is the day it was first filed, `last_on` the day of the last act; `standing` is where the dossier was
    last heard to be once it left the commune, `score` the last that was heard of a council.
    """

    id: UUID
    subject_id: UUID
    idea_id: UUID | None
    product_name: str
    producer: str
    criteria_set: str
    purpose: str
    pack_id: str
    place: Place
    opened_on: date
    last_on: date
    status: Status = Status.DRAFT
    components: dict[str, tuple[Evidence, ...]] = field(default_factory=dict)
    samples: int = 0
    self_assessment: dict[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    registration_number: str | None = None
    product_code: str | None = None
    received_on: date | None = None
    standing: str | None = None
    score: Scored | None = None
    version: int = 0
    news: list[News] = field(default_factory=list, repr=False)

    @property
    def pack(self) -> Pack:
        """The rule pack that governs it."""
        return packs.pack(self.pack_id)

    @property
    def sheet(self) -> CriteriaSet:
        """The criteria set it is scored by."""
        return self.pack.criteria_set(self.criteria_set)

    def demanded(self) -> tuple[Component, ...]:
        """What the producer brings under this pack, for this purpose and kind of product."""
        listed = self.pack.components_for(purpose=self.purpose, criteria_set=self.sheet)
        return tuple(component for component in listed if component.who == "subject")

    def holds(self, component: Component) -> bool:
        """Whether it has what the component asks for: enough samples, or at least one file."""
        if component.is_samples:
            return self.samples >= self.sheet.samples
        return bool(self.components.get(component.code))

    def missing(self) -> tuple[str, ...]:
        """The codes of mandatory components that the dossier does not hold yet."""
        return tuple(c.code for c in self.demanded() if c.mandatory and not self.holds(c))

    @property
    def proofs(self) -> tuple[Proof, ...]:
        """The papers that the ticked options need, those it holds and those it lacks."""
        holds = {component.code: self.holds(component) for component in self.demanded()}
        return proofs(self.sheet, self.self_assessment, holds)

    @property
    def evidence_wanted(self) -> tuple[Proof, ...]:
        """Those of them that it does not hold: it is not filed until they are there, or are not claimed."""
        return tuple(proof for proof in self.proofs if not proof.held)

    def file(self, sha256: str) -> Evidence:
        """A file that this dossier holds. Raises UnknownEvidence."""
        for files in self.components.values():
            for evidence in files:
                if evidence.sha256 == sha256:
                    return evidence
        raise UnknownEvidence(f"the dossier holds no file {sha256!r}")

    def due_on(self, days_off: Collection[date]) -> date | None:
        """The last day for the commune to judge what was filed (26/2026 Art. 7.2); None where nothing is due.

        Counted in working days from the day it was filed, or filed again after a return.
        """
        days = self.pack.commune_days
        if self.status is not Status.SUBMITTED or days is None:
            return None
        return add_working_days(self.last_on, days, holidays=days_off)

    def attach(self, code: str, evidence: Iterable[Evidence], *, by: Actor) -> None:
        """Put files under a component, in place of what was there; one file counts once.

        Raises NotAllowed, DossierClosed, UnknownComponent.
        """
        self._require_open(by)
        asked = next((each for each in self.demanded() if each.code == code), None)
        if asked is None:
            raise UnknownComponent(f"component: {self.pack_id} asks a producer for no {code!r}")
        if asked.is_samples:
            raise UnknownComponent(f"component: {code} is the product itself, counted in samples")
        self.components[code] = tuple(dict.fromkeys(evidence))

    def bring_samples(self, count: int, *, by: Actor) -> None:
        """Hand in samples of the product. Raises NotAllowed, DossierClosed."""
        self._require_open(by)
        self.samples = count

    def self_assess(self, choices: Mapping[str, int], *, by: Actor) -> None:
        """Tick the criteria set as the producer sees it; criteria left out are not ticked.

        Raises NotAllowed, DossierClosed, UnknownCriterion, UnknownOption.
        """
        self._require_open(by)
        for code, no in choices.items():
            self.sheet.criterion(code).require(no)
        self.self_assessment = dict(choices)

    def submit(self, *, by: Actor, numbered: Callable[[], Numbers], on: date, today: date) -> None:
        """File the dossier: from now on it is governed by its pack, and not changed.

        `numbered` draws its numbers, and is asked only when the dossier is filed for the first time.

        Raises NotAllowed, AlreadySubmitted, AlreadyWithdrawn, ComponentsMissing, SelfAssessmentMissing,
        EvidenceMissing, PackNotInForce, and the dates' refusals.
        """
        self._require_filer(by)
        self._require_fit_to_file(on, today)
        if self.received_on is None:
            numbers = numbered()
            self.received_on = on
            self.registration_number = numbers.registration_number
            self.product_code = numbers.product_code
        self.status = Status.SUBMITTED
        self._note(DossierWasSubmitted(dossier=self, on=on))

    def verify(
        self,
        *,
        by: Actor,
        findings: Iterable[Finding],
        request_letter: str,
        on: date,
        today: date,
    ) -> None:
        """The commune's report and request letter (26/2026 Art. 7.2): findings on each topic of the pack.

        Raises NotAllowed, NotSubmitted, FindingsIncomplete, and the dates' refusals.
        """
        found = tuple(findings)
        self._require_to_be_judged(by, on, today)
        if sorted(finding.topic for finding in found) != sorted(self.pack.commune_topics):
            wanted = ", ".join(self.pack.commune_topics)
            raise FindingsIncomplete(f"findings: one on each of {wanted}")
        self.findings = found
        self.status = Status.VERIFIED
        self._note(CommuneHasVerified(dossier=self, on=on, request_letter=request_letter))

    def send_back(self, *, by: Actor, missing: Iterable[str], on: date, today: date) -> None:
        """The commune returns the dossier to be mended, naming the components and topics that fall short.

        Raises NotAllowed, NotSubmitted, FindingsIncomplete (an item that is neither), the dates' refusals.
        """
        items = tuple(dict.fromkeys(missing))
        self._require_to_be_judged(by, on, today)
        known = {component.code for component in self.demanded()} | set(self.pack.commune_topics)
        for item in items:
            if item not in known:
                raise FindingsIncomplete(f"missing: {item!r} is neither a component nor a topic")
        self.status = Status.RETURNED
        self._note(DossierWasReturned(dossier=self, on=on, missing=items))

    def withdraw(self, *, by: Actor, on: date, today: date) -> None:
        """The producer takes the dossier back.

        Raises NotAllowed, AlreadyWithdrawn, AlreadyConcluded, AlreadyCertified, the dates' refusals.
        """
        self._require_filer(by)
        self._require_without_result()
        require_order(on, today=today, last=self.last_on)
        self.status = Status.WITHDRAWN
        self._note(DossierWasWithdrawn(dossier=self, on=on))

    def stand_at(self, standing: str) -> None:
        """Note what was heard from the services that have the dossier now; news from before never takes it back."""
        if rank(standing) >= rank(self.standing):
            self.standing = standing

    def note_score(self, score: Scored) -> None:
        """Note what a council made of it."""
        self.score = score
        self.stand_at(score.standing)

    def note_new_assessment(self, *, after: UUID, level: str) -> None:
        """Note that the ministry's result was not recognised: the score that follows that assessment counts.

        It may have been heard before.
        """
        if rank(self.standing) >= CERTIFIED:
            return
        self.standing = f"assessed-again-at-{level}"
        if self.score is not None and self.score.assessment_id != after:
            self.standing = self.score.standing

    def _require_filer(self, by: Actor) -> None:
        require_filer(by, subject_id=self.subject_id, commune=self.place.commune)

    def _require_open(self, by: Actor) -> None:
        self._require_filer(by)
        if self.status not in OPEN:
            raise DossierClosed(f"the dossier is {self.status.value} and not changed any more")

    def _require_fit_to_file(self, on: date, today: date) -> None:
        if self.status is Status.WITHDRAWN:
            raise AlreadyWithdrawn("the dossier was withdrawn: open a new one")
        if self.status not in OPEN:
            raise AlreadySubmitted(f"the dossier is {self.status.value}")
        require_order(on, today=today, last=self.last_on)
        if self.received_on is None:
            packs.require_in_force(self.pack_id, on)
        if gaps := self.missing():
            raise ComponentsMissing(f"{self.pack_id} demands {', '.join(gaps)}")
        if not self.self_assessment:
            raise SelfAssessmentMissing("the self-assessment is not filled in")
        if wanted := self.evidence_wanted:
            raise EvidenceMissing(
                f"the ticked options need papers that the dossier does not hold: {named(wanted)}"
            )

    def _require_to_be_judged(self, by: Actor, on: date, today: date) -> None:
        by.require(Role.COMMUNE_OFFICER, self.place.commune)
        if self.status is not Status.SUBMITTED:
            raise NotSubmitted(f"the dossier is {self.status.value}, not submitted")
        require_order(on, today=today, last=self.last_on)

    def _require_without_result(self) -> None:
        if self.status is Status.WITHDRAWN:
            raise AlreadyWithdrawn("the dossier was withdrawn before")
        if rank(self.standing) >= CERTIFIED:
            raise AlreadyCertified("the product was certified: a certificate is revoked instead")
        if self.standing is not None and self.standing.startswith("closed"):
            raise AlreadyConcluded(f"the assessment is over: {self.standing}")

    def _note(self, news: News) -> None:
        self.last_on = news.on
        self.news.append(news)
