"""Code phrases of household words. Never sent by SMS or in an address; short enough to remember, long enough not to be guessed."""

import secrets

WORDS = (
    "apple arm ash autumn bag bakery balcony barrel basket bean bed bell bench berry blanket boat book boot bottle bowl box branch bread brick "
    "bridge broom brush bucket button cabbage cake candle carpet carrot cat chair cheese cherry chimney clock cloud coat coffee comb corn cotton "
    "cup curtain desk dish dog door dough dress drum duck egg elbow farm feather fence field fig finger flag floor flour flower fork fountain fox "
    "frame garden garlic gate glass glove goat grape grass hammer hand hat hay hen hill honey horse house ice iron jacket jam jar juice kettle key "
    "kitchen knee lake lamp leaf lemon letter lid lime linen lock loaf map market match meadow melon milk mill mint mirror moon mountain mouse mug "
    "needle nest net night nose nut oak oil olive onion orange oven owl paint pan paper parsley path peach pear pen pencil pepper pillow pine pipe "
    "plate plum pocket pond pot potato pumpkin purse quilt rabbit rain raisin ribbon rice ring river road roof room root rope rose rug sack salt "
    "sand saw scarf school seed sheep sheet shelf shirt shoe shop sink skirt snow soap sock sofa soup spoon spring stair star stone stool stove "
    "straw street string sugar summer sun table tap tea thread thumb ticket tile tomato towel tower train tray tree turnip umbrella valley vase "
    "village vine violet wall walnut water well wheat wheel whistle willow window winter wood wool yard yarn yellow"
).split()
COUNT = 6
"""Six words out of at least 256 give 48 bits and more: a guess every second would take millions of years."""


def new_phrase() -> str:
    """A fresh phrase."""
    return " ".join(secrets.choice(WORDS) for _ in range(COUNT))
