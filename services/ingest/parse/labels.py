"""Lines that say who wrote or photographed a story, or lead away from it."""

from __future__ import annotations

import re
from typing import Final

_PICTURE: Final = (
    r"photos?|photographs?|pictures?|image|images|фото|фотография|фотографии|снимок|сурет|сүрөт"
)
_NAMED: Final = (
    rf"{_PICTURE}|illustrations?|graphics?|video|sources?|credits?|captions?|authors?|byline|text"
    r"|editors?|reporters?|translation|updated|published|posted|tags?|topics?|related|note"
    r"|editor[’']s note|correction|share|advertisement|иллюстрация|изображение|видео|источники?"
    r"|авторы?|текст|подпись|перевод|редакторы?|корреспонденты?|обновлено|опубликовано|теги|темы?"
    r"|примечание|от редакции|по теме|реклама|подробнее|дереккөз|булак|автору?"
)
_PERSONS: Final = r"by|courtesy|credits?|via|из архива|автора|предоставлен\w*|пресс-служб\w*"
_LABEL: Final = re.compile(
    rf"[(\[]?(?:"
    # A byline names a person; “By 2030 Kazakhstan …” does not.
    r"by(?::|\s+[^\W\d_])"
    r"|(?:written|reported|reporting|edited|editing|translated|compiled) by\b"
    r"|read more\b|read also\b|also read\b|see also\b"
    r"|читайте также\b|читать (?:далее|также)\b|смотрите также\b"
    rf"|(?:{_NAMED})(?:\s+(?:{_PERSONS})\b|\s*(?:[:|/©–—]|-\s))"
    # “Photo AKIpress”, “Автор Айгуль Осмонова”; a longer line is “Photo Exhibition Opens in …”.
    rf"|(?:{_PICTURE}|автор)(?:\s+\S+){{0,3}}$"
    r"|©)",
    re.IGNORECASE,
)


def is_label(text: str) -> bool:
    """Whether a line is a byline, a credit or a pointer: ``By …``, ``Photo: …``, ``Автор: …``."""
    return _LABEL.match(text) is not None
