"""What the minutes are printed from: the record that never changes and the sealed law it names, and nothing else."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import ceil
from typing import Any

from chassis.documents import wording
from regulation import packs
from regulation.acting import Place
from regulation.criteria import CriteriaSet, Criterion
from regulation.figures import decimal_text
from services.evaluation.documents import words
from services.evaluation.domain.interests import Ground
from services.evaluation.domain.minutes import Minutes

Record = Mapping[str, Any]


def minutes_paper(minutes: Minutes) -> dict[str, Any]:
    """The minutes' data for their template."""
    record = minutes.document
    pack = packs.pack(record["rule_pack"])
    criteria_set = pack.criteria_set(record["product"]["criteria_set"])
    place = Place(**record["product"]["place"])
    members = list(_members(record))
    return {
        "minutes": minutes,
        "record": record,
        "pack": pack,
        "set": criteria_set,
        "head": {
            "parent": wording.committee(place, record["level"]),
            "office": "Hội đồng đánh giá, phân hạng sản phẩm OCOP",
            "number": "……/BB-HĐ",
            "place": wording.short_name(place, record["level"]),
            "on": record["concluded_on"],
        },
        "level": words.LEVELS[record["level"]],
        "commune": wording.whereabouts(place),
        "purpose": words.PURPOSES[record["product"]["purpose"]],
        "findings": _findings(record),
        "regulation": _regulation(record["council"]["regulation"]),
        "members": members,
        "names": {each["id"]: each["name"] for each in members},
        "quorum": _quorum(record, members),
        "presides": _presides(members),
        "rounds": [_round(record, each, criteria_set) for each in record["procedure"]["openings"]],
        "gates": _gates(record, criteria_set),
        "agreed": [
            _agreed(criteria_set.criterion(code), no) for code, no in record["agreed"].items()
        ],
        "knockouts": [
            {**each, "label": criteria_set.knockouts[each["code"]].vi}
            for each in record["knockouts"]
        ],
        "warnings": [_warning(each) for each in record["warnings"]],
        "outcome": words.outcome(**record["outcome"]),
        "difference": _difference(record["difference"]),
        "matrix": _matrix(record, criteria_set),
    }


def _findings(record: Record) -> list[dict[str, Any]]:
    return [
        {**each, "name": words.TOPICS.get(each["topic"], each["topic"])}
        for each in record["product"]["findings"]
    ]


def _regulation(kept: Record) -> dict[str, str]:
    share = Fraction(kept["quorum_share"])
    rescores = kept["max_rescores"]
    chair = "phải có Chủ tịch" if kept["chair_required"] else "không bắt buộc có Chủ tịch"
    spread = f"chênh lệch trên {kept['spread_limit']} điểm: {words.ON_SPREAD[kept['on_spread']]}"
    return {
        "Số thành viên dự họp": f"từ {share} số ghế; {chair}; {words.PRESIDING[kept['presiding']]}",
        "Chênh lệch tổng điểm": spread
        + (f", nhiều nhất {rescores} lần" if rescores is not None else ""),
        "Yêu cầu tối thiểu": words.GATES[kept["gates"]],
        "Trước khi chấm điểm": ", ".join(words.REQUIRES[each] for each in kept["requires"]) or "–",
    }


def _members(record: Record) -> Iterator[dict[str, Any]]:
    """Each person of the council: seat, agency, whether there, whether in conflict, whose sheet counted."""
    procedure = record["procedure"]
    openings = procedure["openings"]
    counted = set(openings[-1]["members"]) - set(record["conflicts"]) if openings else set()
    present = procedure["present"]
    for member in record["council"]["members"]:
        declared = procedure["declarations"].get(member["id"])
        in_conflict = member["id"] in record["conflicts"]
        yield {
            "id": member["id"],
            "name": member.get("name") or member["id"],
            "role": member["role"],
            "seat": words.SEATS[member["role"]],
            "agency": member["agency"],
            "substitute_for": member["substitute_for"],
            "present": member["id"] in (counted if present is None else present),
            "scores": member["role"] != "secretary",
            "counted": member["id"] in counted,
            "declared": declared,
            "in_conflict": in_conflict,
            "ground": _ground(record, member["id"]) if in_conflict else "",
        }


