from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from regulation.packs import in_force, pack, packs, require_in_force
from regulation.refusals import PackNotInForce, UnknownCriteriaSet, UnknownPack, UnknownPurpose

TOPICS = ("local_material", "local_labour", "idea_origin", "local_identity")
TODAY = pack("QD26-2026")
each_pack = pytest.mark.parametrize("each", packs(), ids=lambda each: each.id)


def test_four_decisions_stand_on_the_shelf_in_their_order():
    ids = [each.id for each in packs()]

    assert ids == ["QD1048-2019", "QD148-2023", "QD1489-2025", "QD26-2026"]


def test_the_shelf_is_read_once():
    assert packs() is packs()
    assert TODAY.criteria_set("QD26-01") is TODAY.criteria_set("QD26-01")


def test_an_unknown_pack_is_refused():
    with pytest.raises(UnknownPack, match="QD490-2018"):
        pack("QD490-2018")


@pytest.mark.parametrize(
    ("on", "pack_id"),
    [
        (date(2019, 8, 21), "QD1048-2019"),
        (date(2023, 2, 23), "QD1048-2019"),
        (date(2023, 2, 24), "QD148-2023"),
        (date(2025, 7, 5), "QD148-2023"),
        (date(2025, 7, 6), "QD1489-2025"),
        (date(2026, 5, 21), "QD1489-2025"),
        (date(2026, 5, 22), "QD26-2026"),
        (date(2026, 7, 22), "QD26-2026"),
        (date(2040, 1, 1), "QD26-2026"),
    ],
)
def test_the_newest_pack_in_force_takes_new_dossiers(on, pack_id):
    assert in_force(on).id == pack_id


def test_nothing_is_in_force_before_the_first_decision():
    with pytest.raises(PackNotInForce, match="2019-08-20"):
        in_force(date(2019, 8, 20))


@pytest.mark.parametrize(
    ("pack_id", "on"),
    [
        ("QD1489-2025", date(2026, 5, 22)),
        ("QD1489-2025", date(2026, 7, 21)),
        ("QD26-2026", date(2026, 5, 22)),
        ("QD148-2023", date(2025, 7, 5)),
    ],
)
def test_two_packs_overlap_in_the_transition(pack_id, on):
    assert require_in_force(pack_id, on).id == pack_id


@pytest.mark.parametrize(
    ("pack_id", "on"),
    [
        ("QD1489-2025", date(2026, 7, 22)),
        ("QD1489-2025", date(2025, 7, 5)),
        ("QD26-2026", date(2026, 5, 21)),
        ("QD148-2023", date(2025, 7, 6)),
        ("QD148-2023", date(2026, 6, 1)),
        ("QD1048-2019", date(2023, 2, 25)),
    ],
)
def test_a_pack_outside_its_days_takes_no_dossier(pack_id, on):
    with pytest.raises(PackNotInForce) as refusal:
        require_in_force(pack_id, on)
    assert refusal.value.slug == "pack-not-in-force"


@pytest.mark.parametrize(
    ("pack_id", "parts"),
    [
        ("QD1048-2019", {"A": 35, "B": 25, "C": 40}),
        ("QD148-2023", {"A": 40, "B": 25, "C": 35}),
        ("QD1489-2025", {"A": 40, "B": 25, "C": 35}),
        ("QD26-2026", {"A": 40, "B": 25, "C": 35}),
    ],
)
def test_parts_have_the_points_of_their_decision(pack_id, parts):
    assert pack(pack_id).parts == parts


@pytest.mark.parametrize(
    ("pack_id", "councils", "certifies", "referral"),
    [
        ("QD1048-2019", ("district", "province"), "province", {"district": 50, "province": 90}),
        ("QD148-2023", ("district", "province"), "district", {"district": 70, "province": 90}),
        ("QD1489-2025", ("province",), "province", {"province": 90}),
        ("QD26-2026", ("province",), "province", {"province": 90}),
    ],
)
def test_councils_and_powers_are_those_of_their_decision(pack_id, councils, certifies, referral):
    each = pack(pack_id)

    assert each.councils == councils
    assert [each.authority(star) for star in range(6)] == [
        None, None, None, certifies, "province", "national",
    ]  # fmt: skip
    assert each.referral == {level: Decimal(mean) for level, mean in referral.items()}


@pytest.mark.parametrize("pack_id", ["QD1048-2019", "QD148-2023", "QD1489-2025"])
def test_what_is_not_known_of_a_lower_national_result_is_not_made_up(pack_id):
    assert pack(pack_id).evaluates_again == {}


def test_a_lower_national_result_may_be_evaluated_once_more_since_2026():
    assert pack("QD26-2026").evaluates_again == {"national": "province"}


def test_levels_follow_one_another():
    levels = pack("QD148-2023")

    assert [levels.next_level(each) for each in levels.levels] == [
        "district", "province", "national", None,
    ]  # fmt: skip
    assert TODAY.next_level("district") is None


