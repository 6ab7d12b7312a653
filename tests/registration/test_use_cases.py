from datetime import date
from types import SimpleNamespace
from uuid import uuid4

import pytest

from regulation.days import DateInFuture
from regulation.numbering import NoDistrict
from regulation.refusals import (
    IncompleteCriteriaSet,
    NotAllowed,
    PackNotInForce,
    UnknownCriteriaSet,
    UnknownPack,
    UnknownPurpose,
    UnknownUnit,
)
from services.registration import use_cases
from services.registration.domain.dossier import Status
from services.registration.domain.idea import UnknownIdea
from services.registration.domain.places import place_of
from services.registration.domain.refusals import (
    ComponentsMissing,
    IdeaNotSelected,
    UnknownDossier,
)
from services.registration.domain.subject import UnknownSubject
from tests.builders.registration import (
    COMMUNE,
    ELSEWHERE,
    ERAS,
    GONE,
    LETTER,
    NOW,
    TODAY,
    a_complete_dossier,
    a_producer,
    a_returned_dossier,
    a_subject,
    a_submitted_dossier,
    a_verified_dossier,
    an_idea,
    an_officer,
    evidence,
    findings,
    particulars,
    the_agency,
)
from tests.registration.fakes import FakeDossiers, FakeIdeas, FakeSerials, FakeSubjects

BEFORE = ERAS["QD148-2023"]


@pytest.fixture
def kept() -> SimpleNamespace:
    return SimpleNamespace(
        subjects=FakeSubjects(), ideas=FakeIdeas(), dossiers=FakeDossiers(), serials=FakeSerials()
    )


def register(kept, **changes):
    given = {"subject_id": uuid4(), "particulars": particulars(), "by": an_officer(),
             "on": NOW.day, "today": TODAY}  # fmt: skip
    return use_cases.register_subject(kept.subjects, **given | changes)


def propose(kept, subject_id, **changes):
    given = {"idea_id": uuid4(), "subject_id": subject_id, "by": an_officer(), "title": "Chè",
             "on": NOW.day, "today": TODAY}  # fmt: skip
    return use_cases.propose_idea(kept.subjects, kept.ideas, **given | changes)


def open_one(kept, era=NOW, **changes):
    """Open a dossier of a new subject with a selected idea."""
    subject = changes.pop("subject", None) or a_subject(place=era.place)
    idea = an_idea(subject_id=subject.id)
    idea.select(by=the_agency(), year=2026, on=NOW.day, today=TODAY)
    for store, new in ((kept.subjects, subject), (kept.ideas, idea)):
        if new.version == 0:
            store.save(new)
    given = {"dossier_id": uuid4(), "subject_id": subject.id, "idea_id": idea.id,
             "by": an_officer(subject.place.commune), "product_name": "Chè mẫu",
             "criteria_set": era.criteria_set, "purpose": "first", "pack_id": None,
             "on": era.day, "today": TODAY}  # fmt: skip
    return use_cases.open_dossier(kept.subjects, kept.ideas, kept.dossiers, **given | changes)


def test_a_new_subject_is_entered(kept):
    registered = register(kept)

    assert (registered.is_new, registered.changed) == (True, ())
    assert kept.subjects.get(registered.subject.id) == registered.subject
    assert registered.subject.last_on == NOW.day


def test_a_producer_registers_itself(kept):
    subject_id = uuid4()

    assert register(kept, subject_id=subject_id, by=a_producer(subject_id)).is_new


@pytest.mark.parametrize("who", [an_officer(ELSEWHERE), the_agency(), a_producer(uuid4())])
def test_nobody_else_registers_a_subject(kept, who):
    subject_id = uuid4()

    with pytest.raises(NotAllowed):
        register(kept, subject_id=subject_id, by=who)

    assert kept.subjects.find(subject_id) is None


def test_nothing_is_entered_ahead_of_time(kept):
    tomorrow = {"on": date(2026, 11, 21)}
    subject = register(kept).subject

    with pytest.raises(DateInFuture):
        register(kept, **tomorrow)
    with pytest.raises(DateInFuture):
        propose(kept, subject.id, **tomorrow)
    with pytest.raises(DateInFuture):
        open_one(kept, **tomorrow)


def test_a_known_subject_is_changed(kept):
    first = register(kept).subject

    again = register(
        kept, subject_id=first.id, particulars=particulars(phone=None), on=NOW.later(1)
    )

    assert (again.is_new, again.changed) == (False, ("phone",))
    assert kept.subjects.get(first.id).version == 2


