"""What an import file holds: its columns, what stands in them, and by which headings they are known."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from contracts.registration import PURPOSES
from regulation import packs
from services.registration.domain.subject import SubjectKind

KINDS = tuple(kind.value for kind in SubjectKind)


def _criteria_sets() -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for pack in packs.packs() for code in pack.sets))


def _packs() -> tuple[str, ...]:
    return tuple(pack.id for pack in packs.packs())


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `choices` are offered in a template, asked when it is made; `also` are other headings it goes by."""

    name: str
    title: str
    help: str
    required: bool = True
    choices: Callable[[], tuple[str, ...]] = tuple
    also: tuple[str, ...] = ()
    is_count: bool = False
    is_day: bool = False


DOSSIERS: Sequence[Column] = (
    Column(
        name="kind",
        title="Loại chủ thể",
        help="What kind of entity produces.",
        choices=lambda: KINDS,
    ),
    Column(name="legal_name", title="Tên pháp lý", help="As on its registration."),
    Column(name="public_name", title="Tên công khai", help="What a register may show."),
    Column(name="representative", title="Người đại diện", help="Who signs for it."),
    Column(name="phone", title="Điện thoại", help="May stay empty.", required=False),
    Column(name="tax_code", title="Mã số thuế", help="May stay empty.", required=False),
    Column(
        name="commune",
        title="Xã/phường",
        help="Its code, or its name; 'Xã A, Huyện B' where several have that name.",
    ),
    Column(name="product_name", title="Tên sản phẩm", help="As it is to be certified."),
    Column(
        name="criteria_set",
        title="Bộ tiêu chí",
        help="A criteria set of the rule pack, e.g. QD26-01.",
        choices=_criteria_sets,
    ),
    Column(
        name="purpose",
        title="Mục đích",
        help="First dossier, upgrade or re-evaluation; 'first' when empty.",
        required=False,
        choices=lambda: PURPOSES,
    ),
    Column(
        name="pack",
        title="Bộ quy định",
        help="A rule pack; the newest in force on the day when empty.",
        required=False,
        choices=_packs,
    ),
    Column(
        name="on",
        title="Ngày",
        help="The day it was begun, YYYY-MM-DD; today when empty.",
        required=False,
        is_day=True,
    ),
)

TARGETS: Sequence[Column] = (
    Column(
        name="area",
        title="Đơn vị",
        help="A district's code or name as printed; a commune's where there are no districts.",
        also=("district", "commune", "huyện", "xã", "district_as_printed"),
    ),
    Column(name="3", title="3 sao", help="Products of three stars.", is_count=True,
           also=("3★", "target_3star")),
    Column(name="4", title="4 sao", help="Products of four stars.", is_count=True,
           also=("4★", "target_4star")),
    Column(name="5", title="5 sao", help="Products of five stars.", is_count=True,
           also=("5★", "target_5star")),
    Column(
        name="total",
        title="Tổng",
        help="May be left out; if it is there, it must add up.",
        required=False,
        is_count=True,
        also=("tổng cộng", "target_total"),
    ),
)  # fmt: skip

SHEETS = {"dossiers": DOSSIERS, "targets": TARGETS}
