"""What the papers around a meeting are printed from: score sheets, the advisory team's report, a round's results."""

from collections.abc import Sequence
from typing import Any

from chassis.documents import wording
from regulation.criteria import CriteriaSet
from services.evaluation.documents import words
from services.evaluation.domain.assessment import Assessment
from services.evaluation.domain.council import Council
from services.evaluation.domain.facts import AdvisoryReport
from services.evaluation.domain.round import Round
from services.evaluation.domain.sheet import ScoreSheet

COUNCIL = "Hội đồng đánh giá, phân hạng sản phẩm OCOP"


def sheet_paper(
    assessment: Assessment, council: Council, member: str, sheet: ScoreSheet | None
) -> dict[str, Any]:
    """A member's score sheet, which is the criteria set itself; blank where `sheet` is None."""
    seat = next(each for each in council.members if each.id == member)
    choices = sheet.choices if sheet else {}
    return _of(assessment) | {
        "head": _head(assessment, COUNCIL),
        "member": seat,
        "seat": words.SEATS[seat.role.value],
        "round": sheet.round if sheet else assessment.sheet_round,
        "sheet": sheet,
        "choices": choices,
        **_points(assessment.criteria_set, sheet),
    }


def _points(criteria_set: CriteriaSet, sheet: ScoreSheet | None) -> dict[str, dict[str, int]]:
    """What the ticks come to, per criterion, section and part; nothing on a blank sheet."""
    if sheet is None:
        return {"points": {}, "sections": {}, "parts": {}}
    ticks = sheet.choices
    points = {c.code: c.scale[ticks[c.code]] for c in criteria_set.criteria if c.code in ticks}
    sections, parts = {}, {"total": sum(points.values())}
    for part in criteria_set.parts:
        for section in part.sections:
            sections[section.code] = sum(points.get(c.code, 0) for c in section.criteria)
        parts[part.code] = sum(sections[section.code] for section in part.sections)
    return {"points": points, "sections": sections, "parts": parts}


def advisory_paper(assessment: Assessment, report: AdvisoryReport) -> dict[str, Any]:
    """The advisory team's report to the chair."""
    return _of(assessment) | {
        "head": _head(assessment, "Tổ tư vấn Hội đồng", number=report.number, on=report.on),
        "report": report,
        "supplements": assessment.preparation.supplements,
        "findings": [
            (words.TOPICS.get(each.topic, each.topic), each)
            for each in assessment.product.findings
        ],
    }


def results_paper(
    round_: Round, council: Council, assessments: Sequence[Assessment]
) -> dict[str, Any]:
    """A round's results, best first; what is not concluded yet stands at the end with its status."""
    ordered = sorted(assessments, key=_rank)
    where = ordered[0].product.place if ordered else None
    return {
        "round": round_,
        "council": council,
        "level": words.LEVELS[council.level],
        "head": {
            "parent": wording.committee(where, council.level) if where else "Ủy ban nhân dân",
            "office": COUNCIL,
            "number": "……/DS-HĐ",
            "place": wording.short_name(where, council.level) if where else wording.BLANK,
            "on": max((each.conclusion.on for each in ordered if each.conclusion), default=None),
        },
        "rows": [_row(each) for each in ordered],
        "counts": _counts(ordered),
    }


def _row(assessment: Assessment) -> dict[str, Any]:
    concluded = assessment.conclusion
    return {
        "product": assessment.product,
        "commune": wording.unit_name(assessment.product.place, "commune"),
        "conclusion": concluded,
        "status": words.STATUSES[assessment.status.value],
        "outcome": words.outcome(
            concluded.outcome.act, concluded.outcome.level, concluded.outcome.star
        )
        if concluded
        else "",
    }


def _rank(assessment: Assessment) -> tuple[Any, ...]:
    concluded = assessment.conclusion
    name = assessment.product.product_name
    if concluded is None:
        return (1, 0, 0, name, str(assessment.id))
    return (0, -concluded.star, -concluded.mean, name, str(assessment.id))


def _counts(assessments: Sequence[Assessment]) -> list[tuple[str, int]]:
    """How many of each star, and how many are not concluded; only what there is."""
    stars = [each.conclusion.star for each in assessments if each.conclusion]
    counted = [
        (f"{star} sao" if star else "bị loại", stars.count(star)) for star in range(5, -1, -1)
    ]
    open_ = len(assessments) - len(stars)
    return [each for each in (*counted, ("chưa kết luận hoặc đã rút", open_)) if each[1]]


def _of(assessment: Assessment) -> dict[str, Any]:
    return {
        "assessment": assessment,
        "product": assessment.product,
        "pack": assessment.pack,
        "set": assessment.criteria_set,
        "level": words.LEVELS[assessment.level],
        "purpose": words.PURPOSES[assessment.product.purpose],
        "commune": wording.whereabouts(assessment.product.place),
    }


def _head(
    assessment: Assessment, office: str, *, number: str = "", on: Any = None
) -> dict[str, Any]:
    place = assessment.product.place
    return {
        "parent": wording.committee(place, assessment.level),
        "office": office,
        "number": number,
        "place": wording.short_name(place, assessment.level),
        "on": on,
    }
