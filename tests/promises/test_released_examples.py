"""Promise: released examples are still understood: new hearers know old sayers, and old hearers know new sayers."""

import json
from pathlib import Path
from typing import Any

import pytest

from chassis import migrating
from chassis.database import Database
from chassis.settings import SERVICES
from cli.house import reactions
from contracts.envelope import from_structured
from regulation.refusals import NotFound
from tests.contracts.saying import said

RELEASED = Path(__file__).parent / "released"
SAID: dict[str, Any] = json.loads((RELEASED / "said.json").read_text())
"""What the sayers of the release said: one event of each type. Frozen: types may be added, nothing is changed."""

HEARD: dict[str, dict[str, list[str]]] = json.loads((RELEASED / "heard.json").read_text())
"""The fields that the hearers of the release read, by service and type. Frozen likewise."""

PAIRS = [(service, type_) for service, types in HEARD.items() for type_ in types]


@pytest.fixture(scope="module")
def databases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Database]:
    """Empty databases of the five services."""
    folder = tmp_path_factory.mktemp("hearers")
    found = {name: Database(name, f"sqlite:///{folder}/{name}.sqlite") for name in SERVICES}
    for database in found.values():
        migrating.migrate(database)
    return found


@pytest.mark.parametrize(("service", "type_"), PAIRS)
def test_a_new_hearer_understands_an_old_sayer(
    service: str, type_: str, databases: dict[str, Database]
) -> None:
    react = reactions(service).reaction_to(type_)
    assert react is not None, "nobody hears any more what was heard"

    with databases[service].transaction() as session:
        try:
            react(session, from_structured(SAID[type_]))
        except NotFound:  # understood: its first event was not heard here
            session.rollback()


@pytest.mark.parametrize(("service", "type_"), PAIRS)
def test_an_old_hearer_understands_a_new_sayer(service: str, type_: str) -> None:
    now, then = said()[type_].data, SAID[type_]["data"]

    for field in HEARD[service][type_]:
        assert field in now, f"{service} reads {field}"
        if now[field] is not None and then[field] is not None:
            assert type(now[field]) is type(then[field]), field
