"""`flask staff`: one-time links from the machine itself: for the first administrator, and where every other way in is lost. Mails nothing."""

import json

import click

from sos.cli.context import ready, refuse
from sos.factory import House
from sos.staff.members.actions import BY_COMMAND
from sos.staff.members.errors import AliasTaken, BadMember
from sos.staff.members.queries import everyone
from sos.staff.members.states import LinkFor, Membership, Role


@click.group("staff")
def staff() -> None:
    """Members of the staff."""


@staff.command("invite")
@click.option("--alias", default="", help="A suggestion: whoever joins chooses the name that people read.")
@click.option("--role", "roles", multiple=True, required=True, help=f"One or more of {', '.join(Role)}.")
@click.option("--language", "languages", multiple=True, help="A language spoken: sq, sr, bs, tr, rom, en.")
@click.option("--country", "countries", multiple=True, help="XK or RS.")
def invite(alias: str, roles: tuple[str, ...], languages: tuple[str, ...], countries: tuple[str, ...]) -> None:
    """Invite a member; prints the one-time link, good for 72 hours."""
    strange = [role for role in roles if role not in set(Role)]
    if strange:
        refuse(f"no such role: {strange[0]}; there are {', '.join(Role)}")
    house = ready()
    try:
        with house.database.write() as unit:
            asked = [Role(role) for role in roles]
            token = house.rooms.members.invite(unit, alias=alias, roles=asked, languages=languages, countries=countries)
    except AliasTaken:
        refuse("somebody has or had this alias")
    except BadMember as error:
        refuse(str(error))
    _print(alias, address(house, token))


@staff.command("reset")
@click.option("--alias", required=True, help="Whose ways in are lost.")
def reset(alias: str) -> None:
    """End a member's sessions, password and second factors; prints a new one-time link, to be handed over in person."""
    house = ready()
    with house.database.write() as unit:
        found = [one for one in everyone(unit.conn) if one.alias == alias and one.state is not Membership.LEFT]
        token = house.rooms.members.reset(unit, found[0].id, BY_COMMAND) if found else ""
    if not token:
        refuse("no member has this alias")
    _print(alias, address(house, token))


def first_link(house: House) -> str | None:
    """The address by which the first administrator joins, new at each start until somebody has; None afterwards."""
    with house.database.write() as unit:
        found = everyone(unit.conn)
        if any(one.state is not Membership.INVITED for one in found):
            return None
        waiting = [one for one in found if Role.ADMINISTRATOR in one.roles]
        if waiting:
            return address(house, house.rooms.members.link(unit, waiting[0].id, LinkFor.JOIN, BY_COMMAND))
        roles = (Role.ADMINISTRATOR, Role.SUPERVISOR, Role.OPERATOR) if house.settings.demo else (Role.ADMINISTRATOR,)
        return address(house, house.rooms.members.invite(unit, roles=roles))


def address(house: House, token: str) -> str:
    """The link as a browser takes it."""
    return f"{house.public_url}/staff/join/{token}"


def _print(alias: str, link: str) -> None:
    click.echo(json.dumps({"alias": alias, "link": link, "hours": 72}, ensure_ascii=False))
