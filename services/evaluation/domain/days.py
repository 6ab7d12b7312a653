"""How long an assessment has taken, and whether it came in time: working days, stopped clocks, a round's cut-offs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from regulation import packs
from regulation.packs import Pack, RoundWindow
from regulation.refusals import PackNotInForce
from services.evaluation.domain.assessment import Assessment, Status
from services.evaluation.domain.council import Council
from services.evaluation.domain.round import Round

IsWorking = Callable[[date], bool]
"""Whether people work on that day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Working days since it was asked for, from the next day on; it stands still while something is asked."""

    since: date
    working_days: int
    stopped: bool


def clock(assessment: Assessment, *, today: date, is_working: IsWorking) -> Clock:
    """The clock of an assessment; it ends with the conclusion, or the withdrawal."""
    since, until = _asked_on(assessment), _until(assessment, today)
    days = (since + timedelta(days=number) for number in range(1, (until - since).days + 1))
    counted = sum(1 for day in days if is_working(day) and not _stands_still(assessment, day))
    return Clock(
        since=since, working_days=counted, stopped=assessment.preparation.awaits_supplement
    )


def _asked_on(assessment: Assessment) -> date:
    """The day of the commune's letter, or of the order to assess the product once more."""
    return assessment.product.verified_on if assessment.turn == 1 else assessment.opened_on


def _until(assessment: Assessment, today: date) -> date:
    if assessment.conclusion is not None:
        return assessment.conclusion.on
    return assessment.last_on if assessment.status is Status.WITHDRAWN else today


def _stands_still(assessment: Assessment, day: date) -> bool:
    """From the day after something was asked to the day it came."""
    return any(
        supplement.asked_on < day
        and (supplement.received_on is None or day <= supplement.received_on)
        for supplement in assessment.supplements
    )


def window(round_: Round, level: str, pack: Pack) -> RoundWindow | None:
    """The pack's round of that level and number; None where it fixes none (further rounds, older decisions)."""
    for each in pack.rounds:
        if (each.level, each.no) == (level, round_.number):
            return each
    return None


def calendar(round_: Round, council: Council) -> dict[str, object] | None:
    """The cut-offs of a round under the pack in force when it starts; `in_time`: it ends before it must be over."""
    try:
        pack = packs.in_force(round_.starts_on)
    except PackNotInForce:
        return None
    found = window(round_, council.level, pack)
    if found is None:
        return None
    done_before = found.done_before(round_.year)
    return {
        "pack": pack.id,
        "requests_before": found.requests_before(round_.year),
        "done_before": done_before,
        "in_time": round_.ends_on < done_before,
    }


def requested_in_time(assessment: Assessment, round_: Round) -> bool | None:
    """Whether it was asked for before the round's cut-off under the dossier's own pack; None where there is none."""
    found = window(round_, assessment.level, assessment.pack)
    if found is None:
        return None
    return _asked_on(assessment) < found.requests_before(round_.year)
