import pytest

from regulation.reading import read_document
from regulation.refusals import BrokenPack


@pytest.fixture
def document(tmp_path):
    def write(text):
        path = tmp_path / "pack.yaml"
        path.write_text(text, "utf-8")
        return read_document(path, name="P/pack")

    return write


def test_no_is_a_word_and_not_a_denial(document):
    assert document("{no: 1, answer: no, switch: on}").data == {
        "no": 1,
        "answer": "no",
        "switch": "on",
    }


def test_truth_is_true_or_false(document):
    assert document("{a: true, b: False}").data == {"a": True, "b": False}


def test_a_code_that_looks_like_a_figure_stays_as_written(document):
    assert document("code: 1.10").data == {"code": "1.10"}


def test_a_key_that_stands_twice_is_refused(document):
    with pytest.raises(BrokenPack, match="P/pack: cannot be read: a key stands twice"):
        document("{a: 1, a: 2}")


@pytest.mark.parametrize("text", ["- a list", "", "{a: [}", "!!python/object:os.system {}"])
def test_what_is_no_mapping_is_refused(document, text):
    with pytest.raises(BrokenPack, match=r"^P/pack: "):
        document(text)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(BrokenPack, match=r"^P/pack: cannot be read"):
        read_document(tmp_path / "none.yaml", name="P/pack")
