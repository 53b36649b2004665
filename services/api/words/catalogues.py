"""The translations, read from their ``.po`` files and compiled in memory: no binary is kept."""

from __future__ import annotations

from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from services.api.words.languages import ENGLISH, TRANSLATED, Language
from shared.hashing import sha256

FOLDER: Final = files("services.api.words") / "locale"
_SOURCES: Final = {
    language.code: (FOLDER / language.code / "LC_MESSAGES" / "messages.po").read_bytes()
    for language in TRANSLATED
}

EDITION: Final = sha256(b"".join(_SOURCES.values()))[:12]
"""Of all translations: it changes when one does."""


def _compiled(language: Language) -> GNUTranslations:
    """What was not translated, or not for sure, stays English."""
    catalogue = read_po(BytesIO(_SOURCES[language.code]), locale=language.code)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


CATALOGUES: Final[dict[str, NullTranslations]] = {
    ENGLISH.code: NullTranslations(),
    **{language.code: _compiled(language) for language in TRANSLATED},
}
