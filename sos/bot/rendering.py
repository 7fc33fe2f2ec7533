"""A reply as she reads it: her language, her script, her channel. Pure over the texts. Never longer than its declared SMS where it can be shorter.

SMS: body and numbered answers in one text, in plain letters (Cyrillic only for who asked for it). Telegram and web: body and buttons.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sos.bot.engine import SEPARATOR, State, with_numbers
from sos.bot.messages import Channel, Listing, Option, Reply, Say
from sos.geo.places import Place
from sos.texts import last_resort
from sos.texts.catalogue import Texts
from sos.texts.script import Script
from sos.texts.segments import measure, plain_letters

SOS_BUTTON: Final = f"{SEPARATOR}sos"


@dataclass(frozen=True, slots=True)
class Button:
    """An answer to tap. `value` comes back as the text of a BUTTON message."""

    label: str = field(repr=False)
    value: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """One reply, ready to leave. `segments`: SMS it costs, 0 elsewhere. `language`: as an HTML lang."""

    text: str = field(repr=False)
    buttons: tuple[Button, ...] = ()
    ask_location: str = ""  #: the label of the button that offers her place; empty where none is asked
    neutral_line: str = ""  #: Telegram shows this alone until a tap
    segments: int = 0
    language: str = ""
    curtain: str = ""  #: web page: "drop" hides what stands before, "lift" shows it again

    def as_body(self) -> dict[str, Any]:
        """What the outbox and the transcript keep: only what is set."""
        body: dict[str, Any] = {"text": self.text, "language": self.language}
        if self.buttons:
            body["buttons"] = [{"value": button.value, "label": button.label} for button in self.buttons]
        for name in ("ask_location", "neutral_line", "curtain"):
            if value := getattr(self, name):
                body[name] = value
        return body

    def as_bytes(self, *, tap: str | None = None) -> bytes:
        """`as_body` for sealing. `tap`: the id of the tap that this message answers."""
        return json.dumps(self.as_body() | ({"tap": tap} if tap else {}), ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True)
class Renderer:
    """Renders for one person at one moment. `language`: hers, or what her address suggests."""

    texts: Texts
    channel: Channel
    zone: ZoneInfo
    language: str | None
    second: str | None = None
    country: str | None = None
    script: Script = Script.LATIN

    @classmethod
    def for_state(cls, state: State, texts: Texts, channel: Channel, zone: ZoneInfo, *, default: str | None) -> "Renderer":
        """For where she stands now."""
        return cls(texts, channel, zone, state.language or default, state.second or default, state.country, state.script)

    def render(self, reply: Reply, step: str) -> Rendered:
        """The reply with its answers. `step`: the question that its buttons answer."""
        if self.channel is Channel.SMS:
            return self._sms(reply)
        text, language = self._text(reply.key, reply.params)
        buttons = [Button(self.label(option), f"{step}{SEPARATOR}{option.value}") for _, option in with_numbers(reply.options)]
        if not reply.bare and not reply.urgent:
            buttons.append(Button(self.say("option.sos"), SOS_BUTTON))
        return Rendered(
            text,
            tuple(buttons),
            ask_location=self.say("option.location") if reply.ask_location else "",
            neutral_line=self.say("telegram.line") if self.channel is Channel.TELEGRAM and not reply.bare else "",
            language=self._html(language),
        )

    def _sms(self, reply: Reply) -> Rendered:
        """Lists give up their last items, one by one, until the text fits its declared SMS."""
        budget = self.texts.declared(reply.key).sms
        while True:
            rendered = self._sms_as_it_is(reply)
            shorter = _shorter(reply)
            if rendered.segments <= budget or shorter is None:
                return rendered
            reply = shorter

    def _sms_as_it_is(self, reply: Reply) -> Rendered:
        body, language = self._text(reply.key, reply.params)
        text = "\n".join([body, *(f"{number} {self.label(option)}" for number, option in with_numbers(reply.options))])
        if self._is_plain(language):
            text = plain_letters(text, language)
        return Rendered(text, segments=measure(text).segments, language=self._html(language))

    def _is_plain(self, language: str) -> bool:
        return not (language == "sr" and self.script is Script.CYRILLIC)

    def label(self, option: Option) -> str:
        """An answer's words."""
        if option.language is not None:
            return self.texts.say(option.key, option.language)
        return self.say(option.key, **option.params)

    def labels(self, option: Option) -> tuple[str, ...]:
        """Every way in which an answer's words may come back: in her language, her second one and English."""
        codes = self.texts.chain(self.language, second=self.second, country=self.country)
        return tuple(dict.fromkeys([self.label(option), *(replace(self, language=code).label(option) for code in codes)]))

    def say(self, key: str, **params: object) -> str:
        """A text in her language."""
        return self._text(key, params)[0]

    def _text(self, key: str, params: Mapping[str, object]) -> tuple[str, str]:
        values = {name: self._value(value) for name, value in params.items()}
        found = self.texts.look_up(key, self.language, values, script=self.script, second=self.second, country=self.country)
        return found.text, found.language

    def _value(self, value: object) -> str | None:
        """A value as it stands in a text. Of an unknown kind: nothing, so that the text is looked for elsewhere."""
        read: str | None = None
        match value:
            case Say():
                read = self._within(value)
            case Listing():
                read = self._listed(value)
            case Place():
                read = value.name_in(self._names())
            case datetime():
                read = f"{value.astimezone(self.zone):%H:%M}"
            case date():
                read = f"{value:%d.%m.%Y}"
            case float():
                read = f"{value:g}"
            case str() | int():
                read = str(value)
        return read

    def _within(self, say: Say) -> str | None:
        """A text inside another: nothing where no language has it, since a last resort is a message of its own."""
        values = {name: self._value(value) for name, value in say.params.items()}
        found = self.texts.look_up(say.key, self.language, values, script=self.script, second=self.second, country=self.country)
        return None if found.stood_in else found.text

    def _listed(self, listing: Listing) -> str:
        items = [item for item in map(self._value, listing.items) if item]
        if listing.join and len(items) > 1:
            return f"{listing.between.join(items[:-1])} {self.say(listing.join)} {items[-1]}"
        return listing.between.join(items)

    def _names(self) -> str:
        cyrillic = self.language == "sr" and self.script is Script.CYRILLIC
        return "sr-Cyrl" if cyrillic else self.language or ""

    def _html(self, language: str) -> str:
        if language == "sr":
            return "sr-Cyrl" if self.script is Script.CYRILLIC else "sr-Latn"
        return language

    def stand_in(self, reply: Reply, step: str) -> Rendered:
        """What leaves instead of a text that the gate refused: a reviewed sentence without values, with the same answers."""
        if reply.urgent:
            text, language = last_resort.text_for("sos", self.texts.chain(self.language, second=self.second, country=self.country))
            if self.channel is Channel.SMS:
                text = plain_letters(text, language)
            return Rendered(text, segments=measure(text).segments if self.channel is Channel.SMS else 0, language=self._html(language))
        return self.render(Reply("fallback", bare=reply.bare), step)


def _shorter(reply: Reply) -> Reply | None:
    """The same with one item less in its longest list that may give one up; None where nothing can be left out."""
    lists = {name: value for name, value in reply.params.items() if isinstance(value, Listing) and len(value.items) > value.least}
    if not lists:
        return None
    name, listing = max(lists.items(), key=lambda item: len(item[1].items))
    return replace(reply, params={**reply.params, name: replace(listing, items=listing.items[:-1])})
