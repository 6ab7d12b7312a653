import pytest

from regulation.numbering import certificate_number, product_code, registration_number
from regulation.packs import pack
from regulation.refusals import UnfitNumber

TODAY = pack("QD26-2026")
WITH_DISTRICTS = pack("QD1048-2019")
UNIT = {"province": "38", "commune": "14758"}


def test_a_registration_form_is_numbered_by_serial_round_province_commune_and_year():
    number = registration_number(TODAY, serial=7, round_=1, year=2026, **UNIT)

    assert number == "07-01/PĐK-38-14758-2026"


def test_serials_beyond_two_digits_keep_all_of_them():
    number = registration_number(TODAY, serial=123, round_=2, year=2026, **UNIT)

    assert number.startswith("123-02/")


def test_a_product_code_of_2019_has_its_district():
    code = product_code(
        WITH_DISTRICTS, province="83", district="829", commune="28780", serial=3, year=2022
    )

    assert code == "83-829-28780-3-2022"


@pytest.mark.parametrize("district", [None, "380"])
def test_a_product_code_of_2026_has_no_district(district):
    code = product_code(TODAY, district=district, serial=3, year=2026, **UNIT)

    assert code == "38-14758-3-2026"


def test_a_district_is_asked_for_while_there_are_districts():
    with pytest.raises(UnfitNumber):
        product_code(WITH_DISTRICTS, district=None, serial=3, year=2022, **UNIT)


def test_a_certificate_has_the_house_form():
    assert certificate_number(TODAY, serial=1, province="38", year=2024) == "0001/GCN-OCOP-38-2024"


@pytest.mark.parametrize(
    "change",
    [{"serial": 0}, {"province": "Thanh Hóa"}, {"commune": ""}, {"year": 26}, {"round_": 0}],
)
def test_what_is_no_number_is_refused(change):
    fields = {"serial": 1, "round_": 1, "year": 2026, **UNIT} | change

    with pytest.raises(UnfitNumber) as refusal:
        registration_number(TODAY, **fields)
    assert refusal.value.slug == "unfit-number"
