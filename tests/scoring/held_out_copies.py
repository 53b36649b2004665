"""True copies of notes and stories: what another desk or another reader of a page makes of them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from tests.scoring.held_out_texts import SEED, Note

# So many notes from one copied note to the next; every story is copied in every way.
STEP: Final = 7
CUT: Final = 0.1

OUTLETS: Final = ("orbit-wire", "city-paper", "morning-post")
STYLE: Final = {
    "en": (
        ("percent", "per cent"),
        (" million", " mln"),
        ("metres", "meters"),
        ("colour", "color"),
        ("tonne", "ton"),
        ("US dollar", "U.S. dollar"),
        ("health ministry", "Health Ministry"),
        ("central bank", "Central Bank"),
    ),
    "ru": (("млн", "миллионов"), (" %", "%"), ("«", '"'), ("»", '"'), ("грамм", "г"), ("ё", "е")),
    "kk": (("пайыз", "%"), ("миллион", "млн"), ("м/с", "метр/секунд")),
    "uz": (("foiz", "%"), ("soʻm", "so'm"), ("ʻ", "'")),
}
HOUR: Final = re.compile(r"\b(\d\d):(\d\d)\b")
BYLINE: Final = {
    "en": "By Anna Reed\n\nALMATY, {day} March (Orbit) - ",
    "ru": "АЛМАТЫ, {day} мар — Орбита, Анна Рид. ",
    "kk": "АЛМАТЫ, {day} наурыз. Орбита — ",
    "uz": "TOSHKENT, {day} mart. Orbita — ",
}
BOILERPLATE: Final = {
    "en": "\n\nFollow us on our channel and read more in our application. All rights reserved. "
    "Copying of texts is allowed with a link to the page. Newsroom: 0312 90 91 92. Advertising: "
    "0312 90 91 93.",
    "ru": "\n\nПодписывайтесь на наш канал и читайте новости первыми. При перепечатке ссылка на "
    "сайт обязательна. Реклама: 0312 90 91 93. Нашли ошибку? Выделите её и нажмите Ctrl+Enter. 16+",
    "kk": "\n\nБіздің арнаға жазылыңыз. Материалды көшіргенде сілтеме міндетті. Жарнама: "
    "0727 90 91 93.",
    "uz": "\n\nKanalimizga obuna boʻling. Koʻchirib bosishda havola shart. Reklama: 71 290 91 93.",
}
CORRECTED: Final = {
    "en": "(Corrects a figure in the first paragraph.) ",
    "ru": "(Исправлена цифра в первом абзаце.) ",
    "kk": "(Бірінші абзацтағы сан түзетілді.) ",
    "uz": "(Birinchi xatboshidagi raqam tuzatildi.) ",
}


def copies(originals: Sequence[Note], stories: Sequence[Note]) -> tuple[Note, ...]:
    """A copy of every seventh note, each changed in the next way, and each story in every way."""
    changes = tuple(CHANGES)
    chosen = [(note, changes[n % len(changes)]) for n, note in enumerate(originals[::STEP])]
    chosen += [(story, change) for story in stories for change in changes]
    return tuple(_copied(chosen))


def _copied(chosen: Sequence[tuple[Note, str]]) -> Iterator[Note]:
    for number, (note, change) in enumerate(chosen):
        rng = random.Random(f"{SEED}/{number}/{change}")
        changed = CHANGES[change](note, rng)
        yield replace(
            changed,
            change=change,
            source=rng.choice(OUTLETS),
            at=note.at + timedelta(minutes=rng.randint(9, 290)),
        )


def _byline(note: Note, _rng: random.Random) -> Note:
    return replace(note, text=BYLINE[note.lang].format(day=note.at.day) + note.text)


def _style(note: Note, _rng: random.Random) -> Note:
    text = note.text
    for ours, theirs in STYLE[note.lang]:
        text = text.replace(ours, theirs)
    return replace(note, text=HOUR.sub(r"\1.\2", text))


def _typo(note: Note, rng: random.Random) -> Note:
    """Two letters of a long word stand the wrong way round; the desk sent it so at first."""
    word = rng.choice(
        [one for one in note.text.split() if len(one) > 5 and one.isalpha() and _differ(one)]
    )
    middle = len(word) // 2
    wrong = word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]
    return replace(note, text=note.text.replace(word, wrong, 1))


def _differ(word: str) -> bool:
    middle = len(word) // 2
    return word[middle] != word[middle - 1]


def _figure(note: Note, rng: random.Random) -> Note:
    """Half of the corrections say that they are some."""
    first = note.text.partition("\n\n")[0]
    figures = [*re.finditer(r"\d+", first)] or [*re.finditer(r"\d+", note.text)]
    found = rng.choice(figures)
    last = found.end() - 1
    digit = str((int(note.text[last]) + rng.randint(1, 8)) % 10)
    text = note.text[:last] + digit + note.text[last + 1 :]
    return replace(note, text=(CORRECTED[note.lang] if rng.random() < 0.5 else "") + text)


def _boilerplate(note: Note, _rng: random.Random) -> Note:
    return replace(note, text=note.text + BOILERPLATE[note.lang])


def _extractor(note: Note, rng: random.Random) -> Note:
    """Paragraphs run into each other, quotes and dashes are others, the headline is lost."""
    text = re.sub(r"\s*\n\n", rng.choice([" ", "\n"]), note.text)
    text = re.sub(r'"([^"]*)"', "“\\1”", text).replace("'", "’").replace(" - ", " – ")
    text = text.replace(" — ", " - ").replace("–", "-")
    text = re.sub(r"(?<=\d) (?=\w)", "\u00a0", text)
    return replace(note, headline=text[:60], text=text)


def _cut(note: Note, _rng: random.Random) -> Note:
    words = note.text.split(" ")
    return replace(note, text=" ".join(words[: round(len(words) * (1 - CUT))]))


CHANGES: Final[Mapping[str, Callable[[Note, random.Random], Note]]] = {
    "byline": _byline,
    "house style": _style,
    "typo mended": _typo,
    "figure corrected": _figure,
    "boilerplate": _boilerplate,
    "another extractor": _extractor,
    "tenth cut": _cut,
}
