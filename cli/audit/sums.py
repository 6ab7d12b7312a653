"""Every sum added up again: ratings from their sheets, decisions from their certificates, counts against each other."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chassis import acts
from cli.audit.facts import Facts, Row
from cli.house import House
from regulation import packs
from regulation.rating import Sheet, as_json, rate
from services.promotion import leaping
from services.reporting import tallies

FIGURES = ("mean", "parts", "band", "gates_missed", "knocked_out", "star")
"""What a rating says in figures; its reason in words may be put better from one version to the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A sum, or a chain of acts: what it should be and what was found."""

    what: str
    expected: Any
    found: Any

    @property
    def is_right(self) -> bool:
        """Whether it re-adds."""
        return bool(self.expected == self.found)


def add_up(facts: Facts) -> list[Check]:
    """Add up again what the services have added up."""
    filed = [row for row in facts.registered.values() if row["registration_number"] is not None]
    reported = [row for row in facts.reported.values() if row["submitted_on"] is not None]
    return [
        Check(
            what="dossiers filed: registration, reporting",
            expected=len(filed),
            found=len(reported),
        ),
        Check(
            what="certificates by star: certification, reporting",
            expected=_by_star(facts.certificates, "star"),
            found=_by_star(facts.reported, "certificate_star"),
        ),
        Check(
            what="certificates by star: certification, promotion",
            expected=_by_star(facts.certificates, "star"),
            found=_by_star(facts.listings, "star"),
        ),
        Check(
            what="certificate numbers drawn, certificates issued",
            expected=sum(row["last"] for row in facts.serials),
            found=len(facts.certificates),
        ),
        *_decisions(facts),
        *_ratings(facts),
    ]


def _by_star(rows: Mapping[Any, Row], name: str) -> dict[int, int]:
    counted = Counter(row[name] for row in rows.values() if row[name] is not None)
    return dict(sorted(counted.items()))


def _decisions(facts: Facts) -> Iterator[Check]:
    """Every decision has given each of its dossiers a certificate; a later one may have taken its place since."""
    issued = Counter(row["decision_id"] for row in facts.certificates.values())
    short = [row["number"] for row in facts.decisions if issued[row["id"]] != len(row["dossiers"])]
    yield Check(
        what="decisions whose dossiers have not all their certificate", expected=[], found=short
    )


def _ratings(facts: Facts) -> Iterator[Check]:
    """Every council's result follows from the sheets it was concluded from."""
    rows = [row for rows in facts.assessed.values() for row in rows if row["conclusion"]]
    wrong = [str(row["dossier_id"]) for row in rows if not _follows(row)]
    yield Check(
        what=f"ratings of {len(rows)} that do not follow from their sheets",
        expected=[],
        found=wrong,
    )


def _follows(assessment: Row) -> bool:
    kept = assessment["conclusion"]
    pack = packs.pack(assessment["pack"])
    rating = rate(
        pack.criteria_set(assessment["product"]["criteria_set"]),
        [Sheet(**sheet) for sheet in kept["sheets"]],
        pack=pack,
        knockouts=[each["code"] for each in kept["knockouts"]],
        agreed=kept["agreed"],
    )
    anew = as_json(rating)
    return all(kept["result"][name] == anew[name] for name in FIGURES)


def chains(house: House) -> list[Check]:
    """Whether every chain of acts holds in every service."""
    found = []
    for service in house.services:
        with house.database(service).reading() as session:
            broken = list(acts.broken(session))
        found.append(Check(what=f"broken chains of acts in {service}", expected=[], found=broken))
    return found


def tallied(house: House) -> list[Check]:
    """Whether the counts that reports are made of are what counting every dossier again gives."""
    if "reporting" not in house.services:
        return []
    with house.database("reporting").reading() as session:
        found = tallies.wrong(session)
    return [
        Check(what="reports' counts that counting again does not give", expected=[], found=found)
    ]


def searched(house: House) -> list[Check]:
    """Whether every product of the catalogue is found by the words that it has."""
    if "promotion" not in house.services:
        return []
    with house.database("promotion").reading() as session:
        found = [str(listing) for listing in leaping.wrong(session)]
    return [Check(what="listings that are not found by their words", expected=[], found=found)]
