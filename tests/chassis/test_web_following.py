"""Every line that concerns a request carries its ids, and every request is counted by its route."""

from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from flask.testing import FlaskClient
from prometheus_client import REGISTRY

from tests.chassis.tally_web import add

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def lines() -> Iterator[list[dict[str, Any]]]:
    """What is logged during the test, with what the context adds."""
    before = structlog.get_config()["processors"]
    kept: list[dict[str, Any]] = []

    def keep(_logger: Any, _method: str, line: Any) -> Any:
        kept.append(dict(line))
        raise structlog.DropEvent

    structlog.configure(processors=[structlog.contextvars.merge_contextvars, keep])
    yield kept
    structlog.configure(processors=before)


def test_a_request_that_is_refused_says_whose_it_was_on_every_line(
    client: FlaskClient, officer: dict[str, str], lines: list[dict[str, Any]]
) -> None:
    add(client, officer, 1, **{"X-Request-Id": "r-1", "traceparent": TRACE})

    assert [line["event"] for line in lines] == ["refused", "answered"]
    for line in lines:
        assert line["correlation_id"] == "r-1"
        assert line["trace_id"] == TRACE[3:35]
    assert lines[-1]["status"] == 422


def test_a_request_is_counted_by_its_route_and_never_by_its_address(
    client: FlaskClient, officer: dict[str, str]
) -> None:
    series = {"method": "POST", "route": "/tally/counts/<name>", "status": "200"}

    def seen() -> float:
        return REGISTRY.get_sample_value("ocop_web_request_seconds_count", series) or 0.0

    before = seen()
    add(client, officer)

    assert seen() == before + 1
    assert client.get("/no/such/address").status_code == 404
    unknown = {"method": "GET", "route": "none", "status": "404"}
    assert REGISTRY.get_sample_value("ocop_web_request_seconds_count", unknown)
