"""Members whom data shows to be in conflict are blocked before they say anything, and no number is kept or sent."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from kombu import Connection
from sqlalchemy import MetaData, create_engine, select

from chassis.settings import SERVICES as ALL
from cli.demo import office
from cli.demo.acts import Acts
from cli.demo.office import Office
from cli.demo.plan import Product
from cli.demo.sheets import sheet
from regulation.acting import Actor
from tests.system.clerk import Clerk
from tests.system.plans import a_plan
from tests.system.province import Province

pytestmark = pytest.mark.system

SERVICES = ("registration", "evaluation")
SECRETARY, COMMUNE = office.secretary("38"), office.commune_officer("14758")
HIS, OF_ANOTHER, UNRELATED = "038187001234", "040090004321", "038299007777"
"""Of who represents the applicant and a sister firm; of who represents another firm; of an unrelated member."""
WRITTEN = (HIS, "038 187 001 234", OF_ANOTHER, UNRELATED)
HIMSELF, OF_THE_SISTER, FREE = (office.member("38", number) for number in (1, 2, 3))
OTHERS = tuple(office.member("38", number) for number in (0, 4, 5, 6, 7))


@pytest.mark.timeout(600)
def test_who_represents_the_applicant_or_a_sister_of_it_is_blocked_without_being_asked(
    province: Province, listening: Callable[[], list[str]], tmp_path: Path
) -> None:
    province.start(*(f"{kind} {name}" for name in SERVICES for kind in ("web", "worker", "relay")))
    province.wait_ready(*SERVICES)
    clerk, plan = Clerk(province), a_plan("QD26-2026")
    product, sister, stranger = plan.products[0], uuid4(), uuid4()
    acts = Acts(plan, Office(province, plan.name))
    acts.idea(product)
    for subject, number in (
        (product.id("subject"), "038 187 001 234"), (sister, HIS), (stranger, OF_ANOTHER)
    ):  # fmt: skip
        _represents(clerk, subject, number)
    acts.dossier(product)
    acts.commune(product)
    path = _before_the_council(clerk, product, sister, stranger)
    dossier = f"/registration/dossiers/{product.id('dossier')}"

    _blocked_before_declaring(clerk, path, dossier)
    _scores_and_concludes(clerk, path, acts, product)
    minutes = clerk.done("GET", f"{path}/minutes", SECRETARY)

    assert minutes["document"]["grounds"] == {
        HIMSELF.id: {"ground": "same-person", "by_data": True},
        OF_THE_SISTER.id: {"ground": "same-representative", "by_data": True},
    }
    said = listening()
    assert any('"representative"' in each for each in said)
    assert any('"cleared"' in each for each in said)
    logs = [path.read_text() for path in tmp_path.glob("*.log")]
    assert len(logs) == 6
    for each in (*said, *logs, *_databases(province), str(minutes)):
        assert not [number for number in WRITTEN if number in each]


@pytest.mark.timeout(600)
def test_a_representative_named_after_a_member_was_cleared_takes_his_clearing_back(
    province: Province,
) -> None:
    province.start(*(f"{kind} {name}" for name in SERVICES for kind in ("web", "worker", "relay")))
    province.wait_ready(*SERVICES)
    clerk, plan = Clerk(province), a_plan("QD26-2026")
    product, sister, stranger = plan.products[0], uuid4(), uuid4()
    acts = Acts(plan, Office(province, plan.name))
    for act in (acts.idea, acts.dossier, acts.commune):
        act(product)
    path = _before_the_council(clerk, product, sister, stranger)
    dossier = f"/registration/dossiers/{product.id('dossier')}"
    clerk.done("POST", f"{path}/declarations", FREE, {"conflict": False})
    clerk.until(dossier, FREE, lambda answer: answer.ok)

    _represents(clerk, stranger, HIS)
    _represents(clerk, product.id("subject"), HIS)

    clerk.until(dossier, FREE, lambda answer: answer.status_code == 403)
    assert _grounds(clerk, path)[FREE.id] == "same-representative"


def _represents(clerk: Clerk, subject: UUID, number: str) -> None:
    """The commune enters a producer with its representative's number."""
    body = {
        "kind": "cooperative",
        "legal_name": f"Hợp tác xã {subject}",
        "public_name": f"HTX {subject}",
        "representative": "Lê Thị Mẫu",
        "commune": "14758",
        "representative_personal_number": number,
    }
    shown = clerk.done("PUT", f"/registration/subjects/{subject}", COMMUNE, body)
    assert shown["representative_identified"] is True


