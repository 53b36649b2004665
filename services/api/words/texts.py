"""Texts in the language of the page. A sign of percent in a text is written twice: all are filled.

What is extracted are the arguments of functions with these names (``make messages``).
"""

from __future__ import annotations

from functools import lru_cache

from services.api.words.catalogues import CATALOGUES
from services.api.words.languages import LANGUAGES, Language
from services.api.words.speaking import language

_NUMBERS = range(1_000)
"""More than any rule of plurals looks at."""


def marked(text: str) -> str:
    """The text itself, English; marked for translation where it is read from a table."""
    return text


def found(text: str) -> str:
    """A text in the language of the page, its places not filled."""
    return CATALOGUES[language().code].gettext(text)


def nfound(one: str, many: str, number: int) -> str:
    """The form of a text that goes with a number, its places not filled."""
    return CATALOGUES[language().code].ngettext(one, many, number)


def gettext(text: str, /, **values: object) -> str:
    """A text in the language of the page: ``gettext("By %(authors)s", authors="…")``."""
    return found(text) % values


def ngettext(one: str, many: str, number: int, /, **values: object) -> str:
    """A text that goes with a number, which is its ``num``: ``%(num)s article``."""
    return nfound(one, many, number) % {"num": number, **values}


def forms(one: str, many: str) -> dict[str, str]:
    """A text with ``{n}`` by CLDR category, for a script: ``{"one": "{n} new", "other": …}``.

    Source: ECMA-402 ``Intl.PluralRules``. Every language has ``other``.
    """
    numbers = _examples(language())
    texts = {name: ngettext(one, many, number, num="{n}") for name, number in numbers.items()}
    return {"other": texts.get("many", ""), **texts}


@lru_cache(maxsize=len(LANGUAGES))
def _examples(of: Language) -> dict[str, int]:
    """A number of every category of a language; sought once, for it takes a millisecond."""
    return {of.locale.plural_form(number): number for number in reversed(_NUMBERS)}
