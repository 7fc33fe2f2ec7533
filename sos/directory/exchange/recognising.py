"""Which category, languages and people a foreign directory means by its own words. Pure; says nothing where nothing is recognised."""

import re
from collections.abc import Iterable

import cyrtranslit

from sos.directory.categories import Categories, Category
from sos.directory.exchange.cleaning import telling
from sos.directory.states import Whom

_LANGUAGE_NAMES = {
    "sq": "sq sqi alb albanian shqip albanski arnavutca",
    "sr": "sr srp scc serbian serbisht srpski srp sirpca",
    "bs": "bs bos bosnian boshnjakisht bosanski bosnjacki bosnakca",
    "hr": "hr hrv croatian kroatisht hrvatski",
    "tr": "tr tur turkish turqisht turski turkce",
    "rom": "rom rmn romani romisht romski romany romanes",
    "en": "en eng english anglisht engleski ingilizce",
    "de": "de deu ger german gjermanisht nemacki njemacki almanca",
    "fr": "fr fra fre french frengjisht francuski",
    "it": "it ita italian italisht italijanski",
    "mk": "mk mkd mac macedonian maqedonisht makedonski",
    "hu": "hu hun hungarian hungarisht madjarski",
    "ro": "ro ron rum romanian rumunski",
    "bg": "bg bul bulgarian bugarski",
    "ar": "ar ara arabic arabisht arapski",
    "ru": "ru rus russian rusisht ruski",
    "uk": "uk ukr ukrainian ukrajinski",
    "ur": "ur urd urdu",
    "pl": "pl pol polish polonisht poljski",
    "sk": "sk slk slo slovak slovacki",
    "sl": "sl slv slovenian slovenacki",
    "es": "es spa spanish spanski",
    "fa": "fa fas per persian farsi",
    "zh": "zh zho chi chinese kineski",
    "ase": "sign sgn ase sign language znakovni gjuha e shenjave",
}
_LANGUAGE_OF = {name: code for code, names in _LANGUAGE_NAMES.items() for name in names.split()}
_WHOM_WORDS = (
    (Whom.EVERYONE, r"everyone|everybody|anyone|all people|te gjithe|gjithkush|svi|svima|herkes|all genders"),
    (Whom.WOMEN, r"wom[ae]n|female|gra|grate|grave|zen[aeu]|zenama|kadin\w*"),
    (Whom.MEN, r"men|male|burra\w*|muskarc\w*|erkek\w*"),
    (Whom.CHILDREN, r"child(?:ren)?|kids|femije\w*|dec[aeu]|djec[aeu]|deci|cocuk\w*|minors?"),
    (Whom.GIRLS, r"girls?|vajza\w*|devojcic\w*|djevojcic\w*"),
    (Whom.BOYS, r"boys?|djem\w*|decac\w*|djecac\w*"),
    (Whom.OLDER_PEOPLE, r"elderly|older people|older women|seniors?|te moshuar\w*|stari[hjm]?\w*"),
    (Whom.DISABILITY, r"disabilit\w+|disabled|wheelchair users?|aftesi te kufizuara\w*|invaliditet\w*"),
    (Whom.TRAFFICKED, r"traffick\w+|trafikim\w*|trgovin\w+ ljudima"),
    (Whom.LGBTI, r"lgbt\w*"),
    (Whom.PREGNANT, r"pregnan\w+|shtatzen\w*|trudn\w+"),
    (Whom.PERPETRATORS, r"perpetrators?|violent men|dhunues\w*|nasilni\w+"),
    (Whom.PETS, r"pets?|kafshe\w*|kucni ljubimci"),
)
_BOYS_UP_TO = re.compile(
    r"\bboys?\b[^.;]{0,25}?\b(?:up to|under|until|to age|younger than|max(?:imum)?)\s+(?:the age of\s+|age\s+)?(\d{1,2})\b"
)


def language(text: str) -> str | None:
    """The ISO code of a code ("sr-Latn", "sqi") or a name ("Srpski", "Albanian"); None where it is not known."""
    folded = telling([text]).strip()
    if folded in _LANGUAGE_OF:
        return _LANGUAGE_OF[folded]
    return next((_LANGUAGE_OF[word] for word in folded.split() if len(word) > 1 and word in _LANGUAGE_OF), None)


def whom(slug_or_word: str) -> Whom | None:
    """One word of ours or of the field."""
    folded = telling([slug_or_word]).strip()
    for one in Whom:
        if folded == one.value.replace("_", " "):
            return one
    return next((one for one, pattern in _WHOM_WORDS if re.fullmatch(pattern, folded)), None)


def whom_in(text: str) -> frozenset[Whom]:
    """Everybody whom a sentence about eligibility names."""
    folded = telling([text])
    return frozenset(one for one, pattern in _WHOM_WORDS if re.search(rf"\b(?:{pattern})\b", folded))


def boys_up_to(text: str) -> int | None:
    """The oldest age of boys in "boys up to 12". "Under 12" is 11."""
    found = _BOYS_UP_TO.search(text.casefold())
    if not found:
        return None
    under = re.search(r"\b(under|younger than)\b", found.group())
    return int(found[1]) - (1 if under else 0)


def category(categories: Categories, texts: Iterable[str]) -> Category | None:
    """The category whose words these texts begin with most; the longest word decides between two. None where none fits."""
    given = [text for text in texts if text]
    for text in given:
        slug = telling([text]).strip().replace(" ", "_")
        if slug in categories.by_slug:
            return categories.by_slug[slug]
        for one in categories:
            if telling([one.label]).strip() == telling([text]).strip():
                return one
    searched = f" {telling([cyrtranslit.to_latin(text, 'sr') for text in given])} "
    best: tuple[int, Category] | None = None
    for one in categories:
        score = max((len(word) for word in one.words if f" {telling([word]).strip()}" in searched), default=0)
        if score and (best is None or score > best[0]):
            best = (score, one)
    return best[1] if best else None
