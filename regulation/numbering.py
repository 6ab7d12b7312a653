"""The numbers written on forms, dossiers and certificates."""

import string

from regulation.decision import Pack
from regulation.refusals import UnfitNumber


def registration_number(
    pack: Pack, *, serial: int, province: str, commune: str, year: int, round_: int
) -> str:
    """The number of a registration form, for example "07-01/PĐK-38-14758-2026".

    Printed on form 01 (26/2026 Annex III) as "……-……/PĐK-(province)-(commune)-(year)". What the two
    blanks hold is not said; the pack fills them with the commune's serial and the round.

    Raises UnfitNumber.
    """
    _require_counts(serial=serial, round=round_)
    _require_codes(province, commune)
    return pack.number_forms.registration.format(
        serial=serial, round=round_, province=province, commune=commune, year=_year(year)
    )


def product_code(
    pack: Pack, *, province: str, district: str | None, commune: str, serial: int, year: int
) -> str:
    """The product code on the score sheet, for example "38-14758-3-2026".

    "(T)-(X)-(STT)-20YY": province, commune, the commune's serial, year of evaluation (26/2026
    Annex II). While there were districts their code stood second, as in "83-829-28780-3-2022"; a
    pack without them leaves `district` out.

    Raises UnfitNumber, and NoDistrict where the pack wants a district and none is given.
    """
    _require_counts(serial=serial)
    _require_codes(province, commune)
    require_district(pack, district)
    return pack.number_forms.product.format(
        province=province, district=district, commune=commune, serial=serial, year=_year(year)
    )


class NoDistrict(UnfitNumber):
    """The pack numbers products by district, and the place lies in none."""

    slug = "no-district"


def require_district(pack: Pack, district: str | None) -> None:
    """A product of this place can be numbered under the pack; not so between 1 and 5 July 2025. Raises NoDistrict."""
    if "district" not in _blanks(pack.number_forms.product):
        return
    if district is None:
        raise NoDistrict(
            f"on: {pack.id} numbers products by district, and on that day there is none here;"
            " open the dossier under the next decision, once it is in force"
        )
    _require_codes(district)


def certificate_number(pack: Pack, *, serial: int, province: str, year: int) -> str:
    """A certificate's number, for example "0001/GCN-OCOP-38-2024".

    A house form: no format was found in any of the decisions, so a province may replace it.

    Raises UnfitNumber.
    """
    _require_counts(serial=serial)
    _require_codes(province)
    return f"{serial:04d}/GCN-OCOP-{province}-{_year(year)}"


def _blanks(pattern: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(pattern) if name}


def _require_counts(**counts: int) -> None:
    for name, count in counts.items():
        if count < 1:
            raise UnfitNumber(f"{name} is {count}, numbers start at 1")


def _require_codes(*codes: str) -> None:
    for code in codes:
        if not (code.isascii() and code.isdigit()):
            raise UnfitNumber(f"{code!r} is no code of an administrative unit")


def _year(year: int) -> str:
    if not 2018 <= year <= 9999:
        raise UnfitNumber(f"year is {year}, the programme began in 2018")
    return str(year)
