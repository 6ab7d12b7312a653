from datetime import date

import pytest

from regulation.days import DateBeforeLastAct, DateInFuture
from regulation.refusals import NotAllowed
from services.registration.domain.idea import IdeaAlreadySelected, IdeaStatus
from tests.builders.registration import (
    ERAS,
    TODAY,
    a_producer,
    an_idea,
    an_officer,
    the_agency,
)

DAY = date(2026, 7, 1)


def test_the_agency_selects_an_idea_for_a_year():
    idea = an_idea()

    idea.select(by=the_agency(), year=2026, on=DAY, today=TODAY)

    assert (idea.status, idea.year) == (IdeaStatus.SELECTED, 2026)
    assert [news.on for news in idea.news] == [DAY]


def test_while_there_were_districts_their_agency_selected():
    idea = an_idea(place=ERAS["QD148-2023"].place)

    idea.select(by=the_agency("380"), year=2026, on=DAY, today=TODAY)

    assert idea.status is IdeaStatus.SELECTED


@pytest.mark.parametrize(
    "who", [an_officer(), the_agency("40"), the_agency("14758")], ids=["commune", "40", "14758"]
)
def test_nobody_else_selects(who):
    idea = an_idea()

    with pytest.raises(NotAllowed):
        idea.select(by=who, year=2026, on=DAY, today=TODAY)

    assert idea.news == []


def test_its_producer_does_not_select_its_own_idea():
    idea = an_idea()

    with pytest.raises(NotAllowed):
        idea.select(by=a_producer(idea.subject_id), year=2026, on=DAY, today=TODAY)


def test_an_idea_is_selected_once():
    idea = an_idea()
    idea.select(by=the_agency(), year=2026, on=DAY, today=TODAY)

    with pytest.raises(IdeaAlreadySelected, match="2026"):
        idea.select(by=the_agency(), year=2027, on=DAY, today=TODAY)

    assert idea.year == 2026


def test_an_idea_is_not_selected_before_it_was_proposed_nor_ahead():
    idea = an_idea()

    with pytest.raises(DateBeforeLastAct):
        idea.select(by=the_agency(), year=2026, on=date(2026, 5, 31), today=TODAY)
    with pytest.raises(DateInFuture):
        idea.select(by=the_agency(), year=2026, on=date(2026, 11, 21), today=TODAY)

    assert idea.status is IdeaStatus.PROPOSED
