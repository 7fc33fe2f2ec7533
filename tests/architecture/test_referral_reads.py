"""Every function of sos/referrals that returns something of a referral takes the viewer: bars, conflicts and consents are asked by nobody twice (DOMAIN 41)."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "sos" / "referrals"
OF_THE_OTHER_ROOMS = {"pathways", "offers", "appointments", "document_cases"}
TELLING = {"Item", "Shown", "Opened", "Asked", "Report", "Link"}
"""What tells of a referral, or of what happens without consent."""
ENTERED_BY = {
    ("links.py", "open"): "the token and the secret are the way in; it reads as the agency's viewer",
    ("reading.py", "_item"): "a row that came through `visible`",
    ("actions.py", "_asked"): "a row that came through the viewer's bars",
}
MODULES = [path for path in sorted(ROOT.rglob("*.py")) if not OF_THE_OTHER_ROOMS & set(path.relative_to(ROOT).parts)]


def _returning() -> list[tuple[str, ast.FunctionDef]]:
    found = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.returns is not None:
                names = {one.id for one in ast.walk(node.returns) if isinstance(one, ast.Name)}
                if names & TELLING:
                    found.append((path.name, node))
    return found


def test_some_are_found() -> None:
    assert len(_returning()) >= 6
    assert set(ENTERED_BY) <= {(name, node.name) for name, node in _returning()}, "an exemption that nothing needs"


@pytest.mark.parametrize(("name", "node"), _returning(), ids=lambda one: one if isinstance(one, str) else one.name)
def test_whoever_asks_is_named(name: str, node: ast.FunctionDef) -> None:
    arguments = {one.arg for one in (*node.args.args, *node.args.kwonlyargs)}
    takes = "viewer" in arguments or {"unit", "row"} <= arguments
    assert takes or (name, node.name) in ENTERED_BY


def test_the_referrals_table_is_selected_through_the_one_condition_or_by_its_own_writes() -> None:
    """Outside actions (which move rows) no module selects referrals without `visible`."""
    looked = [path for path in MODULES if "select(_REFERRALS)" in path.read_text() and path.name != "actions.py"]
    assert looked
    assert all("visible(viewer" in path.read_text() for path in looked)


def test_the_bars_come_from_their_own_room() -> None:
    assert not [path for path in MODULES if "AlertBarRow" in path.read_text()]
    assert [path for path in MODULES if "bars.hides(" in path.read_text()]


def test_no_door_but_these_opens_the_reading() -> None:
    """A page that reads referrals goes through `Reading`; none selects."""
    doors = [path for path in (ROOT.parent / "console").rglob("*.py") if "referral" in path.read_text()]
    assert doors
    assert not [path for path in doors if "ReferralRow" in path.read_text() or "ConsentRow" in path.read_text()]
