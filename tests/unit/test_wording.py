"""The words of a text: which are the same, where they stand, and its numbers."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrichment.wording import CHARS_MAX, WORDS_MAX, words_of


def written(*parts: str) -> list[str]:
    """The words as they are written."""
    words = words_of(parts)
    return [words.written(one) for one in range(len(words))]


def hashes(text: str) -> list[int]:
    """What words are compared by."""
    found: list[int] = words_of([text]).hashes.tolist()
    return found


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("The Bank’s rate – 14.5%!", "the bank rate 14 5"),
        ("The banks' rates", "the banks rates"),
        ("Oʻzbekiston O'zbekiston O‘zbekiston O´zbekiston", "ozbekiston " * 4),
        ("ТЕНГЕ — Теңге", "тенге теңге"),
        ("Пётр и ПЕТР", "петр и петр"),
        ("ﬁne ① Ｗｉｄｅ", "fine 1 wide"),
        ("soft\u00adly zero\u200bwidth", "softly zerowidth"),
        ("IT'S d’Oman’s ’s", "it doman s"),
        ("İzmir", "izmir"),
        ("Cafe\u0301", "café"),
    ],
)
def test_words_are_compared_without_case_and_signs(text: str, plain: str) -> None:
    assert hashes(text) == hashes(plain)
    assert len(hashes(text)) == len(plain.split())


def test_chinese_and_japanese_signs_are_words() -> None:
    assert written("東京都 a東b") == ["東", "京", "都", "a", "東", "b"]


@pytest.mark.parametrize("text", ["", "… — !", "’'", "\u200b", "\ud800"])
def test_a_text_without_words_has_none(text: str) -> None:
    words = words_of([text])
    assert (len(words), words.figures, words.until(5)) == (0, (), 0)


def test_a_word_of_two_scripts_is_read_as_latin() -> None:
    """Cyrillic а, о and с in English words."""
    assert hashes("bаnk оf hоpe") == hashes("bank of hope")


def test_a_russian_word_with_latin_letters_of_the_same_look_is_read_as_russian() -> None:
    """Latin o, e and a in Russian words."""
    assert hashes("гoрoд пeрeнoсит мoст") == hashes("город переносит мост")


def test_a_text_of_two_scripts_keeps_both() -> None:
    assert hashes("банк bank") == [*hashes("банк"), *hashes("bank")]
    assert hashes("она bank") == [*hashes("она"), *hashes("bank")]  # each letter looks Latin


def test_a_word_is_cut_off_after_its_possessive_where_it_stands() -> None:
    assert written("Oral’s mayor, d’Alva’s o‘zbek") == ["Oral", "mayor", "d’Alva", "o‘zbek"]


def test_stems_are_the_first_six_letters() -> None:
    stems = words_of(["Governments governor govern O‘zbekistonda oʻzbekiga"]).stems.tolist()
    assert stems[0] == stems[1] == stems[2]
    assert stems[3] == stems[4] != stems[0]


def test_words_know_their_part_and_what_they_begin_with() -> None:
    words = words_of(["Ice", "", "in 2026 Osh"])
    assert [words.part_at(one) for one in words.starts.tolist()] == [0, 2, 2, 2]
    assert words.is_capital.tolist() == [True, False, False, True]
    assert words.is_digit.tolist() == [False, False, True, False]
    assert words.lengths.tolist() == [3, 2, 4, 3]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1,200 and 1 200 and 1\u00a0200 and 1200", ["1200"] * 4),
        ("18,2 percent, or 18.2", ["18.2", "18.2"]),
        ("2026-03-01", ["2026", "03", "01"]),
        ("12,345,678.90", ["12345678.90"]),
        ("no number, no a1", []),
    ],
)
def test_numbers_are_compared_in_plain_digits(text: str, numbers: list[str]) -> None:
    assert [one.plain for one in words_of([text]).numbers()] == numbers


def test_a_text_is_read_as_far_as_the_limits() -> None:
    assert len(words_of(["a " * (WORDS_MAX + 5)])) == WORDS_MAX
    assert len(words_of(["word"] * 3 * WORDS_MAX)) == WORDS_MAX
    assert len(words_of(["x" * (CHARS_MAX + 5), "more"]).text) == CHARS_MAX
    assert words_of(["6 " * 10 * WORDS_MAX]).numbers()[-1].start < 2 * WORDS_MAX


_SILENT = "['’‘ʻʼ`´\u00ad\u200b\u200c\u200d\u2060\ufeff]"
_BEYOND = re.compile("[\U00010000-\U0010ffff぀-ヿ㐀-䶿一-鿿豈-﫿_]|" + _SILENT)


@given(st.text(max_size=60))
def test_any_text_is_cut_into_words_where_a_regular_expression_would(text: str) -> None:
    plain = unicodedata.normalize("NFKC", _BEYOND.sub(" ", text))
    plain = _BEYOND.sub(" ", plain)
    assert written(plain) == re.findall(r"[^\W_]+", plain)


@given(st.text(alphabet="abcабв '’sS-", max_size=40), st.text(alphabet="abсаб ’s", max_size=9))
def test_words_are_the_same_whatever_stands_around_them(text: str, other: str) -> None:
    alone = hashes(text)
    assert words_of([other, text, other]).hashes.tolist() == [
        *hashes(other), *alone, *hashes(other),
    ]  # fmt: skip
