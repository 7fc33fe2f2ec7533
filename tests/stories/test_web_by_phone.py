"""Promises 8, 11, 12 and 19 for who writes by telephone: a code of the web page, texted, makes the page hers; what is hers opens there by her word alone."""

import json
import re
from datetime import datetime

import pytest
from sqlalchemy import select

from sos.alerts.models import AlertEntryRow
from sos.bot.messages import Channel
from sos.bot.own_page import opened, say
from sos.conversations.actions import transcript
from sos.encryption import open_sealed
from sos.outbox.models import OutboxRow
from sos.survivors.models import ContactRow
from sos.survivors.web_codes.models import WebCodeRow
from tests.bot.plain_desk import texts
from tests.bot.talking import Line, Person
from tests.stories.hotline import her_id, lines
from tests.stories.voices import agree, introduced

pytestmark = pytest.mark.story
ASKS = {
    "en": "I write by phone: a code",
    "sq": "Shkruaj nga telefoni: një kod",
    "sr": "Pišem telefonom: šifra",
    "bs": "pisem telefonom sifra",
    "tr": "Telefonla yazıyorum: kod",
}


def page(line: Line, name: str = "web-session-9") -> Person:
    return line.person(name, Channel.WEB)


def shown(person: Person) -> list[str]:
    """What her page is given a single time, in order."""
    rooms = person.line.rooms
    with rooms.database.read() as conn:
        known = rooms.survivors.find(conn, person.address)
        assert known is not None
        found = conn.execute(select(OutboxRow.id, OutboxRow.body).where(OutboxRow.contact_id == known.contact_id).order_by(OutboxRow.seq))
        return [json.loads(open_sealed(known.key.raw, row.body, table="outbox", column="body", row=row.id))["text"] for row in found]


def code_of(person: Person, ask: str = ASKS["en"]) -> str:
    person.sends(ask)
    found = re.search(r"WEB [\d ]{12}", shown(person)[-1])
    assert found, "the page shows a code"
    return found.group(0)


def is_open(person: Person) -> bool:
    rooms = person.line.rooms
    with rooms.database.read() as conn:
        return opened(rooms, conn, person.address.value, person.line.clock.now()) is not None


def says_on_page(person: Person, word: str) -> None:
    with person.line.rooms.database.write() as unit:
        say(person.line.rooms, unit, person.address.value, word)


@pytest.fixture
def agreed(ana: Person) -> Person:
    return agree(introduced(ana), "1", "green door")


def is_hers(line: Line, web: Person, ana: Person) -> bool:
    with line.rooms.database.read() as conn:
        found = line.rooms.survivors.find(conn, web.address)
    return found is not None and found.id == her_id(ana)


@pytest.mark.parametrize("language", sorted(ASKS))
def test_each_language_has_the_button_of_the_page_and_it_shows_a_code_kept_in_no_transcript(line: Line, language: str) -> None:
    assert texts().say("web.join", language) in {*ASKS.values(), "Pišem telefonom: šifra"}
    web = page(line)
    code = code_of(web, ASKS[language])
    with line.rooms.database.read() as conn:
        known = line.rooms.survivors.find(conn, web.address)
        assert known is not None
        said = transcript(conn, survivor_id=known.id, key=known.key.raw)
    assert said
    assert code not in str(said)


def test_the_texted_code_makes_the_page_hers_and_it_is_an_empty_box_until_her_word(line: Line, agreed: Person) -> None:
    agreed.says("I need a lawyer in Prizren")
    web = page(line)
    code = code_of(web)
    assert "asks your check word" in agreed.sends(code)[0]
    assert is_hers(line, web, agreed)
    assert not is_open(web), "what she proved on the telephone is not proved here"
    assert "Prizren" not in web.says("hello").all_read
    assert "Your word, please" in web.all_read
    assert not is_open(web)
    web.says("red door")
    assert not is_open(web)
    web.says("green door")
    assert is_open(web)


def test_the_page_of_what_is_hers_opens_by_her_word_without_the_chat(line: Line, agreed: Person) -> None:
    web = page(line)
    agreed.sends(code_of(web))
    says_on_page(web, "red door")
    assert not is_open(web)
    says_on_page(web, "green door")
    assert is_open(web)


def test_her_word_on_the_telephone_opens_no_page_and_the_telephone_asks_again_after_the_page(line: Line, agreed: Person) -> None:
    web = page(line)
    agreed.sends(code_of(web))
    web.sends("hello")
    agreed.says("menu", "green door")
    assert agreed.state.verified
    assert not is_open(web), "a page that somebody joined from her telephone learns nothing by her word there"


def test_the_code_stands_in_no_transcript_and_in_no_alert(line: Line, agreed: Person) -> None:
    agreed.sends("SOS")
    line.clock.advance(minutes=40)
    code = code_of(page(line))
    agreed.sends(code)
    assert "".join(code.split()[1:]) not in re.sub(r"\D", "", str(lines(agreed)))
    assert [body for body in lines(agreed) if body.get("masked") and not body["text"]]
    with line.rooms.database.read() as conn:
        kept = [row.kind for row in conn.execute(select(AlertEntryRow.kind, AlertEntryRow.body))]
    assert kept.count("words") == 1, "her SOS, and not the code"


