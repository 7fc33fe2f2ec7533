"""Draws a state machine as a plain SVG from its table of moves: states in a column, moves down on the right, moves back on the left. Pure; the
same table always gives the same file.
"""

from html import escape
from typing import Any, Final

from sos.transitions import Table

_WIDE: Final = 168
_HIGH: Final = 36
_GAP: Final = 48
_LANE: Final = 108
"""Pixels between two arcs: a name of a move fits in."""
_HEAD: Final = (
    '<defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
    '<path d="M0 0 8 4 0 8Z" style="fill:#5b6b7b;stroke:none"/></marker></defs>'
)


def drawn(title: str, machine: Table[Any]) -> str:
    """The whole file. Final states have a double border."""
    states = list(machine.moves)
    place = {state: n for n, state in enumerate(states)}
    moves = [(place[state], place[after], name) for state, leaving in machine.moves.items() for name, after in leaving.items()]
    down = _lanes([move for move in moves if move[1] > move[0]])
    back = _lanes([move for move in moves if move[1] <= move[0]])
    left = _LANE * (1 + max((lane for *_, lane in back), default=-1)) + 24
    right = _LANE * (1 + max((lane for *_, lane in down), default=-1)) + 24
    width, height = left + _WIDE + right, 48 + len(states) * (_HIGH + _GAP)
    ends = set(machine.ends())
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img">',
        f"<title>{escape(title)}</title>",
        "<style>rect{fill:#f4f6f8;stroke:#2f3e4e}path{fill:none;stroke:#5b6b7b}text{font:13px sans-serif;fill:#14202b}.m{fill:#31506f}</style>",
        _HEAD,
        '<rect width="100%" height="100%" style="fill:#fff;stroke:none"/>',
        f'<text x="16" y="24" style="font-weight:bold">{escape(title)}</text>',
    ]
    lines += [_arc(move, side=1, edge=left + _WIDE) for move in down]
    lines += [_arc(move, side=-1, edge=left) for move in back]
    lines += [_box(state.value, left, n, ends=state in ends) for n, state in enumerate(states)]
    return "\n".join([*lines, "</svg>", ""])


def _lanes(moves: list[tuple[int, int, str]]) -> list[tuple[int, int, str, int]]:
    """Give each arc a lane of its own where it would cross another's span; short ones are nearest to the states."""
    taken: list[list[tuple[int, int]]] = []
    given = []
    for start, end, name in sorted(moves, key=lambda move: (abs(move[1] - move[0]), move)):
        low, high = min(start, end), max(start, end)
        lane = next((n for n, spans in enumerate(taken) if all(high <= first or low >= last for first, last in spans)), len(taken))
        if lane == len(taken):
            taken.append([])
        taken[lane].append((low, high))
        given.append((start, end, name, lane))
    return given


def _arc(move: tuple[int, int, str, int], *, side: int, edge: int) -> str:
    start, end, name, lane = move
    step = 9 if end > start else -9
    y1, y2 = _middle(start) + step, _middle(end) - step
    out = edge + side * (_LANE * lane + 24)
    path = f"M{edge} {y1}H{out - side * 8}Q{out} {y1} {out} {y1 + (8 if y2 > y1 else -8)}V{y2 - (8 if y2 > y1 else -8)}Q{out} {y2} {out - side * 8} {y2}H{edge}"
    anchor = "start" if side > 0 else "end"
    words = f'<text class="m" x="{out + side * 5}" y="{(y1 + y2) // 2 + 4}" text-anchor="{anchor}">{escape(name)}</text>'
    return f'<path d="{path}" marker-end="url(#a)"/>{words}'


def _middle(n: int) -> int:
    return 48 + n * (_HIGH + _GAP) + _HIGH // 2


def _box(name: str, left: int, n: int, *, ends: bool) -> str:
    top = _middle(n) - _HIGH // 2
    box = f'<rect x="{left}" y="{top}" width="{_WIDE}" height="{_HIGH}" rx="8"/>'
    if ends:
        box += f'<rect x="{left + 4}" y="{top + 4}" width="{_WIDE - 8}" height="{_HIGH - 8}" rx="6"/>'
    return f'{box}<text x="{left + _WIDE // 2}" y="{top + 23}" text-anchor="middle">{escape(name)}</text>'
