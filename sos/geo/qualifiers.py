"""Upper, lower, big, small, old, new, north, south: the same word in every language a village may be named in.

A table with two readers, the packing of names and the reading of texts, so that ``Velika Kruša``, ``Krusha e Madhe`` and
``Kruša Velika`` are one name. Must never be applied to a name of a single word: a village may simply be called Stara.
"""

from sos.geo.spelling import sound

_FORMS = {
    "^up": "gornji gornja gornje gornjo gorni gorna gorno eperm eperme siperm siperme eper siper upper gorni yukari",
    "^down": "donji donja donje donjo dolni dolna dolno poshtem poshtme poshteme ulet ulte poshter lower asagi",
    "^big": "veliki velika veliko veljo madh madhe madhi great big buyuk",
    "^small": "mali mala malo vogel vogle vogla little small kucuk",
    "^old": "stari stara staro vjeter vjetra vjeter old eski",
    "^new": "novi nova novo nov ri riu re rri new yeni",
    "^north": "severni severna severno sever sjever sjeverni sjeverna veri veriu veriut veriore verior north northern kuzey utarali",
    "^south": "juzni juzna juzno jug jugu jugut jugore jugor south southern guney",
}  # fmt: skip

# What links a name with its qualifier in Albanian; left out of every key. Serbian "kod", "na" inside names stay.
PARTICLES = frozenset({"i", "e", "te", "se"})

QUALIFIER_OF = {sound(form): code for code, forms in _FORMS.items() for form in forms.split()}
