"""An assessment: one dossier before one council, from the commune's letter to the conclusion."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from regulation import packs
from regulation.acting import Actor, Role
from regulation.criteria import CriteriaSet
from regulation.days import require_order
from regulation.packs import Pack
from services.evaluation.domain import refusals
from services.evaluation.domain.bench import Bench, bench, require_can_attend
from services.evaluation.domain.conclusion import conclude
from services.evaluation.domain.council import Council, Gates, Member
from services.evaluation.domain.facts import (
    AdvisoryReport,
    Conclusion,
    Declaration,
    Knockout,
    LevelResult,
    Opening,
    Product,
    Supplement,
)
from services.evaluation.domain.interests import Interests
from services.evaluation.domain.news import AssessmentWasConcluded, MembersWereCleared, News
from services.evaluation.domain.opening import counted, opening, refuse_closed
from services.evaluation.domain.preparation import Preparation
from services.evaluation.domain.round import Round
from services.evaluation.domain.sheet import ScoreSheet
from services.evaluation.domain.status import ENDED, Status

__all__ = ["Assessment", "Status"]


@dataclass(slots=True, kw_only=True)
class Assessment:
    """One dossier before the council of one level.

    turn      which time that council assesses it; 2 and more as an authority ordered.
    last_on   the day of the last dated act; acts of the procedure run forward from it.
    present   who is at the meeting, None until that was said: then everybody is expected.
    openings  one for each round of sheets that has opened.
    below     what the council of the level below found, where one did.
    taken_back  by its producer, be it after the conclusion.
    """

    id: UUID
    product: Product
    level: str
    pack_id: str
    opened_on: date
    last_on: date
    interests: Interests
    turn: int = 1
    status: Status = Status.WAITING
    round_id: UUID | None = None
    council_id: UUID | None = None
    admitted_on: date | None = None
    preparation: Preparation = field(default_factory=Preparation)
    present: tuple[str, ...] | None = None
    openings: tuple[Opening, ...] = ()
    conclusion: Conclusion | None = None
    below: LevelResult | None = None
    taken_back: bool = False
    version: int = 0
    news: list[News] = field(default_factory=list, repr=False)

    @property
    def area(self) -> str | None:
        """The administrative unit whose council this is."""
        return self.product.place.at(self.level)

    @property
    def pack(self) -> Pack:
        """The rule pack that governs the dossier."""
        return packs.pack(self.pack_id)

    @property
    def criteria_set(self) -> CriteriaSet:
        """What members tick."""
        return self.pack.criteria_set(self.product.criteria_set)

    @property
    def report(self) -> AdvisoryReport | None:
        """The advisory team's."""
        return self.preparation.report

    @property
    def supplements(self) -> tuple[Supplement, ...]:
        """What was asked of the producer."""
        return self.preparation.supplements

    @property
    def sheet_round(self) -> int:
        """Which round of sheets is being filled in, or was the last."""
        return len(self.openings) + (self.status not in (Status.OPENED, *ENDED))

    def admit(self, council: Council, round_: Round, *, by: Actor, on: date, today: date) -> None:
        """Take the dossier into a round.

        Raises NotAllowed, ScoresHere, AlreadyAdmitted, AssessmentEnded, OtherCouncil, CouncilNotValid, RoundOver,
        dates' refusals.
        """
        self._run_by(by, council)
        if self.status is not Status.WAITING:
            raise refusals.AlreadyAdmitted("the dossier is in a round already")
        if (council.level, council.area) != (self.level, self.area):
            raise refusals.OtherCouncil(
                f"round_id: it is a round of the council of {council.level} {council.area}"
            )
        require_order(on, today=today, last=self.last_on)
        council.require_valid(on)
        round_.require_takes(on)
        self.status, self.last_on = Status.SCORING, on
        self.round_id, self.council_id, self.admitted_on = round_.id, council.id, on
        self.tell_who_is_cleared(council)

    def advise(self, report: AdvisoryReport, *, by: Actor, today: date) -> None:
        """Put the advisory team's report before the council; a later one takes the place of an earlier.

        Raises NotAllowed, AssessmentEnded, SheetsOpen, SupplementOutstanding, dates' refusals.
        """
        self._prepare(by, report.on, today)
        self.preparation.advise(report)
        self.last_on = report.on

    def ask_supplement(self, what: str, *, by: Actor, on: date, today: date) -> None:
        """Ask the producer for something; the clock stops.

        Raises NotAllowed, AssessmentEnded, SheetsOpen, SupplementOutstanding, dates' refusals.
        """
        self._prepare(by, on, today)
        self.preparation.ask(what, on)
        self.last_on = on

    def receive_supplement(self, *, by: Actor, on: date, today: date) -> None:
        """What was asked has come; the clock runs again.

        Raises NotAllowed, AssessmentEnded, SheetsOpen, NoSupplementAsked, dates' refusals.
        """
        self._prepare(by, on, today)
        self.preparation.receive(on)
        self.last_on = on

    def declare(
        self, council: Council, *, by: Actor, conflict: bool, ground: str | None, at: datetime
    ) -> Declaration:
        """A member says whether he has an interest in this product, until the conclusion.

        Raises NotAllowed, NotAMember, NotAdmitted, AssessmentEnded, ConflictStands.
        """
        self._require_in_round()
        member = council.scorer(by)
        said = self.interests.declare(member, by, conflict=conflict, ground=ground, at=at)
        self.tell_who_is_cleared(council)
        return said

    def tell_who_is_cleared(self, council: Council) -> None:
        """Where it is not as was told before."""
        cleared = self.interests.news_of_cleared(council)
        if cleared is not None:
            self.news.append(MembersWereCleared(assessment=self, council=council, cleared=cleared))

    def bench(self, council: Council) -> Bench:
        """Who sits over this dossier."""
        return bench(council, conflicted=self.interests.conflicted(council), present=self.present)

    def require_may_score(self, council: Council, by: Actor) -> Member:
        """The actor as a member who may fill in a sheet now.

        Raises NotAllowed, NotAMember, NotAdmitted, AssessmentEnded, SheetsOpen, ConflictOfInterest, NotDeclared,
        AdvisoryReportMissing, SupplementOutstanding, NotSeated, IncompleteCriteriaSet.
        """
        self._require_in_round()
        member = self.interests.require_none(council, by)
        if self.status is Status.OPENED:
            raise refusals.SheetsOpen("the sheets are open, scoring is over")
        self.preparation.require_ready(council.regulation.requires)
        if member.id not in self.bench(council).sitting:
            raise refusals.NotSeated("you do not sit over this dossier")
        self.criteria_set.require_complete()
        return member

    def attend(
        self, council: Council, present: Iterable[str], *, by: Actor, on: date, today: date
    ) -> None:
        """Say who is at the meeting; the others' sheets are not waited for.

        Raises NotAllowed, ScoresHere, NotAdmitted, AssessmentEnded, SheetsOpen, UnfitAttendance, MemberInConflict,
        NoQuorum, ChairAbsent, dates' refusals.
        """
        self._run_by(by, council)
        self._require_in_round()
        named = tuple(present)
        if self.status is Status.OPENED:
            if set(named) != set(self.openings[-1].members):
                raise refusals.SheetsOpen("present: the sheets are open, attendance is settled")
            return
        require_order(on, today=today, last=self.last_on)
        conflicted = self.interests.conflicted(council)
        require_can_attend(council, named, conflicted=conflicted)
        bench(council, conflicted=conflicted, present=named).require_quorum()
        self.present, self.last_on = named, on

    def open_if_complete(self, council: Council, sheets: Sequence[ScoreSheet]) -> None:
        """Open the current round's sheets together once everybody who sits has submitted his."""
        if self.status is not Status.SCORING or self.preparation.awaits_supplement:
            return
        sitting, before = self.bench(council), len(self.openings)
        opened = opening(sitting, sheets, self.criteria_set, before=before)
        if opened is None:
            return
        self.openings += (opened,)
        if not opened.rescore:
            self.status = Status.OPENED

    def conclude(
        self,
        council: Council,
        sheets: Sequence[ScoreSheet],
        *,
        by: Actor,
        agreed: Mapping[str, int],
        knockouts: Sequence[Knockout],
        on: date,
        today: date,
    ) -> Conclusion:
        """The council concludes from its open sheets: the rating and what follows from it.

        Raises NotAllowed, ScoresHere, NotAdmitted, AssessmentEnded, SheetsNotOpen, SpreadOverLimit, NoQuorum,
        ChairAbsent, CouncilNotValid, GatesByMean, dates' refusals, and what the rating refuses.
        """
        self._run_by(by, council)
        self._require_in_round()
        self._require_open(council, sheets)
        require_order(on, today=today, last=self.last_on)
        council.require_valid(on)
        if agreed and council.regulation.gates is Gates.MEAN:
            raise refusals.GatesByMean("agreed: this council judges minimums by the mean")
        self.conclusion = conclude(
            self.criteria_set,
            counted(self.openings[-1], sheets, without=self.interests.conflicted(council)),
            pack=self.pack,
            level=self.level,
            agreed=agreed,
            knockouts=knockouts,
            on=on,
        )
        self.status, self.last_on = Status.CONCLUDED, on
        self.news.append(AssessmentWasConcluded(assessment=self, conclusion=self.conclusion))
        return self.conclusion

    def _require_open(self, council: Council, sheets: Sequence[ScoreSheet]) -> None:
        """The sheets are open, and without those in conflict by now there is still a quorum."""
        if self.status is Status.OPENED:
            members = self.openings[-1].members
            conflicted = self.interests.conflicted(council)
            bench(council, conflicted=conflicted, present=members).require_quorum()
            return
        if self.openings:
            raise refusals.SpreadOverLimit(
                f"totals lie {self.openings[-1].spread} points apart, "
                f"the limit is {council.regulation.spread_limit}: the members score again"
            )
        self.preparation.require_nothing_outstanding()
        refuse_closed(self.bench(council), sheets)

    def withdraw(self) -> None:
        """The dossier was taken back: nothing more happens here; what is concluded stays concluded."""
        self.taken_back = True
        if self.status is not Status.CONCLUDED:
            self.status = Status.WITHDRAWN

    def _run_by(self, by: Actor, council: Council) -> None:
        """The secretary runs the procedure, and does not score."""
        by.require(Role.SECRETARY, self.area)
        if council.seats_somebody(by.id):
            raise refusals.ScoresHere("you score on this council and do not run its procedure")
        self._require_not_ended()

    def _prepare(self, by: Actor, on: date, today: date) -> None:
        """Acts of the advisory team, entered by the secretary or the OCOP agency, before the sheets open."""
        if not by.holds(Role.OCOP_OFFICER, self.area):
            by.require(Role.SECRETARY, self.area)
        self._require_not_ended()
        if self.status is Status.OPENED or self.openings:
            raise refusals.SheetsOpen("the sheets are open, preparation is over")
        require_order(on, today=today, last=self.last_on)

    def _require_in_round(self) -> None:
        self._require_not_ended()
        if self.status is Status.WAITING:
            raise refusals.NotAdmitted("the dossier is not in a round yet")

    def _require_not_ended(self) -> None:
        if self.status in ENDED:
            raise refusals.AssessmentEnded(f"the assessment is {self.status.value}")
