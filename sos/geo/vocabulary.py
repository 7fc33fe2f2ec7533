"""The words around a place name: what announces one, what forbids one, and what says nothing.

Tables only, folded (see ``spelling.fold``), in Albanian, Serbian and Bosnian, Turkish, Romani, English. Must never hold a place of
the gazetteer; ordinary words that happen to be village names stand in ``data/ordinary.txt``.
"""

from pathlib import Path


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# She is there, or near it: what a reply should go by.
AT = _words(
    "ne u na kod blizu pored pokraj ispod iznad izvan oko okolini in at near around outside by close to inside within "
    "afer prane tek te rreth perreth mbi nen jashte yakininda yakini civarinda ande andi ando andar k ki ko pase pashe kaj"
)
# She comes from there; it says less about where she is now.
FROM = _words("iz od sa nga prej from do deri ka kah drejt prema towards through preko via permes kroz")
# "te", "kod", "od", "from" stand before people as often as before places, so a village alone is not believed after them.
BEFORE_PEOPLE = _words("kod od te tek me from by to sa do nga ka ki ko kaj")

# Says that a village or town is named next (or just was, in English and Turkish).
VILLAGE_WORDS = _words(
    "fshatin fshati fshat fshatit fshatra fshatrat katundin katundi lagjen lagja lagje lagjes selu sela selo selom zaselak zaseoku naselje naselju mahali "
    "mahala mahalla mahallen koyu koyunde koyunden koy gav gaveste gavesthe village hamlet"
)
TOWN_WORDS = _words(
    "qytetin qyteti qytet qytetit komunen komuna komunes opstini opstina opstine opstinu grad gradu grada kasabasi kasabasinda belediyesi sehri sehrinde foro "
    "town city municipality"
)
KINDS_OF_PLACE = VILLAGE_WORDS | TOWN_WORDS | _words("mestu mesto")

# Nothing after (or before, in English and Turkish) these for a few words is a town: it is the name of a street or a school.
STREETS = _words(
    "rruga rrugen rruges rruge rr rrugica bulevardi bulevardin bulevard blv sheshi sheshin ulica ulici ulicu ulice ul bulevar bulevaru trg trgu sokak "
    "sokagi caddesi cad"
)
ABBREVIATED = _words("rr ul bul blv str cad sh")
STREETS_BEHIND = _words("street road avenue boulevard square sokak sokagi caddesi cad ulica ulici ulicu ulice str st")

COUNTRIES = {
    **dict.fromkeys(("kosovo", "kosova", "kosove", "kosoves", "kosoven", "kosovu", "kosovom", "kosovda", "kosovada", "rks", "kosovi"), "XK"),
    **dict.fromkeys(
        ("srbija", "srbiji", "srbije", "srbiju", "serbia", "serbi", "serbine", "serbise", "serbie", "serbija", "sirbistan", "sirbistanda", "rs"), "RS"
    ),
}  # fmt: skip

# Towns, regions and countries outside the gazetteer: never to be taken for a village that sounds alike.
ELSEWHERE = _words(
    "tirana tirane shqiperi shqiperia albanija albania skopje skoplje shkup makedonija maqedoni macedonia maqedonia tetovo tetova kumanovo kumanova "
    "gostivar strumica ohrid struga bitola podgorica montenegro ulcinj ulqin budva berane rozaje gusinje niksic pljevlja sarajevo bosna bosnia mostar tuzla "
    "zenica bec beca becu zagreb hrvatska croatia kroaci split rijeka ljubljana slovenija slloveni wien vjena vienna austria austri graz linz salzburg berlin munchen "
    "minhen munich frankfurt hamburg stuttgart koln dortmund dusseldorf essen njemacka nemacka gjermani gjermania germany almanya deutschland zurich cirih "
    "zyrih basel bern geneva zhenev lausanne luzern svajcarska zvicer zvicra switzerland svicre isvicre italia italija itali milano roma rome london londer england angli "
    "istanbul stamboll ankara izmir bursa turska turkey turqi turkiye sofia sofija bulgaria bugarska budapest budimpesta madjarska hungary durres durresi drac "
    "vlora shkoder skadar kukes elbasan korce fier lezhe greqi grecka greece selanik solun paris pariz france francuska bruxelles brussels brisel stockholm suedi "
    "svedska sweden oslo kopenhagen amerika america usa sandzak sandjak sanxhak vojvodina sumadija metohija dukagjin kosmet europa evropa europe balkan "
    "moskva moscow rusija rusia india kina china serbian pester gollak drenica drenice opolje opoja podgor karadak kosovar albanian shqiptare shqiptar srpkinja srbin turk bosnian kosovare"
)

# Politeness and "I am": a message of only these and a name is a name.
FILLERS = _words(
    "jam une jena jemi po rri rrij jetoj banoj gjindem gjendem ndodhem tani tash tashi ketu kaq ju lutem pershendetje miredita tung selam "
    "ja sam smo se nalazim zivim ziveo zivjela trenutno sad sada ovde ovdje tu molim dobar dan zdravo mi mesto je "
    "i am im live living we are now here is it its the please hello hi my located currently stay staying based "
    "ben biz simdi su anda burada buradayim yasiyorum oturuyorum merhaba lutfen me sem sijum som beshav hello"
)

# "not in Peja", "nisam u Peći", "jo Pejë".
NEGATIONS = _words("jo nuk not nije nisam nismo jok yok degil spo isnt arent")
DENIED_BY_NEXT = _words("degil degilim")

# Of two names joined by these the second stands in the same case as the first.
CONJUNCTIONS = _words("ili i ose a apo dhe edhe e or and veya ve ya ja thaj")

# "Kamenica kod Gnjilana": the second name says where the first one lies.
BESIDE = _words("kod blizu pored pokraj okolini near afer prane rreth te tek yakininda pase pashe")


def load_ordinary(folder: Path = Path(__file__).parent / "data") -> tuple[frozenset[str], frozenset[str]]:
    """Everyday words, and landscape words, that villages also bear, folded; the file says how they are treated."""
    sections: dict[str, set[str]] = {"[everyday]": set(), "[landscape]": set()}
    current: set[str] = set()
    for line in (folder / "ordinary.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        if line in sections:
            current = sections[line]
        else:
            current.update(line.split())
    return frozenset(sections["[everyday]"]), frozenset(sections["[landscape]"])
