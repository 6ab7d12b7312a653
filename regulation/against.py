"""Whether the packs' figures equal a folder of source data: every point, minimum, total and count, both ways."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Any

from regulation.criteria import CriteriaSet, Criterion
from regulation.decision import Pack
from regulation.source_data import rows_of, sets_of

STARS = (3, 4, 5)
Row = Mapping[str, str]


class Comparison:
    """What was compared (pack → kind of figure → how many), and each difference with the path to it."""

    def __init__(self, packs: Iterable[Pack]) -> None:
        self.compared: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.differences: list[str] = []
        self._sets = {code: each.sets[code] for each in packs for code in each.sets}

    def same(self, kind: str, where: str, theirs: object, ours: object) -> None:
        """Count one figure of that kind, and note it where the two sides differ; `where` begins with a set's code."""
        self.compared[self._sets[where.split("/")[0]].pack][kind] += 1
        if theirs != ours:
            self.differences.append(f"{where}: {kind}: the data say {theirs}, the pack {ours}")

    def our(self, code: str, *, file: str) -> CriteriaSet | None:
        """The set of that code; None, and a difference noted, where no pack has it."""
        if code not in self._sets:
            self.differences.append(f"{file}: {code}: no pack has this set")
        return self._sets.get(code)

    def siblings(self, codes: Iterable[str]) -> dict[str, CriteriaSet]:
        """All sets of the packs that these codes are of."""
        packs = {self._sets[code].pack for code in codes if code in self._sets}
        return {code: each for code, each in self._sets.items() if each.pack in packs}


def compare(folder: Path, packs: Iterable[Pack]) -> Comparison:
    """Every file in `folder` whose name says what it holds; a kind of file that is missing is a difference.

    Raises BrokenPack, naming the file, where one cannot be read.
    """
    found = Comparison(packs)
    for pattern, with_file in FILES.items():
        files = sorted(folder.glob(pattern))
        if not files:
            found.differences.append(f"{folder}: there is no {pattern}")
        for file in files:
            with_file(found, file)
    return found


def _criteria(found: Comparison, file: Path) -> None:
    listed = sets_of(file)
    for theirs in listed:
        ours = found.our(theirs["code"], file=file.name)
        if ours is None:
            continue
        where = ours.code
        found.same("sets", where, theirs["complete"], ours.complete)
        if theirs["samples"] is not None:
            found.same("samples", where, theirs["samples"], ours.samples > 0)
        for code, most in theirs["parts"].items():
            found.same("parts", f"{where}/{code}", most, _parts(ours).get(code))
        for code, most in theirs["sections"].items():
            found.same("sections", f"{where}/{code}", most, _sections(ours).get(code))
        _all_criteria(found, where, theirs["criteria"], ours.criteria)
    _nothing_more(found, file, [each["code"] for each in listed])


def _all_criteria(
    found: Comparison, where: str, theirs: Mapping[str, Any], ours: tuple[Criterion, ...]
) -> None:
    found.same("lists of criteria", where, list(theirs), [criterion.code for criterion in ours])
    for criterion in ours:
        told = theirs.get(criterion.code)
        if told is None:
            continue  # said by the order
        path = f"{where}/{criterion.code}"
        found.same("criteria", path, told["max"], criterion.max)
        found.same("implied boxes", path, told["implied"], criterion.implied)
        found.same("minimums", path, told["gates"], dict(criterion.gates))
        if any(told["cases"]):
            cases = [option.case is not None for option in criterion.options]
            found.same("choices of one of two cases", path, told["cases"], cases)
        _options(found, path, told["points"], [option.points for option in criterion.options])


def _options(found: Comparison, where: str, theirs: list[int], ours: list[int]) -> None:
    for no, (told, held) in enumerate(zip_longest(theirs, ours), start=1):
        found.same("options", f"{where}/{no}", told, held)


