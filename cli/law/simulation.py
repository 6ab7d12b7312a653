"""Tries a stored assessment under another pack: a forecast of what a new decision would do to a province."""

from dataclasses import dataclass
from fractions import Fraction

from cli.law.assessed import Assessed
from regulation import packs
from regulation.comparing import pairs, same_criteria
from regulation.criteria import CriteriaSet, Criterion
from regulation.packs import Pack
from regulation.rating import Sheet, rate
from regulation.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A dossier's star as it is, and as it would be under the other pack."""

    dossier: str
    criteria_set: str
    before: int
    after: int
    reason: Text


def simulate(each: Assessed, pack: Pack) -> Trial | None:
    """None where the two cannot be compared: no such kind of product, or part totals against single criteria."""
    before = packs.pack(each.pack).criteria_set(each.criteria_set)
    after = _counterpart(before, pack)
    if after is None or not after.complete or _kinds(before) != _kinds(after):
        return None
    same = same_criteria(before, after)
    sheets = [
        Sheet(member=sheet.member, choices=_carried(sheet, before, after, same))
        for sheet in each.conclusion.sheets
    ]
    rating = rate(after, sheets, pack=pack)
    return Trial(
        dossier=each.dossier,
        criteria_set=after.code,
        before=each.conclusion.star,
        after=rating.star,
        reason=rating.reason,
    )


def _counterpart(criteria_set: CriteriaSet, pack: Pack) -> CriteriaSet | None:
    if criteria_set.pack == pack.id:
        return criteria_set
    found = pairs(packs.pack(criteria_set.pack), pack)
    return next((new for old, new in found if old is not None and old is criteria_set), None)


def _kinds(criteria_set: CriteriaSet) -> set[str]:
    return {criterion.kind for criterion in criteria_set.criteria}


def _carried(
    sheet: Sheet, before: CriteriaSet, after: CriteriaSet, same: dict[str, str]
) -> dict[str, int]:
    """A member's ticks on the other set: the option whose share of the points is nearest, the lower of two."""
    return {
        same[code]: _nearest(before.criterion(code), choice, after.criterion(same[code]))
        for code, choice in sheet.choices.items()
        if code in same
    }


def _nearest(old: Criterion, choice: int, new: Criterion) -> int:
    share = Fraction(old.scale[choice], old.max)
    return min(
        new.scale, key=lambda no: (abs(Fraction(new.scale[no], new.max) - share), new.scale[no])
    )
