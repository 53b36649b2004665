"""The languages of the pages. English is the one that the texts are written in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from babel import Locale


@dataclass(frozen=True, slots=True)
class Language:
    """A language that the pages speak."""

    code: str
    """BCP 47: the first part of its paths, ``lang`` of its pages, folder of its catalogue."""
    name: str
    """By itself."""
    locale: Locale
    """What CLDR knows of it."""

    @property
    def prefix(self) -> str:
        """What stands before the paths of its pages: ``/ru``; of English nothing."""
        return "" if self is ENGLISH else f"/{self.code}"


ENGLISH: Final = Language("en", "English", Locale("en", "GB"))
"""Days before months, as the desk writes."""
TRANSLATED: Final = (
    Language("ru", "Русский", Locale("ru")),
    Language("kk", "Қазақша", Locale("kk")),
    Language("ky", "Кыргызча", Locale("ky")),
    Language("uz", "Oʻzbekcha", Locale("uz", script="Latn")),
)
"""Those that have a catalogue."""
LANGUAGES: Final = (ENGLISH, *TRANSLATED)
BY_CODE: Final = {language.code: language for language in LANGUAGES}