def test_a_code_works_once_and_for_ten_minutes(line: Line, agreed: Person) -> None:
    first, second = page(line, "web-session-1"), page(line, "web-session-2")
    spent = code_of(first)
    agreed.sends(spent)
    assert "does not work" in agreed.sends(spent)[0]
    late = code_of(second)
    line.clock.advance(minutes=10)
    assert "does not work" in agreed.sends(late)[0]
    assert is_hers(line, first, agreed)
    assert not is_hers(line, second, agreed)


def test_a_newer_code_of_the_same_page_ends_the_earlier_one(line: Line, agreed: Person) -> None:
    web = page(line)
    earlier, later = code_of(web), code_of(web)
    assert "does not work" in agreed.sends(earlier)[0]
    assert "asks your check word" in agreed.sends(later)[0]


def test_the_code_of_another_session_links_that_one_and_nothing_else(line: Line, agreed: Person) -> None:
    hers, other = page(line, "web-session-1"), page(line, "web-session-2")
    code_of(hers)
    theirs = code_of(other)
    bea = agree(introduced(line.person("+38344000109")), "1", "blue boat")
    bea.sends(theirs)
    assert is_hers(line, other, bea)
    assert not is_hers(line, hers, bea)
    assert not is_hers(line, other, agreed)


def test_after_five_wrong_codes_in_an_hour_not_even_the_right_one_is_looked_at_and_the_words_stay_the_same(
    line: Line, agreed: Person
) -> None:
    web = page(line)
    code = code_of(web)
    wrong = [f"WEB {n:010}" for n in range(1, 6)]
    answers = {agreed.sends(one)[0] for one in wrong}
    assert len(answers) == 1
    assert agreed.sends(code)[0] in answers
    assert not is_hers(line, web, agreed)


def test_without_an_agreed_word_no_page_is_opened_and_she_is_offered_one_in_time(line: Line, ana: Person) -> None:
    introduced(ana)
    web = page(line)
    code = code_of(web)
    assert "only with a check word" in ana.sends(code)[0]
    assert not is_hers(line, web, ana)
    ana.says("1", "green door")
    assert "asks your check word" in ana.sends(code)[0]
    assert is_hers(line, web, ana)


def test_web_0_closes_every_page_of_hers(line: Line, agreed: Person) -> None:
    web = page(line)
    agreed.sends(code_of(web))
    says_on_page(web, "green door")
    assert "No page opens" in agreed.sends("web 0")[0]
    assert not is_hers(line, web, agreed)
    assert not is_open(web)


def test_a_later_page_takes_the_place_of_an_earlier_one(line: Line, agreed: Person) -> None:
    first, second = page(line, "web-session-1"), page(line, "web-session-2")
    agreed.sends(code_of(first))
    agreed.sends(code_of(second))
    assert is_hers(line, second, agreed)
    assert not is_hers(line, first, agreed)


@pytest.mark.parametrize("before", ["SOS", "word"])
def test_a_page_with_a_box_of_its_own_is_not_let_go_of(line: Line, before: str) -> None:
    web = introduced(page(line))
    if before == "word":
        agree(web, "1", "tall tree")
    else:
        web.sends("SOS")
    assert "a box of its own" in "".join(web.sends(ASKS["en"]))
    assert line.count(WebCodeRow) == 0


def test_a_page_that_called_for_help_after_it_showed_its_code_is_not_let_go_of(line: Line, agreed: Person) -> None:
    web = page(line)
    code = code_of(web)
    web.sends("SOS")
    assert "does not work" in agreed.sends(code)[0]
    assert not is_hers(line, web, agreed)


def test_news_goes_on_to_her_telephone_until_she_writes_on_the_page(line: Line, agreed: Person) -> None:
    agreed.sends(code_of(page(line)))
    with line.rooms.database.write() as unit:
        found = line.rooms.survivors.reached(unit, her_id(agreed))
    assert found is not None
    assert found[0].address == agreed.address


def test_under_cover_a_code_is_answered_by_the_office_and_opens_nothing(line: Line, agreed: Person) -> None:
    agree(agreed, "2", "tomatoes").sends("tomatoes")
    web = page(line)
    office = agreed.sends("hello")
    assert agreed.sends(code_of(web)) == office
    assert not is_hers(line, web, agreed)


@pytest.mark.parametrize("text", ["WEB 482-193-7520", "web4821937520", "ВЕБ 482 193 75 20", "  web 4821 9375 20."])
def test_a_code_is_read_however_it_is_typed(text: str) -> None:
    from sos.bot.flows.join import code_in

    assert code_in(text) == "4821937520"


@pytest.mark.parametrize("text", ["web", "web 482", "4821937520", "my web is 4821937520", "web 48219375201", "SOS web 0"])
def test_no_other_text_is_one(text: str) -> None:
    from sos.bot.flows.join import code_in

    assert code_in(text) is None


def test_what_is_left_of_a_code_is_an_index_that_goes_with_its_time(line: Line, agreed: Person) -> None:
    from sos.privacy.retention import forget_old

    code = code_of(page(line))
    with line.rooms.database.read() as conn:
        row = conn.execute(select(WebCodeRow.__table__)).one()
        assert "".join(code.split()[1:]) not in repr(tuple(row))
        assert isinstance(row.until, datetime)
        assert conn.execute(select(ContactRow.id).where(ContactRow.id == row.contact_id)).scalar()
    line.clock.advance(minutes=11)
    forget_old(line.rooms.database, line.rooms.keystore)
    assert line.count(WebCodeRow) == 0
