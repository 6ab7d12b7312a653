"""Events as the services say them: true to their contracts, numbered per sayer and subject, the same in every run."""

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from contracts.catalogue import CONTRACTS, SAYER_OF
from contracts.envelope import Event, source

NAMES = UUID("0c0b0c0b-0000-4000-8000-000000000000")
FIRST = datetime(2024, 11, 20, 2, 0, tzinfo=UTC)


class Voices:
    """The services of one province; each event is a minute later than the one before."""

    def __init__(self, province: str = "38") -> None:
        self.province = province
        self.said: list[Event] = []
        self._numbers: Counter[tuple[str, str]] = Counter()

    def say(self, type_: str, subject: UUID, data: dict[str, Any], pack: str | None) -> Event:
        """One event, whose data the contract accepts."""
        CONTRACTS[type_]().load(data)
        sayer = SAYER_OF[type_]
        self._numbers[sayer, str(subject)] += 1
        event = Event(
            id=uuid5(NAMES, f"{len(self.said)} {type_} {subject}"),
            source=source(self.province, sayer),
            type=type_,
            subject=str(subject),
            time=FIRST + timedelta(minutes=len(self.said)),
            sequence=self._numbers[sayer, str(subject)],
            correlationid=str(subject),
            body=json.dumps(data),
            rulepack=pack,
        )
        self.said.append(event)
        return event


