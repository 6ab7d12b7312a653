"""Dossiers under each of the four packs, from a producer's idea to the catalogue, through separate processes."""

import json
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import text

from chassis.tracing import trace_id, trace_of
from cli.demo.office import Office, authority, ocop_officer
from cli.demo.plan import Fate, Plan, Product
from cli.demo.year import Year
from cli.embedded import settle
from cli.house import House
from contracts.catalogue import SAYER_OF
from regulation import packs
from tests.system.plans import CASES, a_plan
from tests.system.province import Province

pytestmark = pytest.mark.system


def walk(province: Province, plan: Plan, house: House) -> Office:
    desk = Office(province, plan.name)
    for step in Year(plan, desk, lambda: settle(house, 60)).steps():
        for _ in step.acts:
            pass
    return desk


def events_said(house: House) -> dict[str, list[str]]:
    """Subject → the types said about it, each sayer's in its order."""
    said: dict[str, list[str]] = {}
    for service in house.services:
        with house.database(service).reading() as session:
            rows = session.execute(text("SELECT subject, type FROM outbox ORDER BY position"))
            for row in rows:
                said.setdefault(row.subject, []).append(row.type)
    return said


def expected(product: Product, pack_id: str) -> list[str]:
    """The events of a dossier's way, each sayer's in its order, as the law of its pack has it."""
    pack = packs.pack(pack_id)
    way = ["DossierSubmitted"]
    if product.fate is Fate.WITHDRAWN:
        return [*way, "DossierWithdrawn"]
    if product.fate is Fate.RETURNED:
        return [*way, "DossierReturned"]
    if product.fate is Fate.MENDED:
        way += ["DossierReturned", "DossierSubmitted"]
    way.append("CommuneVerified")
    first = pack.councils[0]
    way.append(f"ScoredAt{first.capitalize()}")
    if product.fate is Fate.BELOW:
        return way
    if pack.authority(product.star) != first and len(pack.councils) > 1:
        way.append("ScoredAtProvince")
    decider = pack.authority(product.final_star)
    if product.star == 5:
        way.append("ReferredNational")
        if product.fate is Fate.PENDING:
            return way
        way += ["NationalResultRecorded", "CertifiedNational"]
    else:
        way.append(f"CertifiedAt{str(decider).capitalize()}")
    return [*way, "ProductListed"]


@pytest.mark.timeout(900)
def test_each_pack_leads_its_dossiers_its_own_way(province: Province) -> None:
    province.start()
    province.wait_ready()
    house = House(province.settings)
    plans = {pack_id: a_plan(pack_id) for pack_id in CASES}

    desks = {pack_id: walk(province, plan, house) for pack_id, plan in plans.items()}

    said = events_said(house)
    _check_traces(house)
    for pack_id, plan in plans.items():
        for product in plan.products:
            dossier = str(product.id("dossier"))
            assert sorted(said[dossier]) == sorted(expected(product, pack_id)), product
            assert said[str(product.id("idea"))] == ["IdeaSelected"]
            _check_every_service(desks[pack_id], pack_id, product)
        _check_plan_against_result(desks[pack_id], plan)
    _check_every_database(house, Counter(t for types in said.values() for t in types))
    audit = province.run("audit", "--json", check=False)
    assert audit.returncode == 0, audit.stdout[-3000:]
    house.close()


def _check_every_service(desk: Office, pack_id: str, product: Product) -> None:
    """What the services answer about a dossier agrees with what became of it."""
    dossier = product.id("dossier")
    officer = ocop_officer("38")
    registered = desk.read(f"/registration/dossiers/{dossier}", officer)
    assert registered["pack"] == pack_id
    if product.fate in (Fate.CERTIFIED, Fate.MENDED, Fate.LOWERED):
        assert registered["standing"] == f"certified-at-{product.final_star}-stars"
        case = desk.read(f"/certification/cases/{dossier}", authority("38"))
        assert case["status"] == "certified"
        listed = desk.read(f"/promotion/products/{dossier}", officer)
        assert listed["star"] == product.final_star
    if product.fate is Fate.PENDING:
        assert registered["standing"] == "referred-to-national"
    if product.fate is Fate.BELOW:
        assert registered["standing"] == "closed-at-2-stars"
    if product.fate is Fate.WITHDRAWN:
        assert registered["status"] == "withdrawn"


def _check_plan_against_result(desk: Office, plan: Plan) -> None:
    found: dict[str, Any] = desk.read(
        f"/reporting/plan-against-result?year={plan.year}", ocop_officer("38")
    )
    total = found["total"]
    assert (total["target"], total["target_total"]) == ({"3": 1, "4": 2, "5": 2}, 5)
    assert (total["result"], total["result_total"]) == ({"3": 2, "4": 1, "5": 1}, 4)
    assert total["potential"] == 1
    for star in ("3", "4", "5"):
        assert sum(row["result"][star] for row in found["rows"]) == total["result"][star]


def _check_traces(house: House) -> None:
    """Whoever said it, in whichever request: what was said about a subject is one trace."""
    for service in house.services:
        with house.database(service).reading() as session:
            for row in session.execute(text("SELECT subject, traceparent FROM outbox")):
                assert trace_id(row.traceparent) == trace_of(row.subject)


def _check_every_database(house: House, said: Counter[str]) -> None:
    """Every hearer has noted every event of each sayer that it listens to, once, and nothing waits."""
    for service in house.services:
        sayers = house.hearer(service).sayers
        wanted = {type_: n for type_, n in said.items() if SAYER_OF[type_] in sayers}
        with house.database(service).reading() as session:
            rows = session.execute(text("SELECT type, count(*) AS n FROM inbox GROUP BY type"))
            assert {row.type: row.n for row in rows} == wanted, service
            for table in ("inbox_parked", "dead_letters"):
                assert session.scalar(text(f"SELECT count(*) FROM {table}")) == 0, service
            assert session.scalar(text("SELECT count(*) FROM outbox_waiting")) == 0


def test_the_audit_names_a_dossier_that_was_lost(province: Province) -> None:
    province.start()
    province.wait_ready()
    house = House(province.settings)
    plan = a_plan("QD26-2026")
    walk(province, plan, house)
    lost = str(plan.products[0].id("dossier"))
    with house.database("certification").transaction() as session:
        session.execute(text("DELETE FROM cases WHERE id = :id"), {"id": lost})

    audit = province.run("audit", "--json", check=False)

    assert audit.returncode == 1
    assert lost in json.dumps(json.loads(audit.stdout))
    house.close()