@each_pack
@pytest.mark.parametrize(
    ("mean", "star"),
    [
        (Fraction(0), 1),
        (Fraction(30) - Fraction(1, 10**9), 1),
        (Fraction(30), 2),
        (Fraction(149, 3), 2),
        (Fraction(50), 3),
        (Fraction(70) - Fraction(1, 10**9), 3),
        (Fraction(70), 4),
        (Fraction(899999, 10000), 4),
        (Fraction(90), 5),
        (Fraction(100), 5),
    ],
)
def test_bands_are_half_open_on_the_exact_mean(each, mean, star):
    assert each.band(mean) == star


@each_pack
def test_a_certificate_is_valid_36_months_under_every_decision(each):
    assert each.validity_months == 36


@pytest.mark.parametrize(
    ("pack_id", "topics"),
    [
        ("QD1048-2019", ("local_labour", "local_material")),
        ("QD148-2023", TOPICS),
        ("QD1489-2025", TOPICS),
        ("QD26-2026", TOPICS),
    ],
)
def test_the_commune_speaks_on_the_topics_of_its_decision(pack_id, topics):
    assert set(pack(pack_id).commune_topics) == set(topics)


def test_the_commune_has_fifteen_working_days_and_the_article_is_named():
    assert (TODAY.commune_days, TODAY.commune_days_source) == (15, "26/2026/QĐ-TTg Art. 7.2")


@pytest.mark.parametrize("pack_id", ["QD1048-2019", "QD148-2023", "QD1489-2025"])
def test_where_the_days_of_the_commune_were_not_found_none_are_set(pack_id):
    assert pack(pack_id).commune_days is None


def test_the_rounds_of_a_year_have_their_cut_offs():
    days = [
        (window.level, window.requests_before(2027), window.done_before(2027))
        for window in TODAY.rounds
    ]

    assert days == [
        ("province", date(2027, 4, 30), date(2027, 6, 30)),
        ("province", date(2027, 10, 30), date(2027, 12, 30)),
        ("national", date(2027, 7, 30), date(2027, 9, 30)),
        ("national", date(2027, 1, 30), date(2027, 3, 30)),
    ]


def test_old_dossiers_have_their_last_days_under_the_new_decision():
    assert TODAY.transition.finish_by == {
        "first": date(2026, 7, 21),
        "upgrade": date(2026, 7, 21),
        "reevaluation": date(2026, 6, 21),
    }
    assert TODAY.transition.extension_days == 180


def test_a_certificate_is_revoked_on_six_grounds_within_fifteen_days():
    assert [ground.code for ground in TODAY.revocation_grounds] == [
        "false-information",
        "criteria-no-longer-met",
        "law-breached",
        "mark-misused",
        "production-stopped",
        "other-conclusion",
    ]
    assert TODAY.revocation_days == 15
    assert TODAY.revokes == {3: "province", 4: "province", 5: "national"}


@each_pack
def test_what_is_not_known_about_a_decision_is_said(each):
    assert each.unknown


@each_pack
def test_bands_powers_and_terms_name_their_source(each):
    assert {"valid_from", "parts", "bands", "certifies", "referral"} <= set(each.sources)


def test_an_unknown_criteria_set_is_refused():
    with pytest.raises(UnknownCriteriaSet, match="QD26-2026 has no criteria set 'QD26-27'"):
        TODAY.criteria_set("QD26-27")


@pytest.mark.parametrize(
    ("pack_id", "sets"),
    [("QD1048-2019", 26), ("QD148-2023", 1), ("QD1489-2025", 1), ("QD26-2026", 26)],
)
def test_each_pack_has_its_sets(pack_id, sets):
    assert len(pack(pack_id).sets) == sets


def codes(purpose, *, of="QD26-2026", criteria_set="QD26-01", who=("subject", "commune")):
    each = pack(of)
    asked = each.components_for(purpose=purpose, criteria_set=each.criteria_set(criteria_set))
    return [c.code for c in asked if c.mandatory and c.who in who]


def test_a_first_dossier_of_2026_has_its_mandatory_components():
    assert codes("first") == ["M01", "M02", "SAMPLE", "EV-01", "C01", "M03"]


def test_an_upgrade_states_what_changed():
    assert set(codes("upgrade")) - set(codes("first")) == {"M02-UP"}


def test_a_reevaluation_brings_three_years_up_to_date():
    assert set(codes("reevaluation")) - set(codes("first")) == {"M02-RE"}


def test_tourism_hands_in_no_samples():
    assert set(codes("first")) - set(codes("first", criteria_set="QD26-26")) == {"SAMPLE"}


def test_the_province_asks_for_five_stars_with_the_papers_of_its_council():
    first = codes("first", who=("province",))
    again = codes("reevaluation", who=("province",))

    assert (first, again) == (["P01", "P02", "P03", "P04"], ["P01", "P06"])


def test_a_dossier_of_2019_has_five_mandatory_components():
    asked = codes("first", of="QD1048-2019", criteria_set="QD1048-01")

    assert asked == ["D01", "D02", "D03", "D04", "D05"]


def test_services_of_2019_hand_in_no_samples():
    asked = codes("first", of="QD1048-2019", criteria_set="QD1048-26")

    assert asked == ["D01", "D02", "D03", "D04"]


def test_a_purpose_that_does_not_exist_is_refused():
    with pytest.raises(UnknownPurpose, match="re-evaluation"):
        codes("re-evaluation")
