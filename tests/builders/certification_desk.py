"""An official's desk for certification's tests: its HTTP API through Flask's test client."""

from datetime import timedelta
from uuid import uuid4

from chassis import acts
from chassis.identity import Tokens
from chassis.settings import read
from services.certification.api import make_app
from services.certification.storage import SqlCases, SqlCertificates
from tests.builders.certification import DISTRICT, PROVINCE, an_authority

PROVINCES = an_authority(PROVINCE)
DISTRICTS = an_authority(DISTRICT)
RESULT = {"mean": "91.5", "star": 5, "document": "12/TB (mẫu)", "on": "2024-06-24"}


class Desk:
    """Flask's test client with a token in hand."""

    def __init__(self, database, folder):
        settings = read({"OCOP_DATA": str(folder)})
        self.database = database
        self.app = make_app(database, settings)
        self._tokens = Tokens(settings)
        self._client = self.app.test_client()

    def ask(self, verb, path, by=PROVINCES, body=None, **headers):
        if by is not None:
            token = self._tokens.mint(by, lasts=timedelta(minutes=5))
            headers["Authorization"] = f"Bearer {token}"
        return self._client.open(f"/certification{path}", method=verb, json=body, headers=headers)

    def get(self, path, by=PROVINCES):
        return self.ask("GET", path, by)

    def post(self, path, body, by=PROVINCES, **headers):
        return self.ask("POST", path, by, body, **headers)

    def keep(self, *cases):
        with self.database.transaction() as session:
            for case in cases:
                SqlCases(session).save(case)
        return cases

    def keep_certificate(self, certificate):
        with self.database.transaction() as session:
            SqlCertificates(session).save(certificate)
        return certificate

    def decide(self, *cases, id=None, by=PROVINCES, headers=None, **changes):
        body = {
            "number": "81/QĐ-UBND",
            "level": "province",
            "decided_on": "2024-06-24",
            "signed_by_office": "UBND tỉnh (mẫu)",
            "dossiers": [str(case.id) for case in cases],
        }
        path = f"/decisions/{id or uuid4()}"
        return self.ask("PUT", path, by, body | changes, **(headers or {}))

    def acts_on(self, dossier_id):
        with self.database.reading() as session:
            return [(row.act, row.role) for row in acts.of(session, str(dossier_id))]


def slug(answer):
    assert answer.content_type == "application/problem+json", answer.text
    return answer.status_code, answer.json["slug"]
