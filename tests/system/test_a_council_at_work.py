"""One assessment of nine seats by its regulation, over HTTP and events, on real RabbitMQ and PostgreSQL."""

import io
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from kombu import Connection

from cli.demo import office
from cli.demo.acts import Acts
from cli.demo.office import Office
from cli.demo.plan import Fate, Plan, Product
from cli.demo.sheets import sheet
from contracts.evaluation import pseudonym
from regulation.acting import Actor
from tests.builders.papers import text_of
from tests.system.clerk import Clerk
from tests.system.plans import a_plan
from tests.system.province import Province

pytestmark = pytest.mark.system

SERVICES = ("registration", "evaluation", "certification")
LISTENER = "listener"
SECRETARY, AGENCY = office.secretary("38"), office.ocop_officer("38")
CHAIR, DATA_KNOWS, DECLARES, SUBSTITUTE = 0, 7, 8, 9
"""Numbers of members: the chair; one whose own subject it is; one who declares; who takes that one's seat."""
SITTING = (0, 1, 2, 3, 4, 5, 6, SUBSTITUTE)
NAMES = (
    "Nguyễn Thị Hương", "Lê Văn Quỳnh", "Phạm Đức Thắng", "Trịnh Thị Ngữ", "Hoàng Văn Đặng",
    "Bùi Thị Yến", "Đỗ Mạnh Cường", "Vũ Thị Thủy", "Mai Xuân Trường", "Lương Thị Phượng",
)  # fmt: skip
AGENCIES = (
    "UBND tỉnh", "Sở Nông nghiệp và Môi trường", "Sở Công Thương", "Sở Y tế", "Sở Khoa học và Công nghệ",
    "Sở Văn hóa, Thể thao và Du lịch", "Văn phòng Điều phối nông thôn mới", "Liên minh Hợp tác xã tỉnh",
    "Hội Nông dân tỉnh", "Hội Nông dân tỉnh",
)  # fmt: skip


def member(number: int) -> Actor:
    return office.member("38", number)


def the_product() -> tuple[Plan, Product]:
    """Tea under 26/2026, worth four stars."""
    plan = a_plan("QD26-2026")
    product = replace(
        plan.products[0], key="council/1", name="Chè xanh Đồi Mây", star=4, fate=Fate.CERTIFIED,
        producer="Hợp tác xã Đường Lâm (mẫu)",
    )  # fmt: skip
    return replace(plan, name="council", products=(product,)), product


def the_council(product: Product) -> dict[str, Any]:
    def seat(number: int) -> dict[str, Any]:
        role = {0: "chair", 1: "vice-chair"}.get(number, "member")
        known = [str(product.id("subject"))] if number == DATA_KNOWS else []
        return {
            "id": member(number).id, "name": NAMES[number], "role": role,
            "agency": AGENCIES[number], "interests": known,
        }  # fmt: skip

    substitute = seat(SUBSTITUTE) | {"substitute_for": member(DECLARES).id}
    clerk = {"id": SECRETARY.id, "name": "Ngô Thị Thư", "role": "secretary",
             "agency": "Chi cục Phát triển nông thôn"}  # fmt: skip
    return {
        "level": "province",
        "area": "38",
        "valid_from": "2026-01-01",
        "valid_to": "2026-12-31",
        "regulation": {"gates": "agreed", "requires": ["advisory-report", "declarations"]},
        "members": [*map(seat, range(9)), substitute, clerk],
    }


@pytest.fixture(name="listening")
def _listening(province: Province) -> Iterator[Callable[[], list[tuple[str, Any]]]]:
    """An integrator's own queue on the exchange of all events: what was heard so far, type and data."""
    heard: list[tuple[str, Any]] = []
    with Connection(province.settings.broker_url) as connection:
        channel = connection.channel()
        channel.queue_declare(LISTENER, durable=True, auto_delete=False)
        channel.queue_bind(LISTENER, "ocop.events", "#")

        def so_far() -> list[tuple[str, Any]]:
            while (message := channel.basic_get(LISTENER, no_ack=True)) is not None:
                heard.append((message.delivery_info["routing_key"], message.body))
            return heard

        yield so_far


@pytest.mark.timeout(600)
def test_a_council_works_by_its_regulation_from_the_communes_letter_to_its_minutes(
    province: Province, listening: Callable[[], list[tuple[str, Any]]], tmp_path: Path
) -> None:
    province.start(*(f"{kind} {name}" for name in SERVICES for kind in ("web", "worker", "relay")))
    province.wait_ready(*SERVICES)
    _swap_days(province)
    clerk, (plan, product) = Clerk(province), the_product()
    dossier = f"/registration/dossiers/{product.id('dossier')}"
    acts = Acts(plan, Office(province, plan.name))
    for act in (acts.idea, acts.dossier, acts.commune):
        act(product)
    path, round_ = _before_the_council(clerk, product)

    _prepares(clerk, path, round_)
    _declare(clerk, path, dossier)
    _score(clerk, path, acts, product)
    concluded = _concludes(clerk, path, acts, product)
    minutes = clerk.done("GET", f"{path}/minutes", SECRETARY)

    assert (concluded["star"], concluded["conclusion"]["outcome"]["act"]) == (4, "certify")
    assert concluded["clock"] == {"since": "2026-06-11", "working_days": 6, "stopped": False}
    assert concluded["conflicts"] == sorted(member(each).id for each in (DATA_KNOWS, DECLARES))
    _check_record(minutes)
    case = f"/certification/cases/{product.id('dossier')}"
    awaits = clerk.until(case, office.authority("38"), lambda answer: answer.ok)
    assert (awaits["status"], awaits["star"]) == ("awaits-decision", 4)
    _check_events(listening, product, path)
    _check_paper(clerk, path, minutes["sha256"], kept=tmp_path / "minutes.pdf")