def test_the_same_subject_again_is_harmless(kept):
    first = register(kept).subject

    again = register(kept, subject_id=first.id)

    assert (again.is_new, again.changed) == (False, ())
    assert kept.subjects.get(first.id) == first


def test_an_idea_lies_where_its_subject_lay_on_that_day(kept):
    subject = register(kept).subject

    now, before = propose(kept, subject.id), propose(kept, subject.id, on=BEFORE.day)

    assert (now.place, before.place) == (NOW.place, BEFORE.place)
    assert kept.ideas.get(now.id) == now


def test_ideas_are_proposed_for_a_known_subject_by_its_own(kept):
    subject = register(kept).subject

    with pytest.raises(NotAllowed):
        propose(kept, subject.id, by=an_officer(ELSEWHERE))
    with pytest.raises(UnknownSubject):
        propose(kept, uuid4())


def test_an_idea_is_selected(kept):
    idea = propose(kept, register(kept).subject.id)

    use_cases.select_idea(
        kept.ideas, idea_id=idea.id, by=the_agency(), year=2026, on=NOW.day, today=TODAY
    )

    assert kept.ideas.get(idea.id).year == 2026
    assert [news.on for news in kept.ideas.said] == [NOW.day]


@pytest.mark.parametrize("era", ERAS.values(), ids=ERAS.keys())
def test_a_dossier_is_opened_under_the_pack_of_its_day(kept, era):
    dossier = open_one(kept, era)

    assert (dossier.pack_id, dossier.place) == (era.pack_id, era.place)
    assert dossier.producer == "HTX mẫu"
    assert kept.dossiers.get(dossier.id) == dossier


def test_while_two_packs_overlap_the_caller_may_choose(kept):
    old = {"criteria_set": "QD1489-PARTS", "pack_id": "QD1489-2025"}

    chosen = open_one(kept, on=date(2026, 6, 1), **old)

    assert chosen.pack_id == "QD1489-2025"
    assert open_one(kept, on=date(2026, 6, 1)).pack_id == "QD26-2026"
    with pytest.raises(PackNotInForce):
        open_one(kept, on=date(2026, 7, 22), **old)


def test_between_the_last_district_and_the_next_decision_no_dossier_is_opened(kept):
    subject = a_subject(place=NOW.place)

    with pytest.raises(NoDistrict) as refused:
        open_one(kept, BEFORE, subject=subject, on=date(2025, 7, 3))

    assert refused.value.slug == "no-district"
    assert "under the next decision" in str(refused.value)
    following = {"criteria_set": "QD1489-PARTS", "on": date(2025, 7, 6)}
    assert open_one(kept, subject=subject, **following).pack_id == "QD1489-2025"


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"pack_id": "QD148-2023"}, PackNotInForce),
        ({"on": date(2019, 8, 20)}, PackNotInForce),
        ({"pack_id": "QD99"}, UnknownPack),
        ({"criteria_set": "QD148-PARTS"}, UnknownCriteriaSet),
        ({"criteria_set": "nothing"}, UnknownCriteriaSet),
        ({"purpose": "fun"}, UnknownPurpose),
        ({"by": an_officer(ELSEWHERE)}, NotAllowed),
        ({"by": the_agency()}, NotAllowed),
        ({"idea_id": None}, IdeaNotSelected),
        ({"idea_id": uuid4()}, UnknownIdea),
        ({"idea_id": uuid4(), "purpose": "upgrade"}, UnknownIdea),
        ({"subject_id": uuid4()}, UnknownSubject),
    ],
)
def test_what_does_not_fit_opens_no_dossier(kept, changes, refusal):
    dossier_id = uuid4()

    with pytest.raises(refusal):
        open_one(kept, dossier_id=dossier_id, **changes)

    with pytest.raises(UnknownDossier):
        kept.dossiers.get(dossier_id)


def test_a_set_whose_points_are_not_known_opens_no_dossier(kept):
    with pytest.raises(IncompleteCriteriaSet):
        open_one(kept, ERAS["QD1048-2019"], criteria_set="QD1048-03")


def test_a_first_dossier_follows_a_selected_idea_of_its_own_subject(kept):
    subject = register(kept).subject
    proposed = propose(kept, subject.id)
    somebody_elses = an_idea()
    somebody_elses.select(by=the_agency(), year=2026, on=NOW.day, today=TODAY)
    kept.ideas.save(somebody_elses)

    for idea in (proposed, somebody_elses):
        with pytest.raises(IdeaNotSelected, match="idea_id"):
            open_one(kept, subject=subject, idea_id=idea.id)


