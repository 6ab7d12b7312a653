"""What proves a producer's ticks: the papers that the ticked options need, and whether they are there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from regulation.criteria import CriteriaSet

NAMED = 40
"""Criteria that one refusal names; no set that comes with the packs has as many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A component that proves the option ticked in a criterion, and whether the dossier holds it."""

    criterion: str
    component: str
    held: bool


def proofs(
    sheet: CriteriaSet, ticked: Mapping[str, int], holds: Mapping[str, bool]
) -> tuple[Proof, ...]:
    """What the ticks need, in the order of the sheet.

    `holds` are the components that the dossier is made of, and whether each is there; no other paper is asked for.
    """
    return tuple(
        Proof(criterion=criterion.code, component=code, held=holds[code])
        for criterion in sheet.criteria
        if criterion.code in ticked
        for code in criterion.proof(ticked[criterion.code])
        if code in holds
    )


def named(wanted: Iterable[Proof]) -> str:
    """Each criterion with its components, for people: `5.1 (EV-10, EV-13), 9 (EV-14)`."""
    told = [
        f"{criterion} ({', '.join(each.component for each in of_one)})"
        for criterion, of_one in groupby(wanted, key=lambda each: each.criterion)
    ]
    more = [f"and {len(told) - NAMED} more"] if len(told) > NAMED else []
    return ", ".join(told[:NAMED] + more)
