import unicodedata

import pytest
from marshmallow import ValidationError

from services.registration.schemas.given import (
    BringSamples,
    RegisterSubject,
    SelfAssess,
    VerifyDossier,
)
from tests.registration.desk import SUBJECT, report


def load(**changes):
    return RegisterSubject().load(SUBJECT | changes)


def refused(schema, given):
    with pytest.raises(ValidationError) as caught:
        schema.load(given)
    return caught.value.messages_dict


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("0100233488", "0100233488"),
        ("01.00.233.488", "0100233488"),
        ("0314409058-002", "0314409058-002"),
        ("0314409058002", "0314409058-002"),
        ("038090012345", "038090012345"),
        ("096301234567", "096301234567"),
        (None, None),
    ],
)
def test_tax_codes_are_written_in_one_way(given, kept):
    assert load(tax_code=given)["tax_code"] == kept


@pytest.mark.parametrize(
    "given",
    ["0100233480", "123", "", "0314409058-000", "000090012345", "038990012345", "138090012345",
     "01002334880", "0100233488\n0", "٠١٠٠٢٣٣٤٨٨", "x" * 5000, 100233488],
)  # fmt: skip
def test_what_is_no_tax_code_is_refused_by_name(given):
    assert list(refused(RegisterSubject(), SUBJECT | {"tax_code": given})) == ["tax_code"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("0912 345 678", "0912345678"),
        ("+84 912.345.678", "+84912345678"),
        ("(0237) 385-2123", "02373852123"),
        ("1900 1234", "19001234"),
        (None, None),
    ],
)
def test_telephone_numbers_are_kept_without_what_separates_them(given, kept):
    assert load(phone=given)["phone"] == kept


@pytest.mark.parametrize(
    "given", ["12345678", "0012345678", "+1 202 555 0100", "09123456789012", "gọi sau", "", 912345678]
)  # fmt: skip
def test_what_is_no_telephone_number_is_refused_by_name(given):
    assert list(refused(RegisterSubject(), SUBJECT | {"phone": given})) == ["phone"]


@pytest.mark.parametrize("field", ["legal_name", "public_name", "representative"])
def test_names_are_kept_composed_and_trimmed(field):
    typed = unicodedata.normalize("NFD", "  Hợp tác xã Mường Lát ")

    assert load(**{field: typed})[field] == "Hợp tác xã Mường Lát"


@pytest.mark.parametrize(
    "text", ["", "   ", "a\x00b", "a\nb", "a\u2028b", "\ud800", "x" * 301, None, 5, ["x"], {}]
)
@pytest.mark.parametrize("field", ["legal_name", "public_name", "representative"])
def test_what_is_no_line_of_text_is_refused_by_name(field, text):
    assert list(refused(RegisterSubject(), SUBJECT | {field: text})) == [field]


@pytest.mark.parametrize("commune", ["1475", "147580", "14758\n", "1475８", 14758, None, "../.."])
def test_a_commune_is_five_digits(commune):
    assert list(refused(RegisterSubject(), SUBJECT | {"commune": commune})) == ["commune"]


@pytest.mark.parametrize("count", [-1, 1001, 5.5, "5", True, None])
def test_samples_are_a_whole_number(count):
    assert list(refused(BringSamples(), {"count": count})) == ["count"]


@pytest.mark.parametrize(
    "choices", [{"1.1": "3"}, {"1.1": 3.0}, {"1.1": True}, {"1.1": None}, [], 3]
)
def test_ticks_are_whole_numbers_by_criterion(choices):
    assert list(refused(SelfAssess(), {"choices": choices})) == ["choices"]


@pytest.mark.parametrize(
    ("finding", "field"),
    [
        ({"met": "yes"}, "met"),
        ({"met": None}, "met"),
        ({"share": "101"}, "share"),
        ({"share": "-1"}, "share"),
        ({"share": "NaN"}, "share"),
        ({"share": "1e999999"}, "share"),
        ({"share": True}, "share"),
        ({"topic": "weather"}, "topic"),
        ({"words": "x" * 2001}, "words"),
        ({"words": "a\x00"}, "words"),
        ({"by": "somebody"}, "by"),
    ],
)
def test_a_finding_that_does_not_fit_is_refused_by_place_and_name(finding, field):
    right = report()["findings"]

    errors = refused(VerifyDossier(), report(findings=[right[0], right[1] | finding]))

    assert list(errors["findings"][1]) == [field]


def test_a_findings_words_may_run_over_lines():
    right = report()["findings"]

    loaded = VerifyDossier().load(report(findings=[right[0] | {"words": "Một.\nHai."}]))

    assert loaded["findings"][0]["words"] == "Một.\nHai."
