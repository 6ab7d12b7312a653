"""The shape of a criteria set: parts, sections, criteria and the options that members tick."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from regulation.refusals import IncompleteCriteriaSet, UnknownCriterion, UnknownOption
from regulation.text import Text

Kind = Literal["choice", "points"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A ground on which something is refused or taken back, named by a slug that never changes."""

    code: str
    label: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One box of a criterion; `case` names its list where one of two lists is used.

    `evidence` are the dossier components that prove this very option, where they are not those of its criterion.
    """

    no: int
    points: int
    label: Text
    case: str | None = None
    evidence: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A heading such as 6.1 above the criteria 6.1.1 …, scored only through them."""

    code: str
    title: Text
    max: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One question of the score sheet.

    kind     "choice": one option is ticked; "points": 0 to `max` whole points are entered.
    gates    star → least points asked for that star, cumulative (a 5-star gate covers 3 and 4).
    topic    the commune's topic that informs it (26/2026 Art. 7.2), where one does.
    evidence codes of the dossier components that prove it; an option may need others, see `proof`.
    knockout when the criterion removes the product from the evaluation, in our own words.
    implied  the sheet prints a bare box; yes and no are understood.
    scale    what may be entered → its points.
    """

    code: str
    title: Text
    max: int
    kind: Kind = "choice"
    options: tuple[Option, ...] = ()
    gates: Mapping[int, int] = field(default_factory=dict, hash=False)
    topic: str | None = None
    evidence: tuple[str, ...] = ()
    knockout: Text | None = None
    note: Text | None = None
    implied: bool = False
    group: Group | None = None
    scale: Mapping[int, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        scale = (
            {option.no: option.points for option in self.options}
            if self.kind == "choice"
            else {points: points for points in range(self.max + 1)}
        )
        object.__setattr__(self, "scale", MappingProxyType(scale))

    def option(self, no: int) -> Option:
        for option in self.options:
            if option.no == no:
                return option
        raise UnknownOption(f"criterion {self.code} has no option {no!r}; {self.asks()}")

    def require(self, no: int) -> None:
        """Raises UnknownOption unless `no` may be entered here."""
        if isinstance(no, bool) or not isinstance(no, int) or no not in self.scale:
            raise UnknownOption(f"criterion {self.code} has no option {no!r}; {self.asks()}")

    def proof(self, no: int) -> tuple[str, ...]:
        """The dossier components that prove what was entered; points of 0 need none."""
        if not self.scale[no]:
            return ()
        of_option = None if self.kind == "points" else self.option(no).evidence
        return self.evidence if of_option is None else of_option

    def asks(self) -> str:
        if self.kind == "points":
            return f"it takes 0 to {self.max} whole points"
        return f"its options are {', '.join(str(option.no) for option in self.options)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    code: str
    title: Text
    max: int
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    code: str
    title: Text
    max: int
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CriteriaSet:
    """The score sheet of one kind of product under one decision; there is one object of each.

    samples       units handed in with the dossier, 0 where none are asked.
    complete      False: listed, but its points are not known in full and nothing is rated by it.
    disqualifiers grounds on which the whole dossier is out.
    criteria      all criteria in the order of the sheet.
    scales        criterion → what may be entered → points, for a fast tally.
    gates         (star, ((criterion, least points), …)) for each star that has any, ascending.
    succeeds      codes of the sets of the decision before that rated the same kind of product (our reading
                  of the titles; no decision says it); precedes: of the decision after, where that one cannot know.
    unknown       what is doubtful about its figures, plainly said.
    knockouts     what may be named as knocked out: criteria that can, and the dossier's grounds.
    """

    pack: str
    code: str
    title: Text
    group: str
    lead: str
    samples: int
    complete: bool
    incomplete_because: Text | None
    parts: tuple[Part, ...]
    disqualifiers: tuple[Ground, ...]
    note: Text | None = None
    succeeds: tuple[str, ...] = ()
    precedes: tuple[str, ...] = ()
    unknown: tuple[Text, ...] = ()
    criteria: tuple[Criterion, ...] = field(init=False, repr=False)
    scales: Mapping[str, Mapping[int, int]] = field(init=False, repr=False)
    gates: tuple[tuple[int, tuple[tuple[str, int], ...]], ...] = field(init=False, repr=False)
    knockouts: Mapping[str, Text] = field(init=False, repr=False)
    _by_code: Mapping[str, Criterion] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        criteria = tuple(
            criterion
            for part in self.parts
            for section in part.sections
            for criterion in section.criteria
        )
        remember = object.__setattr__
        remember(self, "criteria", criteria)
        remember(self, "scales", MappingProxyType({c.code: c.scale for c in criteria}))
        remember(self, "gates", _gates_by_star(criteria))
        remember(self, "knockouts", _knockouts(self.parts, self.disqualifiers))
        remember(self, "_by_code", MappingProxyType({c.code: c for c in criteria}))

    def require_complete(self) -> None:
        """Raises IncompleteCriteriaSet where nothing may be rated by this set."""
        if not self.complete:
            why = self.incomplete_because.en if self.incomplete_because else "it is incomplete"
            raise IncompleteCriteriaSet(f"{self.code} cannot be used: {why}")

    def criterion(self, code: str) -> Criterion:
        try:
            return self._by_code[code]
        except KeyError:
            raise UnknownCriterion(f"{self.code} has no criterion {code!r}") from None


def _gates_by_star(
    criteria: tuple[Criterion, ...],
) -> tuple[tuple[int, tuple[tuple[str, int], ...]], ...]:
    stars = sorted({star for criterion in criteria for star in criterion.gates})
    return tuple(
        (star, tuple((c.code, c.gates[star]) for c in criteria if star in c.gates))
        for star in stars
    )


def _knockouts(parts: tuple[Part, ...], grounds: tuple[Ground, ...]) -> Mapping[str, Text]:
    """Criteria that can knock out, sections that do so as a whole, and the dossier's grounds."""
    sections = [section for part in parts for section in part.sections]
    by_criterion = {
        criterion.code: criterion.knockout
        for section in sections
        for criterion in section.criteria
        if criterion.knockout is not None
    }
    whole = {
        section.code: by_criterion[section.criteria[0].code]
        for section in sections
        if len(section.criteria) > 1 and all(c.code in by_criterion for c in section.criteria)
    }
    return MappingProxyType(whole | by_criterion | {g.code: g.label for g in grounds})
