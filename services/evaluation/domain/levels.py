"""Which council a dossier comes before, and which after it."""

from datetime import date
from uuid import UUID, uuid5

from regulation import packs, procedure
from regulation.packs import Pack
from services.evaluation.domain.assessment import Assessment, Status
from services.evaluation.domain.facts import LevelResult, Product
from services.evaluation.domain.interests import Interests
from services.evaluation.domain.refusals import NotConcluded

NAMES = UUID("6f636f70-6576-5161-8c75-6174696f6e00")
"""The namespace of assessments' ids: hearing the same news twice finds the same assessment."""


def assessment_id(dossier_id: UUID, level: str, turn: int = 1) -> UUID:
    """One dossier is assessed once per level and turn, so these together name the assessment."""
    return uuid5(NAMES, f"{dossier_id}/{level}" + (f"/{turn}" if turn > 1 else ""))


def open_assessment(product: Product, *, pack_id: str) -> Assessment:
    """What a commune has verified comes before the pack's first council in its area.

    Raises UnknownPack, UnknownCriteriaSet.
    """
    pack = packs.pack(pack_id)
    pack.criteria_set(product.criteria_set)
    return _open(product, pack, _first_level(pack, product), on=product.verified_on)


def _first_level(pack: Pack, product: Product) -> str:
    """The first council; where its level has ceased to exist (districts since 01/07/2025), the next above."""
    first = procedure.first_council(pack)
    there = [level for level in pack.councils if product.place.at(level)]
    return first if first in there or not there else there[0]


def next_assessment(assessment: Assessment) -> Assessment | None:
    """The assessment at the next level, where the outcome is to go before a council there."""
    concluded = assessment.conclusion
    if concluded is None or concluded.outcome.act != "refer":
        return None
    level = concluded.outcome.level
    if level is None or level not in assessment.pack.councils:
        return None
    below = LevelResult(
        assessment_id=assessment.id,
        level=assessment.level,
        star=concluded.star,
        mean=concluded.mean,
        parts=concluded.result["parts"],
    )
    return _open(assessment.product, assessment.pack, level, on=concluded.on, below=below)


def assessment_anew(before: Assessment, *, on: date) -> Assessment | None:
    """The next turn of a concluded assessment, as ordered that day; None where the dossier was taken back.

    Raises NotConcluded.
    """
    if before.taken_back:
        return None
    if before.status is not Status.CONCLUDED:
        raise NotConcluded(f"assessment {before.id} is {before.status.value}")
    turn = before.turn + 1
    return _open(before.product, before.pack, before.level, on=on, below=before.below, turn=turn)


def _open(
    product: Product,
    pack: Pack,
    level: str,
    *,
    on: date,
    below: LevelResult | None = None,
    turn: int = 1,
) -> Assessment:
    return Assessment(
        id=assessment_id(product.dossier_id, level, turn),
        turn=turn,
        product=product,
        level=level,
        pack_id=pack.id,
        opened_on=on,
        last_on=on,
        interests=Interests(subject_id=product.subject_id),
        below=below,
    )