@pytest.mark.parametrize("purpose", ["upgrade", "reevaluation"])
def test_a_later_dossier_needs_no_idea(kept, purpose):
    assert open_one(kept, purpose=purpose, idea_id=None).idea_id is None


def test_where_the_commune_is_no_more_the_subject_is_moved_first(kept):
    gone = place_of(GONE, BEFORE.day)
    subject = register(
        kept, particulars=particulars(place=gone), by=an_officer(GONE), on=BEFORE.day
    ).subject

    with pytest.raises(UnknownUnit, match="change the subject first"):
        open_one(kept, subject=subject)
    register(kept, subject_id=subject.id, by=an_officer())
    moved = kept.subjects.get(subject.id)

    assert open_one(kept, subject=moved).place == NOW.place


def test_dossiers_keep_their_place_when_their_subject_moves(kept):
    subject = register(kept).subject
    dossier = open_one(kept, subject=subject)

    moved = particulars(place=place_of(ELSEWHERE, NOW.day), public_name="Tên mới")
    register(kept, subject_id=subject.id, particulars=moved)

    unmoved = kept.dossiers.get(dossier.id)
    assert (unmoved.place.commune, unmoved.producer) == (COMMUNE, "HTX mẫu")


def test_filing_numbers_a_dossier_by_commune_and_year(kept):
    for number in (1, 2):
        dossier = a_complete_dossier()
        kept.dossiers.save(dossier)
        filed = use_cases.submit(
            kept.dossiers, kept.serials, dossier_id=dossier.id, by=an_officer(), on=NOW.day,
            today=TODAY,
        )  # fmt: skip

        assert filed.registration_number == f"{number:02d}-01/PĐK-38-14758-2026"
        assert filed.product_code == f"38-14758-{number}-2026"
    assert [news.dossier.status for news in kept.dossiers.said] == [Status.SUBMITTED] * 2


def test_while_there_were_districts_product_codes_named_them(kept):
    kept.dossiers.save(dossier := a_complete_dossier(BEFORE))

    filed = use_cases.submit(
        kept.dossiers, kept.serials, dossier_id=dossier.id, by=an_officer(), on=BEFORE.day,
        today=TODAY,
    )  # fmt: skip

    assert filed.product_code == "38-380-14758-1-2024"


def test_a_refused_or_repeated_filing_draws_no_number(kept):
    short, returned = a_complete_dossier(samples=0), a_returned_dossier()
    short.samples = 0
    kept.dossiers.save(short)
    kept.dossiers.save(returned)
    given = {"by": an_officer(), "on": NOW.later(5), "today": TODAY}

    with pytest.raises(ComponentsMissing):
        use_cases.submit(kept.dossiers, kept.serials, dossier_id=short.id, **given)
    use_cases.submit(kept.dossiers, kept.serials, dossier_id=returned.id, **given)

    assert not kept.serials.drawn


def test_what_is_put_into_a_dossier_is_kept(kept):
    dossier = open_one(kept)
    given = {"dossier_id": dossier.id, "by": an_officer()}

    use_cases.attach_components(kept.dossiers, evidence={"M01": [evidence()]}, **given)
    use_cases.bring_samples(kept.dossiers, count=5, **given)
    use_cases.self_assess(kept.dossiers, choices={"1.1": 2}, **given)

    found = kept.dossiers.get(dossier.id)
    assert (found.components, found.samples) == ({"M01": (evidence(),)}, 5)
    assert found.self_assessment == {"1.1": 2}


JUDGED = {
    Status.VERIFIED: lambda dossiers, **given: use_cases.verify(
        dossiers, findings=findings(NOW.pack), request_letter=LETTER, **given
    ),
    Status.RETURNED: lambda dossiers, **given: use_cases.send_back(
        dossiers, missing=["M01"], **given
    ),
    Status.WITHDRAWN: use_cases.withdraw,
}


@pytest.mark.parametrize(("status", "act"), JUDGED.items(), ids=JUDGED.keys())
def test_acts_on_a_filed_dossier_are_kept_and_told(kept, status, act):
    kept.dossiers.save(dossier := a_submitted_dossier())

    act(kept.dossiers, dossier_id=dossier.id, by=an_officer(), on=NOW.later(2), today=TODAY)

    assert kept.dossiers.get(dossier.id).status is status
    assert [news.on for news in kept.dossiers.said] == [NOW.later(2)]


def test_where_a_dossier_stands_is_kept(kept):
    kept.dossiers.save(dossier := a_verified_dossier())

    use_cases.note_standing(kept.dossiers, dossier_id=dossier.id, standing="revoked")

    assert kept.dossiers.get(dossier.id).standing == "revoked"
