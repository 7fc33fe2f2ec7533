"""Tables of HSDS 1 and of Ohana exports -> rows as HSDS 3 writes them. Pure; changes only what the older form says differently."""

from collections.abc import Mapping
from typing import Any

from sos.directory.exchange.cleaning import listed, plain

Rows = dict[str, list[dict[str, Any]]]


def modern(rows: Rows) -> Rows:
    """The same tables with the newer names and links; tables that are new already come back as they were."""
    at = list(rows.get("service_at_locations", []))
    linked = {row.get("service_id") for row in at}
    owners = {row.get("id"): row.get("organization_id") for row in rows.get("locations", [])}
    services = []
    for row in rows.get("services", []):
        if row.get("location_id") and row.get("id") not in linked:
            at.append({"id": f"{row.get('id')}-{row['location_id']}", "service_id": row.get("id"), "location_id": row["location_id"]})
        services.append(_service(row, owners.get(row.get("location_id"))))
    return rows | {
        "services": services,
        "service_at_locations": at,
        "locations": [_location(row) for row in rows.get("locations", [])],
        "phones": [row | {"type": row.get("type") or row.get("number_type") or "voice"} for row in rows.get("phones", [])],
        "schedules": [*rows.get("schedules", []), *(_schedule(row) for row in rows.get("regular_schedules", []))],
    }


def _service(row: Mapping[str, Any], owner: object) -> dict[str, Any]:
    changed = dict(row)
    for older, newer in (("eligibility", "eligibility_description"), ("website", "url")):
        if older in changed and newer not in changed:
            changed[newer] = changed.pop(older)
    if owner and not changed.get("organization_id"):
        changed["organization_id"] = owner
    for field, name in (("languages", "name"), ("required_documents", "document"), ("service_areas", "name")):
        if isinstance(changed.get(field), str):
            changed[field] = [{name: text} for text in listed(changed[field], between=",;")]
    return changed


def _location(row: Mapping[str, Any]) -> dict[str, Any]:
    changed = dict(row)
    if isinstance(changed.get("accessibility"), str):
        changed["accessibility"] = [{"description": changed["accessibility"].replace("_", " ")}]
    if plain(changed.get("virtual"), longest=10).casefold() == "true":
        changed["location_type"] = "virtual"
    return changed


def _schedule(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "freq": "WEEKLY", "byday": row.get("weekday", "")}
