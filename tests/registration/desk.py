"""Everybody's desk at registration's door: sends acts with a token, keeps the book of what the database holds."""

import io
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import MetaData, select
from werkzeug.test import TestResponse

from chassis.database import Database
from chassis.identity import Tokens
from chassis.settings import Settings
from regulation.acting import Actor
from regulation.packs import pack
from tests.builders.registration import (
    COMMUNE,
    LETTER,
    NOW,
    PROVINCE,
    Era,
    an_officer,
    best,
    the_agency,
)

PDF = b"%PDF-1.4\n% a sample\n%%EOF\n"
SUBJECT = {
    "kind": "cooperative",
    "legal_name": "Hợp tác xã Đường Pháp Lý",
    "public_name": "HTX mẫu",
    "representative": "Nguyễn Thị Đại Diện",
    "phone": "0912 345 678",
    "tax_code": "0100233488",
    "commune": COMMUNE,
}


@dataclass(slots=True)
class Desk:
    """One client of the service's application."""

    app: Flask
    database: Database
    settings: Settings

    def send(
        self,
        verb: str,
        path: str,
        who: Actor | None,
        body: Any = None,
        *,
        lasts: timedelta = timedelta(hours=1),
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> TestResponse:
        """One request, with a JSON body where one is given."""
        given = dict(headers or {})
        if who is not None:
            token = Tokens(self.settings).mint(who, lasts=lasts)
            given.setdefault("Authorization", f"Bearer {token}")
        if body is not None:
            more |= {"data": json.dumps(body), "content_type": "application/json"}
        return self.app.test_client().open(
            f"/registration{path}", method=verb, headers=given, **more
        )

    def act(self, verb: str, path: str, who: Actor, body: Any = None, **more: Any) -> Any:
        """One request that is expected to succeed; its answer."""
        response = self.send(verb, path, who, body, **more)
        assert response.status_code < 300, response.text
        return response.get_json()

    def upload(
        self, content: bytes = PDF, name: str = "paper.pdf", who: Actor | None = None
    ) -> TestResponse:
        """Send an evidence file."""
        form = {"file": (io.BytesIO(content), name)}
        return self.send("POST", "/evidence", who or an_officer(), data=form)

    def subject(self, era: Era = NOW, **changes: Any) -> UUID:
        """Register a subject."""
        subject_id = changes.pop("id", None) or uuid4()
        body = SUBJECT | {"on": era.day.isoformat()} | changes
        who = an_officer(body["commune"])
        self.act("PUT", f"/subjects/{subject_id}", who, body)
        return UUID(str(subject_id))

    def idea(self, subject_id: UUID, era: Era = NOW) -> UUID:
        """Propose and select an idea."""
        idea_id, day = uuid4(), era.day.isoformat()
        idea = {"subject_id": str(subject_id), "title": "Chè xanh", "on": day}
        self.act("PUT", f"/ideas/{idea_id}", an_officer(), idea)
        self.act("POST", f"/ideas/{idea_id}/select", the_agency(PROVINCE), {"on": day})
        return idea_id

    def draft(self, era: Era = NOW, **changes: Any) -> UUID:
        """Open a first dossier."""
        subject_id = changes.pop("subject_id", None) or self.subject(era)
        dossier_id = uuid4()
        body = {
            "subject_id": str(subject_id),
            "idea_id": str(self.idea(subject_id, era)),
            "product_name": "Chè mẫu",
            "criteria_set": era.criteria_set,
            "on": era.day.isoformat(),
        }
        self.act("PUT", f"/dossiers/{dossier_id}", an_officer(), body | changes)
        return dossier_id

    def complete(self, era: Era = NOW) -> UUID:
        """A draft with all that is mandatory and all that proves its ticks."""
        dossier_id = self.draft(era)
        path = f"/dossiers/{dossier_id}"
        choices = best(era.pack.criteria_set(era.criteria_set))
        self.act("PUT", f"{path}/self-assessment", an_officer(), {"choices": choices})
        scored = self.act("PUT", f"{path}/samples", an_officer(), {"count": 5})
        sha256 = self.upload().get_json()["sha256"]
        codes = {*scored["missing"], *(each["component"] for each in scored["evidence_wanted"])}
        papers = {"components": {code: [sha256] for code in codes}}
        self.act("PUT", f"{path}/components", an_officer(), papers)
        return dossier_id

    def submitted(self, era: Era = NOW) -> UUID:
        """A filed dossier."""
        dossier_id = self.complete(era)
        self.act("POST", f"/dossiers/{dossier_id}/submit", an_officer(), {"on": str(era.day)})
        return dossier_id

    def book(self) -> dict[str, list[Any]]:
        """All rows of all tables: equal books mean that nothing was changed."""
        metadata = MetaData()
        metadata.reflect(self.database.engine)
        with self.database.engine.connect() as connection:
            return {
                table.name: sorted(map(repr, connection.execute(select(table))))
                for table in metadata.sorted_tables
            }

    def events(self) -> list[Any]:
        """What was said so far, in order."""
        metadata = MetaData()
        metadata.reflect(self.database.engine, only=["outbox"])
        outbox = metadata.tables["outbox"]
        with self.database.engine.connect() as connection:
            return list(connection.execute(select(outbox).order_by(outbox.c.position)))


def report(pack_id: str = NOW.pack_id, **changes: Any) -> dict[str, Any]:
    """The commune's report on every topic of a pack."""
    found = [{"topic": topic, "met": True} for topic in pack(pack_id).commune_topics]
    return {"findings": found, "request_letter": LETTER} | changes
