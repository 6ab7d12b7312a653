import hashlib

from regulation.check import faults
from regulation.packs import SHELF
from regulation.seal import broken_seals, main, write_seals
from tests.regulation.builders import a_shelf, rewrite


def sealed(folder):
    shelf = a_shelf(folder)
    write_seals(shelf)
    return shelf


def test_every_published_pack_is_as_it_was_sealed():
    assert broken_seals() == ()


def test_the_whole_shelf_is_sound():
    assert list(faults()) == []


def test_a_seal_is_written_as_sha256sum_writes_it():
    for line in (SHELF / "QD26-2026" / "SEALED").read_text("utf-8").splitlines():
        digest, file = line.split("  ", 1)
        content = (SHELF / "QD26-2026" / file).read_bytes()

        assert hashlib.sha256(content).hexdigest() == digest


def test_a_changed_file_breaks_the_seal(tmp_path):
    shelf = sealed(tmp_path)
    rewrite(shelf / "QD148-2023" / "pack.yaml", validity_months=48)

    assert broken_seals(shelf) == ("QD148-2023/pack.yaml: differs from the seal",)


def test_a_new_file_breaks_the_seal(tmp_path):
    shelf = sealed(tmp_path)
    (shelf / "QD148-2023" / "sets" / "QD148-01.yaml").write_text("{}", "utf-8")

    assert broken_seals(shelf) == ("QD148-2023/sets/QD148-01.yaml: differs from the seal",)


def test_a_missing_file_breaks_the_seal(tmp_path):
    shelf = sealed(tmp_path)
    (shelf / "QD148-2023" / "sets" / "QD148-PARTS.yaml").unlink()

    assert broken_seals(shelf) == ("QD148-2023/sets/QD148-PARTS.yaml: differs from the seal",)


def test_a_pack_without_a_seal_is_not_sealed(tmp_path):
    shelf = a_shelf(tmp_path)
    (shelf / "QD148-2023" / "SEALED").unlink()

    assert len(broken_seals(shelf)) == 2


def test_the_command_compares_without_writing(capsys):
    assert main(["--check"]) == 0
    assert main(["--wrong"]) == 2
    assert "usage" in capsys.readouterr().err


def test_a_check_names_all_faults_at_once(tmp_path):
    shelf = sealed(tmp_path)
    rewrite(shelf / "QD148-2023" / "sets" / "QD148-PARTS.yaml", code="OTHER")

    assert list(faults(shelf)) == [
        "QD148-2023/QD148-PARTS: code is OTHER, its file is QD148-PARTS",
        "QD148-2023/sets/QD148-PARTS.yaml: differs from the seal",
    ]


def test_a_check_of_a_broken_pack_says_so(tmp_path):
    shelf = a_shelf(tmp_path, id="OTHER")

    assert list(faults(shelf)) == ["QD148-2023/pack: id is OTHER, its folder is QD148-2023"]
