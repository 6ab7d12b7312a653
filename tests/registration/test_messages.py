from datetime import UTC, datetime
from decimal import Decimal

import pytest

from contracts import registration
from contracts.catalogue import CONTRACTS
from services.registration import messages
from services.registration.domain.idea import IdeaWasSelected
from services.registration.domain.news import (
    CommuneHasVerified,
    DossierWasReturned,
    DossierWasSubmitted,
    DossierWasWithdrawn,
)
from services.registration.domain.subject import RepresentativeWasNamed
from tests.builders.registration import (
    ERAS,
    LETTER,
    NOW,
    a_subject,
    a_submitted_dossier,
    a_verified_dossier,
    an_idea,
    findings,
)

AT = datetime(2026, 7, 1, 3, tzinfo=UTC)
DAY = NOW.later(4)


def named():
    return RepresentativeWasNamed(subject=a_subject(representative_person="k-1"), on=DAY)


def selected():
    return IdeaWasSelected(idea=an_idea(year=2026), on=DAY)


def submitted(era=NOW):
    return DossierWasSubmitted(dossier=a_submitted_dossier(era), on=DAY)


def verified(era=NOW):
    dossier = a_verified_dossier(era)
    return CommuneHasVerified(dossier=dossier, on=DAY, request_letter=LETTER)


def returned(era=NOW):
    return DossierWasReturned(dossier=a_submitted_dossier(era), on=DAY, missing=("M01",))


def withdrawn(era=NOW):
    return DossierWasWithdrawn(dossier=a_submitted_dossier(era), on=DAY)


SAID = {
    "RepresentativeNamed": named,
    "IdeaSelected": selected,
    "DossierSubmitted": submitted,
    "CommuneVerified": verified,
    "DossierReturned": returned,
    "DossierWithdrawn": withdrawn,
}
each_news = pytest.mark.parametrize(("type_", "build"), SAID.items(), ids=SAID.keys())


def test_everything_that_registration_says_is_tested_here():
    assert list(SAID) == [contract.__name__ for contract in registration.SAYS]


@each_news
def test_news_becomes_the_contracts_words_with_every_field(type_, build):
    news = messages.say(build(), AT)

    assert news.type == type_
    assert set(news.data) == set(CONTRACTS[type_]().fields)
    assert CONTRACTS[type_]().validate(news.data) == {}


@each_news
def test_an_event_is_about_its_dossier_idea_or_subject_and_names_the_dossiers_pack(type_, build):
    own = build()

    news = messages.say(own, AT)

    about = next(
        getattr(own, name) for name in ("dossier", "idea", "subject") if hasattr(own, name)
    )
    assert (news.subject, news.time) == (str(about.id), AT)
    assert news.rulepack == ("QD26-2026" if hasattr(own, "dossier") else None)


@pytest.mark.parametrize("era", ERAS.values(), ids=ERAS.keys())
@pytest.mark.parametrize("build", [submitted, verified, returned, withdrawn])
def test_the_contracts_fit_the_news_of_every_pack(era, build):
    news = messages.say(build(era), AT)

    assert CONTRACTS[news.type]().validate(news.data) == {}
    assert news.data["district"] == era.district


def test_a_finding_travels_without_its_words():
    dossier = a_verified_dossier()
    dossier.findings = tuple(
        findings(NOW.pack, met=False, share=Decimal("12.50"), words="Bà Năm ở xóm trên")
    )

    data = messages.say(
        CommuneHasVerified(dossier=dossier, on=DAY, request_letter=LETTER), AT
    ).data

    assert data["findings"][0] == {"topic": "local_material", "met": False, "share": "12.50"}
    assert "Bà Năm" not in str(data)


def test_a_dossiers_year_is_that_of_its_receipt():
    dossier = a_submitted_dossier(ERAS["QD148-2023"])
    dossier.last_on = DAY

    data = messages.say(DossierWasSubmitted(dossier=dossier, on=DAY), AT).data

    assert (data["year"], data["received_on"]) == (2024, "2024-03-01")


def test_what_is_no_news_is_not_said():
    with pytest.raises(TypeError, match="str"):
        messages.say("a rumour", AT)