def _before_the_council(clerk: Clerk, product: Product, sister: UUID, stranger: UUID) -> str:
    """The dossier in a round of a council of eight; the assessment's path."""
    of = f"/evaluation/assessments/of-dossier/{product.id('dossier')}"
    (found,) = clerk.until(of, SECRETARY, lambda answer: bool(answer.json()))
    known: dict[Actor, dict[str, Any]] = {
        HIMSELF: {"personal_number": HIS},
        OF_THE_SISTER: {"interests": [str(sister)]},
        FREE: {"interests": [str(stranger)], "personal_number": UNRELATED},
    }
    chair, *members = (*OTHERS, HIMSELF, OF_THE_SISTER, FREE)
    council, round_, path = uuid4(), uuid4(), f"/evaluation/assessments/{found['id']}"
    seats = [{"id": chair.id, "role": "chair"}]
    seats += [{"id": each.id, "role": "member", **known.get(each, {})} for each in members]
    body = {"level": "province", "area": "38", "valid_from": "2026-01-01", "valid_to": "2026-12-31",
            "members": seats}  # fmt: skip
    clerk.done("PUT", f"/evaluation/councils/{council}", SECRETARY, body)
    body = {"council_id": str(council), "name": "Đợt 1 năm 2026", "year": 2026, "number": 1,
            "starts_on": "2026-06-08", "ends_on": "2026-06-30"}  # fmt: skip
    clerk.done("PUT", f"/evaluation/rounds/{round_}", SECRETARY, body)
    clerk.done("POST", f"{path}/admit", SECRETARY, {"round_id": str(round_), "on": "2026-06-12"})
    return path


def _grounds(clerk: Clerk, path: str) -> dict[str, str]:
    shown = clerk.done("GET", path, SECRETARY)
    return {each["member"]: each["ground"] for each in shown["grounds"]}


def _blocked_before_declaring(clerk: Clerk, path: str, dossier: str) -> None:
    """Two are, each on his ground, and stay so; the third sees the dossier once he has declared."""
    shown = clerk.until(path, SECRETARY, lambda answer: len(answer.json()["grounds"]) == 2)
    assert _grounds(clerk, path) == {
        HIMSELF.id: "same-person",
        OF_THE_SISTER.id: "same-representative",
    }
    assert (shown["declared"], FREE.id in shown["not_compared"]) == ([], False)
    for blocked in (HIMSELF, OF_THE_SISTER):
        sheet_ = clerk.refused("PUT", f"{path}/sheet", blocked, {"choices": {}})
        assert sheet_ == "conflict-of-interest"
        clerk.done("POST", f"{path}/declarations", blocked, {"conflict": False})
        assert clerk.refused("GET", dossier, blocked) == "not-cleared"
    assert clerk.refused("PUT", f"{path}/sheet", FREE, {"choices": {}}) == "not-declared"
    clerk.done("POST", f"{path}/declarations", FREE, {"conflict": False})
    clerk.until(dossier, FREE, lambda answer: answer.ok)


def _scores_and_concludes(clerk: Clerk, path: str, acts: Acts, product: Product) -> None:
    """Six of eight seats are the three quarters that make a quorum; nobody waits for the two."""
    criteria = acts.pack.criteria_set(product.criteria_set)
    for each in (*OTHERS, FREE):
        clerk.done("POST", f"{path}/declarations", each, {"conflict": False})
        body = {"choices": sheet(criteria, 4, 0)}
        clerk.done("PUT", f"{path}/sheet", each, body)
        clerk.done("POST", f"{path}/sheet/submit", each)
    concluded = clerk.done("POST", f"{path}/conclude", SECRETARY, {"on": "2026-06-24"})
    assert concluded["status"] == "concluded"


@pytest.fixture(name="listening")
def _listening(province: Province) -> Iterator[Callable[[], list[str]]]:
    """An integrator's own queue on the exchange of all events: the bodies heard so far."""
    heard: list[str] = []
    with Connection(province.settings.broker_url) as connection:
        channel = connection.channel()
        channel.queue_declare("listener", durable=True, auto_delete=False)
        channel.queue_bind("listener", "ocop.events", "#")

        def so_far() -> list[str]:
            while (message := channel.basic_get("listener", no_ack=True)) is not None:
                body = message.body
                heard.append(body if isinstance(body, str) else bytes(body).decode())
            return heard

        yield so_far


def _databases(province: Province) -> Iterator[str]:
    """Every row of every table of the instance, in words."""
    for service in ALL:
        engine, metadata = create_engine(province.settings.database_of(service)), MetaData()
        metadata.reflect(engine)
        with engine.connect() as connection:
            for table in metadata.sorted_tables:
                for row in connection.execute(select(table)):
                    yield repr(tuple(row))
        engine.dispose()
