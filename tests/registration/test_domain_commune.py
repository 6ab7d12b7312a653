from datetime import date, timedelta
from decimal import Decimal

import pytest

from regulation.days import DateBeforeLastAct, DateInFuture
from regulation.refusals import NotAllowed
from services.registration.domain.dossier import Status
from services.registration.domain.news import CommuneHasVerified, DossierWasReturned
from services.registration.domain.papers import Finding
from services.registration.domain.refusals import FindingsIncomplete, NotSubmitted
from tests.builders.registration import (
    ELSEWHERE,
    ERAS,
    LETTER,
    NOW,
    TODAY,
    a_dossier,
    a_producer,
    a_returned_dossier,
    a_submitted_dossier,
    a_verified_dossier,
    a_withdrawn_dossier,
    an_officer,
    findings,
    submit,
    the_agency,
    verify,
)

each_era = pytest.mark.parametrize("era", ERAS.values(), ids=ERAS.keys())
JUDGING = {
    "verify": lambda dossier, **given: verify(dossier, **given),
    "return": lambda dossier, **given: dossier.send_back(
        **{"by": an_officer(), "missing": ["M01"], "on": dossier.last_on, "today": TODAY} | given
    ),
}
each_judgement = pytest.mark.parametrize("judge", JUDGING.values(), ids=JUDGING.keys())
NO_DAYS_OFF: frozenset[date] = frozenset()


@each_era
def test_the_commune_answers_the_topics_of_its_pack(era):
    dossier = a_submitted_dossier(era)

    verify(dossier, on=era.later(4))

    assert (dossier.status, dossier.last_on) == (Status.VERIFIED, era.later(4))
    assert [each.topic for each in dossier.findings] == list(era.pack.commune_topics)
    assert dossier.news == [
        CommuneHasVerified(dossier=dossier, on=era.later(4), request_letter=LETTER)
    ]


def test_a_topic_may_fall_short_and_the_dossier_still_goes_on():
    dossier = a_submitted_dossier()

    verify(dossier, findings=findings(NOW.pack, met=False, share=Decimal("12.50")))

    assert dossier.status is Status.VERIFIED


@pytest.mark.parametrize("wrong", ["one short", "none", "one twice", "one of its own"])
def test_each_topic_is_answered_once_and_no_other(wrong):
    dossier = a_submitted_dossier()
    right = findings(NOW.pack)
    extra = Finding(topic="weather", met=True, share=None, words="")
    given = {"one short": right[1:], "none": [], "one twice": [*right, right[0]],
             "one of its own": [*right, extra]}[wrong]  # fmt: skip

    with pytest.raises(FindingsIncomplete, match="local_material"):
        verify(dossier, findings=given)

    assert (dossier.status, dossier.findings) == (Status.SUBMITTED, ())


def test_the_commune_returns_a_dossier_naming_what_falls_short():
    dossier = a_submitted_dossier()

    JUDGING["return"](dossier, missing=["M01", "local_labour", "M01"], on=NOW.later(3))

    assert (dossier.status, dossier.last_on) == (Status.RETURNED, NOW.later(3))
    assert dossier.news == [
        DossierWasReturned(dossier=dossier, on=NOW.later(3), missing=("M01", "local_labour"))
    ]


@pytest.mark.parametrize("item", ["M99", "M02-UP", "weather", ""])
def test_only_components_and_topics_fall_short(item):
    dossier = a_submitted_dossier()

    with pytest.raises(FindingsIncomplete, match="missing: "):
        JUDGING["return"](dossier, missing=["M01", item])

    assert (dossier.status, dossier.news) == (Status.SUBMITTED, [])


@each_judgement
@pytest.mark.parametrize(
    "build",
    [a_dossier, a_returned_dossier, a_verified_dossier, a_withdrawn_dossier],
    ids=lambda build: build.__name__,
)
def test_only_what_was_filed_is_judged(judge, build):
    dossier = build()
    before = dossier.status

    with pytest.raises(NotSubmitted, match=before.value):
        judge(dossier)

    assert (dossier.status, dossier.news) == (before, [])


@each_judgement
@pytest.mark.parametrize("who", ["producer", "another commune", "the province"])
def test_only_the_dossiers_own_commune_judges(judge, who):
    dossier = a_submitted_dossier()
    by = {
        "producer": a_producer(dossier.subject_id),
        "another commune": an_officer(ELSEWHERE),
        "the province": the_agency(),
    }[who]

    with pytest.raises(NotAllowed):
        judge(dossier, by=by)

    assert dossier.status is Status.SUBMITTED


@each_judgement
@pytest.mark.parametrize(
    ("on", "refusal"),
    [(NOW.day - timedelta(days=1), DateBeforeLastAct), (date(2026, 11, 21), DateInFuture)],
)
def test_judgements_run_forward_in_time(judge, on, refusal):
    dossier = a_submitted_dossier()

    with pytest.raises(refusal, match="on: "):
        judge(dossier, on=on)

    assert dossier.status is Status.SUBMITTED


def test_the_commune_has_fifteen_working_days_under_the_decision_of_2026():
    dossier = a_submitted_dossier()

    assert NOW.day == date(2026, 7, 1)
    assert dossier.due_on(NO_DAYS_OFF) == date(2026, 7, 22)


def test_a_public_holiday_gives_the_commune_a_day_more():
    dossier = a_submitted_dossier()

    assert dossier.due_on({date(2026, 7, 6)}) == date(2026, 7, 23)


def test_a_dossier_filed_again_gives_the_commune_its_days_again():
    dossier = a_returned_dossier()

    submit(dossier, on=date(2026, 8, 3))

    assert dossier.due_on(NO_DAYS_OFF) == date(2026, 8, 24)


@pytest.mark.parametrize(
    "build", [a_dossier, a_returned_dossier, a_verified_dossier, a_withdrawn_dossier]
)
def test_nothing_is_due_of_what_does_not_lie_with_the_commune(build):
    assert build().due_on(NO_DAYS_OFF) is None


@pytest.mark.parametrize("pack_id", ["QD1048-2019", "QD148-2023"])
def test_where_no_deadline_is_known_none_is_made_up(pack_id):
    assert a_submitted_dossier(ERAS[pack_id]).due_on(NO_DAYS_OFF) is None
