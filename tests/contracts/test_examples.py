"""Every contract has an example that its sayer says and every hearer understands, without the other side running."""

import pytest

from chassis import migrating
from chassis.database import Database
from chassis.settings import SERVICES
from cli.house import reactions
from contracts.catalogue import CONTRACTS, SAYER_OF
from contracts.envelope import from_structured, source, to_structured
from regulation.refusals import NotFound
from tests.contracts.examples import FOLDER, document, example, paths
from tests.contracts.saying import said

HEARD = [(service, type_) for service in SERVICES for type_ in reactions(service).types]


@pytest.fixture(scope="module", name="databases")
def _databases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Database]:
    """Empty databases of the five services."""
    folder = tmp_path_factory.mktemp("hearers")
    found = {name: Database(name, f"sqlite:///{folder}/{name}.sqlite") for name in SERVICES}
    for database in found.values():
        migrating.migrate(database)
    return found


def test_every_contract_has_an_example_and_no_example_is_left_over() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(CONTRACTS)


@pytest.mark.parametrize("type_", CONTRACTS)
def test_an_example_is_a_whole_envelope(type_: str) -> None:
    event = example(type_)

    assert to_structured(event) == document(type_)
    assert event.type == type_
    assert event.source == source(event.data["province"], SAYER_OF[type_])


@pytest.mark.parametrize("type_", CONTRACTS)
def test_an_examples_data_are_what_the_contract_says_and_nothing_else(type_: str) -> None:
    contract, data = CONTRACTS[type_](), example(type_).data

    loaded = contract.load(data)

    assert contract.dump(loaded) == data


@pytest.mark.parametrize("type_", CONTRACTS)
def test_its_sayer_says_the_fields_of_the_example(type_: str) -> None:
    contract, news = CONTRACTS[type_](), said()[type_]

    contract.load(news.data)

    assert set(paths(contract, news.data)) == set(paths(contract, example(type_).data))


@pytest.mark.parametrize(("service", "type_"), HEARD)
def test_every_hearer_understands_it(
    service: str, type_: str, databases: dict[str, Database]
) -> None:
    react = reactions(service).reaction_to(type_)
    assert react is not None

    with databases[service].transaction() as session:
        try:
            react(session, example(type_))
        except (
            NotFound
        ):  # understood: what it is about is not here, for its first event was not heard
            session.rollback()


@pytest.mark.parametrize(("service", "type_"), HEARD)
def test_a_hearer_ignores_fields_that_it_does_not_know(
    service: str, type_: str, databases: dict[str, Database]
) -> None:
    grown = document(type_)
    grown["data"] |= {"added_later": {"by": "a newer sayer"}}
    react = reactions(service).reaction_to(type_)
    assert react is not None

    with databases[service].transaction() as session:
        try:
            react(session, from_structured(grown))
        except NotFound:
            session.rollback()
