"""What the forms of a dossier are filled with: registration (01), self-assessment (02), the commune's report (03)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from chassis.documents import wording
from regulation.figures import decimal_text
from services.registration.documents.words import KINDS, PURPOSES, TOPICS
from services.registration.domain.dossier import Dossier, Status
from services.registration.domain.proof import Proof
from services.registration.domain.self_assessment import SelfAssessment, self_assessment
from services.registration.domain.subject import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The commune's act as it was recorded: its day and its letter's number."""

    on: date
    letter: str


def registration_form(dossier: Dossier, subject: Subject) -> dict[str, Any]:
    """Form 01; the only one with the data of people in it."""
    known = subject.particulars
    return _of(dossier, "M01") | {
        "head": _head(dossier, parent=None, office=known.legal_name, on=dossier.received_on),
        "subject": known,
        "kind": KINDS[known.kind.value],
        "address": wording.whereabouts(known.place),
        "components": [
            (component, len(dossier.components.get(component.code, ())))
            for component in dossier.demanded()
            if not component.is_samples
        ],
    }


def self_assessment_report(dossier: Dossier) -> dict[str, Any]:
    """Form 02: the producer's own sheet with what proves it."""
    own = self_assessment(dossier)
    return (
        _of(dossier, "M02")
        | {
            "head": _head(dossier, parent=None, office=dossier.producer, on=dossier.received_on),
            "rating": own.rating,
            "unticked": own.unticked,
            "wanted": own.evidence_wanted,
            "proofs": _by_criterion(dossier.proofs),
            "evidence": [
                (component, dossier.components.get(component.code, ()))
                for component in dossier.demanded()
                if not component.is_samples
            ],
        }
        | _figures(own)
    )


def _by_criterion(proofs: Iterable[Proof]) -> dict[str, list[Proof]]:
    found: dict[str, list[Proof]] = defaultdict(list)
    for proof in proofs:
        found[proof.criterion].append(proof)
    return dict(found)


def commune_report(dossier: Dossier, verified: Verification | None) -> dict[str, Any]:
    """Form 03: what the commune found on each topic; with dots to write over before it has."""
    found = {each.topic: each for each in dossier.findings}
    final = verified if dossier.status is Status.VERIFIED else None
    return _of(dossier, "M03") | {
        "head": _head(
            dossier,
            parent=None,
            office=wording.committee(dossier.place, "commune"),
            on=final.on if final else None,
            number="……/BC-UBND",
        ),
        "letter": final.letter if final else None,
        "sent_to": wording.committee(dossier.place, _level_above(dossier)),
        "commune": wording.unit_name(dossier.place, "commune"),
        "topics": [
            {
                "name": TOPICS[topic],
                "criteria": [c.code for c in dossier.sheet.criteria if c.topic == topic],
                "finding": found.get(topic) if final else None,
            }
            for topic in dossier.pack.commune_topics
        ],
        "components": [(each, dossier.holds(each)) for each in dossier.demanded()],
    }


def _of(dossier: Dossier, component: str) -> dict[str, Any]:
    return {
        "dossier": dossier,
        "pack": dossier.pack,
        "set": dossier.sheet,
        "is_official": _is_official(dossier, component),
        "purposes": [(word, code == dossier.purpose) for code, word in PURPOSES.items()],
        "purpose": PURPOSES[dossier.purpose],
        "commune": wording.unit_name(dossier.place, "commune"),
        "offices": [wording.committee(dossier.place, level) for level in _offices(dossier)],
        "whereabouts": wording.whereabouts(dossier.place),
    }


def _is_official(dossier: Dossier, component: str) -> bool:
    """Whether the decision numbers this form (26/2026 Annex III); those of the decisions before were not found."""
    number = f"Mẫu {component.removeprefix('M')}"
    return any(
        each.code == component and number in each.title.vi for each in dossier.pack.components
    )


def _head(
    dossier: Dossier, *, parent: str | None, office: str, on: date | None, number: str = ""
) -> dict[str, Any]:
    place = wording.short_name(dossier.place, "commune")
    return {"parent": parent, "office": office, "number": number, "place": place, "on": on}


def _offices(dossier: Dossier) -> tuple[str, ...]:
    """Whom a dossier passes through, from the commune up."""
    return tuple(dict.fromkeys(("commune", _level_above(dossier))))


def _level_above(dossier: Dossier) -> str:
    """The level whose council scores it first; the next above where that one is no more."""
    councils = [level for level in dossier.pack.councils if dossier.place.at(level)]
    return councils[0] if councils else "province"


def _figures(own: SelfAssessment) -> dict[str, Any]:
    rating = own.rating
    shown = {code: decimal_text(points) for code, points in rating.parts.items()}
    return {
        "points": {code: decimal_text(points) for code, points in rating.criteria.items()},
        "parts": shown | {"total": rating.mean_shown},
        "sections": {code: decimal_text(points) for code, points in rating.sections.items()},
    }
