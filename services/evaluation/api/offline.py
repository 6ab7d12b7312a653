"""Score sheets to be filled in off-line, over HTTP: a workbook out, a workbook in."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify, request
from flask.views import MethodView
from flask_smorest import Blueprint
from werkzeug.exceptions import BadRequest

from chassis.web.command import command, query, seen_version, session, tagged
from chassis.web.doors import actor, open_to
from chassis.web.noting import note
from regulation.acting import Role
from services.evaluation import use_cases
from services.evaluation.api.documents import council_of
from services.evaluation.documents.form import Form
from services.evaluation.documents.returned import choices_of
from services.evaluation.documents.workbook import workbook
from services.evaluation.domain.assessment import Assessment
from services.evaluation.domain.council import Council, Member
from services.evaluation.domain.sheet import ScoreSheet
from services.evaluation.schemas.papers import BringSheet, BroughtShown, OfMember
from services.evaluation.storage import SqlAssessments, SqlCouncils, SqlSheets

blueprint = Blueprint("offline", __name__, description="Score sheets filled in off-line")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

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

_shown = BroughtShown()


@blueprint.route("/assessments/<uuid:assessment_id>/sheet.xlsx")
class OfflineSheet(MethodView):
    """A member's score sheet as a workbook."""

    @open_to(Role.MEMBER, Role.SECRETARY)
    @query
    @blueprint.arguments(OfMember, location="query")
    @blueprint.response(200, content_type=XLSX)
    def get(self, wanted: dict[str, Any], assessment_id: UUID) -> Response:
        """Your own sheet of the present round of sheets with your draft in it; for the secretary a member's, blank."""
        assessment = SqlAssessments(session()).read(assessment_id)
        _, member = _holder(assessment, wanted["member"])
        assessment.criteria_set.require_complete()
        draft = _draft(assessment, member) if member.id == actor().id else None
        content = workbook(_form(assessment, member), draft.choices if draft else {})
        name = f"phieu-{str(assessment.id)[:8]}-{assessment.sheet_round}.xlsx"
        disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, content_type=XLSX, headers=disposition)

    @open_to(Role.MEMBER, Role.SECRETARY)
    @command
    @blueprint.doc(requestBody=UPLOAD)
    @blueprint.arguments(BringSheet, location="query")
    @blueprint.response(200, BroughtShown)
    def post(self, wanted: dict[str, Any], assessment_id: UUID) -> Any:
        """Take a filled-in workbook as the member's draft, in place of what it held, and show what it changes."""
        assessment = SqlAssessments(session()).get_beside(assessment_id)
        council, member = _holder(assessment, wanted["member"])
        draft = _draft(assessment, member)
        seen_version(draft.version if draft else 0)
        choices = choices_of(_uploaded(), _form(assessment, member))
        before = dict(draft.choices) if draft else {}
        sheet = _fill_in(assessment, council, member, choices, dry_run=wanted["dry_run"])
        if not wanted["dry_run"]:
            _note(sheet, assessment)
        body = _body(assessment, sheet, before, saved=not wanted["dry_run"])
        body["replaces_a_draft"] = draft is not None
        return tagged(jsonify(_shown.dump(body)), sheet.version)


def _holder(assessment: Assessment, named: str | None) -> tuple[Council, Member]:
    council = council_of(assessment)
    return council, use_cases.sheet_holder(council, assessment, by=actor(), named=named)


def _form(assessment: Assessment, member: Member) -> Form:
    return Form(
        assessment_id=assessment.id,
        member=member.id,
        round=assessment.sheet_round,
        criteria_set=assessment.criteria_set,
        product_name=assessment.product.product_name,
        producer=assessment.product.producer,
    )


def _draft(assessment: Assessment, member: Member) -> ScoreSheet | None:
    return SqlSheets(session()).of_member(assessment.id, member.id, assessment.sheet_round)


def _uploaded() -> bytes:
    upload = request.files.get("file")
    if upload is None:
        raise BadRequest("file: a multipart field of that name is needed")
    return upload.stream.read()


def _fill_in(
    assessment: Assessment,
    council: Council,
    member: Member,
    choices: dict[str, int],
    *,
    dry_run: bool,
) -> ScoreSheet:
    store = session()
    sheets = SqlSheets(store)
    return use_cases.fill_in(
        SqlCouncils(store),
        SqlAssessments(store),
        use_cases.Untouched(sheets) if dry_run else sheets,
        assessment_id=assessment.id,
        by=use_cases.in_place_of(member, council, actor()),
        choices=choices,
        criteria_set=assessment.criteria_set.code,
    )


def _note(sheet: ScoreSheet, assessment: Assessment) -> None:
    """Who entered it, and on whose behalf."""
    note(
        "bring-sheet",
        sheet.id,
        rulepack=assessment.pack_id,
        assessment_id=assessment.id,
        on_behalf_of=sheet.member,
        round=sheet.round,
        ticked=len(sheet.choices),
    )


def _body(
    assessment: Assessment, sheet: ScoreSheet, before: dict[str, int], *, saved: bool
) -> dict[str, Any]:
    """The secretary is not told what the member's own draft held: nobody sees it before all sheets open."""
    own = sheet.member == actor().id
    codes = [criterion.code for criterion in assessment.criteria_set.criteria]
    known = before if own else {}
    return {
        "assessment_id": assessment.id,
        "member": sheet.member,
        "round": sheet.round,
        "criteria_set": assessment.criteria_set.code,
        "saved": saved,
        "before_shown": own,
        "changes": [
            {"criterion": code, "before": known.get(code), "after": sheet.choices.get(code)}
            for code in codes
            if known.get(code) != sheet.choices.get(code)
        ],
        "unticked": [code for code in codes if code not in sheet.choices],
        "total": sheet.points(assessment.criteria_set),
        "version": sheet.version,
    }
