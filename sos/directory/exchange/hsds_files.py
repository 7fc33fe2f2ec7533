"""Finding the services in what people call an HSDS file: one object, a list, a page, organisations, a folder, or tables joined by id."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sos.directory.errors import NotReadable
from sos.directory.exchange.hsds_older import modern
from sos.directory.exchange.reading import csv_rows, json_of

_TABLES = (
    "organizations", "services", "locations", "service_at_locations", "addresses", "phones", "schedules", "regular_schedules", "service_areas", "languages",
    "accessibility", "required_documents", "cost_options", "attributes", "taxonomy_terms", "service_capacities", "units", "contacts",
)  # fmt: skip
_SAME = {
    "service_at_location": "service_at_locations",
    "services_at_location": "service_at_locations",
    "service_capacity": "service_capacities",
    "capacities": "service_capacities",
    "physical_addresses": "addresses",
    "address": "addresses",
    "organisations": "organizations",
    "accessibility_for_disabilities": "accessibility",
}
Json = Mapping[str, Any]


def services_in(path: Path) -> Iterator[tuple[int, Any]]:
    """(position from 1, service object) of everything under `path`. Raises NotReadable."""
    if path.is_dir():
        found = _folder(path)
    elif path.suffix.casefold() == ".csv":
        raise NotReadable(f"{path.name}: HSDS tables come as a folder of CSV files; for one file of our own columns say csv")
    else:
        found = _services(json_of(path), path.name)
    count = 0
    for count, service in enumerate(found, 1):
        yield count, service
    if count == 0 and not path.is_dir():
        return


def _folder(path: Path) -> Iterator[Any]:
    tables = {_table(file): file for file in sorted(path.rglob("*.csv")) if _table(file) in _TABLES}
    if "services" in tables:
        yield from _joined({name: [row for _, row in csv_rows(file)] for name, file in tables.items()})
        return
    files = [file for file in sorted(path.rglob("*.json")) if file.name != "datapackage.json"]
    if not files:
        raise NotReadable(f"{path.name}: no services.csv and no JSON file in this folder")
    for file in files:
        yield from _services(json_of(file), file.name)


def _table(file: Path) -> str:
    return _SAME.get(file.stem.casefold(), file.stem.casefold())


def _services(value: Any, name: str) -> Iterator[Any]:
    if isinstance(value, list):
        for one in value:
            yield from _services(one, name) if _is_container(one) else (one,)
    elif isinstance(value, Mapping):
        yield from _inside(value, name)
    else:
        raise NotReadable(f"{name}: neither a service nor a list of services")


def _inside(value: Json, name: str) -> Iterator[Any]:
    """A page, tables, an organisation with its services, a service at a location, a list of organisations, or one service."""
    tables = {_SAME.get(key.removesuffix(".csv"), key.removesuffix(".csv")): rows for key, rows in value.items() if isinstance(rows, list)}
    if "contents" in tables:
        yield from _services(tables["contents"], name)
    elif "services" in tables and ({"organizations", "locations", "service_at_locations"} & tables.keys()) and "id" not in value:
        yield from _joined(tables)
    elif "services" in tables:
        for one in tables["services"]:
            yield {**one, "organization": one.get("organization") or _alone(value)} if isinstance(one, Mapping) else one
    elif isinstance(value.get("service"), Mapping):
        yield _of_location(value)
    elif "organizations" in tables:
        yield from _services(tables["organizations"], name)
    elif "id" in value or "name" in value:
        yield value
    else:
        raise NotReadable(f"{name}: no services in it")


def _is_container(one: Any) -> bool:
    return isinstance(one, Mapping) and (
        isinstance(one.get("services"), list) or isinstance(one.get("service"), Mapping) or "contents" in one
    )


def _alone(organisation: Json) -> dict[str, Any]:
    return {key: value for key, value in organisation.items() if key not in ("services", "locations")}


def _of_location(value: Json) -> dict[str, Any]:
    service = dict(value["service"])
    service["service_at_locations"] = [{key: part for key, part in value.items() if key != "service"}]
    return service


def _joined(tables: Mapping[str, list[Any]]) -> Iterator[dict[str, Any]]:
    """Nested service objects out of HSDS tables."""
    rows = modern({name: [_filled(row) for row in table if isinstance(row, Mapping)] for name, table in tables.items()})
    organisations = {row.get("id"): row for row in rows.get("organizations", [])}
    terms = {row.get("id"): row for row in rows.get("taxonomy_terms", [])}
    units = {row.get("id"): row for row in rows.get("units", [])}
    for row in rows.get("attributes", []):
        row["taxonomy_term"] = terms.get(row.get("taxonomy_term_id"), {})
    for row in rows.get("service_capacities", []):
        row["unit"] = units.get(row.get("unit_id"), {})
    under = _Under(rows)
    locations = {
        row.get("id"): {**row, **under.of("location_id", row.get("id"), "addresses", "accessibility", "schedules", "phones")}
        for row in rows.get("locations", [])
    }
    at: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.get("service_at_locations", []):
        parts = under.of("service_at_location_id", row.get("id"), "schedules", "phones", "service_areas")
        at[row.get("service_id", "")].append({**row, **parts, "location": locations.get(row.get("location_id"), {})})
    for service in rows.get("services", []):
        own = service.get("id", "")
        nested = under.of(
            "service_id", own, "phones", "schedules", "service_areas", "languages", "required_documents", "cost_options", "contacts"
        )
        organisation = organisations.get(service.get("organization_id"))
        yield {
            **service,
            **nested,
            "attributes": [row for row in rows.get("attributes", []) if row.get("link_id") == own],
            "capacities": under.of("service_id", own, "service_capacities").get("service_capacities", []),
            "service_at_locations": at.get(own, []),
            **({"organization": {**organisation, **under.of("organization_id", organisation.get("id"), "phones")}} if organisation else {}),
        }


class _Under:
    """Rows of each table by the id that they point to, each under its most particular owner only."""

    _PARTICULAR = ("service_at_location_id", "service_id", "location_id", "organization_id")

    def __init__(self, rows: Mapping[str, list[dict[str, Any]]]) -> None:
        self._found: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
        for name, table in rows.items():
            for row in table:
                for column in self._PARTICULAR:
                    if row.get(column):
                        self._found[(name, column, str(row[column]))].append(row)
                        if name in ("phones", "schedules"):
                            break

    def of(self, column: str, own: object, *tables: str) -> dict[str, list[dict[str, Any]]]:
        """The tables that have rows of this owner."""
        found = {name: self._found.get((name, column, str(own)), []) for name in tables}
        return {name: rows for name, rows in found.items() if rows}


def _filled(row: Json) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value not in ("", None)}
