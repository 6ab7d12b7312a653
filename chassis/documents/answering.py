"""Answers a request with a document: as PDF, or as the same page in HTML."""

from collections.abc import Mapping
from typing import Any

import structlog
from flask import Response
from marshmallow import Schema, fields, validate

from chassis.documents.pdf import PdfUnavailable, pdf
from chassis.documents.templates import Stationery, TemplateBroken
from chassis.web.app import resources
from chassis.web.problems import problem

log = structlog.get_logger()

PDF, HTML = "application/pdf", "text/html; charset=utf-8"


class DocumentQuery(Schema):
    """In which form."""

    format = fields.String(load_default="pdf", validate=validate.OneOf(("pdf", "html")))


def answer(
    stationery: Stationery, name: str, data: Mapping[str, Any], *, format: str, called: str
) -> Response:
    """The filled document; `called` is the name of its file, without an ending.

    Asked for a PDF where none can be made, and with a template that cannot be filled, it answers a problem.
    """
    try:
        html = stationery.fill(name, data, office=resources().settings.templates)
        if format == "html":
            return Response(html, content_type=HTML)
        return _attached(pdf(html), called)
    except PdfUnavailable as error:
        log.warning("no pdf here", why=str(error))
        return problem(501, error.slug, str(error))
    except TemplateBroken as error:
        log.error("template broken", why=str(error))  # noqa: TRY400  # its sentence says where
        return problem(500, error.slug, str(error))


def _attached(content: bytes, called: str) -> Response:
    return Response(
        content,
        content_type=PDF,
        headers={"Content-Disposition": f'inline; filename="{called}.pdf"'},
    )
