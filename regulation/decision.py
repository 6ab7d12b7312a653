"""The shape of a rule pack: levels, powers, bands, papers and days as one decision fixes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from regulation.criteria import CriteriaSet, Ground
from regulation.refusals import UnknownCriteriaSet, UnknownPurpose
from regulation.text import Text

PURPOSES = ("first", "upgrade", "reevaluation")
PREPARERS = ("subject", "commune", "province")
NATIONAL = "national"
SAMPLES = ("SAMPLE", "D05")
"""The components that are units of the product (26/2026 Art. 6.2.d; 1048/2019)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The points of one star: low ≤ mean < high; the band that ends at 100 includes it."""

    star: int
    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A paper or object of the dossier.

    who           prepares it.
    mandatory     False for what is handed in only where it applies or as evidence of points.
    purposes      for which it is asked: "first", "upgrade", "reevaluation".
    except_groups product groups it is never asked of (samples of a tourism service).
    star          asked only of a dossier proposed for that star; None: of every dossier.
    """

    code: str
    title: Text
    who: str
    mandatory: bool
    purposes: tuple[str, ...]
    except_groups: tuple[str, ...] = ()
    star: int | None = None
    note: Text | None = None

    @property
    def is_samples(self) -> bool:
        """Whether this is the product itself and not a paper: counted, not attached."""
        return self.code in SAMPLES


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundWindow:
    """A yearly round of evaluation at `level`; both days lie outside ("trước ngày …")."""

    level: str
    no: int
    requests: tuple[int, int]
    done: tuple[int, int]

    def requests_before(self, year: int) -> date:
        """The level below must have asked before this day."""
        return date(year, *self.requests)

    def done_before(self, year: int) -> date:
        """The round must be over before this day."""
        return date(year, *self.done)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reevaluation:
    """When a certificate near its end is evaluated again; all in calendar days.

    opens, closes days before expiry between which the dossier is filed, both included.
    max_days      from the complete dossier to the result.
    """

    opens: int
    closes: int
    max_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """What becomes of dossiers and certificates of the decision before.

    finish_by      purpose → last day to finish a dossier filed before under the old rules.
    extension_days how long past its expiry a certificate may live whose holder could not file in
                   the window, until the result is there.
    """

    finish_by: Mapping[str, date]
    extension_days: int
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberForms:
    """Patterns of the numbers that the forms print, with {serial} {round} {province} … in them."""

    registration: str
    product: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pack:
    """One decision as data; there is one object of each.

    valid_from, valid_to  first and last day on which a new dossier may be filed under it.
    amended_by      the pack that takes over new filings from its own first day on.
    levels          all levels that act, lowest first; councils: those with a council of ours.
    parts           part → its points.
    certifies       star → level that decides and issues; revokes: star → who takes back.
    referral        level → mean (points) from which a council's result goes one level up.
    evaluates_again level whose result fell short of the star it was asked for → level whose council may
                    be made to evaluate the product once more; empty where the decision has no such rule.
    commune_topics  what the commune assesses in words; commune_days: working days it has.
    samples         units of the product, where its group hands in any.
    copies          kind of copy → how many; members_notice_days: working days before the meeting
                    by which members hold the dossier.
    passes          times a council goes through a dossier (2019: twice).
    revocation_days from the ground's finding to the decision.
    sources         field → decision and article, or the guide it was read in.
    unknown         what is not known about this decision, plainly said.
    """

    id: str
    title: Text
    valid_from: date
    valid_to: date | None
    amended_by: str | None
    levels: tuple[str, ...]
    councils: tuple[str, ...]
    parts: Mapping[str, int]
    bands: tuple[Band, ...]
    certifies: Mapping[int, str]
    referral: Mapping[str, Decimal]
    evaluates_again: Mapping[str, str]
    validity_months: int
    commune_topics: tuple[str, ...]
    commune_days: int | None
    samples: int
    copies: Mapping[str, int]
    members_notice_days: int | None
    passes: int
    components: tuple[Component, ...]
    rounds: tuple[RoundWindow, ...]
    reevaluation: Reevaluation | None
    revocation_grounds: tuple[Ground, ...]
    revocation_days: int | None
    revokes: Mapping[int, str]
    transition: Transition | None
    number_forms: NumberForms
    sources: Mapping[str, str]
    unknown: tuple[Text, ...]
    sets: Mapping[str, CriteriaSet]

    @property
    def commune_days_source(self) -> str | None:
        return self.sources.get("commune_days")

    def criteria_set(self, code: str) -> CriteriaSet:
        """Raises UnknownCriteriaSet."""
        try:
            return self.sets[code]
        except KeyError:
            raise UnknownCriteriaSet(f"{self.id} has no criteria set {code!r}") from None

    def authority(self, star: int) -> str | None:
        """The level that certifies `star`; None for 0 to 2, which get no certificate."""
        return self.certifies.get(star)

    def next_level(self, level: str) -> str | None:
        above = self.levels[self.levels.index(level) + 1 :] if level in self.levels else ()
        return above[0] if above else None

    def band(self, mean: Fraction) -> int:
        """The star whose band holds the exact, unrounded mean."""
        return max((band.star for band in self.bands if band.low <= mean), default=0)

    def components_for(self, *, purpose: str, criteria_set: CriteriaSet) -> tuple[Component, ...]:
        """What a dossier of that purpose and kind of product is made of, in the list's order.

        `purpose` is "first", "upgrade" or "reevaluation". Raises UnknownPurpose.
        """
        if purpose not in PURPOSES:
            raise UnknownPurpose(f"a dossier is not filed for {purpose!r}: {', '.join(PURPOSES)}")
        return tuple(
            component
            for component in self.components
            if purpose in component.purposes and criteria_set.group not in component.except_groups
        )
