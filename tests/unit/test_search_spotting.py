"""What is shown as found is the same whether all words of a text are read or few of them."""

from __future__ import annotations

import re
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.api.search import letters, places, spotting
from services.api.search.matching import match_of
from services.api.search.syntax import SearchFault, parse
from shared.search.folding import folded, latin
from shared.search.stems import BY_LANGUAGE, ENGLISH, PLAIN, RUSSIAN, TURKIC, UZBEK
from shared.search.words import composed
from tests.unit.test_search_forms import DO_NOT_MEET, MEET

LABELLED = Path(__file__).parents[1] / "labelled"
LANGUAGES = ["en", "ru", "kk", "ky", "uz", "tg", "und"]
WRITTEN = """
flood Floods flooding flooded vaccine vaccination die dying dies sky skies probable probability
bus buses O’Brien O'Brien O`Brien don’t ‘flood’ the state of emergency state-of-the-art Alma-Ata
7.2 7,2 U.S. Mi-8 naïve Łódź straße São-Paulo ﬁre İstanbul a_b _flood_ x²
паводок паводки Паводков ёлка Ёлки елка Токаев Токаева Алма-Ате «паводок» корь
мектеп мектебі қызылша кызылша ҚЫЗЫЛША Тоқаевтың қала қалаларда
o‘qituvchi oʻqituvchilar oqituvchi ўқитувчи Мирзиёев Mirziyoyev maktab maktabi qishloq qishlogʻi
flo\u00adod so\u200bvet e\u0301te 東京 תל * € • — 😀
"""
WORDS = WRITTEN.split()
SEARCHES = [
    "flood", "floods OR vaccine", "dying", "die sky", "probability", "headline:flood bus",
    '"state of emergency"', '"the state"', "state-of-the-art", '"of the"', "O'Brien", "don't",
    "Alma-Ata", "Алма-Ата", "7.2", '"7 2"', "Mi-8", "U.S.", "flo*", "the*", "паво* OR кор*",
    "паводок", "ёлка Токаев", '"паводок ёлка"', "кызылша мектеп", "қала", "oqituvchi",
    '"oqituvchi maktab"', "Мирзиёев", "maktab qishloq", "naive", "Lodz Strasse", "sao-paulo",
    "istanbul fire", "東京", "i", "a", "x2", '"a b"', '"flood flood"', '"b flood x2"',
]  # fmt: skip
TEXTS = st.lists(
    st.tuples(
        st.sampled_from(WORDS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
        st.sampled_from([" ", " ", " ", "\n", ", ", ". ", "-", "", " — ", "’", " • ", "  "]),
    ),
    max_size=60,
).map(lambda found: "".join(word + between for word, between in found))


def told(text: str, search: str, language: str, of: str | None) -> set[places.Place]:
    """What is found by spotting, which must be what is found by reading."""
    asked = places.asked_of(match_of(parse(search), of).hits, language)
    text = composed(text)
    read = places.read(text, asked)
    sought = spotting.needles(asked)
    spotted = spotting.spotted(text, asked, sought) if sought else None
    if spotted is not None:
        assert set(spotted) == set(read), (search, text)
        assert spotted == sorted(spotted, key=lambda place: (place.begin, -place.end))
    return set(spotted or ())


@given(TEXTS, st.sampled_from(SEARCHES), st.sampled_from(LANGUAGES), st.data())
def test_what_is_spotted_is_what_is_read(
    text: str, search: str, language: str, data: st.DataObject
) -> None:
    told(text, search, language, data.draw(st.sampled_from([language, None])))


@given(st.data(), st.sampled_from(LANGUAGES))
def test_words_of_the_text_itself_are_spotted(data: st.DataObject, language: str) -> None:
    text = data.draw(TEXTS)
    words = [word for word in re.findall(r"\S+", text) if len(word) < 60] or ["flood"]
    asked = data.draw(st.lists(st.sampled_from(words), min_size=1, max_size=4))
    search = data.draw(st.sampled_from(["{}", '"{}"'])).format(" ".join(asked).replace('"', ""))
    try:
        parse(search)
    except SearchFault:
        return
    told(text, search, language, None)


@pytest.mark.parametrize("language", ["en", "ru", "kk", "ky", "uz"])
def test_nearly_all_labelled_texts_are_spotted_and_as_they_are_read(language: str) -> None:
    articles = [orjson.loads(line) for line in _lines("search-articles")]
    queries = [orjson.loads(line) for line in _lines("search-queries")]
    texts = [one["text"] for one in articles if one["lang"][:2] == language][:60]
    found = [
        told(text, query["text"], language, None)
        for query in queries if query["lang"] == language for text in texts
    ]  # fmt: skip
    spotted = [spotting_of(text, language) for text in texts]
    assert any(found)
    assert sum(spotted) >= (0.6 if language == "uz" else 1) * len(texts)  # read: in Cyrillic


def spotting_of(text: str, language: str) -> bool:
    """Whether a text is one of which not all words are read."""
    asked = places.asked_of(match_of(parse("flood"), None).hits, language)
    sought = spotting.needles(asked)
    return sought is not None and spotting.spotted(composed(text), asked, sought) is not None


def _lines(name: str) -> list[bytes]:
    return (LABELLED / f"{name}.jsonl").read_bytes().splitlines()


@given(st.text(letters._KNOWN, max_size=20), st.sampled_from([ENGLISH, UZBEK]))
def test_a_letter_is_folded_alike_whatever_stands_beside_it(word: str, inflected: object) -> None:
    inflection = UZBEK if inflected is UZBEK else ENGLISH
    known = letters.in_bytes(composed(word), inflection)[1:-1]
    for part, said in _parts(composed(word), known):
        if letters.ODD not in said:
            assert said == letters.in_bytes(inflection.fold(part), inflection)[1:-1]


def _parts(text: str, known: bytes) -> list[tuple[str, bytes]]:
    assert len(text) == len(known)
    return [(one[0], known[one.start() : one.end()]) for one in re.finditer(r"[^\W_]+", text)]


ENDINGS = {
    "en": "s es ed ing ies ied ying y ly ability ibility able ably ation ational ator ization ize "
    "alism ality fulness ously iveness ivity ance ancy ence ency ently ement ness ion logist bly",
    "ru": "а ам ами ах я ы и у ой ого ему ость ости ейший ивши ившись ть ла на ете ешь нный ся ь",
    "kk": "ы у ын га ка нын тын дан ларда си сы ынын га",
    "uz": "i q g k ga ka qa lar lari ning da si im imiz лар га",
}  # fmt: skip


@pytest.mark.parametrize("language", list(ENDINGS))
def test_every_word_begins_with_a_root_of_its_stem(language: str) -> None:
    inflected = BY_LANGUAGE[language]
    texts = b" ".join(path.read_bytes() for path in sorted(LABELLED.glob("search-*.jsonl")))
    forms = " ".join(f"{asked} {told}" for _, asked, told in (*MEET, *DO_NOT_MEET))
    known = set(re.findall(r"[^\W_]+", f"{texts.decode()} {forms}"))
    endings = ["", *ENDINGS[language].split()]
    words = {word[: -cut or None] + end for word in known for cut in (0, 2) for end in endings}
    for word in {*map(inflected.fold, words)} - {""}:
        roots = tuple(inflected.roots(inflected.stem(word)))
        assert word.startswith(roots), (word, inflected.stem(word), roots)


def test_the_roots_of_some_stems_are_written_out() -> None:
    assert [[*ENGLISH.roots(stem)] for stem in ("flood", "citi", "probabl", "hope", "die")] == [
        ["flood"], ["cit"], ["probab"], ["hop"], ["d"],
    ]  # fmt: skip
    assert [*ENGLISH.roots("buy")] == ["bought", "bu"]
    assert [*ENGLISH.roots("gunman")] == ["gunm"]
    assert [*RUSSIAN.roots("пришел")] == ["приш"]
    assert [*TURKIC.roots("мектеп")] == ["мекте"]
    assert [*TURKIC.roots("кал¹")] == ["ка"]
    assert [*UZBEK.roots("qishlok")] == ["qishlo"]
    assert [*PLAIN.roots("слово")] == ["слово"]


def test_a_text_in_bytes_is_written_out() -> None:
    assert letters.in_bytes("The “Flood”-hit São-Paulo: 7.2?", ENGLISH) == (
        b" the  flood  hit sao paulo  7 2? "
    )
    assert letters.in_bytes("O’Brien, Łódź", ENGLISH) == b" o?brien  ?od? "
    assert letters.in_bytes("maktab мактаб", UZBEK) == b" maktab ?????? "
    assert letters.in_bytes("Ёлка", RUSSIAN) == letters.in_bytes("елка", RUSSIAN)
    assert folded("Қ") == "к"
    assert latin("қ") == "q"
