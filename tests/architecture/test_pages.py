"""The generated pages are what the code says; every state ends or can be left and can be reached."""

import importlib
import pkgutil

import pytest

import sos
from sos.cli.pages import DOCS, MACHINES, written
from sos.transitions import IllegalMove, Table


@pytest.mark.parametrize("name", sorted(written()))
def test_the_page_is_current(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == written()[name], "run `flask pages`"


@pytest.mark.parametrize("machine", [pytest.param(machine, id=title) for title, machine in MACHINES.items()])
def test_every_state_is_in_the_table_and_can_be_reached(machine: Table) -> None:
    states = list(type(next(iter(machine.moves))))
    assert set(machine.moves) == set(states)
    reached = {after for moves in machine.moves.values() for after in moves.values()} | machine.starts
    assert reached == set(states)
    assert bool(list(machine.ends())) is not machine.lasting, "every life ends, and a thing that lasts has no end of its own"


def test_a_move_that_is_not_in_the_table_is_refused() -> None:
    machine = next(iter(MACHINES.values()))
    with pytest.raises(IllegalMove):
        machine.after(next(iter(machine.moves)), "no such move")


def test_every_table_of_moves_in_the_tree_is_on_the_page() -> None:
    modules = [one.name for one in pkgutil.walk_packages(sos.__path__, "sos.") if one.name.endswith(".states")]
    found = {
        f"{name}.{called}": table
        for name in modules
        for called, table in vars(importlib.import_module(name)).items()
        if isinstance(table, Table)
    }
    assert len(found) > 15, "looked at something"
    assert [name for name, table in found.items() if not any(table is one for one in MACHINES.values())] == []
