"""The short way of reading an event says what marshmallow says: for what a sayer wrote, and for what was spoiled."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

import contracts
from contracts.catalogue import CONTRACTS
from contracts.reading import Reader

EXAMPLES = {
    path.stem: json.loads(path.read_text())["data"]
    for path in sorted((Path(contracts.__file__).parent / "examples").glob("*.json"))
}
SPOILED = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=40),
    st.sampled_from(["2026-02-30", "20260101", "2026-W01-1", "5", "true", "", "x" * 36, 7, 0]),
    st.uuids().map(lambda id_: id_.hex),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


def read(load: Any, data: Any) -> Any:
    """What loading gives, types and all, or the refusal."""
    try:
        return {name: (type(value), value) for name, value in load(data).items()}
    except ValidationError as refusal:
        return refusal.messages


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_is_read_as_marshmallow_reads_it(name: str) -> None:
    contract = CONTRACTS[name]
    only = tuple(contract().fields)

    found = read(Reader(contract, only).load, EXAMPLES[name])

    assert found == read(contract(only=only).load, EXAMPLES[name])


@given(data=st.data())
def test_a_spoiled_field_is_judged_as_marshmallow_judges_it(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(EXAMPLES)))
    contract, example = CONTRACTS[name], dict(EXAMPLES[name])
    spoiled = data.draw(st.sampled_from(sorted(example)))
    only = tuple(contract().fields)
    example[spoiled] = data.draw(SPOILED)

    found = read(Reader(contract, only).load, example)

    assert found == read(contract(only=only, unknown="exclude").load, example)


@given(data=st.data())
def test_a_missing_field_is_named_as_marshmallow_names_it(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(EXAMPLES)))
    contract, example = CONTRACTS[name], dict(EXAMPLES[name])
    del example[data.draw(st.sampled_from(sorted(example)))]
    only = tuple(contract().fields)

    found = read(Reader(contract, only).load, example)

    assert found == read(contract(only=only, unknown="exclude").load, example)


def test_fields_that_are_not_asked_for_are_ignored() -> None:
    example = EXAMPLES["ScoredAtProvince"] | {"star": "spoiled", "unheard of": 1}

    found = Reader(CONTRACTS["ScoredAtProvince"], ("year",)).load(example)

    assert found == {"year": example["year"]}
