"""Checklists from `config/checklists/*.toml`: stable item ids, versions, words in several languages. Never changes a plan that has begun.

A plan keeps the version it began with: the files of older versions stay, named `<slug>.<version>.toml`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from sos.safety_plans.errors import WrongTemplate
from sos.safety_plans.states import Evidence, Section

LANGUAGES: Final = ("en", "sq", "sr")
_KEYS: Final = {"slug", "version", "dated", "source", "review", "kind", "title", "review_months", "drill_months", "item"}
_ITEM_KEYS: Final = {"id", "section", "evidence", "days", "text"}


@dataclass(frozen=True, slots=True)
class TemplateItem:
    """One line of a checklist. `days`: how long it may stay open once the plan has begun."""

    id: str
    section: Section
    evidence: Evidence
    days: int
    text: Mapping[str, str] = field(repr=False)

    def in_language(self, code: str) -> str:
        return self.text.get(code) or self.text["en"]


@dataclass(frozen=True, slots=True)
class Template:
    """One version of one checklist. Months of 0: never."""

    slug: str
    version: int
    kind: str
    title: Mapping[str, str] = field(repr=False)
    items: tuple[TemplateItem, ...] = field(repr=False)
    dated: date
    source: str
    review: str
    review_months: int
    drill_months: int

    def item(self, item_id: str) -> TemplateItem | None:
        return next((one for one in self.items if one.id == item_id), None)


@dataclass(frozen=True, slots=True)
class Change:
    """What a newer version adds, drops and words anew, by item id."""

    added: tuple[str, ...]
    dropped: tuple[str, ...]
    reworded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Templates:
    """Every version of every checklist."""

    by_key: Mapping[tuple[str, int], Template]
    problems: tuple[str, ...] = ()
    """Files that were left out, each with its fault."""

    @classmethod
    def load(cls, folder: Path) -> "Templates":
        """Read and check every file. Raises WrongTemplate with the first fault."""
        found: dict[tuple[str, int], Template] = {}
        for file in sorted(folder.glob("*.toml")):
            if file.name == "vocabulary.toml":
                continue
            template = _read(file)
            if (template.slug, template.version) in found:
                raise WrongTemplate(f"{file.name}: version {template.version} of {template.slug} exists twice")
            found[template.slug, template.version] = template
        return cls(found)

    @classmethod
    def load_good(cls, folder: Path) -> "Templates":
        """Read every file that can be read: a broken one takes no other away. `problems` names those left out."""
        found: dict[tuple[str, int], Template] = {}
        problems = []
        for file in sorted(folder.glob("*.toml")):
            try:
                template = _read(file) if file.name != "vocabulary.toml" else None
            except (WrongTemplate, OSError) as error:
                problems.append(str(error))
                continue
            if template is not None:
                found.setdefault((template.slug, template.version), template)
        return cls(found, tuple(problems))

    @property
    def unreviewed(self) -> tuple[str, ...]:
        """Files that no partner has reviewed."""
        return tuple(f"{slug}.{version}" for (slug, version), one in sorted(self.by_key.items()) if one.review == "none")

    @property
    def newest(self) -> Mapping[str, Template]:
        """The newest version of each checklist, by slug."""
        return {slug: template for (slug, _), template in sorted(self.by_key.items())}

    def of(self, slug: str, version: int) -> Template:
        """The version that a plan began with. Raises WrongTemplate when its file is gone."""
        try:
            return self.by_key[slug, version]
        except KeyError:
            raise WrongTemplate(f"{slug}: version {version} is gone; a plan that has begun needs its file") from None

    def change(self, slug: str, version: int) -> Change | None:
        """What the newest version has that this one has not; None where this is the newest."""
        old, new = self.of(slug, version), self.newest[slug]
        if new.version <= version:
            return None
        before, after = {one.id: one for one in old.items}, {one.id: one for one in new.items}
        return Change(
            tuple(name for name in after if name not in before),
            tuple(name for name in before if name not in after),
            tuple(name for name in after if name in before and after[name].text != before[name].text),
        )


def _read(file: Path) -> Template:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongTemplate(f"{file.name}: {error}") from None
    _only(table, _KEYS, file.name)
    try:
        items = tuple(_item(line, f"{file.name}, item {n}") for n, line in enumerate(table["item"], 1))
        template = Template(
            table["slug"],
            table["version"],
            table.get("kind", "emergency"),
            _words(table["title"], f"{file.name}, title"),
            items,
            table["dated"],
            table["source"],
            table["review"],
            table.get("review_months", 0),
            table.get("drill_months", 0),
        )
    except (KeyError, TypeError) as error:
        raise WrongTemplate(f"{file.name}: {error} is missing or of the wrong kind") from None
    ids = [one.id for one in items]
    if not ids or len(set(ids)) != len(ids):
        raise WrongTemplate(f"{file.name}: each item has an id of its own")
    if not isinstance(template.dated, date) or not isinstance(template.version, int) or template.version < 1:
        raise WrongTemplate(f"{file.name}: dated is a day, version a number from 1")
    return template


def _item(line: Mapping[str, Any], where: str) -> TemplateItem:
    _only(line, _ITEM_KEYS, where)
    try:
        section, evidence = Section(line["section"]), Evidence(line.get("evidence", "none"))
    except ValueError as error:
        raise WrongTemplate(f"{where}: {error}") from None
    days = line.get("days", 14)
    if not isinstance(days, int) or days < 1:
        raise WrongTemplate(f"{where}: days is a number from 1")
    return TemplateItem(line["id"], section, evidence, days, _words(line["text"], where))


def _words(text: Any, where: str) -> Mapping[str, str]:
    if not isinstance(text, Mapping) or not text.get("en") or not set(text) <= set(LANGUAGES):
        raise WrongTemplate(f"{where}: words in en at least, and in {', '.join(LANGUAGES)} at most")
    return dict(text)


def _only(table: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = table.keys() - known
    if unknown:
        raise WrongTemplate(f"{where}: unknown {', '.join(sorted(unknown))}")
