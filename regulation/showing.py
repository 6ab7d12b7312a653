"""Packs and criteria sets written out whole, as plain mappings for JSON and pages."""

from typing import Any

from regulation.criteria import CriteriaSet, Criterion, Ground, Group, Part, Section
from regulation.decision import Component, Pack
from regulation.text import Text


def show_pack(pack: Pack) -> dict[str, Any]:
    """A pack without its sets' contents: levels, powers, bands, papers, days, and what is not known."""
    return {
        "id": pack.id,
        "title": _text(pack.title),
        "valid_from": pack.valid_from.isoformat(),
        "valid_to": pack.valid_to and pack.valid_to.isoformat(),
        "amended_by": pack.amended_by,
        "levels": list(pack.levels),
        "councils": list(pack.councils),
        "parts": dict(pack.parts),
        "bands": [{"star": band.star, "from": band.low, "to": band.high} for band in pack.bands],
        "certifies": {str(star): level for star, level in sorted(pack.certifies.items())},
        "referral": {level: str(mean) for level, mean in pack.referral.items()},
        "evaluates_again": dict(pack.evaluates_again),
        "validity_months": pack.validity_months,
        "commune_topics": list(pack.commune_topics),
        "commune_days": pack.commune_days,
        "components": [_component(component) for component in pack.components],
        "revocation_grounds": [_ground(ground) for ground in pack.revocation_grounds],
        "unknown": [_text(text) for text in pack.unknown],
        "sets": [
            {"code": each.code, "title": _text(each.title), "complete": each.complete}
            for each in pack.sets.values()
        ],
    }


def show_set(criteria_set: CriteriaSet) -> dict[str, Any]:
    """A criteria set whole: parts, sections, criteria, options, minimums per star, labels."""
    because = criteria_set.incomplete_because
    return {
        "pack": criteria_set.pack,
        "code": criteria_set.code,
        "title": _text(criteria_set.title),
        "group": criteria_set.group,
        "lead": criteria_set.lead,
        "samples": criteria_set.samples,
        "complete": criteria_set.complete,
        "because": because and _text(because),
        "note": criteria_set.note and _text(criteria_set.note),
        "succeeds": list(criteria_set.succeeds),
        "precedes": list(criteria_set.precedes),
        "unknown": [_text(text) for text in criteria_set.unknown],
        "grounds": [_ground(ground) for ground in criteria_set.disqualifiers],
        "parts": [_part(part) for part in criteria_set.parts],
    }


def _part(part: Part) -> dict[str, Any]:
    sections = [_section(section) for section in part.sections]
    return {"code": part.code, "title": _text(part.title), "max": part.max, "sections": sections}


def _section(section: Section) -> dict[str, Any]:
    criteria = [_criterion(criterion) for criterion in section.criteria]
    head = {"code": section.code, "title": _text(section.title), "max": section.max}
    return head | {"criteria": criteria}


def _criterion(criterion: Criterion) -> dict[str, Any]:
    return {
        "code": criterion.code,
        "title": _text(criterion.title),
        "max": criterion.max,
        "kind": criterion.kind,
        "options": [
            {
                "no": option.no,
                "points": option.points,
                "label": _text(option.label),
                "evidence": list(criterion.proof(option.no)),
                **({"case": option.case} if option.case else {}),
            }
            for option in criterion.options
        ],
        "minimums": {str(star): least for star, least in sorted(criterion.gates.items())},
        "topic": criterion.topic,
        "evidence": list(criterion.evidence),
        "knockout": criterion.knockout and _text(criterion.knockout),
        "note": criterion.note and _text(criterion.note),
        "implied": criterion.implied,
        "group": criterion.group and _group(criterion.group),
    }


def _group(group: Group) -> dict[str, Any]:
    return {"code": group.code, "title": _text(group.title), "max": group.max}


def _component(component: Component) -> dict[str, Any]:
    return {
        "code": component.code,
        "title": _text(component.title),
        "who": component.who,
        "mandatory": component.mandatory,
        "purposes": list(component.purposes),
    }


def _ground(ground: Ground) -> dict[str, Any]:
    return {"code": ground.code, "label": _text(ground.label)}


def _text(text: Text) -> dict[str, str]:
    return {"vi": text.vi, "en": text.en}
