"""Whatever fits a service's OpenAPI document, or nearly does, is answered and never a fault."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from chassis.identity import Tokens
from chassis.settings import SERVICES, Settings, read
from regulation.acting import Actor, Grant, Role
from tests.house.house import app_of

BOUNDED = settings(
    max_examples=4,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
AREA = "38"


@pytest.mark.parametrize("service", SERVICES)
def test_no_request_is_a_fault(service: str, tmp_path: Path) -> None:
    instance = read({"OCOP_DATA": str(tmp_path), "OCOP_MAX_EVIDENCE": "2000"})
    app = app_of(service, instance)
    schema = schemathesis.openapi.from_wsgi(f"/{service}/openapi.json", app)
    headers = _everybody(instance)
    faults: list[str] = []

    for found in schema.get_all_operations():
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @BOUNDED
            @given(case=found.ok().as_strategy(generation_mode=mode))
            def knock(case: Any) -> None:
                answer = case.call(headers=headers)
                if answer.status_code >= 500:
                    faults.append(f"{case.method} {case.formatted_path}: {_shown(case)}")

            knock()

    assert faults == []


def _everybody(instance: Settings) -> dict[str, str]:
    """Somebody with every role in the province."""
    who = Actor(id="everybody", grants=tuple(Grant(role=role, area=AREA) for role in Role))
    return {"Authorization": f"Bearer {Tokens(instance).mint(who, lasts=timedelta(hours=1))}"}


def _shown(case: Any) -> str:
    return json.dumps({"query": case.query, "body": case.body}, default=str, ensure_ascii=True)[
        :500
    ]
