"""What a service hears, and what each event leads to; and how a hearer reads the fields that it uses."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from marshmallow import Schema
from sqlalchemy.orm import Session

from contracts.catalogue import CONTRACTS, SAYER_OF, SAYERS
from contracts.envelope import Event
from contracts.reading import Reader

Reaction = Callable[[Session, Event], None]


class Reactions:
    """One service's ears: which contracts it hears, and what each leads to."""

    def __init__(self, service: str, rows: Sequence[type[Any]] = ()) -> None:
        """`rows` are the tables whose rows have the events' subjects as their keys: read and written per group."""
        self.service = service
        self.rows = tuple(rows)
        self._by_type: dict[str, Reaction] = {}

    def hears(self, *contracts: type[Schema]) -> Callable[[Reaction], Reaction]:
        """Mark a function as the reaction to these contracts."""

        def mark(reaction: Reaction) -> Reaction:
            for contract in contracts:
                self._by_type[contract.__name__] = reaction
            return reaction

        return mark

    def around(self, wrap: Callable[[Reaction], Reaction]) -> "Reactions":
        """The same ears, with something around each reaction."""
        wrapped = Reactions(self.service, self.rows)
        wrapped._by_type = {type_: wrap(each) for type_, each in self._by_type.items()}
        return wrapped

    @property
    def types(self) -> tuple[str, ...]:
        """The event types that lead to something here, in the catalogue's order."""
        return tuple(type_ for type_ in CONTRACTS if type_ in self._by_type)

    @property
    def sayers(self) -> tuple[str, ...]:
        """The services it listens to."""
        return tuple(sayer for sayer in SAYERS if any(SAYER_OF[t] == sayer for t in self._by_type))

    def reaction_to(self, type_: str) -> Reaction | None:
        """What a type leads to; None where it only counts for the order."""
        return self._by_type.get(type_)


def understood(contract: type[Schema], event: Event, only: Iterable[str]) -> dict[str, Any]:
    """The fields of an event that a hearer uses; what else it carries is none of the hearer's business.

    Raises marshmallow's ValidationError, naming the field, when the sayer broke the contract.
    """
    return _reader(contract, tuple(only)).load(event.data)


@cache
def _reader(contract: type[Schema], only: tuple[str, ...]) -> Reader:
    return Reader(contract, only)