def _ground(record: Record, member: str) -> str:
    """Why somebody is in conflict: as he declared, or as the data showed without asking him."""
    declared = record["procedure"]["declarations"].get(member)
    shown = declared or {"by_data": True, "ground": Ground.SAME_SUBJECT.value}
    conflict = record.get("grounds", {}).get(member, shown)
    if conflict["by_data"]:
        return f"theo dữ liệu: {Ground(conflict['ground']).text.vi}"
    return conflict["ground"] or ""


def _quorum(record: Record, members: list[dict[str, Any]]) -> dict[str, int]:
    """How many seats there are, are needed, and were filled by those whose sheets counted."""
    seats = sum(1 for each in members if each["scores"] and not each["substitute_for"])
    share = Fraction(record["council"]["regulation"]["quorum_share"])
    filled = sum(1 for each in members if each["counted"])
    return {"seats": seats, "needed": ceil(share * seats), "filled": filled}


def _presides(members: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The chair, or who took the chair's seat or place; None where nobody did."""
    there = [each for each in members if each["counted"]]
    chairs = {each["id"] for each in members if each["role"] == "chair"}
    for sits in (
        lambda each: each["id"] in chairs,
        lambda each: each["substitute_for"] in chairs,
        lambda each: each["role"] == "vice-chair",
    ):
        if found := next(filter(sits, there), None):
            return found
    return None


def _round(record: Record, opening: Record, criteria_set: CriteriaSet) -> dict[str, Any]:
    """One round of sheets with every sheet's points per part."""
    sheets = [each for each in record["sheets"] if each["round"] == opening["round"]]
    return {
        **opening,
        "sheets": [
            {
                **each,
                "parts": _by_part(each["choices"], criteria_set),
                "counted": each["counted"] and not opening["rescore"],
            }
            for each in sheets
        ],
    }


def _by_part(choices: Mapping[str, int], criteria_set: CriteriaSet) -> list[int]:
    return [
        sum(
            criterion.scale[choices[criterion.code]]
            for section in part.sections
            for criterion in section.criteria
            if criterion.code in choices
        )
        for part in criteria_set.parts
    ]


def _gates(record: Record, criteria_set: CriteriaSet) -> list[dict[str, Any]]:
    """The minimums per star, with those that were missed."""
    missed = record["result"]["gates"]
    return [
        {
            "star": star,
            "asked": len(gates),
            "missed": [
                {**miss, "title": criteria_set.criterion(miss["criterion"]).title.vi}
                for miss in missed.get(str(star), ())
            ],
        }
        for star, gates in criteria_set.gates
    ]


def _agreed(criterion: Criterion, no: int) -> dict[str, Any]:
    label = criterion.option(no).label.vi if criterion.kind == "choice" else ""
    return {
        "code": criterion.code,
        "title": criterion.title.vi,
        "no": no,
        "label": label,
        "points": criterion.scale[no],
    }


def _warning(kept: Record) -> str:
    by = decimal_text(Fraction(kept["by"]))
    return words.warning(kept["kind"], star=kept["star"], by=by, criterion=kept["criterion"])


def _difference(kept: Record | None) -> dict[str, Any] | None:
    if kept is None:
        return None
    levels = [
        {**kept[each], "name": words.LEVELS[kept[each]["level"]]} for each in ("below", "here")
    ]
    return {**kept, "levels": levels}


def _matrix(record: Record, criteria_set: CriteriaSet) -> dict[str, Any]:
    """Points per criterion and member of the sheets that counted, beside the mean."""
    openings = record["procedure"]["openings"]
    last = openings[-1]["round"] if openings else 0
    out = set(record["conflicts"])
    sheets = [
        each
        for each in record["sheets"]
        if each["round"] == last and each["counted"] and each["member"] not in out
    ]
    means = record["result"]["criteria"]
    rows = [
        {
            "code": criterion.code,
            "title": criterion.title.vi,
            "max": criterion.max,
            "points": [_points(each["choices"], criterion) for each in sheets],
            "mean": means[criterion.code],
        }
        for criterion in criteria_set.criteria
    ]
    return {"sheets": sheets, "rows": rows}


def _points(choices: Mapping[str, int], criterion: Criterion) -> int | str:
    """A dash where nothing was ticked: 0 points, and not the same as an option of 0."""
    return criterion.scale[choices[criterion.code]] if criterion.code in choices else "–"
