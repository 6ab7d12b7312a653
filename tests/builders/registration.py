"""Builders for registration's tests: subjects, ideas, dossiers at every stage, actors; all changed by keywords."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

from regulation.acting import Actor, Grant, Place, Role
from regulation.criteria import CriteriaSet
from regulation.packs import Pack, pack
from services.registration.domain.dossier import Dossier
from services.registration.domain.idea import Idea
from services.registration.domain.papers import Evidence, Finding, Numbers
from services.registration.domain.subject import Particulars, Subject, SubjectKind

TODAY = date(2026, 11, 20)
COMMUNE, PROVINCE, DISTRICT = "14758", "38", "380"
GONE = "14755"
"""A commune of 2024 that was merged into 14758."""
ELSEWHERE = "14797"
LETTER = "12/UBND"


@dataclass(frozen=True, slots=True, kw_only=True)
class Era:
    """One rule pack with a day under it, the place of the time, and a set to be scored by."""

    pack_id: str
    day: date
    criteria_set: str
    district: str | None

    @property
    def pack(self) -> Pack:
        return pack(self.pack_id)

    @property
    def place(self) -> Place:
        return Place(province=PROVINCE, district=self.district, commune=COMMUNE)

    def later(self, days: int) -> date:
        return self.day + timedelta(days=days)


ERAS: Mapping[str, Era] = MappingProxyType(
    {
        each.pack_id: each
        for each in (
            Era(
                pack_id="QD1048-2019",
                day=date(2022, 3, 1),
                criteria_set="QD1048-01",
                district=DISTRICT,
            ),
            Era(
                pack_id="QD148-2023",
                day=date(2024, 3, 1),
                criteria_set="QD148-PARTS",
                district=DISTRICT,
            ),
            Era(
                pack_id="QD1489-2025",
                day=date(2025, 9, 1),
                criteria_set="QD1489-PARTS",
                district=None,
            ),
            Era(
                pack_id="QD26-2026",
                day=date(2026, 7, 1),
                criteria_set="QD26-11",
                district=None,
            ),
        )
    }
)
NOW = ERAS["QD26-2026"]
NUMBERS = Numbers(registration_number="01-01/PĐK-38-14758-2026", product_code="38-14758-1-2026")


def an_actor(role: Role, *areas: str) -> Actor:
    return Actor(id=f"a-{role.value}", grants=tuple(Grant(role=role, area=a) for a in areas))


def an_officer(commune: str = COMMUNE) -> Actor:
    return an_actor(Role.COMMUNE_OFFICER, commune)


def a_producer(subject_id: UUID) -> Actor:
    return an_actor(Role.PRODUCER, str(subject_id))


def the_agency(area: str = PROVINCE) -> Actor:
    return an_actor(Role.OCOP_OFFICER, area)


def particulars(**changes: Any) -> Particulars:
    known = Particulars(
        kind=SubjectKind.COOPERATIVE,
        legal_name="Hợp tác xã Đường Pháp Lý",
        public_name="HTX mẫu",
        representative="Nguyễn Thị Đại Diện",
        phone="0912345678",
        tax_code="0100233488",
        place=NOW.place,
    )
    return replace(known, **changes)


def a_subject(*, last_on: date | None = date(2026, 6, 1), **changes: Any) -> Subject:
    subject_id = changes.pop("id", None) or uuid4()
    return Subject(id=subject_id, particulars=particulars(**changes), last_on=last_on)


def an_idea(**changes: Any) -> Idea:
    given = {
        "id": uuid4(),
        "subject_id": uuid4(),
        "title": "Chè xanh",
        "place": NOW.place,
        "proposed_on": date(2026, 6, 1),
    }
    return Idea(**given | changes)


def evidence(letter: str = "a", **changes: Any) -> Evidence:
    given = {"sha256": letter * 64, "media_type": "application/pdf", "size": 12}
    return Evidence(**given | changes)


def a_dossier(era: Era = NOW, **changes: Any) -> Dossier:
    given = {
        "id": uuid4(),
        "subject_id": uuid4(),
        "idea_id": uuid4(),
        "product_name": "Chè mẫu",
        "producer": "HTX mẫu",
        "criteria_set": era.criteria_set,
        "purpose": "first",
        "pack_id": era.pack_id,
        "place": era.place,
        "opened_on": era.day,
        "last_on": era.day,
    }
    return Dossier(**given | changes)


def a_complete_dossier(era: Era = NOW, **changes: Any) -> Dossier:
    """A draft that holds all that is mandatory and all that proves its sheet, which is ticked at its best."""
    dossier = a_dossier(era, **changes)
    filler = a_producer(dossier.subject_id)
    dossier.bring_samples(dossier.sheet.samples, by=filler)
    dossier.self_assess(best(dossier.sheet), by=filler)
    for code in (*dossier.missing(), *(each.component for each in dossier.evidence_wanted)):
        dossier.attach(code, [evidence()], by=filler)
    return dossier


def a_submitted_dossier(era: Era = NOW, **changes: Any) -> Dossier:
    dossier = a_complete_dossier(era, **changes)
    submit(dossier, on=era.day)
    dossier.news.clear()
    return dossier


def a_returned_dossier(era: Era = NOW, **changes: Any) -> Dossier:
    dossier = a_submitted_dossier(era, **changes)
    topic = era.pack.commune_topics[0]
    dossier.send_back(by=an_officer(), missing=[topic], on=era.later(2), today=TODAY)
    dossier.news.clear()
    return dossier


def a_verified_dossier(era: Era = NOW, **changes: Any) -> Dossier:
    dossier = a_submitted_dossier(era, **changes)
    verify(dossier, on=era.later(3))
    dossier.news.clear()
    return dossier


def a_withdrawn_dossier(era: Era = NOW, **changes: Any) -> Dossier:
    dossier = a_submitted_dossier(era, **changes)
    dossier.withdraw(by=an_officer(), on=era.later(1), today=TODAY)
    dossier.news.clear()
    return dossier


def submit(dossier: Dossier, **changes: Any) -> None:
    given = {
        "by": a_producer(dossier.subject_id),
        "numbered": lambda: NUMBERS,
        "on": dossier.last_on,
        "today": TODAY,
    }
    dossier.submit(**given | changes)


def verify(dossier: Dossier, **changes: Any) -> None:
    given = {
        "by": an_officer(),
        "findings": findings(dossier.pack),
        "request_letter": LETTER,
        "on": dossier.last_on,
        "today": TODAY,
    }
    dossier.verify(**given | changes)


def findings(under: Pack, **changes: Any) -> list[Finding]:
    """One on each of the pack's topics."""
    given = {"met": True, "share": None, "words": ""} | changes
    return [Finding(topic=topic, **given) for topic in under.commune_topics]


def best(criteria_set: CriteriaSet) -> dict[str, int]:
    """The tick with the most points in every criterion."""
    return {
        criterion.code: max(criterion.scale, key=lambda no: criterion.scale[no])
        for criterion in criteria_set.criteria
    }
