"""State machines as tables of moves. Pure: reads and writes nothing."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Generic, TypeVar

State = TypeVar("State", bound=StrEnum)


class IllegalMove(Exception):
    """This state has no such move."""


class Table(Generic[State]):
    """state -> move -> next state. Read by the code, the generated page and a test."""

    def __init__(self, moves: Mapping[State, Mapping[str, State]]) -> None:
        self.moves = moves

    def after(self, state: State, move: str) -> State:
        """The state after `move`. Raises IllegalMove."""
        try:
            return self.moves[state][move]
        except KeyError:
            raise IllegalMove(f"{state.value} has no move {move}") from None

    def ends(self) -> Iterator[State]:
        """States that cannot be left."""
        return (state for state, moves in self.moves.items() if not moves)
