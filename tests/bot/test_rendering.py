"""A reply on each channel: one numbered text by SMS, body and buttons elsewhere; lists give way before a text grows."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sos.bot.flows.options import GO_ON, NUMBERS, STOP_HERE
from sos.bot.messages import Channel, Listing, Reply, Say
from sos.bot.rendering import Renderer
from sos.texts.script import Script
from tests.bot.plain_desk import gazetteer, texts

ZONE = ZoneInfo("Europe/Belgrade")
HELLO = Reply("first.hello", options=(GO_ON, STOP_HERE, NUMBERS))
SMS = Renderer(texts(), Channel.SMS, ZONE, "sr")


def test_by_sms_answers_are_numbered_and_ending_is_nought() -> None:
    lines = SMS.render(HELLO, "first").text.split("\n")
    assert [line[:2] for line in lines[1:]] == ["1 ", "2 ", "0 "]
    assert SMS.render(HELLO, "first").segments == 1


def test_elsewhere_answers_are_buttons_of_their_question_and_sos_is_one_tap() -> None:
    rendered = replace(SMS, channel=Channel.TELEGRAM).render(HELLO, "first")
    assert [button.value for button in rendered.buttons] == ["first:go", "first:numbers", "first:end", ":sos"]
    assert "\n" not in rendered.text
    assert rendered.neutral_line == "Informacije"
    assert rendered.segments == 0


def test_a_cover_text_bears_nothing_on_any_channel() -> None:
    for channel in Channel:
        rendered = replace(SMS, channel=channel).render(Reply("cover.office", bare=True), "")
        assert (rendered.buttons, rendered.neutral_line, rendered.ask_location) == ((), "", "")


def test_times_are_those_of_the_wall_and_places_are_named_in_her_script() -> None:
    peja = gazetteer().locate("Pejë").place
    assert peja is not None
    moment = datetime(2026, 7, 1, 1, 12, tzinfo=UTC)
    added = Reply("sos.added.no_police", {"time": moment})
    placed = Reply("shared.place", {"place": peja})
    cyrillic = replace(SMS, script=Script.CYRILLIC)
    assert "03:12" in SMS.render(added, "").text
    assert "Pec" in SMS.render(placed, "").text
    assert "Пећ" in cyrillic.render(placed, "").text
    assert "Pej" in replace(SMS, language="sq").render(placed, "").text


def test_a_list_gives_up_its_last_items_before_the_text_grows() -> None:
    many = Listing(tuple(Say("reason.near", {"km": n}) for n in range(60)), least=1)
    rendered = SMS.render(Reply("match.shown", {"name": "Q", "why": many}), "match")
    assert rendered.segments == texts().declared("match.shown").sms
    assert "0 km" in rendered.text
    assert "59 km" not in rendered.text
    assert rendered.text.endswith("Vi odlucujete da li idete.")


def test_a_part_that_no_language_has_is_left_out_not_replaced_by_a_message() -> None:
    listed = Listing((Say("reason.no.such.code"), Say("reason.cost.free")))
    assert SMS.say("match.shown", name="Q", why=listed).startswith("Q: besplatno.")


def test_words_and_values_are_in_no_repr() -> None:
    rendered = SMS.render(Reply("shared.place", {"place": "Prizren"}), "")
    assert "Prizren" not in repr(rendered)
    assert "Prizren" not in repr(Reply("shared.place", {"place": "Prizren"}))
