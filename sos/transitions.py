"""State machines as tables of moves. Pure: reads and writes nothing."""

from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from typing import Generic, TypeVar

State = TypeVar("State", bound=StrEnum)


class IllegalMove(Exception):
    """This state has no such move."""


class Table(Generic[State]):
    """state -> move -> next state. Read by the code, the generated page and a test.

    `starts`: the states in which a life may begin, the first of the table unless said. `lasting`: a thing, not a life: it has no end of its
    own (a room, a line of a checklist).
    """

    def __init__(self, moves: Mapping[State, Mapping[str, State]], *, starts: Collection[State] = (), lasting: bool = False) -> None:
        self.moves = moves
        self.starts = frozenset(starts) or frozenset([next(iter(moves))])
        self.lasting = lasting

    def after(self, state: State, move: str) -> State:
        """The state after `move`. Raises IllegalMove."""
        try:
            return self.moves[state][move]
        except KeyError:
            raise IllegalMove(f"{state.value} has no move {move}") from None

    def ends(self) -> Iterator[State]:
        """States that cannot be left."""
        return (state for state, moves in self.moves.items() if not moves)
