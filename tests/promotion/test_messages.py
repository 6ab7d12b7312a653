import json
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest

from contracts.catalogue import CONTRACTS
from contracts.envelope import from_structured
from regulation.acting import Place
from services.promotion import messages
from services.promotion.domain import ProductWasDelisted, ProductWasListed
from tests.builders.promotion import a_listing

EXAMPLES = Path(__file__).parents[2] / "contracts" / "examples"
NOON = datetime(2026, 8, 2, 5, tzinfo=UTC)


def example(type_):
    return from_structured(json.loads((EXAMPLES / f"{type_}.json").read_text()))


def the_listing_of_the_examples():
    certified = messages.certified(example("CertifiedAtProvince"))
    return a_listing(
        id=certified["dossier_id"],
        product=certified["product"],
        certificate=certified["certificate"],
    )


@pytest.mark.parametrize(
    "news",
    [
        ProductWasListed(listing=the_listing_of_the_examples(), on=date(2026, 8, 2)),
        ProductWasDelisted(
            listing=the_listing_of_the_examples(), on=date(2029, 3, 2), reason="revoked"
        ),
    ],
    ids=["ProductListed", "ProductDelisted"],
)
def test_promotion_says_what_the_example_shows(news):
    said = messages.say(news, NOON)

    shown = example(said.type)
    assert said.data == shown.data
    assert (said.subject, said.time) == (shown.subject, NOON)
    assert CONTRACTS[said.type]().validate(said.data) == {}


def test_what_is_no_news_of_promotion_is_not_said():
    with pytest.raises(TypeError, match="promotion does not say str"):
        messages.say("something", NOON)


@pytest.mark.parametrize(
    ("type_", "star", "place"),
    [
        ("CertifiedAtDistrict", 3, Place(province="38", district="399", commune="15871")),
        ("CertifiedAtProvince", 4, Place(province="38", district=None, commune="14923")),
        ("CertifiedNational", 5, Place(province="38", district=None, commune="14956")),
    ],
)
def test_promotion_understands_every_certificate(type_, star, place):
    heard = messages.certified(example(type_))

    assert heard["certificate"].star == star
    assert heard["product"].place == place
    assert isinstance(heard["dossier_id"], UUID)


@pytest.mark.parametrize(
    ("understood", "type_", "reason", "on"),
    [
        (messages.revoked, "CertificateRevoked", "revoked", date(2029, 3, 2)),
        (messages.expired, "CertificateExpired", "expired", date(2027, 6, 3)),
    ],
)
def test_promotion_understands_the_end_of_a_certificate(understood, type_, reason, on):
    heard = understood(example(type_))

    assert (heard["reason"], heard["on"]) == (reason, on)
    assert str(heard["certificate_id"]) == example(type_).data["certificate_id"]