def _gates(found: Comparison, file: Path) -> None:
    rows = rows_of(file)
    told = {(row["set_code"], row["criterion_code"]): _minimums(row) for row in rows}
    ours = {
        (code, criterion.code): dict(criterion.gates)
        for code, each in found.siblings(row["set_code"] for row in rows).items()
        for criterion in each.criteria
        if criterion.gates
    }
    for code, criterion in sorted(told.keys() | ours.keys()):
        key, where = (code, criterion), f"{code}/{criterion}"
        if found.our(code, file=file.name):
            found.same("gates", where, told.get(key), ours.get(key))


def _minimums(row: Row) -> dict[int, int]:
    return {star: int(least) for star in STARS if (least := row[f"min_points_{star}star"])}


def _knockouts(found: Comparison, file: Path) -> None:
    told = {(row["set_code"], row["criterion_code"]) for row in rows_of(file)}
    ours = set()
    for code, each in found.siblings(code for code, _ in told).items():
        sections = {s.code: s for p in each.parts for s in p.sections}
        whole = {s for s in each.knockouts if s in sections and len(sections[s].criteria) > 1}
        single = {c.code for c in each.criteria if c.knockout}
        single -= {c.code for s in whole for c in sections[s].criteria}
        ours |= {(code, named) for named in single | whole}
    for code, named in sorted(told | ours):
        key, where = (code, named), f"{code}/{named}"
        if found.our(code, file=file.name):
            found.same("knock-outs", where, key in told, key in ours)


def _disqualifiers(found: Comparison, file: Path) -> None:
    for row in rows_of(file):
        if ours := found.our(row["set_code"], file=file.name):
            asked = bool(row["dossier_rejected_if_vi"].strip())
            found.same("disqualifiers", ours.code, asked, bool(ours.disqualifiers))


def _topics(found: Comparison, file: Path) -> None:
    for row in rows_of(file):
        ours = found.our(row["set_code"], file=file.name)
        for name, code in row.items() if ours else ():
            if name.endswith("_criterion") and ours:
                topic = name.removesuffix("_criterion")
                held = [c.code for c in ours.criteria if c.topic == topic]
                found.same("topics", f"{ours.code}/{topic}", [code] if code else [], held)


def _counts(found: Comparison, file: Path) -> None:
    rows = rows_of(file)
    for row in rows:
        if ours := found.our(row["set_code"], file=file.name):
            held = _counted(ours)
            for name in row.keys() & held.keys():
                found.same("totals and counts", f"{ours.code}/{name}", int(row[name]), held[name])
    _nothing_more(found, file, [row["set_code"] for row in rows])


def _counted(ours: CriteriaSet) -> dict[str, int]:
    """By the columns' names in the data."""
    parts = dict.fromkeys("ABC", 0) | {
        part.code: sum(c.max for s in part.sections for c in s.criteria) for part in ours.parts
    }
    gates = dict(ours.gates)
    return (
        {
            "criteria_count": len(ours.criteria),
            "option_count": sum(len(criterion.options) for criterion in ours.criteria),
            "total": sum(parts.values()),
        }
        | {f"max_{code}": points for code, points in parts.items()}
        | {f"sum_{code}": points for code, points in parts.items()}
        | {f"gates_{star}star": len(gates.get(star, ())) for star in STARS}
        | {f"sum_min_points_{star}star": sum(p for _, p in gates.get(star, ())) for star in STARS}
    )


def _nothing_more(found: Comparison, file: Path, codes: list[str]) -> None:
    for code in sorted(found.siblings(codes).keys() - set(codes)):
        found.differences.append(f"{file.name}: {code}: the data do not have this set")


def _parts(ours: CriteriaSet) -> dict[str, int]:
    return {part.code: part.max for part in ours.parts}


def _sections(ours: CriteriaSet) -> dict[str, int]:
    return {section.code: section.max for part in ours.parts for section in part.sections}


FILES: Mapping[str, Callable[[Comparison, Path], None]] = {
    "criteria_qd*.json": _criteria,
    "star_gates_*.csv": _gates,
    "knockouts_*.csv": _knockouts,
    "disqualifiers_*.csv": _disqualifiers,
    "criteria_sets_*.csv": _counts,
    "commune_report_mapping_*.csv": _topics,
}
"""What a file is called → what it is compared by."""
