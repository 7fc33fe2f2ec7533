"""Senders' numbers in one form, so that one person is one address. Never decides who may write: what is no number stays as given.

Kosovo's mobile numbers lay under borrowed country codes until +383 was opened: Vala under Monaco's +377 44 and +377 45, IPKO under Slovenia's
+386 49 and +386 43; the digits after them stayed the same. Source: "Telephone numbers in Kosovo", en.wikipedia.org, table of ranges and host
countries (read November 2026), which gives ITU document T02020000FD0001. Old gateways still write them. +386 43 is left alone: the library
knows it as Slovenia's own today, and a wrong guess would answer a stranger.
"""

import re

import phonenumbers
from phonenumbers import PhoneNumberType

from sos.bot.channels.sms.provider import Unreadable

REGIONS = ("XK", "RS")  #: where a number without a country code is sought, in this order
LONGEST_SENDER = 64

_LEGACY_KOSOVO = re.compile(r"^\+(?:377(4[45])|386(49))(\d{6})$")
_OUR_COUNTRY_CODES = ("383", "381")
_MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
_DECORATION = re.compile(r"[\s().\-/\u00a0\u2010-\u2015\u200e\u200f\u202a-\u202e]")
_SHORTEST_NUMBER = 7  #: below it: a short code


def normalise(sender: str) -> str:
    """E.164 where `sender` is a telephone number; short codes and names (`Vala`, `122`) as given. Raises Unreadable when empty."""
    given = sender.strip()
    if not given or len(given) > LONGEST_SENDER:
        raise Unreadable
    bare = _DECORATION.sub("", given)
    digits = bare.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()) or len(digits) < _SHORTEST_NUMBER:
        return given
    if bare.startswith("+"):
        return _international(bare) or bare
    if bare.startswith("00"):
        return _international(f"+{bare[2:]}") or given
    if bare.startswith("0"):
        return _national(bare) or given
    return _without_any_prefix(bare) or given


def _without_any_prefix(digits: str) -> str | None:
    """Gateways drop the plus; some networks drop the zero. Our own country codes first, then a mobile number of ours, then the world."""
    if digits.startswith(_OUR_COUNTRY_CODES) and (ours := _international(f"+{digits}")):
        return ours
    return _national(digits, mobile_only=True) or _international(f"+{digits}")


def _international(number: str) -> str | None:
    legacy = _LEGACY_KOSOVO.match(number)
    if legacy:
        return f"+383{legacy[1] or legacy[2]}{legacy[3]}"
    return _e164(number, None)


def _national(digits: str, *, mobile_only: bool = False) -> str | None:
    return next((number for region in REGIONS if (number := _e164(digits, region, mobile_only=mobile_only))), None)


def _e164(number: str, region: str | None, *, mobile_only: bool = False) -> str | None:
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed) or (mobile_only and phonenumbers.number_type(parsed) not in _MOBILE):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
