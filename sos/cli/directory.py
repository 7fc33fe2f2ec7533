"""`flask directory`: match, import, export, template. The terminal's face of the directory.

Prints JSON lines on stdout and one clear line on stderr for what cannot be done. Never prints a true place of a confidential service.
"""

import json
import math
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from sos.cli.context import MUST_CHOOSE, WRONG_USE, ready, refuse
from sos.directory import queries
from sos.directory.categories import Categories, Category
from sos.directory.errors import DirectoryRefusal, UnknownCategory
from sos.directory.exchange import csv_out, hsds_out, importing
from sos.directory.exchange.csv_in import CsvReader
from sos.directory.exchange.hsds_in import HsdsReader
from sos.directory.exchange.locating import Locator
from sos.directory.exchange.recognising import language as language_of
from sos.directory.exchange.recognising import whom as whom_of
from sos.directory.exchange.rows import Done, Row
from sos.directory.exchange.sharpening import sharpen
from sos.directory.jurisdictions import Jurisdictions
from sos.directory.matching.answer import Audience, Matched, answer
from sos.directory.matching.avoiding import avoided
from sos.directory.matching.live import LiveIndex
from sos.directory.matching.telling import Teller
from sos.directory.matching.wish import Point, Wish
from sos.directory.states import Whom
from sos.factory import House
from sos.geo.gazetteer import Gazetteer
from sos.geo.geocoder import Geocoder, NotConfigured
from sos.geo.naming import folded_name
from sos.shelters.actions import Vault
from sos.shelters.matching import answer_operator
from sos.shelters.queries import Cards

MOST = 100


@click.group("directory")
def directory() -> None:
    """The directory of services."""


@directory.command("match")
@click.option("--category", required=True, help="A slug of config/categories.toml.")
@click.option("--place", help="A place in any of our languages.")
@click.option("--lat", help="Degrees; with --lon.")
@click.option("--lon", help="Degrees; with --lat.")
@click.option("--at", help="The moment asked about, RFC 3339; default now.")
@click.option("--children", default="0", help="How many children come along.")
@click.option("--boy-age", help="Age of the oldest boy who comes along.")
@click.option("--accepts", multiple=True, help="Whom the place must accept.")
@click.option("--language", help="A language that is spoken there.")
@click.option("--step-free", is_flag=True)
@click.option("--no-papers", is_flag=True)
@click.option("--free", is_flag=True, help="Free of charge.")
@click.option("--avoid", multiple=True, help="A municipality to stay away from; all that the name may mean.")
@click.option("--open-now", is_flag=True)
@click.option("--audience", default="survivor", help="survivor, guest or operator.")
@click.option("--limit", default="5", help="At most so many matches.")
@click.option("--no-authorities", is_flag=True, help="No numbers of police, ministry or prosecutor.")
@click.option("--json", "as_json", is_flag=True, help="JSON, which is all there is.")
def match_command(**asked: object) -> None:
    """Suitable services for a place, nearest first."""
    del asked["as_json"]
    house = ready()
    gazetteer = house.rooms.gazetteer
    categories = _categories(house)
    jurisdictions = Jurisdictions.load(house.settings.config / "jurisdictions")
    at = _moment(asked["at"], house)
    wish = _wish(asked, categories, gazetteer, jurisdictions, at)
    audience = _audience(asked["audience"])
    matched = _matched(house, jurisdictions, wish, audience, at, without_authorities=bool(asked["no_authorities"]))
    teller = Teller(house.rooms.texts, gazetteer, wish.language)
    _print(_plain(matched, teller))


