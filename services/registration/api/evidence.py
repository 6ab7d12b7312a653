"""Evidence files over HTTP."""

from typing import Any
from uuid import UUID

from flask import Response, request
from flask.views import MethodView
from werkzeug.exceptions import BadRequest

from chassis.web.app import resources
from chassis.web.command import command, query, session
from chassis.web.doors import open_to
from chassis.web.noting import note
from regulation.acting import Role
from services.registration.api.blueprint import (
    FILERS,
    OFFICES,
    READERS,
    blueprint,
    require_reader,
)
from services.registration.evidence import EvidenceFolder, receive
from services.registration.schemas.shown import EvidenceShown
from services.registration.storage import SqlDossiers, SqlEvidence

MULTIPART_AROUND_A_FILE = 65_536

UPLOAD = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {"type": "string", "format": "binary"}},
            }
        }
    },
}


@blueprint.route("/evidence")
class EvidenceList(MethodView):
    """Files."""

    @open_to(*FILERS)
    @command
    @blueprint.doc(requestBody=UPLOAD)
    @blueprint.response(201, EvidenceShown)
    def post(self) -> Any:
        """Upload one evidence file; its sha256 names it from then on."""
        settings = resources().settings
        request.max_content_length = settings.max_evidence + MULTIPART_AROUND_A_FILE
        upload = request.files.get("file")
        if upload is None:
            raise BadRequest("file: a multipart field of that name is needed")
        store = EvidenceFolder(settings.evidence_folder)
        evidence = receive(
            upload, store, limit=settings.max_evidence, types=settings.evidence_types
        )
        SqlEvidence(session()).add(evidence)
        note("upload-evidence", evidence.sha256, size=evidence.size, type=evidence.media_type)
        return evidence


@blueprint.route("/dossiers/<uuid:dossier_id>/evidence/<sha256>")
class EvidenceView(MethodView):
    """One file of a dossier."""

    @open_to(*READERS, Role.MEMBER)
    @query
    @blueprint.response(200, content_type="application/octet-stream")
    def get(self, dossier_id: UUID, sha256: str) -> Response:
        """A file that the dossier holds, for its producer and the offices and councils of its area."""
        dossier = SqlDossiers(session()).get(dossier_id)
        require_reader(dossier, *OFFICES, Role.MEMBER)
        evidence = dossier.file(sha256)
        content = EvidenceFolder(resources().settings.evidence_folder).read(evidence.sha256)
        return Response(
            content,
            content_type=evidence.media_type,
            headers={"Content-Disposition": f"attachment; filename={evidence.sha256[:12]}"},
        )
