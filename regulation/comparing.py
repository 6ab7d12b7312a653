"""What changed between two packs: in the decision itself, and in each kind of product's criteria set."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from regulation.criteria import CriteriaSet, Criterion
from regulation.decision import Pack
from regulation.showing import show_pack

ALIKE = 0.6
"""How alike two titles must be (0 to 1) to be taken for the same criterion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference: where, what it was (None: not there), what it is (None: gone)."""

    where: str
    before: str | None
    after: str | None


def changes_of_decision(before: Pack, after: Pack) -> list[Change]:
    """What differs in levels, powers, bands, thresholds, topics and days."""
    old, new = show_pack(before), show_pack(after)
    fields = ("levels", "councils", "parts", "bands", "certifies", "referral", "evaluates_again",
              "validity_months", "commune_topics", "commune_days")  # fmt: skip
    return [
        Change(where=name, before=_said(old[name]), after=_said(new[name]))
        for name in fields
        if old[name] != new[name]
    ]


def pairs(before: Pack, after: Pack) -> list[tuple[CriteriaSet | None, CriteriaSet | None]]:
    """Each kind of product's set before and the one that succeeds it; None where one side has none."""
    new = {code: each for each in after.sets.values() for code in (each.code, *each.succeeds)}
    foretold = {
        old.code: after.sets[code]
        for old in before.sets.values()
        for code in old.precedes
        if code in after.sets
    }
    new |= foretold
    kept = [(old, new.get(old.code)) for old in before.sets.values()]
    met = {each.code for _, each in kept if each is not None}
    come = [each for each in after.sets.values() if each.code not in met]
    return [*kept, *((None, each) for each in come)]


def same_criteria(before: CriteriaSet, after: CriteriaSet) -> dict[str, str]:
    """Code before → code after, for criteria of the same or nearly the same title in the same part."""
    same = {}
    for part, other in zip(before.parts, after.parts, strict=False):
        old = [c for section in part.sections for c in section.criteria]
        new = [c for section in other.sections for c in section.criteria]
        found = matched([c.title.vi for c in old], [c.title.vi for c in new])
        same.update({old[i].code: new[j].code for i, j in found.items()})
    return same


def changes_of_set(before: CriteriaSet, after: CriteriaSet) -> list[Change]:
    """Criteria that came, went, or changed their points or minimums."""
    same = same_criteria(before, after)
    found = []
    for old in before.criteria:
        new = after.criterion(same[old.code]) if old.code in same else None
        if new is None:
            found.append(Change(where=_name(old), before=_worth(old), after=None))
        elif _worth(old) != _worth(new):
            found.append(Change(where=_name(new), before=_worth(old), after=_worth(new)))
    come = [each for each in after.criteria if each.code not in same.values()]
    return found + [Change(where=_name(new), before=None, after=_worth(new)) for new in come]


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one.casefold(), other.casefold()).ratio()


def matched(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Which of the old titles became which of the new: the most alike first, each one once."""
    scored = sorted(
        ((_alike(one, other), -abs(i - j), i, j) for i, one in enumerate(old)
         for j, other in enumerate(new)), reverse=True,
    )  # fmt: skip
    found: dict[int, int] = {}
    for score, _, i, j in scored:
        if score >= ALIKE and i not in found and j not in found.values():
            found[i] = j
    return found


def _name(criterion: Criterion) -> str:
    return f"{criterion.code} {criterion.title.vi}"


def _worth(criterion: Criterion) -> str:
    points = "/".join(str(points) for points in sorted(set(criterion.scale.values())))
    gates = " ".join(f"{star}★≥{least}" for star, least in sorted(criterion.gates.items()))
    return f"{points} {gates}".strip()


def _said(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_said(each)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(_said(each) for each in value)
    return str(value)
