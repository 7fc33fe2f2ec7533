"""The columns of our own CSV: one line a service at a place. The same list is template, reader and writer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column with what may stand in it."""

    name: str
    meaning: str
    example: str = ""
    of_place: bool = False
    """differs between the lines of one service that is given at several places"""


COLUMNS = (
    Column("service_id", "its id in your list, or empty; lines of one id are one service at several places", "legal-1"),
    Column("organisation_id", "its id in your list, or empty"),
    Column("organisation", "who runs it (needed)", "Women's legal desk"),
    Column("organisation_website", "its website"),
    Column("name", "what the service is called (needed)", "Free legal advice"),
    Column("category", "a slug of config/categories.toml (needed)", "legal_aid"),
    Column("description", "plain text", "Advice and company in court"),
    Column("status", "active, inactive, defunct or temporarily closed; empty is active", "active"),
    Column("location_id", "id of the building in your list, or empty", of_place=True),
    Column("place_name", "name of the building", of_place=True),
    Column("address", "street and number", "Sheshi 1", of_place=True),
    Column("city", "town or village", "Pejë", of_place=True),
    Column("postal_code", "", of_place=True),
    Column("municipality", "municipality, if it is not the town's own", of_place=True),
    Column("country", "XK or RS", "XK", of_place=True),
    Column("latitude", "degrees; empty: the town's middle", of_place=True),
    Column("longitude", "degrees", of_place=True),
    Column("phones", "numbers, between them ;", "+383 44 000 101"),
    Column("verified_on", "day on which somebody called the number", "2026-11-01"),
    Column("email", "", ""),
    Column("website", "", ""),
    Column(
        "hours",
        "like Mo-Fr 08:00-16:00; Sa 09:00-13:00, or 24/7; a period: Mo-Fr 09:00-12:00@2026-07-01..2026-08-31",
        "Mo-Fr 08:00-16:00",
        of_place=True,
    ),
    Column("holidays", "on public holidays: closed or as usual", "closed"),
    Column("languages", "codes or names, between them ;", "sq;sr"),
    Column(
        "accepts",
        "women, men, children, girls, boys, everyone, older_people, disability, trafficked, lgbti, pregnant, mental_health, "
        "addiction, perpetrators, pets; between them ;",
        "women;children",
    ),
    Column("boys_maximum_age", "oldest age at which a boy may come along"),
    Column("minimum_age", "", ""),
    Column("maximum_age", "", ""),
    Column("step_free", "yes or no", "yes", of_place=True),
    Column("papers", "none, or the papers that are asked for, between them ;", "none"),
    Column("cost", "free, or what it costs", "free"),
    Column("coverage", "municipalities or XK or RS for which it works, between them ;  empty: everybody", "Pejë;Istog"),
    Column("coverage_from", "first day of that", ""),
    Column("coverage_to", "last day of that", ""),
    Column("gatekeeper", "through whom one comes in", ""),
    Column("gatekeeper_contact", "by day", ""),
    Column("gatekeeper_night", "by night", ""),
    Column("capacity", "free units by kind, like bed 3/8; family_room 1/2", ""),
    Column("capacity_at", "when that was confirmed, RFC 3339", ""),
    Column("confidential", "yes or no; empty: as its category says (a shelter is)", "no"),
    Column("front_gate", "of a confidential service: the contact that may be known", ""),
    Column("published_area", "of a confidential service: XK, RS or municipalities; empty: the whole country", ""),
    Column("extra", "other fields of the source, as JSON", ""),
)
NAMES = tuple(column.name for column in COLUMNS)
NEEDED = ("organisation", "name", "category")
OF_PLACE = frozenset(column.name for column in COLUMNS if column.of_place)
OTHER_NAMES = {
    "id": "service_id",
    "organization": "organisation",
    "organisation_name": "organisation",
    "organization_name": "organisation",
    "service": "name",
    "service_name": "name",
    "title": "name",
    "type": "category",
    "street": "address",
    "address_1": "address",
    "town": "city",
    "lat": "latitude",
    "lon": "longitude",
    "lng": "longitude",
    "long": "longitude",
    "phone": "phones",
    "telephone": "phones",
    "tel": "phones",
    "url": "website",
    "opening_hours": "hours",
    "schedule": "hours",
    "language": "languages",
    "boys_max_age": "boys_maximum_age",
    "max_age": "maximum_age",
    "min_age": "minimum_age",
    "documents": "papers",
    "required_documents": "papers",
    "fees": "cost",
    "price": "cost",
    "covers": "coverage",
}
