"""Names of countries, currencies and languages in the language of the page, by CLDR."""

from __future__ import annotations

from typing import Final

from babel import Locale, UnknownLocaleError

from services.api.words.languages import BY_CODE
from services.api.words.speaking import language

_OURS: Final = {("ru", "KG"): "Кыргызстан"}
"""Country names of CLDR that are not what the country calls itself in this language."""
_APOSTROPHES: Final = str.maketrans(
    {
        "\N{LEFT SINGLE QUOTATION MARK}": "\N{MODIFIER LETTER TURNED COMMA}",
        "\N{RIGHT SINGLE QUOTATION MARK}": "\N{MODIFIER LETTER APOSTROPHE}",
    }
)


def country(code: str) -> str | None:
    """Of ISO 3166-1 alpha-2; None: CLDR has none."""
    speaks = language()
    ours = _OURS.get((speaks.code, code))
    return ours or _written(speaks.locale.territories.get(code))


def currency(code: str) -> str | None:
    """Of ISO 4217; None: CLDR has none."""
    return _written(language().locale.currencies.get(code))


def language_by_itself(code: str) -> str | None:
    """A language by its own name, with a capital; None: CLDR does not know it."""
    if code in BY_CODE:
        return BY_CODE[code].name
    try:
        name = Locale.parse(code, sep="-").display_name
    except (ValueError, UnknownLocaleError):
        return None
    return name[:1].upper() + name[1:] if name else None


def _written(name: str | None) -> str | None:
    """With the letters oʻ, gʻ and ʼ where CLDR has quotation marks in their place."""
    if name is None or language().code != "uz":
        return name
    return name.translate(_APOSTROPHES)
