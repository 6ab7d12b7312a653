"""Sets that an operator adds to a pack: read in two forms, checked, sealed, never replaced."""

import json

import pytest
import yaml

from regulation import additions, packs
from regulation.additions import SetAlreadyThere
from regulation.reading import PackLoader
from regulation.refusals import BrokenPack, IncompleteCriteriaSet
from regulation.showing import show_set
from regulation.written import as_written
from tests.builders.added_sets import CODE, only_the_published_law, shown_set, written
from tests.regulation.builders import all_sets

SHELF = packs.read_shelf(packs.SHELF)
OLD = next(each for each in SHELF if each.id == "QD148-2023")
AMENDED = next(each for each in SHELF if each.id == "QD1489-2025")


@pytest.fixture(autouse=True)
def nothing_stays():
    with only_the_published_law():
        yield


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "law"


def read(folder, *files, pack=OLD):
    return additions.read(files, pack, shelf=SHELF, folder=folder)


def add(folder, *files, pack=OLD):
    found = read(folder, *files, pack=pack)
    additions.write(found, pack, folder=folder)
    return found


def faulty(change):
    """The set with one thing changed in it."""
    shown = shown_set()
    change(shown)
    return shown


@pytest.mark.parametrize("each", all_sets(), ids=lambda each: each.code)
def test_what_is_shown_reads_back_as_the_same_set(each):
    shown = json.loads(json.dumps(show_set(each)))

    text = yaml.safe_dump(as_written(shown), allow_unicode=True, sort_keys=False)
    data = yaml.load(text, PackLoader)  # noqa: S506  a SafeLoader, narrowed

    pack = next(pack for pack in SHELF if pack.id == each.pack)
    assert show_set(additions.read_set(pack, data, code=each.code)) == show_set(each)


def test_an_added_set_is_a_set_of_its_pack(folder, tmp_path):
    add(folder, written(tmp_path, shown_set()))

    packs.take_up(folder)

    added = packs.pack("QD148-2023").criteria_set(CODE)
    assert show_set(added) == shown_set()
    assert "QD148-PARTS" in packs.pack("QD148-2023").sets


def test_the_published_packs_are_left_alone(folder, tmp_path):
    add(folder, written(tmp_path, shown_set()))

    assert packs.pack("QD148-2023").sets.keys() == {"QD148-PARTS"}
    assert sorted(path.name for path in folder.rglob("*")) == [
        "QD148-01.yaml",
        "QD148-2023",
        "SEALED",
    ]


def test_yaml_is_kept_word_for_word(folder, tmp_path):
    file = tmp_path / "set.yaml"
    body = yaml.safe_dump(as_written(shown_set()), allow_unicode=True, sort_keys=False)
    file.write_text(f"# typed in by the office\n{body}", "utf-8")

    add(folder, file)

    assert (folder / "QD148-2023" / "QD148-01.yaml").read_text("utf-8") == file.read_text("utf-8")


def test_adding_the_same_again_changes_nothing(folder, tmp_path):
    file = written(tmp_path, shown_set())
    add(folder, file)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    (again,) = add(folder, file)

    assert again.is_new is False
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_other_content_under_the_same_code_is_refused(folder, tmp_path):
    add(folder, written(tmp_path, shown_set()))

    with pytest.raises(SetAlreadyThere, match="QD148-01 stands in QD148-2023 with other content"):
        read(folder, written(tmp_path, shown_set(lead="MoH")))


def test_a_set_whose_file_was_deleted_comes_back_only_as_it_was(folder, tmp_path):
    file = written(tmp_path, shown_set())
    add(folder, file)
    (folder / "QD148-2023" / "QD148-01.yaml").unlink()

    with pytest.raises(SetAlreadyThere):
        read(folder, written(tmp_path, shown_set(lead="MoH"), "other.json"))
    add(folder, file)

    packs.take_up(folder)
    assert CODE in packs.pack("QD148-2023").sets


def test_the_same_set_may_stand_in_the_amended_pack_but_no_other_by_its_name(folder, tmp_path):
    add(folder, written(tmp_path, shown_set()))

    add(folder, written(tmp_path, shown_set(pack="QD1489-2025") | {}, "b.json"), pack=AMENDED)

    with pytest.raises(SetAlreadyThere):
        read(folder, written(tmp_path, shown_set(lead="MoH"), "c.json"), pack=AMENDED)


