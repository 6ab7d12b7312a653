"""The fewest choices, and of these the least gain, that reach a sum: an exact search, no greedy guess."""

from collections.abc import Sequence

Gains = Sequence[int]


def nearest(musts: Sequence[Gains], mays: Sequence[Gains], need: int) -> list[int | None]:
    """Which gain to take: one of each of `musts`, and none (None) or one of each of `mays`, in that order.

    Their sum reaches `need`; first as few of `mays` as possible take part, then the sum is as low as possible, then
    those that come first are preferred. Gains are whole and not negative. Raises ValueError where nothing reaches it.

    Sums are sets held as bits of one number: bit `g` of `reached[k]` says that `g` can be gained with `k` of `mays`.
    """
    count = _fewest(musts, mays, need)
    history = [[1] + [0] * count]
    for number, gains in enumerate([*musts, *mays]):
        history.append(_with(history[-1], gains, must=number < len(musts)))
    total = _lowest(history[-1][count], need)
    return _taken(history, [*musts, *mays], musts=len(musts), count=count, total=total)


def _fewest(musts: Sequence[Gains], mays: Sequence[Gains], need: int) -> int:
    """How many of `mays` it takes when each gives its most."""
    short = need - sum(max(gains) for gains in musts)
    rooms = sorted((max(gains) for gains in mays), reverse=True)
    for count in range(len(rooms) + 1):
        if sum(rooms[:count]) >= short:
            return count
    raise ValueError(f"{need} cannot be reached")


def _with(reached: Sequence[int], gains: Gains, *, must: bool) -> list[int]:
    """What can be reached when one more choice is there."""
    if must:
        return [_shifted(sums, gains) for sums in reached]
    return [
        sums | (_shifted(reached[count - 1], gains) if count else 0)
        for count, sums in enumerate(reached)
    ]


def _shifted(sums: int, gains: Gains) -> int:
    shifted = 0
    for gain in gains:
        shifted |= sums << gain
    return shifted


def _lowest(sums: int, need: int) -> int:
    """The lowest of the sums that is not below `need`."""
    above = sums >> max(need, 0)
    return max(need, 0) + (above & -above).bit_length() - 1


def _taken(
    history: Sequence[Sequence[int]],
    choices: Sequence[Gains],
    *,
    musts: int,
    count: int,
    total: int,
) -> list[int | None]:
    """Walk back from the sum to the gains that made it."""
    taken: list[int | None] = []
    for number in reversed(range(len(choices))):
        before = history[number]
        if number >= musts and before[count] >> total & 1:
            taken.append(None)
            continue
        count -= number >= musts
        gain = next(g for g in choices[number] if g <= total and before[count] >> total - g & 1)
        total -= gain
        taken.append(gain)
    return taken[::-1]