def _swap_days(province: Province) -> None:
    """The government gave Monday 15 June off for Saturday the 13th."""
    data = province.settings.data
    data.mkdir(parents=True, exist_ok=True)
    (data / "working-days.csv").write_text("2026-06-13,work\n2026-06-15,off\n")


def _before_the_council(clerk: Clerk, product: Product) -> tuple[str, str]:
    """The assessment's path and a round's id."""
    of = f"/evaluation/assessments/of-dossier/{product.id('dossier')}"
    (found,) = clerk.until(of, SECRETARY, lambda answer: bool(answer.json()))
    council, round_ = uuid4(), uuid4()
    clerk.done("PUT", f"/evaluation/councils/{council}", SECRETARY, the_council(product))
    body = {"council_id": str(council), "name": "Đợt 1 năm 2026", "year": 2026, "number": 1,
            "starts_on": "2026-06-08", "ends_on": "2026-06-30"}  # fmt: skip
    clerk.done("PUT", f"/evaluation/rounds/{round_}", SECRETARY, body)
    return f"/evaluation/assessments/{found['id']}", str(round_)


def _prepares(clerk: Clerk, path: str, round_: str) -> None:
    """Into the round; the advisory team asks for a supplement, visits, has tests made, and reports."""
    clerk.done("POST", f"{path}/admit", SECRETARY, {"round_id": round_, "on": "2026-06-12"})
    asked = {"what": "Phiếu kiểm nghiệm còn hạn (chì, cadimi)", "on": "2026-06-15"}
    stopped = clerk.done("POST", f"{path}/ask-supplement", AGENCY, asked)
    report = {
        "report_number": "05/BC-TTV",
        "conforms": True,
        "on": "2026-06-19",
        "site_visit": {"on": "2026-06-17", "finding": "Nhà xưởng sạch, có sổ ghi chép từng mẻ"},
        "tests": [{"name": "Chì (Pb)", "result": "0,02 mg/kg", "document": "KN-118/2026"}],
    }
    early = clerk.refused("POST", f"{path}/advisory-report", AGENCY, report | {"on": "2026-06-16"})
    received = {"on": "2026-06-18"}
    running = clerk.done("POST", f"{path}/supplement-received", AGENCY, received)
    clerk.done("POST", f"{path}/advisory-report", AGENCY, report)

    assert (stopped["clock"]["stopped"], running["clock"]["stopped"]) == (True, False)
    assert early == "supplement-outstanding"


def _declare(clerk: Clerk, path: str, dossier: str) -> None:
    """Nobody sees the dossier before he has declared; who is in conflict never does."""
    for number in range(10):
        assert clerk.refused("GET", dossier, member(number)) == "not-cleared"
    assert clerk.done("GET", path, member(CHAIR)).keys() & {"criteria_set", "report"} == set()
    for number in SITTING:
        clerk.done("POST", f"{path}/declarations", member(number), {"conflict": False})
    said = {"conflict": True, "ground": "Giám đốc hợp tác xã là anh ruột"}
    clerk.done("POST", f"{path}/declarations", member(DECLARES), said)

    for number in SITTING:
        clerk.until(dossier, member(number), lambda answer: answer.ok)
    for number in (DATA_KNOWS, DECLARES):
        assert clerk.refused("GET", dossier, member(number)) == "not-cleared"
        sheet_ = clerk.refused("PUT", f"{path}/sheet", member(number), {"choices": {}})
        assert sheet_ == "conflict-of-interest"


def _score(clerk: Clerk, path: str, acts: Acts, product: Product) -> None:
    """Blind until the last is in; too far apart, so all score again, and nothing from the first round fits."""
    criteria = acts.pack.criteria_set(product.criteria_set)
    stale = clerk.ask("GET", f"{path}/sheet.xlsx", member(CHAIR)).content
    _needs_a_quorum(clerk, path)
    for number in SITTING:
        for who in (SECRETARY, AGENCY, member(CHAIR)):
            assert clerk.refused("GET", f"{path}/sheets", who) == "sheets-not-open"
        _fills_in(clerk, path, number, sheet(criteria, 0 if number == 3 else 4, number))
    opened = clerk.done("GET", f"{path}/sheets", SECRETARY)
    too_far = clerk.refused("POST", f"{path}/conclude", SECRETARY, {"on": "2026-06-24"})
    files = {"file": ("phieu.xlsx", BytesIO(stale))}
    old_sheet = clerk.refused("POST", f"{path}/sheet.xlsx", member(CHAIR), files=files)
    for number in SITTING:
        _fills_in(clerk, path, number, sheet(criteria, 4, number))
    locked = clerk.refused("PUT", f"{path}/sheet", member(CHAIR), {"choices": {}})

    assert [(each["round"], each["rescore"], len(each["sheets"])) for each in opened] == [
        (1, True, len(SITTING))
    ]
    assert (too_far, old_sheet, locked) == ("spread-over-limit", "stale-form", "sheets-open")


