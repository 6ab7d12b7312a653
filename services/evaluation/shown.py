"""An assessment as each caller is shown it: officials, members who have declared, members who have not."""

from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from chassis.people import comparable
from regulation.acting import Actor
from regulation.improvement import as_json as improvement_as_json
from services.evaluation.domain.assessment import Assessment
from services.evaluation.domain.conclusion import next_star
from services.evaluation.domain.council import Council
from services.evaluation.domain.days import IsWorking, clock, requested_in_time
from services.evaluation.domain.interests import Conflict
from services.evaluation.domain.minutes import difference
from services.evaluation.domain.sheet import ScoreSheet
from services.evaluation.domain.sight import Sight, sight
from services.evaluation.queries import council_of, submitted
from services.evaluation.schemas.shown import (
    AssessmentLine,
    AssessmentShown,
    ClockShown,
    SheetShown,
)
from services.evaluation.storage import SqlRounds

_brief = AssessmentShown(only=AssessmentShown.BRIEF)
_listed = AssessmentLine()
_BY_SIGHT = {
    Sight.BRIEF: _brief,
    Sight.MEMBER: AssessmentShown(exclude=AssessmentShown.OFFICIALS_ONLY),
    Sight.OFFICIAL: AssessmentShown(),
}
_sheet = SheetShown()
_clock = ClockShown()


def assessment(
    session: Session, wanted: Assessment, actor: Actor, *, days: IsWorking, today: date
) -> dict[str, Any]:
    """As this actor may see it. Raises OutsideArea."""
    council = council_of(session, wanted)
    seen = sight(wanted, council, actor)
    shown: dict[str, Any] = _BY_SIGHT[seen].dump(wanted)
    if seen is not Sight.OFFICIAL:
        return shown | {"mine": _mine(wanted, council, actor)} | _beside(wanted, council, seen)
    return (
        shown
        | _progress(session, wanted, council)
        | _beside(wanted, council, seen)
        | _timing(session, wanted, days=days, today=today)
    )


def _timing(
    session: Session, wanted: Assessment, *, days: IsWorking, today: date
) -> dict[str, Any]:
    """How long it has taken, and whether the commune asked before the round's cut-off."""
    round_ = None if wanted.round_id is None else SqlRounds(session).get(wanted.round_id)
    return {
        "clock": _clock.dump(clock(wanted, today=today, is_working=days)),
        "requested_in_time": None if round_ is None else requested_in_time(wanted, round_),
    }


def line(session: Session, wanted: Assessment, actor: Actor) -> dict[str, Any]:
    """One line of a list. Raises OutsideArea."""
    seen = sight(wanted, council_of(session, wanted), actor)
    shown: dict[str, Any] = (_brief if seen is Sight.BRIEF else _listed).dump(wanted)
    return shown


def _beside(wanted: Assessment, council: Council | None, seen: Sight) -> dict[str, Any]:
    """The level below and the way to the next star, for everybody who sees the result itself."""
    if seen is Sight.BRIEF:
        return {}
    way = (
        next_star(wanted.conclusion, wanted.criteria_set, wanted.pack)
        if wanted.conclusion
        else None
    )
    return {
        "difference": difference(wanted, council),
        "improvement": way and improvement_as_json(way),
    }


def _mine(wanted: Assessment, council: Council | None, actor: Actor) -> dict[str, Any]:
    conflict = None if council is None else wanted.interests.conflicts(council).get(actor.id)
    return {
        "declared": actor.id in wanted.interests.declared,
        "conflict": conflict is not None,
        "ground": conflict and _ground(actor.id, conflict),
    }


def _ground(member: str, conflict: Conflict) -> dict[str, Any]:
    return {
        "member": member,
        **asdict(conflict),
        "text": None if conflict.text is None else asdict(conflict.text),
    }


def _not_compared(wanted: Assessment, council: Council) -> list[str]:
    representative = wanted.interests.ties.representative
    members = (each for each in council.scorers if not comparable(each.person, representative))
    return sorted(member.id for member in members)


def _progress(session: Session, wanted: Assessment, council: Council | None) -> dict[str, Any]:
    """Who has done what, never what is in a sheet."""
    if council is None:
        nobody = ("declared", "conflicts", "grounds", "not_compared", "submitted", "outstanding")
        return {name: [] for name in nobody}
    done, conflicts = submitted(session, wanted), wanted.interests.conflicts(council)
    return {
        "declared": sorted(wanted.interests.declared),
        "conflicts": sorted(conflicts),
        "grounds": [_ground(member, each) for member, each in sorted(conflicts.items())],
        "not_compared": _not_compared(wanted, council),
        "submitted": done,
        "outstanding": [each for each in wanted.bench(council).sitting if each not in done],
    }


def sheet(wanted: ScoreSheet, of: Assessment) -> dict[str, Any]:
    """One sheet with its total."""
    shown: dict[str, Any] = _sheet.dump(wanted)
    total = wanted.points(of.criteria_set)
    return shown | {"criteria_set": of.product.criteria_set, "total": total}


def opened_sheets(of: Assessment, sheets: list[ScoreSheet]) -> list[dict[str, Any]]:
    """The rounds of sheets that have opened, with the sheets that counted in each."""
    return [
        {
            "round": opening.round,
            "spread": opening.spread,
            "rescore": opening.rescore,
            "sheets": [
                sheet(each, of)
                for each in sheets
                if each.round == opening.round and each.member in opening.members
            ],
        }
        for opening in of.openings
    ]
