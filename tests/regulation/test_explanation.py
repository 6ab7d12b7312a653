from fractions import Fraction

from regulation.explanation import explain, explain_knockout
from regulation.gates import GateMiss
from regulation.packs import pack
from regulation.text import Text

TODAY = pack("QD26-2026")
IMPORTED = Text(vi="Nguyên liệu nhập khẩu", en="Imported material")
COPIED = Text(vi="Sao chép sản phẩm khác", en="Copy of another product")


def a_miss(criterion, *, has, needs):
    return GateMiss(criterion=criterion, has=Fraction(has), needs=needs)


def test_several_grounds_of_a_knock_out_are_listed_one_after_the_other():
    reason = explain_knockout({"1.1": IMPORTED, "2.1": COPIED}, mean="66.36")

    assert reason.vi == (
        "Sản phẩm bị loại: 1.1 (Nguyên liệu nhập khẩu); 2.1 (Sao chép sản phẩm khác). "
        "Điểm trung bình 66,36 không được xếp hạng."
    )
    assert reason.en == (
        "The product is knocked out: 1.1 (Imported material); 2.1 (Copy of another product). "
        "Its mean of 66.36 points is not ranked."
    )


def test_several_minimums_missed_are_listed_one_after_the_other():
    missed = {4: (a_miss("2.1", has="5/2", needs=3), a_miss("3.4", has=1, needs=2))}

    reason = explain(TODAY, mean="75", band=4, star=3, missed=missed)

    assert reason.vi.endswith(
        "Chỉ xếp 3 sao vì chưa đạt điểm tối thiểu của 4 sao ở tiêu chí "
        "2.1 (đạt 2,5, cần 3); 3.4 (đạt 1, cần 2)."
    )
    assert reason.en.endswith(
        "It stays at 3 stars, short of the minimums for 4 stars in "
        "2.1 (has 2.5, needs 3); 3.4 (has 1, needs 2)."
    )


def test_one_star_is_not_spoken_of_in_the_plural():
    assert (
        explain(TODAY, mean="12", band=1, star=1, missed={}).en
        == "The mean of 12 points lies in the band of 1 star (0 to under 30)."
    )
