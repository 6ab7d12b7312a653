"""A dossier's case: what a council made of it, whose act it awaits, and how it ended."""

from dataclasses import dataclass, field
from datetime import date
from typing import Self
from uuid import UUID

from regulation.acting import Actor, Role
from regulation.days import require_order
from regulation.decision import NATIONAL
from services.certification.domain.certificate import (
    Certificate,
    NoCertificateBelowThreeStars,
    Ruling,
)
from services.certification.domain.course import Course, Order, Referral
from services.certification.domain.product import Product
from services.certification.domain.refusals import (
    AlreadyDecided,
    NoNationalResult,
    NoNewAssessment,
    NotAwaitingDecision,
    NotAwaitingReferral,
    NotReferred,
    ResultAlreadyRecorded,
    ScoreSuperseded,
    WrongLevel,
)
from services.certification.domain.score import NationalResult, Score
from services.certification.domain.standing import (
    AWAITS,
    SCORED,
    TRANSITIONS,
    Status,
    standing_after,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductWasReferred:
    """News: the product is with the ministry."""

    case: "Case"
    referral: Referral


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalResultWasRecorded:
    """News: the ministry's council gave its result."""

    case: "Case"
    result: NationalResult


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAssessmentWasOrdered:
    """News: the council at `level` assesses the product once more."""

    case: "Case"
    level: str
    course: Course


News = ProductWasReferred | NationalResultWasRecorded | NewAssessmentWasOrdered


@dataclass(slots=True, kw_only=True)
class Case:
    """One scored dossier; its id is the dossier's.

    `level` and `star` are what is awaited or was decided: who certifies (or scores next), and the
    star. `earlier` are the ways that an order to assess anew has ended; what counts is what came after.
    `last_on` is the day of the last act. `withdrawn_on` is the day its producer took the dossier
    back; where it is certified all the same, the decision was signed before that was heard.
    """

    id: UUID
    product: Product
    score: Score
    status: Status
    level: str | None
    star: int
    last_on: date
    referral: Referral | None = None
    national: NationalResult | None = None
    earlier: tuple[Course, ...] = ()
    certificate_id: UUID | None = None
    withdrawn_on: date | None = None
    version: int = 0
    news: list[News] = field(default_factory=list, repr=False)

    @classmethod
    def open(cls, *, id: UUID, product: Product, score: Score) -> Self:
        """The case of a dossier that was scored for the first time. Raises UnknownLevel."""
        return cls(
            id=id,
            product=product,
            score=score,
            status=standing_after(product.pack, score),
            level=score.outcome.level,
            star=score.outcome.star,
            last_on=score.on,
        )

    @property
    def awaits(self) -> str | None:
        """What has to happen next, or may: None where nothing can.

        What may be recognised may be assessed anew instead, where the pack provides for it.
        """
        if self.status is not Status.CLOSED or self.national is None:
            return AWAITS.get(self.status)
        if self.level is not None:
            return "recognition"
        return "new-assessment" if self.product.pack.evaluates_again.get(NATIONAL) else None

    def score_anew(self, score: Score) -> None:
        """Replace the last score, by one of the same council or one above.

        Raises AlreadyDecided, ScoreSuperseded, UnknownLevel.
        """
        levels = self.product.pack.levels
        if self.status not in SCORED or self.national is not None:
            raise AlreadyDecided(f"dossier {self.id} is {self.status.value}")
        standing = standing_after(self.product.pack, score)
        if levels.index(score.level) < levels.index(self.score.level):
            raise ScoreSuperseded(f"dossier {self.id} was scored at {self.score.level} level")
        if any(score.assessment_id == course.score.assessment_id for course in self.earlier):
            raise ScoreSuperseded(f"dossier {self.id} is assessed anew")
        self.score = score
        self.last_on = score.on
        self._move(standing)
        self.level, self.star = score.outcome.level, score.outcome.star

    def withdraw(self, *, on: date) -> None:
        """Its producer took the dossier back.

        A decision that was signed meanwhile stands until its authority takes the certificate back; the day is kept, so
        that the authority sees it.
        """
        self.withdrawn_on = self.withdrawn_on or on
        if Status.WITHDRAWN in TRANSITIONS[self.status]:
            self._move(Status.WITHDRAWN)
            self.level = None
            self.last_on = max(on, self.last_on)

    def certify(self, *, by: Actor, ruling: Ruling, serial: int, today: date) -> Certificate:
        """The certificate that the awaited decision gives.

        Raises NotAllowed, NotAwaitingDecision, WrongLevel, NoCertificateBelowThreeStars, and the
        dates' refusals; each names the dossier.
        """
        self.require_authority(by, ruling.level)
        if self.status is not Status.AWAITS_DECISION:
            raise NotAwaitingDecision(f"dossiers: {self.id} is {self.status.value}")
        if ruling.level != self.level:
            raise WrongLevel(f"level: dossier {self.id} awaits the {self.level}'s decision")
        require_order(ruling.on, today=today, last=self.last_on, field=f"decided_on of {self.id}")
        return self._issue(ruling, serial)

    def refer(self, *, by: Actor, decision_number: str, on: date, today: date) -> None:
        """Send a candidate to the ministry.

        Raises NotAllowed, NotAwaitingReferral, and the dates' refusals.
        """
        self.require_authority(by, NATIONAL)
        if self.status is not Status.AWAITS_REFERRAL:
            raise NotAwaitingReferral(f"the case is {self.status.value}")
        require_order(on, today=today, last=self.last_on)
        self._move(Status.REFERRED)
        self.last_on = on
        self.referral = Referral(decision_number=decision_number, on=on)
        self.news.append(ProductWasReferred(case=self, referral=self.referral))

    def record_national_result(self, result: NationalResult, *, by: Actor, today: date) -> None:
        """Note the ministry's result: what the ministry certifies then awaits its decision.

        Below that the case closes; 26/2026 lets the province recognise 3 or 4 stars from it.
        Raises NotAllowed, NotReferred, ResultAlreadyRecorded, MeanOutOfRange, StarAboveMean, and
        the dates' refusals.
        """
        self.require_authority(by, NATIONAL)
        if self.national is not None:
            raise ResultAlreadyRecorded(f"a result of {self.national.on} is recorded")
        if self.status is not Status.REFERRED:
            raise NotReferred(f"the case is {self.status.value}, not referred")
        require_order(result.on, today=today, last=self.last_on)
        outcome = result.outcome(self.product.pack)
        won = outcome.level == NATIONAL
        self._move(Status.AWAITS_DECISION if won else Status.CLOSED)
        self.level, self.star = outcome.level, outcome.star
        self.last_on = result.on
        self.national = result
        self.news.append(NationalResultWasRecorded(case=self, result=result))

    def recognise_national_result(
        self, *, by: Actor, decision_number: str, serial: int, on: date, today: date
    ) -> Certificate:
        """Certify the star of a national result that fell short, by the level that certifies it.

        Raises NotAllowed, NoNationalResult, NotAwaitingDecision, NoCertificateBelowThreeStars, and
        the dates' refusals.
        """
        self.require_authority(by, self.level)
        if self.national is None:
            raise NoNationalResult(f"the case is {self.status.value}, without a national result")
        if self.status is not Status.CLOSED:
            raise NotAwaitingDecision(f"the case is {self.status.value}")
        if self.level is None:
            raise NoCertificateBelowThreeStars(f"the national result is {self.star} stars")
        require_order(on, today=today, last=self.last_on)
        return self._issue(Ruling(number=decision_number, level=self.level, on=on), serial)

    def order_new_assessment(self, order: Order, *, by: Actor, today: date) -> None:
        """Have the product assessed anew after a national result below five stars, where the pack provides for it.

        Score, referral and result are kept; the next score counts (26/2026 Art. 7.4g). Raises NotAllowed,
        NoNewAssessment, NoNationalResult, NotAwaitingDecision, and the dates' refusals.
        """
        level = self.product.pack.evaluates_again.get(NATIONAL)
        self.require_authority(by, level)
        if level is None:
            raise NoNewAssessment(f"{self.product.pack_id} has nothing assessed anew")
        if self.national is None or self.referral is None:
            raise NoNationalResult(f"the case is {self.status.value}, without a national result")
        if self.status is not Status.CLOSED:
            raise NotAwaitingDecision(f"the case is {self.status.value}")
        require_order(order.on, today=today, last=self.last_on)
        course = Course(
            score=self.score, referral=self.referral, national=self.national, order=order
        )
        self._move(Status.WITH_COUNCIL)
        self.level, self.last_on = level, order.on
        self.referral, self.national = None, None
        self.earlier += (course,)
        self.news.append(NewAssessmentWasOrdered(case=self, level=level, course=course))

    def require_authority(self, by: Actor, level: str | None) -> None:
        """Raises NotAllowed unless the actor signs decisions of that level for this product."""
        by.require(Role.AUTHORITY, self.product.area(level))

    def _issue(self, ruling: Ruling, serial: int) -> Certificate:
        certificate = Certificate.issue(
            dossier_id=self.id, product=self.product, star=self.star, by=ruling, serial=serial
        )
        self._move(Status.CERTIFIED)
        self.last_on = ruling.on
        self.certificate_id = certificate.id
        return certificate

    def _move(self, to: Status) -> None:
        if to not in TRANSITIONS[self.status]:
            raise AssertionError(f"no way leads from {self.status} to {to}")
        self.status = to
