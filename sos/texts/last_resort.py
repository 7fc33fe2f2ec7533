"""What she reads when no catalogue can give a text: a file is broken, a value is missing, the gate refused. Never a number, never a promise.

These few sentences stand in code on purpose: they must be there when everything in `config/` is not.
"""

from collections.abc import Mapping
from typing import Final

SOS: Final[Mapping[str, str]] = {
    "en": "Received. Nobody is on duty now. If you can, go where other people are. If you hear nothing, nobody has read this yet.",
    "sq": "U mor. Tani askush nuk është në detyrë. Nëse mundeni, shkoni ku ka njerëz. Nëse nuk ju vjen përgjigje, ende askush nuk e ka lexuar.",
    "sr": "Primljeno. Sada niko nije dežuran. Ako možete, idite tamo gde ima ljudi. Ako ne stigne odgovor, poruku još niko nije pročitao.",
    "bs": "Primljeno. Sada niko nije dežuran. Ako možete, idite tamo gdje ima ljudi. Ako ne stigne odgovor, poruku još niko nije pročitao.",
    "tr": "Alındı. Şu anda nöbette kimse yok. Mümkünse insanların olduğu bir yere gidin. Yanıt gelmezse mesajı henüz kimse okumamıştır.",
}
ANY: Final[Mapping[str, str]] = {
    "en": "Please write again. In danger, send SOS.",
    "sq": "Ju lutem shkruani përsëri. Në rrezik, dërgoni SOS.",
    "sr": "Molimo pišite ponovo. U opasnosti pošaljite SOS.",
    "bs": "Molimo pišite ponovo. U opasnosti pošaljite SOS.",
    "tr": "Lütfen yeniden yazın. Tehlikede SOS gönderin.",
}


def text_for(key: str, languages: tuple[str, ...]) -> tuple[str, str]:
    """(text, language) that stands in for `key`, in the first of `languages` that has one; English otherwise."""
    texts = SOS if key.startswith(("sos", "alert", "third.danger")) else ANY
    language = next((code for code in languages if code in texts), "en")
    return texts[language], language
