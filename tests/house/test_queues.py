"""The names on the broker are promises: queues are pinned, integrators hear all, and no event is without a queue."""

from chassis.wire.topology import INTEGRATORS, topology
from cli.house import listening
from contracts.catalogue import CONTRACTS, SAYERS

PINNED = {
    "ocop.registration", "ocop.registration.retry", "ocop.registration.dead",
    "ocop.evaluation", "ocop.evaluation.retry", "ocop.evaluation.dead",
    "ocop.certification", "ocop.certification.retry", "ocop.certification.dead",
    "ocop.promotion", "ocop.promotion.retry", "ocop.promotion.dead",
    "ocop.reporting", "ocop.reporting.retry", "ocop.reporting.dead",
}  # fmt: skip
EXCHANGES = {"registration.events", "evaluation.events", "certification.events", "promotion.events",
             "ocop.events"}  # fmt: skip
MAIN_EVENTS = {"DossierSubmitted", "CommuneVerified", "ScoredAtDistrict", "CertifiedAtProvince",
               "ReferredNational"}  # fmt: skip

TOPOLOGY = topology(listening())


def test_queues_and_exchanges_have_the_names_that_were_promised() -> None:
    assert {queue.name for queue in TOPOLOGY.queues} == PINNED
    assert set(TOPOLOGY.exchanges) == EXCHANGES


def test_the_arguments_of_queues_are_pinned_because_they_cannot_be_changed() -> None:
    arguments = {queue.name: dict(queue.arguments) for queue in TOPOLOGY.queues}

    assert arguments["ocop.reporting"] == {
        "x-queue-type": "quorum",
        "x-overflow": "reject-publish",
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": "ocop.reporting.dead",
        "x-dead-letter-strategy": "at-least-once",
        "x-delivery-limit": 20,
    }
    assert arguments["ocop.reporting.retry"] == {
        "x-queue-type": "quorum",
        "x-overflow": "reject-publish",
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": "ocop.reporting",
        "x-dead-letter-strategy": "at-least-once",
    }
    assert arguments["ocop.reporting.dead"] == {"x-queue-type": "quorum"}


def test_a_listener_receives_every_type_of_whom_it_listens_to() -> None:
    """Only then does a gap in the sequence show that something is still on its way."""
    bound = {(b.exchange, b.to, b.key) for b in TOPOLOGY.bindings if not b.to_exchange}

    assert bound == {
        (f"{sayer}.events", f"ocop.{service}", contract.__name__)
        for service, sayers in listening().items()
        for sayer in sayers
        for contract in SAYERS[sayer]
    }


def test_every_type_that_is_said_has_a_queue() -> None:
    assert {binding.key for binding in TOPOLOGY.bindings if not binding.to_exchange} == set(
        CONTRACTS
    )


def test_integrators_find_every_sayer_in_one_place() -> None:
    from_all = {b.exchange for b in TOPOLOGY.bindings if b.to == INTEGRATORS and b.key == "#"}

    assert from_all == {f"{sayer}.events" for sayer in SAYERS}


def test_the_main_events_keep_their_names() -> None:
    assert set(CONTRACTS) >= MAIN_EVENTS
