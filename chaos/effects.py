"""What each event must have led to with each service that reacts to it, read from that service's own state.

An inbox says that an event was heard; these say that it had its effect, and how often.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from cli.house import House, reactions

CERTIFIED = ("CertifiedAtDistrict", "CertifiedAtProvince", "CertifiedNational")
SCORED = ("ScoredAtDistrict", "ScoredAtProvince")


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """For events of these types a service's state shows one row per subject: `found` selects the subjects."""

    types: tuple[str, ...]
    service: str
    found: str


EFFECTS = (
    Effect(
        types=("CommuneVerified",),
        service="evaluation",
        found="SELECT dossier_id FROM assessments a WHERE NOT EXISTS (SELECT 1 FROM assessments b"
        " WHERE b.dossier_id = a.dossier_id AND b.id <> a.id AND b.level = 'district'"
        " AND a.level = 'province')",
    ),
    Effect(types=SCORED, service="certification", found="SELECT id FROM cases"),
    Effect(
        types=("DossierWithdrawn",),
        service="certification",
        found="SELECT dossier_id FROM withdrawals",
    ),
    Effect(types=CERTIFIED, service="certification", found="SELECT dossier_id FROM certificates"),
    Effect(types=CERTIFIED, service="promotion", found="SELECT id FROM listings"),
    Effect(
        types=SCORED,
        service="registration",
        found="SELECT id FROM dossiers WHERE standing IS NOT NULL",
    ),
    Effect(
        types=CERTIFIED,
        service="registration",
        found="SELECT id FROM dossiers WHERE standing LIKE 'certified-at-%' OR standing IN"
        " ('revoked', 'expired')",
    ),
    Effect(types=("IdeaSelected",), service="reporting", found="SELECT idea_id FROM ideas"),
    Effect(
        types=("DossierSubmitted",),
        service="reporting",
        found="SELECT dossier_id FROM dossiers WHERE submitted_on IS NOT NULL",
    ),
    Effect(
        types=("CommuneVerified",),
        service="reporting",
        found="SELECT dossier_id FROM dossiers WHERE verified_on IS NOT NULL",
    ),
    Effect(
        types=("DossierWithdrawn",),
        service="reporting",
        found="SELECT dossier_id FROM dossiers WHERE withdrawn_on IS NOT NULL",
    ),
    Effect(
        types=SCORED,
        service="reporting",
        found="SELECT dossier_id FROM dossiers WHERE scored_on IS NOT NULL",
    ),
    Effect(
        types=("ReferredNational",),
        service="reporting",
        found="SELECT dossier_id FROM dossiers WHERE referred_on IS NOT NULL",
    ),
    Effect(
        types=("NationalResultRecorded",),
        service="reporting",
        found="SELECT dossier_id FROM dossiers WHERE national_on IS NOT NULL",
    ),
    Effect(
        types=CERTIFIED,
        service="reporting",
        found="SELECT dossier_id FROM dossiers WHERE certificate_id IS NOT NULL",
    ),
    Effect(
        types=("ProductListed",),
        service="reporting",
        found="SELECT dossier_id FROM dossiers WHERE listed_on IS NOT NULL",
    ),
)
"""Certification's certificates stand here too: two of one dossier would be a decision carried out twice."""

Said = Counter[tuple[str, str]]
"""Event type and subject → how many events."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """Effects of one type: how many there are, how many are missing, how many are there once too often."""

    effected: int = 0
    lost: int = 0
    doubled: int = 0

    def compare(self, due: Counter[str], found: Counter[str]) -> None:
        """Count what is found against what is due, subject by subject."""
        self.effected += (due & found).total()
        self.lost += (due - found).total()
        self.doubled += sum(found[subject] - due[subject] for subject in due.keys() & found.keys()
                            if found[subject] > due[subject])  # fmt: skip


def tally(house: House, said: Said) -> dict[str, Tally]:
    """By event type, the effects of what was said with all services that react to it."""
    subjects: dict[str, Counter[str]] = defaultdict(Counter)
    for (type_, subject), count in said.items():
        subjects[type_][subject] = count
    tallies: dict[str, Tally] = defaultdict(Tally)
    for effect in EFFECTS:
        found = _found(house, effect)
        for type_ in effect.types:
            once = Counter(dict.fromkeys(subjects[type_], 1))
            tallies[type_].compare(once, found)
    logged, reporting = _logged(house), reactions("reporting")
    for type_ in subjects.keys() | logged.keys():
        if reporting.reaction_to(type_) is None and type_ not in logged:
            continue  # heard for its place in the order alone
        tallies[type_].compare(subjects[type_], logged[type_])
    return dict(tallies)


def _found(house: House, effect: Effect) -> Counter[str]:
    with house.database(effect.service).reading() as session:
        return Counter(_id(subject) for (subject,) in session.execute(text(effect.found)))


def _logged(house: House) -> dict[str, Counter[str]]:
    """Reporting's log has one entry for each event that was ever said: type → subject → how many."""
    logged: dict[str, Counter[str]] = defaultdict(Counter)
    with house.database("reporting").reading() as session:
        for type_, subject in session.execute(text("SELECT type, subject FROM events")):
            logged[type_][subject] += 1
    return logged


def _id(value: object) -> str:
    """PostgreSQL gives a UUID, SQLite its digits."""
    return str(UUID(str(value)))
