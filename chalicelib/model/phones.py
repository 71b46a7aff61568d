"""How people write a phone. How one is read is parsers.py's; it is kept as E.164."""

from functools import lru_cache

import phonenumbers


@lru_cache(4096)  # the same list is asked for again and again; 25 µs a phone otherwise
def displayed(e164: str, own_region: str | None) -> str:
    """A number of one's own region as it is dialled there, any other with its country
    code."""
    spelled = phonenumbers.PhoneNumberFormat
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:  # known once, to an older table of codes
        return e164
    is_own = phonenumbers.region_code_for_number(number) == own_region
    as_people = spelled.NATIONAL if is_own else spelled.INTERNATIONAL
    return phonenumbers.format_number(number, as_people)
