"""What an off-line score sheet is: whose it is, which lines it has, and the checksum that shows a change."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from regulation.criteria import CriteriaSet, Criterion, Part, Section
from regulation.refusals import Refusal, Unfit

FORM = "ocop-score-sheet/1"
"""The shape of the workbook; a changed shape is a new form."""

SHEET, SEAL = "Phieu", "ocop"
"""The page that the member fills in, and the hidden one that says which sheet it is."""

HEADINGS = ("Mã", "Tiêu chí và phương án", "Điểm", "Chọn phương án số", "Điểm đạt")
CHOICE = 3
"""The column of the choices, counted from 0."""


class StaleForm(Refusal):
    """The workbook belongs to another assessment, member or round of sheets."""

    slug = "stale-form"


class TamperedForm(Unfit):
    """The workbook is none of ours, or was changed outside its choices."""

    slug = "tampered-form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row below the headings: `kind` is part, section, group, criterion, option or total."""

    kind: str
    code: str
    text: str
    points: int | None
    criterion: Criterion | None = None
    under: Part | Section | None = None

    @property
    def asks(self) -> Criterion | None:
        """The criterion whose choice stands in this row."""
        return self.criterion if self.kind == "criterion" else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One member's sheet of one round of sheets, to be filled in off-line."""

    assessment_id: UUID
    member: str
    round: int
    criteria_set: CriteriaSet
    product_name: str
    producer: str

    @property
    def identity(self) -> dict[str, str]:
        """What the hidden page holds, without its checksum."""
        return {
            "form": FORM,
            "assessment": str(self.assessment_id),
            "member": self.member,
            "round": str(self.round),
            "pack": self.criteria_set.pack,
            "criteria_set": self.criteria_set.code,
        }

    @property
    def checksum(self) -> str:
        """sha256 in hex over the identity and what every criterion offers."""
        offered = [[c.code, sorted(c.scale.items())] for c in self.criteria_set.criteria]
        content = json.dumps([self.identity, offered], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()

    @property
    def head(self) -> tuple[str, ...]:
        """The rows above the headings."""
        return (
            "PHIẾU ĐÁNH GIÁ, PHÂN HẠNG SẢN PHẨM OCOP",
            f"{self.criteria_set.title.vi} ({self.criteria_set.code}, {self.criteria_set.pack})",
            f"Sản phẩm: {self.product_name}",
            f"Chủ thể: {self.producer}",
            f"Thành viên: {self.member}; lượt chấm: {self.round}",
            "Chỉ điền cột «Chọn phương án số»; để trống là không chọn (0 điểm).",
        )

    def lines(self) -> Iterator[Line]:
        """The rows below the headings, in the order of the set; the total at the end."""
        for part in self.criteria_set.parts:
            yield Line(
                kind="part", code=part.code, text=part.title.vi, points=part.max, under=part
            )
            for section in part.sections:
                yield from _section(part, section)
        yield Line(kind="total", code="", text="TỔNG ĐIỂM", points=100)


def _section(part: Part, section: Section) -> Iterator[Line]:
    """A section that is a criterion itself, or a whole part, has no row of its own."""
    if section.code not in (part.code, section.criteria[0].code):
        yield Line(
            kind="section",
            code=section.code,
            text=section.title.vi,
            points=section.max,
            under=section,
        )
    group = None
    for criterion in section.criteria:
        if criterion.group and criterion.group.code != group:
            of = criterion.group
            yield Line(kind="group", code=of.code, text=of.title.vi, points=of.max)
        group = criterion.group.code if criterion.group else None
        yield from _criterion(criterion)


def _criterion(criterion: Criterion) -> Iterator[Line]:
    yield Line(
        kind="criterion",
        code=criterion.code,
        text=criterion.title.vi,
        points=criterion.max,
        criterion=criterion,
    )
    for option in criterion.options:
        case = f"[{option.case}] " if option.case else ""
        yield Line(
            kind="option",
            code=f"({option.no})",
            text=case + option.label.vi,
            points=option.points,
            criterion=criterion,
        )
