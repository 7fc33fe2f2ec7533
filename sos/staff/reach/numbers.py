"""A member's number in the one form in which it is kept and found again. Refuses what cannot get a text."""

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from sos.staff.reach.errors import NotANumber

_MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})


def e164(written: str, countries: tuple[str, ...]) -> str:
    """The number in E.164; without a country code it is sought in `countries`, in their order. Raises NotANumber."""
    for country in (None, *countries):
        try:
            parsed = phonenumbers.parse(written.strip(), country)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed) and phonenumbers.number_type(parsed) in _MOBILE:
            return phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    raise NotANumber("This is no mobile number. Write it with its country code, such as +383.")
