"""Rating: the members' score sheets in, the star with its reasons out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from regulation.criteria import CriteriaSet
from regulation.decision import Pack
from regulation.explanation import explain, explain_knockout, mean_text
from regulation.figures import decimal_text
from regulation.gates import GateMiss, gates_missed
from regulation.refusals import (
    DuplicateMember,
    NoSheets,
    UnknownCriteriaSet,
    UnknownCriterion,
    UnknownKnockout,
    UnknownOption,
)
from regulation.text import Text

__all__ = ["GateMiss", "Rating", "Sheet", "as_json", "rate"]

NOTHING_AGREED: Mapping[str, int] = MappingProxyType({})
BEST_STAR = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One member's ticks: criterion → option number, or points where the criterion takes points.

    A criterion left out was not ticked and counts 0 points, also where its lowest option has more.
    """

    member: str
    choices: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """The result of one council, explaining itself; all means exact, of 100 points in all.

    parts, sections, criteria  code → mean points.
    band          the star whose band holds the mean.
    gates_missed  star (3, 4, 5) → the minimums it asks and the product misses; only stars that
                  miss any. Cumulative: what 4 stars miss, 5 stars miss too.
    knockouts     criteria or grounds of the dossier that put the product out.
    star          0 when knocked out; else the lower of the band and the highest star whose
                  minimums are all met.
    member_totals member → points; spread: the highest less the lowest of them.
    mean_shown    the mean as a decimal that stays in its band.
    """

    pack: str
    criteria_set: str
    mean: Fraction
    parts: Mapping[str, Fraction]
    sections: Mapping[str, Fraction]
    criteria: Mapping[str, Fraction]
    band: int
    gates_missed: Mapping[int, tuple[GateMiss, ...]]
    knocked_out: bool
    knockouts: tuple[str, ...]
    star: int
    member_totals: Mapping[str, int]
    spread: int
    reason: Text
    mean_shown: str


def rate(
    criteria_set: CriteriaSet,
    sheets: Sequence[Sheet],
    *,
    pack: Pack,
    knockouts: Sequence[str] = (),
    agreed: Mapping[str, int] = NOTHING_AGREED,
) -> Rating:
    """The rating that `sheets` give the product (26/2026 Art. 3.3 and Annex II).

    The mean is arithmetic over members. `knockouts` names criteria or dossier grounds that the
    council found to put the product out. `agreed` maps a criterion to the option that the council
    agreed on: its points decide that criterion's gate instead of the mean; the mean stays as it
    is. How a gate is judged when members differ is not in the law: the council's operating
    regulation says whether it agrees options.

    Raises NoSheets, DuplicateMember, IncompleteCriteriaSet, UnknownCriteriaSet (of another pack),
    UnknownCriterion, UnknownOption, UnknownKnockout.
    """
    _refuse_what_cannot_be_rated(criteria_set, sheets, pack)
    grounds = _grounds(criteria_set, knockouts)
    agreed_points = {code: _points(criteria_set, code, choice) for code, choice in agreed.items()}
    sums, totals = _tally(criteria_set, sheets)
    mean = Fraction(sum(totals.values()), len(sheets))
    missed = gates_missed(criteria_set, sums=sums, members=len(sheets), agreed=agreed_points)
    band = pack.band(mean)
    star = 0 if grounds else min(band, min(missed, default=BEST_STAR + 1) - 1)
    parts, sections = _parts_and_sections(criteria_set, sums, len(sheets))
    shown = mean_text(pack, mean)
    return Rating(
        pack=pack.id,
        criteria_set=criteria_set.code,
        mean=mean,
        parts=parts,
        sections=sections,
        criteria={code: Fraction(points, len(sheets)) for code, points in sums.items()},
        band=band,
        gates_missed=missed,
        knocked_out=bool(grounds),
        knockouts=tuple(grounds),
        star=star,
        member_totals=totals,
        spread=max(totals.values()) - min(totals.values()),
        reason=explain_knockout(grounds, mean=shown)
        if grounds
        else explain(pack, mean=shown, band=band, star=star, missed=missed),
        mean_shown=shown,
    )


def as_json(rating: Rating) -> dict[str, Any]:
    """The rating as `ocop rate --json` prints it: a public shape that stays.

    `mean` and `parts` are decimal strings, exact where they end and else of at least four places.
    """
    return {
        "mean": rating.mean_shown,
        "parts": {code: decimal_text(points) for code, points in rating.parts.items()},
        "band": rating.band,
        "gates_missed": {
            str(star): [miss.criterion for miss in misses]
            for star, misses in rating.gates_missed.items()
        },
        "knocked_out": rating.knocked_out,
        "star": rating.star,
        "reason": {"vi": rating.reason.vi, "en": rating.reason.en},
    }


def _refuse_what_cannot_be_rated(
    criteria_set: CriteriaSet, sheets: Sequence[Sheet], pack: Pack
) -> None:
    if criteria_set.pack != pack.id:
        raise UnknownCriteriaSet(f"{pack.id} has no criteria set {criteria_set.code!r}")
    criteria_set.require_complete()
    if not sheets:
        raise NoSheets("there is no score sheet to rate by")


def _grounds(criteria_set: CriteriaSet, knockouts: Iterable[str]) -> dict[str, Text]:
    grounds = {}
    for code in knockouts:
        if code not in criteria_set.knockouts:
            raise UnknownKnockout(f"{criteria_set.code} has no knock-out {code!r}")
        grounds[code] = criteria_set.knockouts[code]
    return grounds


def _tally(
    criteria_set: CriteriaSet, sheets: Sequence[Sheet]
) -> tuple[dict[str, int], dict[str, int]]:
    """Criterion → points of all members together, and member → points in all."""
    sums = dict.fromkeys(criteria_set.scales, 0)
    totals: dict[str, int] = {}
    for sheet in sheets:
        if sheet.member in totals:
            raise DuplicateMember(f"{sheet.member} has handed in two score sheets")
        total = 0
        for code, choice in sheet.choices.items():
            points = _points(criteria_set, code, choice)
            sums[code] += points
            total += points
        totals[sheet.member] = total
    return sums, totals


def _points(criteria_set: CriteriaSet, code: str, choice: int) -> int:
    scale = criteria_set.scales.get(code)
    if scale is None:
        raise UnknownCriterion(f"{criteria_set.code} has no criterion {code!r}")
    points = scale.get(choice) if type(choice) is int else None
    if points is None:
        asks = criteria_set.criterion(code).asks()
        raise UnknownOption(f"criterion {code} was given {choice!r}; {asks}")
    return points


def _parts_and_sections(
    criteria_set: CriteriaSet, sums: Mapping[str, int], members: int
) -> tuple[dict[str, Fraction], dict[str, Fraction]]:
    parts, sections = {}, {}
    for part in criteria_set.parts:
        part_sum = 0
        for section in part.sections:
            section_sum = sum(sums[criterion.code] for criterion in section.criteria)
            sections[section.code] = Fraction(section_sum, members)
            part_sum += section_sum
        parts[part.code] = Fraction(part_sum, members)
    return parts, sections
