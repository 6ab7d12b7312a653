"""When sheets open: all together, once everybody who sits has submitted his, and there is a quorum."""

from collections.abc import Collection, Sequence

from regulation.criteria import CriteriaSet
from regulation.rating import Sheet
from services.evaluation.domain.bench import Bench
from services.evaluation.domain.facts import Opening
from services.evaluation.domain.refusals import SheetsNotOpen
from services.evaluation.domain.sheet import ScoreSheet


def opening(
    bench: Bench, sheets: Sequence[ScoreSheet], criteria_set: CriteriaSet, *, before: int
) -> Opening | None:
    """The opening of a round of sheets after `before` others; None while a sheet or the quorum is missing."""
    totals = {s.member: s.points(criteria_set) for s in sheets if s.is_submitted}
    if not bench.has_quorum or not totals.keys() >= set(bench.sitting):
        return None
    counted = [totals[member] for member in bench.sitting]
    spread = max(counted) - min(counted)
    rescore = bench.council.regulation.asks_rescore(spread, before=before)
    return Opening(round=before + 1, members=bench.sitting, spread=spread, rescore=rescore)


def refuse_closed(bench: Bench, sheets: Sequence[ScoreSheet]) -> None:
    """Say why sheets have not opened. Raises NoQuorum, ChairAbsent, SheetsNotOpen."""
    bench.require_quorum()
    submitted = {sheet.member for sheet in sheets if sheet.is_submitted}
    missing = [member for member in bench.sitting if member not in submitted]
    raise SheetsNotOpen(f"sheets are missing from {', '.join(missing)}")


def counted(
    opened: Opening, sheets: Sequence[ScoreSheet], *, without: Collection[str]
) -> list[Sheet]:
    """The sheets that opened, in the order of the seats, as the rating takes them, without those in conflict by now."""
    by_member = {sheet.member: sheet for sheet in sheets}
    members = (member for member in opened.members if member not in without)
    return [by_member[member].for_rating() for member in members]
