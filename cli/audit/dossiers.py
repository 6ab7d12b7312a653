"""What must be known where: every dossier accounted for by each service that it has come to, or the reason why not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cli.audit.delivery import Delivery, Fate
from cli.audit.facts import Facts, Row
from regulation import packs

NOTHING: Row = {}
OPEN = ("waiting", "scoring", "opened")
"""An assessment in one of these is still at work."""

ENDED = ("withdrawn", "certified")
"""Where the case of a withdrawn dossier may stand: the certificate may have come before the producer's word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unaccounted:
    """A dossier that a service does not know as it should; `in_flight` while news of it are still on their way."""

    dossier_id: UUID
    service: str
    reason: str
    in_flight: bool = False


def unaccounted(facts: Facts, delivery: Delivery) -> list[Unaccounted]:
    """Every dossier that is not accounted for; where an event is missing that would explain it, the reason says so."""
    rules = (_filed, _assessed, _assessed_anew, _scored, _certified, _shown, _from_nowhere)
    return [_found(*finding, delivery) for rule in rules for finding in rule(facts)]


def _found(dossier_id: UUID, service: str, reason: str, delivery: Delivery) -> Unaccounted:
    event, fate = delivery.missing.get((service, str(dossier_id)), (None, None))
    return Unaccounted(
        dossier_id=dossier_id,
        service=service,
        reason=f"{reason} ({event} is {fate} there)" if fate else reason,
        in_flight=fate is Fate.IN_FLIGHT,
    )


Finding = tuple[UUID, str, str]


def _filed(facts: Facts) -> Iterator[Finding]:
    """Reporting knows every dossier that was ever filed, as it stands with registration."""
    for id_, row in facts.registered.items():
        if row["registration_number"] is None:
            continue
        reported = facts.reported.get(id_, NOTHING)
        if not reported:
            yield id_, "reporting", f"{row['status']}, but reporting does not know it"
        elif reported["filing"] != row["status"]:
            yield id_, "reporting", f"{row['status']}, but reporting has it {reported['filing']}"


def _assessed(facts: Facts) -> Iterator[Finding]:
    """Evaluation has begun with every verified dossier; nobody goes on with a withdrawn one."""
    for id_, row in facts.registered.items():
        assessments = facts.assessed.get(id_, [])
        if row["status"] == "verified" and not assessments:
            yield id_, "evaluation", "verified, but there is no assessment"
        at_work = any(each["status"] in OPEN for each in assessments)
        if row["status"] == "withdrawn" and at_work:
            yield id_, "evaluation", "withdrawn, but its assessment is still at work"
        case = facts.cases.get(id_, {"status": "withdrawn"})["status"]
        if row["status"] == "withdrawn" and case not in ENDED:
            yield id_, "certification", f"withdrawn, but its case is {case}"


def _assessed_anew(facts: Facts) -> Iterator[Finding]:
    """Evaluation has a further assessment for every order to assess anew, and none that nobody ordered."""
    for id_, assessments in facts.assessed.items():
        turns = max(each["turn"] for each in assessments)
        case = facts.cases.get(id_, NOTHING)
        ordered = 1 + len(case.get("earlier") or ())
        if turns < ordered and case["status"] != "withdrawn":
            yield id_, "evaluation", f"ordered to be assessed anew, but the last is turn {turns}"
        if turns > ordered:
            yield (
                id_,
                "evaluation",
                f"assessed in turn {turns}, but nobody ordered more than {ordered}",
            )


def _scored(facts: Facts) -> Iterator[Finding]:
    """Certification has the case of every scored dossier, by its highest council's last conclusion."""
    for id_, assessments in facts.assessed.items():
        concluded = [each for each in assessments if each["status"] == "concluded"]
        if not concluded:
            continue
        last = max(concluded, key=_place)
        case = facts.cases.get(id_, NOTHING)
        if not case:
            yield id_, "certification", f"scored at {last['level']}, but there is no case"
        elif case["status"] == "withdrawn":  # what is scored afterwards changes nothing
            continue
        elif case["assessment_id"] != last["id"]:
            yield (
                id_,
                "certification",
                f"the case does not rest on the {last['level']}'s assessment",
            )
        elif case["outcome"] != last["conclusion"]["outcome"]:
            yield id_, "certification", _differ(last["conclusion"]["outcome"], case["outcome"])


def _place(assessment: Row) -> tuple[int, int]:
    height = packs.pack(assessment["pack"]).levels.index(assessment["level"])
    return height, assessment["turn"]


def _differ(concluded: Mapping[str, Any], kept: Mapping[str, Any]) -> str:
    return f"the council concluded {dict(concluded)}, the case has {dict(kept)}"


def _certified(facts: Facts) -> Iterator[Finding]:
    """Promotion and reporting know every certificate, with its star, and whether it still stands."""
    for id_, certificate in facts.certificates.items():
        what = f"{certificate['star']} stars, {certificate['status']}"
        listing = facts.listings.get(id_, NOTHING)
        if listing.get("certificate_id") != certificate["id"]:
            yield id_, "promotion", f"certified ({what}), but promotion has not that certificate"
        elif (listing["status"] == "ended") == (certificate["status"] == "valid"):
            yield id_, "promotion", f"{what}, but the listing is {listing['status']}"
        elif listing["star"] != certificate["star"]:
            yield id_, "promotion", f"{what}, but promotion has {listing['star']} stars"
        if reason := _misreported(facts.reported.get(id_, NOTHING), certificate):
            yield id_, "reporting", f"certified ({what}), {reason}"


def _misreported(reported: Row, certificate: Row) -> str | None:
    if reported.get("certificate_id") != certificate["id"]:
        return "but reporting has not that certificate"
    if reported["certificate_star"] != certificate["star"]:
        return f"but reporting has {reported['certificate_star']} stars"
    ended = None if certificate["status"] == "valid" else certificate["status"]
    if reported["ended_how"] != ended:
        return f"but reporting has it {reported['ended_how'] or 'in force'}"
    return None


def _shown(facts: Facts) -> Iterator[Finding]:
    """Reporting knows what is listed in the catalogue."""
    for id_, listing in facts.listings.items():
        listed = listing["status"] == "listed"
        known = facts.reported.get(id_, NOTHING).get("listed_on") is not None
        if listed != known:
            has = "listed" if known else "not listed"
            yield (
                id_,
                "reporting",
                f"{listing['status']} in the catalogue, but reporting has it {has}",
            )


def _from_nowhere(facts: Facts) -> Iterator[Finding]:
    """Nobody knows a dossier that did not come to it along the way."""
    concluded = {
        id_
        for id_, assessments in facts.assessed.items()
        if any(each["status"] == "concluded" for each in assessments)
    }
    ways = (
        ("evaluation", facts.assessed, facts.registered, "registration does not know it"),
        ("reporting", facts.reported, facts.registered, "registration does not know it"),
        ("certification", facts.cases, concluded, "no council has concluded on it"),
        ("promotion", facts.listings, facts.certificates, "it has no certificate"),
    )
    for service, known, before, reason in ways:
        for id_ in known:
            if id_ not in before:
                yield id_, service, f"{service} has it, but {reason}"
