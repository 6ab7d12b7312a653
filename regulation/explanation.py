"""Why a product has its star, in one or two sentences that its maker understands."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from regulation.decision import Band, Pack
from regulation.figures import decimal_text
from regulation.gates import GateMiss
from regulation.text import Text


def mean_text(pack: Pack, mean: Fraction) -> str:
    """The mean as a decimal that never looks as if it had reached the next band."""
    band = pack.band(mean)
    return decimal_text(mean, shows=lambda shown: pack.band(shown) == band)


def explain(
    pack: Pack, *, mean: str, band: int, star: int, missed: Mapping[int, Sequence[GateMiss]]
) -> Text:
    """The mean, its band, and which minimums hold the star back by how much."""
    vi, en = _range(pack.bands[band - 1], last=band == len(pack.bands))
    where = Text(
        vi=f"Điểm trung bình {_comma(mean)} thuộc khung {band} sao ({vi} điểm).",
        en=f"The mean of {mean} points lies in the band of {_stars(band)} ({en}).",
    )
    if star == band:
        return where
    held = _held_back(star, missed[star + 1])
    return Text(vi=f"{where.vi} {held.vi}", en=f"{where.en} {held.en}")


def explain_knockout(grounds: Mapping[str, Text], *, mean: str) -> Text:
    """Which grounds put the product out, and that its mean no longer counts."""
    vi = "; ".join(f"{code} ({ground.vi})" for code, ground in grounds.items())
    en = "; ".join(f"{code} ({ground.en})" for code, ground in grounds.items())
    return Text(
        vi=f"Sản phẩm bị loại: {vi}. Điểm trung bình {_comma(mean)} không được xếp hạng.",
        en=f"The product is knocked out: {en}. Its mean of {mean} points is not ranked.",
    )


def _held_back(star: int, misses: Sequence[GateMiss]) -> Text:
    """What is asked at the next star; `star` is one below it."""
    has = [(miss.criterion, decimal_text(miss.has), miss.needs) for miss in misses]
    vi = "; ".join(f"{code} (đạt {_comma(points)}, cần {least})" for code, points, least in has)
    en = "; ".join(f"{code} (has {points}, needs {least})" for code, points, least in has)
    return Text(
        vi=f"Chỉ xếp {star} sao vì chưa đạt điểm tối thiểu của {star + 1} sao ở tiêu chí {vi}.",
        en=f"It stays at {_stars(star)}, short of the minimums for {star + 1} stars in {en}.",
    )


def _range(band: Band, *, last: bool) -> tuple[str, str]:
    if last:
        return f"từ {band.low} đến {band.high}", f"{band.low} to {band.high}"
    return f"từ {band.low} đến dưới {band.high}", f"{band.low} to under {band.high}"


def _stars(star: int) -> str:
    return "1 star" if star == 1 else f"{star} stars"


def _comma(figure: str) -> str:
    return figure.replace(".", ",")
