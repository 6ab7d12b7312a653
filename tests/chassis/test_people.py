"""People by pseudonym: the number goes in, only a keyed hash of it comes out."""

from pathlib import Path

import pytest
from flask import Flask
from marshmallow import Schema, ValidationError

from chassis.people import NoPseudonymKey, PersonalNumber, comparable, pseudonym
from chassis.settings import Settings, read
from chassis.web import command

NUMBER, ANOTHER = "038187001234", "038187001235"


class Shape(Schema):
    number = PersonalNumber(allow_none=True)


def keyed(letter: str = "k", **more: str) -> Settings:
    return read({"OCOP_PSEUDONYM_KEY": letter * 40, **more})


def test_one_person_has_one_pseudonym_under_a_key_and_no_digit_of_his_number_shows() -> None:
    first = pseudonym(NUMBER, keyed())

    assert pseudonym(NUMBER, keyed()) == first
    assert pseudonym(ANOTHER, keyed()) != first
    assert NUMBER not in first
    assert len(first) == 73


def test_under_another_key_he_is_somebody_else_and_that_can_be_seen() -> None:
    one, other = pseudonym(NUMBER, keyed()), pseudonym(NUMBER, keyed("x"))

    assert one != other
    assert not comparable(one, other)
    assert comparable(one, pseudonym(ANOTHER, keyed()))
    assert not comparable(one, None)


def test_on_a_broker_no_number_is_taken_before_there_is_a_key() -> None:
    servers = {"OCOP_BROKER_URL": "amqp://b/38", "OCOP_DATABASE_URL": "sqlite:///{service}"}

    with pytest.raises(NoPseudonymKey, match="OCOP_PSEUDONYM_KEY"):
        pseudonym(NUMBER, read(servers))
    assert pseudonym(NUMBER, keyed(**servers)) == pseudonym(NUMBER, keyed())


def test_embedded_a_key_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    settings = read({"OCOP_DATA": str(tmp_path)})

    first = pseudonym(NUMBER, settings)

    assert pseudonym(NUMBER, settings) == first
    assert (tmp_path / "pseudonym-key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("written", ["038187001234", " 038 187 001 234", "038.187.001-234"])
def test_a_number_is_the_same_however_it_is_written(written: str) -> None:
    assert Shape().load({"number": written}) == {"number": NUMBER}


def test_the_number_of_an_old_card_is_taken_too() -> None:
    assert Shape().load({"number": "171 234 567"}) == {"number": "171234567"}


@pytest.mark.parametrize(
    "written",
    ["", "9876", "138187001234", "000187001234", "03818700123４", "0381870012345", 38187001234],
)
def test_what_is_no_number_is_refused_without_being_repeated(written: object) -> None:
    with pytest.raises(ValidationError) as refused:
        Shape().load({"number": written})

    assert str(written) not in str(refused.value.messages) or not written


def test_a_number_is_never_written() -> None:
    assert Shape().dump({"number": NUMBER}) == {}


def test_what_a_request_is_known_by_again_does_not_give_its_numbers_away() -> None:
    """A plain hash of a body whose other words are known would be found by trying all numbers."""
    app, found = Flask("a"), []
    for settings in (keyed(), keyed("x")):
        app.extensions["ocop"] = type("Resources", (), {"settings": settings})
        with app.test_request_context("/", method="PUT", json={"number": NUMBER}):
            found.append(command._fingerprint())

    assert found[0] != found[1]
