"""What evaluation's own terms are called in an official document."""

from collections.abc import Mapping
from types import MappingProxyType

SEATS: Mapping[str, str] = MappingProxyType(
    {
        "chair": "Chủ tịch Hội đồng",
        "vice-chair": "Phó Chủ tịch Hội đồng",
        "member": "Ủy viên",
        "secretary": "Thư ký Hội đồng",
    }
)

LEVELS: Mapping[str, str] = MappingProxyType(
    {
        "commune": "cấp xã",
        "district": "cấp huyện",
        "province": "cấp tỉnh",
        "national": "cấp quốc gia",
    }
)

PURPOSES: Mapping[str, str] = MappingProxyType(
    {"first": "Lần đầu", "upgrade": "Nâng hạng", "reevaluation": "Đánh giá lại"}
)

TOPICS: Mapping[str, str] = MappingProxyType(
    {
        "local_material": "Sử dụng nguyên liệu địa phương",
        "local_labour": "Sử dụng lao động địa phương",
        "idea_origin": "Nguồn gốc ý tưởng sản phẩm",
        "local_identity": "Bản sắc, trí tuệ địa phương",
    }
)

STATUSES: Mapping[str, str] = MappingProxyType(
    {
        "waiting": "Chờ vào đợt",
        "scoring": "Đang chấm điểm",
        "opened": "Đã mở phiếu",
        "concluded": "Đã kết luận",
        "withdrawn": "Đã rút hồ sơ",
    }
)

GATES: Mapping[str, str] = MappingProxyType(
    {
        "mean": "theo điểm trung bình của tiêu chí",
        "agreed": "theo mức điểm mà Hội đồng thống nhất, ghi trong biên bản",
    }
)

PRESIDING: Mapping[str, str] = MappingProxyType(
    {
        "never": "Chủ tịch Hội đồng không được thay",
        "on-conflict": "Phó Chủ tịch chủ trì khi Chủ tịch có xung đột lợi ích",
        "always": "Phó Chủ tịch chủ trì khi Chủ tịch vắng",
    }
)

ON_SPREAD: Mapping[str, str] = MappingProxyType(
    {"rescore": "thảo luận và chấm lại", "note": "ghi vào biên bản"}
)

REQUIRES: Mapping[str, str] = MappingProxyType(
    {
        "advisory-report": "báo cáo của Tổ tư vấn",
        "declarations": "kê khai xung đột lợi ích",
    }
)


def outcome(act: str, level: str | None, star: int) -> str:
    """What follows from a conclusion."""
    where = LEVELS[level] if level else ""
    if act == "certify":
        return f"Đề nghị {where} công nhận sản phẩm đạt {star} sao."
    if act == "refer":
        return f"Chuyển hồ sơ để Hội đồng {where} đánh giá (kết quả tại Hội đồng này: {star} sao)."
    if star == 0:
        return "Kết thúc: sản phẩm bị loại, không xếp hạng."
    return f"Kết thúc: sản phẩm đạt {star} sao, không cấp giấy chứng nhận."


def warning(kind: str, *, star: int, by: str, criterion: str | None) -> str:
    """Where a result hangs on little; `by` in points, below zero where that much is lacking."""
    points = by.removeprefix("-").replace(".", ",")
    if kind == "band":
        side = "dưới" if by.startswith("-") else "trên"
        return f"Điểm trung bình chỉ {side} ngưỡng {star} sao {points} điểm."
    if kind == "gate-missed":
        return (
            f"Chỉ một yêu cầu tối thiểu của {star} sao chưa đạt: "
            f"tiêu chí {criterion}, thiếu {points} điểm."
        )
    return (
        f"Yêu cầu tối thiểu của {star} sao ở tiêu chí {criterion} chỉ đạt sít sao (dư {points} điểm): "
        "có thành viên chấm dưới mức."
    )
