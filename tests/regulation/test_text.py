import pytest

from regulation.text import Text


def test_words_are_given_in_the_language_asked_for():
    text = Text("Rau", "Vegetables")

    assert (text.in_("vi"), text.in_("en")) == ("Rau", "Vegetables")


def test_there_are_no_words_in_a_third_language():
    with pytest.raises(ValueError, match="only vi and en"):
        Text("Rau", "Vegetables").in_("fr")
