"""A person with Telegram in her hand: what she does becomes updates, what she reads is what the fake Bot API shows."""

from dataclasses import dataclass
from typing import Any

from tests.fakes.bot_api import Chat, FakeBotApi, Shown


@dataclass(frozen=True, slots=True)
class Seen:
    """A message of ours as she sees it. `preview`: what the notification and the list of chats show."""

    message_id: int
    text: str
    preview: str
    buttons: dict[str, str]  #: label -> value
    silent: bool
    protected: bool
    asks_location: str  #: the label of the location button


class Person:
    def __init__(self, api: FakeBotApi, chat_id: int) -> None:
        self.api = api
        self.chat: Chat = api.chat(chat_id)

    def types(self, text: str, *, update_id: int | None = None) -> int:
        return self._send({"text": text}, update_id=update_id)

    def edits(self, message_id: int, text: str) -> None:
        self._edit(message_id, {"text": text})

    def sends_photo(self, caption: str = "") -> int:
        photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
        return self._send({"photo": photo, **({"caption": caption} if caption else {})})

    def sends_file(self, body: bytes, name: str = "a.jpg", media_type: str = "image/jpeg") -> int:
        """A file that can be fetched; its size is announced as Telegram does."""
        file_id = f"file{len(self.api.files)}"
        self.api.files[file_id] = body
        described = {"file_id": file_id, "file_unique_id": "u", "file_name": name, "mime_type": media_type, "file_size": len(body)}
        return self._send({"document": described})

    def sends_voice(self) -> int:
        return self._send({"voice": {"file_id": "f", "file_unique_id": "u", "duration": 3}})

    def shares(self, latitude: float, longitude: float) -> int:
        return self._send({"location": {"latitude": latitude, "longitude": longitude}})

    def goes_live(self, latitude: float, longitude: float, *, seconds: int = 900) -> int:
        return self._send({"location": {"latitude": latitude, "longitude": longitude, "live_period": seconds}})

    def moves(self, message_id: int, latitude: float, longitude: float) -> None:
        period = self.chat.shown[message_id].content["location"]["live_period"]
        self._edit(message_id, {"location": {"latitude": latitude, "longitude": longitude, "live_period": period}})

    def stops_sharing(self, message_id: int) -> None:
        place = self.chat.shown[message_id].content["location"]
        self._edit(message_id, {"location": {"latitude": place["latitude"], "longitude": place["longitude"]}})

    def taps(self, label: str) -> str:
        """The newest button of this label; the id of the tap."""
        for seen in reversed(self.reads()):
            if label in seen.buttons:
                return self.api.tap(self.chat, self.chat.shown[seen.message_id], seen.buttons[label])
        raise AssertionError("no such button")

    def blocks(self) -> None:
        self.chat.blocked = True
        self._member("member", "kicked")

    def unblocks(self) -> None:
        self.chat.blocked = False
        self._member("kicked", "member")

    def reads(self) -> list[Seen]:
        return [_seen(one) for one in self.chat.shown.values() if one.ours]

    def hears(self, *, count: int = 1, seconds: float = 10.0) -> Seen:
        """The newest message of ours, once there are `count`."""
        assert self.api.wait_until(lambda: len(self.reads()) >= count, seconds), "nothing came"
        return self.reads()[-1]

    def history(self) -> list[int]:
        """The ids of all that is left in the chat."""
        return sorted(self.chat.shown)

    def _send(self, content: dict[str, Any], *, update_id: int | None = None) -> int:
        one = self.api.show(self.chat, content, ours=False)
        self.api.happen("message", self.chat.message(one), update_id=update_id)
        return one.message_id

    def _edit(self, message_id: int, content: dict[str, Any]) -> None:
        one = self.chat.shown[message_id]
        one.content, one.edits = content, one.edits + 1
        self.api.happen("edited_message", self.chat.message(one))

    def _member(self, old: str, new: str) -> None:
        def as_(status: str) -> dict[str, Any]:
            bot = {"id": 1, "is_bot": True, "first_name": "Office"}
            return {"user": bot, "status": status, **({"until_date": 0} if status == "kicked" else {})}

        content = {"chat": self.chat.short(), "from": self.chat.person(), "date": int(self.api.now())}
        self.api.happen("my_chat_member", {**content, "old_chat_member": as_(old), "new_chat_member": as_(new)})


def _seen(one: Shown) -> Seen:
    markup = one.content.get("reply_markup", {})
    buttons = {button["text"]: button["callback_data"] for row in markup.get("inline_keyboard", []) for button in row}
    places = [button["text"] for row in markup.get("keyboard", []) for button in row if button.get("request_location")]
    text = one.content["text"]
    return Seen(one.message_id, text, _preview(text, one.content.get("entities", [])), buttons, one.silent, one.protected, "".join(places))


def _preview(text: str, entities: list[dict[str, Any]]) -> str:
    """The text with what lies under a spoiler left out."""
    units = text.encode("utf-16-le")
    for entity in sorted(entities, key=lambda one: -one["offset"]):
        if entity["type"] == "spoiler":
            units = units[: entity["offset"] * 2] + units[(entity["offset"] + entity["length"]) * 2 :]
    return units.decode("utf-16-le")