@directory.command("import")
@click.argument("form")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Report only; write nothing.")
@click.option("--skip-bad", is_flag=True, help="Import the good rows although others are bad.")
@click.option("--geocoder", metavar="HOST", help="A Nominatim server of your own, for PUBLIC addresses without coordinates.")
def import_command(form: str, path: Path, dry_run: bool, skip_bad: bool, geocoder: str | None) -> None:  # noqa: FBT001 - click's flags
    """Read a directory from an HSDS file or folder, or from our CSV."""
    house = ready()
    categories, locator = _categories(house), Locator(house.rooms.gazetteer)
    try:
        if _form(form) == "hsds":
            rows = importing.hsds_rows(path, HsdsReader(categories, locator))
        else:
            rows = importing.csv_entries(path, CsvReader(categories, locator))
        if geocoder is not None:
            _sharpen(house, rows, geocoder)
        with house.database.write() as unit:
            report = importing.run(
                unit,
                rows,
                hidden=Vault(house.keystore.place_key),
                source=f"import {form}",
                skip_bad=skip_bad,
                dry_run=dry_run,
                later_holds=form == "hsds",
            )
    except DirectoryRefusal as error:
        refuse(str(error))
    for row in report.rows:
        _print(row.plain() | ({"dry_run": True} if dry_run else {}))
    counts = ", ".join(f"{report.count(done)} {done.value}" for done in Done if report.count(done))
    click.echo(f"{len(report.rows)} rows: {counts or 'none'}" + ("" if report.written else "; nothing was written"), err=True)
    if report.bad and not skip_bad:
        sys.exit(WRONG_USE)


def _sharpen(house: House, rows: list[Row], host: str) -> None:
    """Ask the operator's own server for the points of public addresses, before anything is written."""
    scheme, _, domain = host.rpartition("://")
    try:
        server = Geocoder.on_server(domain, user_agent="sos-directory-import", scheme=scheme or "https")
    except NotConfigured as error:
        refuse(f"--geocoder: {error}")
    vault = Vault(house.keystore.place_key)
    with house.database.write() as unit:
        confidential = {row.id for row in rows if vault.holds(unit, row.id)}

    def municipality_at(lat: float, lon: float) -> str | None:
        found = house.rooms.gazetteer.municipality_at(lat, lon)
        return found.id if found else None

    sharpen(rows, server, confidential=confidential, municipality_at=municipality_at)


@directory.command("export")
@click.argument("form")
@click.argument("path", type=click.Path(path_type=Path, allow_dash=True))
def export_command(form: str, path: Path) -> None:
    """Write all public services as HSDS 3.1 JSON or as our CSV; - is stdout."""
    house = ready()
    wanted, categories = _form(form), _categories(house)
    with house.database.read() as conn:
        entries = queries.services(conn)
    if wanted == "hsds":
        text = json.dumps(hsds_out.exported(entries, categories), ensure_ascii=False, indent=1) + "\n"
    else:
        text = csv_out.exported(entries)
    if str(path) == "-":
        click.echo(text, nl=False)
        return
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        refuse(f"{path}: {error.strerror}")
    _print({"written": str(path), "services": len(entries)})


@directory.command("template")
@click.argument("form")
def template_command(form: str) -> None:
    """The columns of our CSV, with one example line."""
    if form != "csv":
        refuse("there is a template for csv only")
    click.echo(csv_out.template(), nl=False)


def _matched(
    house: House, jurisdictions: Jurisdictions, wish: Wish, audience: Audience, at: datetime, *, without_authorities: bool
) -> Matched:
    live = LiveIndex(folded_name, jurisdictions.zone(wish.country))
    if audience is not Audience.OPERATOR:
        with house.database.read() as conn:
            return answer(live.snapshot(conn), wish, live.moment(at), jurisdictions, without_authorities=without_authorities)
    with house.database.write() as unit:
        house.rooms.audit.record(unit, "hidden.cards_read", actor="terminal")
        vault = Cards(house.keystore.place_key)
        cards = vault.all(unit.conn)
        if vault.damaged:
            click.echo(f"{len(vault.damaged)} confidential records do not open with this keystore", err=True)
        return answer_operator(
            live.snapshot(unit.conn), cards, wish, live.moment(at), jurisdictions, without_authorities=without_authorities
        )


def _wish(asked: dict[str, object], categories: Categories, gazetteer: Gazetteer, jurisdictions: Jurisdictions, at: datetime) -> Wish:
    category = _category(categories, str(asked["category"]))
    point, municipality, country = _place(asked, gazetteer, jurisdictions, at)
    away = avoided(gazetteer, [str(name) for name in _many(asked["avoid"])])
    if away.unknown:
        refuse(f"--avoid: {away.unknown[0][:60]!r} is not in the gazetteer")
    boy_age = _whole("--boy-age", asked["boy_age"], most=30)
    return Wish(
        category=category,
        point=point,
        municipality=municipality,
        country=country,
        children=_whole("--children", asked["children"], most=30) or 0,
        boy_age=boy_age,
        accepts=frozenset(_whom(part) for name in _many(asked["accepts"]) for part in str(name).split(",")),
        language=_language(asked["language"]),
        step_free=bool(asked["step_free"]),
        no_papers=bool(asked["no_papers"]),
        free=bool(asked["free"]),
        open_now=bool(asked["open_now"]),
        avoid=away.municipalities,
        avoid_names=away.names,
        limit=_whole("--limit", asked["limit"], least=1, most=MOST) or 5,
    )