class Way:
    """One dossier's way: each method says what happened next; all of it can be changed by keyword."""

    def __init__(self, voices: Voices, name: str = "Chè lam mẫu", **changes: Any) -> None:
        self._voices = voices
        self.id = uuid5(NAMES, f"dossier {name}")
        self.pack = changes.pop("pack", "QD148-2023")
        self.place = {"province": voices.province, "district": "395", "commune": "15583"}
        self.place |= {key: changes.pop(key) for key in tuple(changes) if key in self.place}
        self.product = {
            "dossier_id": str(self.id),
            "subject_id": str(uuid5(NAMES, f"subject {name}")),
            "product_name": name,
            "producer": "Hợp tác xã mẫu",
            "criteria_set": "QD148-PARTS",
            "product_code": f"38-395-15583-{self.id.int % 1000 + 1}-2024",
            "year": 2024,
            **self.place,
        } | changes
        self.filed = {
            "purpose": "first",
            "registration_number": "01-01/PĐK-38-15583-2024",
        }

    def selected(self, on: date = date(2024, 2, 1)) -> Event:
        """IdeaSelected, of the idea that the dossier follows."""
        idea = uuid5(self.id, "idea")
        data = {
            "idea_id": str(idea),
            "subject_id": self.product["subject_id"],
            "title": f"Ý tưởng {self.product['product_name']}",
            "year": self.product["year"],
            **self.place,
            "selected_on": str(on),
        }
        return self._voices.say("IdeaSelected", idea, data, None)

    def submitted(self, on: date = date(2024, 4, 1)) -> Event:
        """DossierSubmitted."""
        return self._say("DossierSubmitted", self.product | self.filed | {"received_on": str(on)})

    def verified(self, on: date = date(2024, 4, 15)) -> Event:
        """CommuneVerified."""
        data = {
            "received_on": "2024-04-01",
            "verified_on": str(on),
            "request_letter": "12/UBND",
            "findings": [{"topic": "local_labour", "met": True, "share": "60"}],
        }
        return self._say("CommuneVerified", self.product | self.filed | data)

    def returned(self, on: date = date(2024, 4, 10)) -> Event:
        """DossierReturned."""
        return self._short("DossierReturned", returned_on=str(on), missing=["D01"])

    def withdrawn(self, on: date = date(2024, 5, 2)) -> Event:
        """DossierWithdrawn."""
        return self._short("DossierWithdrawn", withdrawn_on=str(on))

    def scored(
        self,
        at: str = "district",
        star: int = 3,
        act: str = "certify",
        level: str | None = "district",
        mean: str = "66.36",
        on: date = date(2024, 6, 1),
        turn: int = 1,
    ) -> Event:
        """ScoredAtDistrict, ScoredAtProvince."""
        data = {
            "assessment_id": str(self._assessment(at, turn)),
            "scored_on": str(on),
            "members": 7,
            "mean": mean,
            "parts": {"A": "30", "B": "15", "C": "21.36"},
            "band": star,
            "gates_missed": {},
            "knocked_out": star == 0,
            "star": star,
            "outcome": {"act": act, "level": level, "star": star},
        }
        return self._say(f"ScoredAt{at.capitalize()}", self.product | self.filed | data)

    def closed(self, star: int = 1) -> Event:
        """ScoredAtDistrict, below three stars."""
        return self.scored(star=star, act="close", level=None, mean="41.5")

    def certified(
        self,
        at: str = "AtDistrict",
        star: int = 3,
        on: date = date(2024, 7, 1),
        expires_on: date = date(2027, 7, 1),
    ) -> Event:
        """CertifiedAtDistrict, CertifiedAtProvince, CertifiedNational (`at="National"`)."""
        data = {
            **self._certificate(at),
            "decision_number": "77/QĐ-UBND",
            "decided_on": str(on),
            "expires_on": str(expires_on),
            "star": star,
        }
        return self._say(f"Certified{at}", self.product | data)

    def referred(self, on: date = date(2024, 8, 1)) -> Event:
        """ReferredNational."""
        data = {"mean": "92.4", "decision_number": "88/QĐ-UBND", "referred_on": str(on)}
        return self._say("ReferredNational", self.product | data)

    def national_result(self, star: int = 5, on: date = date(2024, 10, 1)) -> Event:
        """NationalResultRecorded."""
        return self._short(
            "NationalResultRecorded", mean="91", star=star, document="9/TB", recorded_on=str(on)
        )

    def assessed_anew(self, turn: int = 1, on: date = date(2024, 10, 8)) -> Event:
        """NewAssessmentOrdered, after the province's assessment of that turn."""
        return self._short(
            "NewAssessmentOrdered",
            level="province",
            after_assessment_id=str(self._assessment("province", turn)),
            decision_number="95/QĐ-UBND",
            ordered_on=str(on),
        )

    def revoked(self, at: str = "AtDistrict", on: date = date(2025, 1, 5)) -> Event:
        """CertificateRevoked."""
        return self._short(
            "CertificateRevoked",
            **self._certificate(at),
            ground="criteria-no-longer-met",
            decision_number="5/QĐ-UBND",
            revoked_on=str(on),
        )

    def expired(self, at: str = "AtDistrict", on: date = date(2027, 7, 1)) -> Event:
        """CertificateExpired."""
        return self._short("CertificateExpired", **self._certificate(at), expired_on=str(on))

    def reevaluation_due(self, at: str = "AtDistrict") -> Event:
        """ReevaluationDue."""
        window = {"opens_on": "2027-01-02", "closes_on": "2027-03-03", "expires_on": "2027-07-01"}
        return self._short("ReevaluationDue", **self._certificate(at), **window)

    def listed(self, star: int = 3, on: date = date(2024, 7, 10)) -> Event:
        """ProductListed."""
        return self._short(
            "ProductListed",
            certificate_id=self._certificate("AtDistrict")["certificate_id"],
            product_name=self.product["product_name"],
            star=star,
            listed_on=str(on),
        )

    def delisted(self, reason: str = "taken-down", on: date = date(2025, 1, 6)) -> Event:
        """ProductDelisted."""
        return self._short(
            "ProductDelisted",
            certificate_id=self._certificate("AtDistrict")["certificate_id"],
            reason=reason,
            delisted_on=str(on),
        )

    def certificate_id(self, at: str = "AtDistrict") -> UUID:
        """The id of the certificate that was issued there."""
        return uuid5(self.id, f"certificate {at}")

    def _assessment(self, at: str, turn: int) -> UUID:
        return uuid5(self.id, at if turn == 1 else f"{at} {turn}")

    def _certificate(self, at: str) -> dict[str, str]:
        return {
            "certificate_id": str(self.certificate_id(at)),
            "certificate_number": "0001/GCN-OCOP-38-2024",
        }

    def _short(self, type_: str, **data: Any) -> Event:
        return self._say(type_, {"dossier_id": str(self.id), **self.place, **data})

    def _say(self, type_: str, data: dict[str, Any]) -> Event:
        return self._voices.say(type_, self.id, data, self.pack)
