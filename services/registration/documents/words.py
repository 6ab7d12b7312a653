"""What registration's own terms are called in an official document."""

from collections.abc import Mapping
from types import MappingProxyType

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "cooperative": "Hợp tác xã",
        "cooperative-group": "Tổ hợp tác",
        "sme": "Doanh nghiệp nhỏ và vừa",
        "private-enterprise": "Doanh nghiệp tư nhân",
        "llc": "Công ty trách nhiệm hữu hạn",
        "jsc": "Công ty cổ phần",
        "farm": "Trang trại",
        "household": "Hộ sản xuất, kinh doanh",
        "association": "Hội, hiệp hội",
        "operating-centre": "Trung tâm điều hành",
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