def _place(
    asked: dict[str, object], gazetteer: Gazetteer, jurisdictions: Jurisdictions, at: datetime
) -> tuple[Point, str | None, str | None]:
    text, lat, lon = asked["place"], asked["lat"], asked["lon"]
    if (text is None) == (lat is None and lon is None) or (lat is None) != (lon is None):
        refuse("say where: either --place, or --lat and --lon")
    if text is None:
        point = Point(_degrees("--lat", lat, 90), _degrees("--lon", lon, 180))
        at_point = gazetteer.municipality_at(point.lat, point.lon)
        return point, at_point.id if at_point else None, at_point.country if at_point else None
    located = gazetteer.locate(str(text))
    if located.place is None:
        numbers = [number.plain() for number in jurisdictions.numbers(None, at=at)]
        _print({"query": text, "place": None, "candidates": [one.as_json() for one in located.candidates], "hotlines": numbers})
        click.echo("which place is meant?" if located.candidates else "this place is not in the gazetteer", err=True)
        sys.exit(MUST_CHOOSE)
    found = located.place
    return Point(found.lat, found.lon), found.municipality_id, found.country


def _plain(matched: Matched, teller: Teller) -> dict[str, object]:
    return {
        "matches": [teller.plain(one) for one in matched.matches],
        "next_best": [teller.plain(one) for one in matched.next_best],
        "missing": list(matched.missing),
        "hotlines": [number.plain() for number in matched.hotlines],
    }


def _categories(house: House) -> Categories:
    try:
        return Categories.load(house.settings.config / "categories.toml")
    except DirectoryRefusal as error:
        refuse(str(error))


def _category(categories: Categories, slug: str) -> Category:
    try:
        return categories.asked(slug)
    except UnknownCategory as error:
        refuse(str(error))


def _moment(text: object, house: House) -> datetime:
    if text is None:
        return house.clock.now()
    try:
        moment = datetime.fromisoformat(str(text).strip())
    except ValueError:
        refuse(f"--at: {str(text)[:40]!r} is not a time like 2026-11-22T08:00:00+01:00")
    if moment.tzinfo is None:
        refuse("--at: the time needs its zone, like 2026-11-22T08:00:00+01:00")
    if not 2000 <= moment.year <= 2100:
        refuse("--at: the year must be from 2000 to 2100")
    return moment.astimezone(ZoneInfo("UTC"))


def _audience(text: object) -> Audience:
    try:
        return Audience(str(text))
    except ValueError:
        refuse(f"--audience: say one of {', '.join(Audience)}")


def _whole(name: str, value: object, *, least: int = 0, most: int) -> int | None:
    if value is None:
        return None
    text = str(value).strip()
    if not (text.isascii() and text.isdigit()) or not least <= int(text[:9]) <= most:
        refuse(f"{name}: {text[:20]!r} is not a whole number from {least} to {most}")
    return int(text)


def _degrees(name: str, value: object, most: float) -> float:
    try:
        number = float(str(value))
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or abs(number) > most:
        refuse(f"{name}: {str(value)[:30]!r} is not a number of degrees from -{most:g} to {most:g}")
    return number


def _whom(text: str) -> Whom:
    found = whom_of(text)
    if found is None:
        refuse(f"--accepts: {text[:30]!r} is none of {', '.join(Whom)}")
    return found


def _language(text: object) -> str | None:
    if text is None:
        return None
    code = language_of(str(text))
    if code is None:
        refuse(f"--language: {str(text)[:30]!r} is not known; say a code like sq, sr, bs, tr, rom, en")
    return code


def _form(form: str) -> str:
    if form not in ("hsds", "csv"):
        refuse(f"say hsds or csv, not {form[:20]!r}")
    return form


def _many(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()


def _print(line: object) -> None:
    click.echo(json.dumps(line, ensure_ascii=False))
