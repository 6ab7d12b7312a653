"""Whether a pack agrees with itself, and each criteria set with its pack."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator
from itertools import pairwise

from regulation.criteria import CriteriaSet
from regulation.decision import NATIONAL, PREPARERS, PURPOSES, Pack
from regulation.refusals import BrokenPack

STARS = [1, 2, 3, 4, 5]


def check_pack(pack: Pack, *, fields: Container[str], folder: str) -> None:
    """Raises BrokenPack; `fields` are those that its document has, `folder` where it lies."""
    for fault in _pack_faults(pack, fields, folder):
        raise BrokenPack(f"{folder}/pack: {fault}")


def check_set(criteria_set: CriteriaSet, pack: Pack, *, file: str) -> None:
    """Raises BrokenPack; `file` is the name of the set's file without its ending."""
    for fault in _set_faults(criteria_set, pack, file):
        raise BrokenPack(f"{pack.id}/{file}: {fault}")


def _pack_faults(pack: Pack, fields: Container[str], folder: str) -> Iterator[str]:
    if pack.id != folder:
        yield f"id is {pack.id}, its folder is {folder}"
    if pack.valid_to is not None and pack.valid_to < pack.valid_from:
        yield "valid_to lies before valid_from"
    yield from _band_faults(pack)
    yield from _level_faults(pack)
    yield from _component_faults(pack)
    for field in pack.sources:
        if field not in fields:
            yield f"sources: {field} is not a field here"


def _band_faults(pack: Pack) -> Iterator[str]:
    if [band.star for band in pack.bands] != STARS or pack.bands[0].low != 0:
        yield "bands: they must run from 1 star at 0 points to 5 stars"
        return
    for lower, higher in pairwise(pack.bands):
        if not lower.low < lower.high == higher.low < higher.high:
            yield f"bands/{higher.star}: it does not start where {lower.star} stars end"
    total = sum(pack.parts.values())
    if total != pack.bands[-1].high:
        yield f"parts: they add up to {total} points, the bands end at {pack.bands[-1].high}"


def _level_faults(pack: Pack) -> Iterator[str]:
    if not pack.councils or NATIONAL in pack.councils:
        yield "councils: name those of the province; a national result is recorded, not scored"
    named: dict[str, Iterable[str]] = {
        "councils": pack.councils,
        "certifies": pack.certifies.values(),
        "revokes": pack.revokes.values(),
        "referral": pack.referral,
        "rounds": (window.level for window in pack.rounds),
        "evaluates_again": pack.evaluates_again,
    }
    for field, levels in named.items():
        for level in levels:
            if level not in pack.levels:
                yield f"{field}: {level} is not among the levels"
    for level in set(pack.evaluates_again.values()).difference(pack.councils):
        yield f"evaluates_again: {level} has no council"
    for level in pack.councils:
        if level not in pack.referral:
            yield f"referral: it does not say when {level} refers a result on"


def _component_faults(pack: Pack) -> Iterator[str]:
    for code, times in Counter(component.code for component in pack.components).items():
        if times > 1:
            yield f"components: {code} stands twice"
    for component in pack.components:
        if component.who not in PREPARERS:
            yield f"components/{component.code}: nobody is called {component.who}"
        if not component.purposes or not set(component.purposes) <= set(PURPOSES):
            yield f"components/{component.code}: purposes are of {', '.join(PURPOSES)}"


def _set_faults(criteria_set: CriteriaSet, pack: Pack, file: str) -> Iterator[str]:
    if criteria_set.code != file:
        yield f"code is {criteria_set.code}, its file is {file}"
    parts = {part.code: part.max for part in criteria_set.parts}
    if criteria_set.complete and parts != dict(pack.parts):
        yield f"its parts have {parts} points, the pack asks {dict(pack.parts)}"
    components = {component.code for component in pack.components}
    for criterion in criteria_set.criteria:
        if criterion.topic is not None and criterion.topic not in pack.commune_topics:
            yield f"{criterion.code}: {criterion.topic} is not a topic of the commune"
        proofs = (criterion.evidence, *(option.evidence or () for option in criterion.options))
        for code in dict.fromkeys(code for proof in proofs for code in proof):
            if code not in components:
                yield f"{criterion.code}: evidence {code} is not a component of the dossier"