@pytest.mark.parametrize("change", ["changed", "deleted", "new"])
def test_a_folder_that_was_changed_by_hand_is_refused(folder, tmp_path, change):
    add(folder, written(tmp_path, shown_set()))
    file = folder / "QD148-2023" / "QD148-01.yaml"
    if change == "changed":
        file.write_text(file.read_text("utf-8").replace("points: 2", "points: 1", 1), "utf-8")
    elif change == "deleted":
        file.unlink()
    else:
        file.with_name("QD148-02.yaml").write_text("code: QD148-02\n", "utf-8")
    packs.take_up(folder)

    with pytest.raises(BrokenPack, match=r"QD148-2023/QD148-0.\.yaml: differs from the seal"):
        packs.packs()


def test_a_folder_of_no_pack_is_refused(folder):
    (folder / "QD999-2030").mkdir(parents=True)
    packs.take_up(folder)

    with pytest.raises(BrokenPack, match="QD999-2030 is no pack that sets can be added to"):
        packs.packs()


def test_a_folder_that_is_not_there_adds_nothing(folder):
    packs.take_up(folder)

    assert len(packs.pack("QD148-2023").sets) == 1


def first(shown):
    return shown["parts"][0]["sections"][0]["criteria"][0]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda s: first(s)["options"][2].update(points=4), "A/1/1.1: option 3 has 4 points, the criterion at most 3"),
        (lambda s: first(s).update(max=4), "A/1: 1.1: its best option has 3 points, not 4"),
        (lambda s: s["parts"][0]["sections"][0].update(max=17), "A/1: its criteria add up to 18 points"),
        (lambda s: s["parts"][0].update(max=41), "A: its sections add up to 40 points, the part says 41"),
        (lambda s: first(s).update(minimums={"3": 9}), "the gate for 3 stars asks 9 points, which no option has"),
        (lambda s: first(s).update(topic="taste"), "1.1: taste is not a topic of the commune"),
        (lambda s: first(s).update(evidence=["EV-99"]), "evidence EV-99 is not a component of the dossier"),
        (lambda s: s.update(parts=s["parts"][:2]), "the pack asks {'A': 40, 'B': 25, 'C': 35}"),
        (lambda s: first(s).update(colour="red"), "QD148-2023/QD148-01: A/1/1.1: 'colour' is not a field here"),
        (lambda s: s.update(code="../evil"), "code is '../evil'"),
        (lambda s: s.update(group="XX"), "group XX is none of"),
        (lambda s: s.update(succeeds=["QD1-01"]), "it names QD1-01, which is no set of any pack"),
        (lambda s: s.update(complete=False, because={"vi": "Thiếu", "en": "Lacking"}), "it is not complete"),
        (lambda s: s.update(parts=[1]), "parts 1 is 1, a mapping is expected"),
        (lambda s: s.update(parts=[{"sections": 5}]), "not a criteria set as `show --json` prints it"),
    ],
)  # fmt: skip
def test_a_fault_is_refused_with_the_path_to_it(folder, tmp_path, change, says):
    with pytest.raises(BrokenPack) as refused:
        read(folder, written(tmp_path, faulty(change)))

    assert says in str(refused.value)
    assert not folder.exists()


def test_a_code_of_a_published_set_is_refused(folder, tmp_path):
    for code in ("QD26-01", "QD148-PARTS"):
        with pytest.raises(SetAlreadyThere, match=f"{code} is a set of QD"):
            read(folder, written(tmp_path, shown_set(code)))


def test_two_files_for_one_set_are_refused(folder, tmp_path):
    files = [written(tmp_path, shown_set(), name) for name in ("a.json", "b.json")]

    with pytest.raises(BrokenPack, match="QD148-01 is in two of the files"):
        read(folder, *files)


def test_incomplete_sets_of_2019_are_still_refused_with_their_reason():
    for code in ("QD1048-03", "QD1048-10", "QD1048-16", "QD1048-19"):
        criteria_set = packs.pack("QD1048-2019").criteria_set(code)

        with pytest.raises(IncompleteCriteriaSet, match=f"{code} cannot be used: "):
            criteria_set.require_complete()
        assert show_set(criteria_set)["because"]["vi"]
