"""Refuses a JSON body that no parser can hold, before a view tries to."""

import json

from flask import Flask, request
from werkzeug.exceptions import BadRequest


def check(app: Flask) -> None:
    """Numbers of thousands of digits and nesting without end are the caller's fault, not ours."""

    @app.before_request
    def read() -> None:
        if not request.is_json:
            return
        try:
            json.loads(request.get_data(cache=True))
        except (json.JSONDecodeError, UnicodeDecodeError):
            return  # the view's own parser says where
        except (ValueError, RecursionError):
            raise BadRequest("the body holds a number too long or is nested too deeply") from None
