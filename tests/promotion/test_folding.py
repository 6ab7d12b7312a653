import pytest

from services.promotion.folding import fold


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Nước mắm Ba Làng", "nuoc mam ba lang"),
        ("BƯỞI ĐỎ  Luận\tVăn", "buoi do luan van"),
        ("Nước mắm", "nuoc mam"),
        ("0031/GCN-OCOP", "0031/gcn-ocop"),
        ("", ""),
    ],
    ids=["marks", "capitals and đ", "marks written apart", "numbers", "nothing"],
)
def test_marks_capitals_and_spaces_make_no_difference(written, folded):
    assert fold(written) == folded