def _needs_a_quorum(clerk: Clerk, path: str) -> None:
    """Seven of nine seats, and the chair; nobody in conflict is counted."""

    def meeting(*numbers: int) -> str:
        body = {"present": [member(number).id for number in numbers], "on": "2026-06-22"}
        return clerk.refused("PUT", f"{path}/attendance", SECRETARY, body)

    assert meeting(0, 1, 2, 3, 4, 5) == "no-quorum"
    assert meeting(1, 2, 3, 4, 5, 6, SUBSTITUTE) == "chair-absent"
    assert meeting(0, 1, 2, 3, 4, 5, 6, DATA_KNOWS) == "member-in-conflict"


def _fills_in(clerk: Clerk, path: str, number: int, choices: dict[str, int]) -> None:
    clerk.done("PUT", f"{path}/sheet", member(number), {"choices": choices})
    clerk.done("POST", f"{path}/sheet/submit", member(number))


def _concludes(clerk: Clerk, path: str, acts: Acts, product: Product) -> Any:
    """With a quorum, and with one option agreed where members ticked differently."""
    code, no = _disputed(clerk, path, acts, product)
    in_conflict = {"on": "2026-06-24", "present": [member(n).id for n in range(9)]}
    refusal = clerk.refused("POST", f"{path}/conclude", SECRETARY, in_conflict)
    not_there = {"agreed": {code: 99}, "on": "2026-06-24"}
    no_option = clerk.refused("POST", f"{path}/conclude", SECRETARY, not_there)
    done = clerk.done(
        "POST", f"{path}/conclude", SECRETARY, {"agreed": {code: no}, "on": "2026-06-24"}
    )

    assert (refusal, no_option) == ("sheets-open", "unknown-option")
    return done


def _disputed(clerk: Clerk, path: str, acts: Acts, product: Product) -> tuple[str, int]:
    """A criterion that members ticked differently in the last round, and the option that most ticked."""
    sheets = clerk.done("GET", f"{path}/sheets", SECRETARY)[-1]["sheets"]
    for criterion in acts.pack.criteria_set(product.criteria_set).criteria:
        ticks = [each["choices"].get(criterion.code) for each in sheets]
        if len(set(ticks)) > 1:
            return criterion.code, max(set(ticks), key=ticks.count)
    raise AssertionError("the sample's members agree on everything")


def _check_record(minutes: Any) -> None:
    record = minutes["document"]
    assert minutes["intact"] is True
    assert [each["round"] for each in record["procedure"]["openings"]] == [1, 2]
    assert len(record["sheets"]) == 2 * len(SITTING)
    assert record["conflicts"] == sorted(member(each).id for each in (DATA_KNOWS, DECLARES))
    assert record["procedure"]["supplements"][0]["received_on"] == "2026-06-18"
    assert len(record["agreed"]) == 1


def _check_events(
    listening: Callable[[], list[tuple[str, Any]]], product: Product, path: str
) -> None:
    """On the broker: whom the council cleared, by names of this dossier, and the whole rating; no sheet, no name."""
    end = time.monotonic() + 30
    while not any(type_ == "ScoredAtProvince" for type_, _ in listening()):
        assert time.monotonic() < end, listening()
        time.sleep(0.1)
    said = listening()
    text = io.StringIO()
    for _, body in said:
        text.write(body if isinstance(body, str) else bytes(body).decode())
    words = text.getvalue()
    types = [type_ for type_, _ in said]
    assert types.count("MembersCleared") == 1 + len(SITTING)
    assert types.count("ScoredAtProvince") == 1
    assert str(pseudonym(product.id("dossier"), member(CHAIR).id)) in words
    for secret in (*NAMES, member(CHAIR).id, member(DECLARES).id, "anh ruột", "choices"):
        assert secret not in words, secret


def _check_paper(clerk: Clerk, path: str, sha256: str, *, kept: Path) -> None:
    """The minutes on paper, kept to be looked at."""
    paper = clerk.ask("GET", f"{path}/minutes.pdf", SECRETARY)
    kept.write_bytes(paper.content)
    words = text_of(paper.content)

    assert paper.headers["Content-Type"] == "application/pdf"
    for said in (*NAMES, *set(AGENCIES), "05/BC-TTV", "KN-118/2026", "anh ruột", sha256[:16]):
        assert said in words, said
