"""What changed between two packs is told by decision, by kind of product, and by criterion."""

from regulation.comparing import changes_of_decision, changes_of_set, pairs, same_criteria
from regulation.packs import pack, packs

OLD, NEW = pack("QD1048-2019"), pack("QD26-2026")


def test_the_decision_tells_that_the_districts_council_is_gone() -> None:
    changes = {
        change.where: (change.before, change.after) for change in changes_of_decision(OLD, NEW)
    }

    assert changes["councils"] == ("district, province", "province")
    assert changes["parts"] == ("A 35, B 25, C 40", "A 40, B 25, C 35")
    assert "validity_months" not in changes


def test_every_set_stands_in_the_comparison() -> None:
    found = pairs(OLD, NEW)

    assert {old.code for old, _ in found if old} == set(OLD.sets)
    assert {new.code for _, new in found if new} == set(NEW.sets)


def test_what_a_set_succeeds_is_there() -> None:
    codes = {code for each in packs() for code in each.sets}

    succeeded = {code for each in packs() for one in each.sets.values() for code in one.succeeds}

    assert succeeded <= codes


def test_a_criterion_is_found_again_though_its_number_changed() -> None:
    same = same_criteria(OLD.criteria_set("QD1048-01"), NEW.criteria_set("QD26-01"))

    assert same["1.4"] == "1.5"  # production linkage
    assert same["8"] == "8"  # uniqueness


def test_fresh_vegetables_gained_minimums_and_lost_the_accounting() -> None:
    found = changes_of_set(OLD.criteria_set("QD1048-01"), NEW.criteria_set("QD26-01"))
    changes = {change.where: (change.before, change.after) for change in found}

    assert changes["3.5 Kế toán"] == ("0/1/2", None)
    assert changes["5.3 Trí tuệ/bản sắc địa phương"][1] == "0/1/3/5 3★≥1 4★≥1 5★≥1"
    assert changes["3.5 Sở hữu trí tuệ"][0] is None


def test_a_pack_compared_with_itself_has_not_changed() -> None:
    assert changes_of_decision(NEW, NEW) == []
    assert changes_of_set(NEW.criteria_set("QD26-11"), NEW.criteria_set("QD26-11")) == []
