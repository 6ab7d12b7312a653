from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.figures import decimal_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(70), "70"),
        (Fraction(141, 2), "70.5"),
        (Fraction(1659, 25), "66.36"),
        (Fraction(1, 32), "0.03125"),
        (Fraction(215, 3), "71.6667"),
        (Fraction(1, 3), "0.3333"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(-2, 3), "-0.6667"),
        (Fraction(0), "0"),
    ],
)
def test_a_figure_is_exact_where_it_ends_and_has_four_places_where_not(value, text):
    assert decimal_text(value) == text


def test_places_are_added_until_what_is_shown_is_true():
    nearly = Fraction(70) - Fraction(1, 3_000_000)

    assert decimal_text(nearly) == "70.0000"
    assert decimal_text(nearly, shows=lambda shown: shown < 70) == "69.9999997"


@given(st.fractions(max_denominator=300))
def test_a_figure_is_never_further_off_than_half_its_last_place(value):
    assert abs(Fraction(decimal_text(value)) - value) <= Fraction(1, 20_000)


@given(st.integers(-(10**6), 10**6), st.integers(0, 6), st.integers(0, 6))
def test_what_ends_is_written_exactly(numerator, twos, fives):
    value = Fraction(numerator, 2**twos * 5**fives)

    assert Fraction(decimal_text(value)) == value
