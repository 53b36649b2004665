"""What differs between two texts, word by word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.api.worddiff import PAIRS_MAX, Budget, Piece, Words, differences, pieces


def marked(before: str, after: str) -> str:
    """A difference as one line: ``[-out-]`` and ``{+in+}``."""
    signs = {"equal": "{}", "delete": "[-{}-]", "insert": "{{+{}+}}"}
    return "".join(signs[one.operation].format(one.text) for one in pieces(before, after, Budget()))


def test_words_are_told_and_not_letters() -> None:
    assert marked("The dam holds 40 men.", "The dam holds 14 men.") == (
        "The dam holds [-40-]{+14+} men."
    )
    assert marked("Нарын жана Ош", "Ош жана Нарын") == "[-Нарын-]{+Ош+} жана [-Ош-]{+Нарын+}"


def test_what_was_added_or_taken_out_stands_alone() -> None:
    assert marked("One two.", "One and two.") == "One {+and +}two."
    assert marked("", "New") == "{+New+}"
    assert marked("Old", "") == "[-Old-]"
    assert marked("Same", "Same") == "Same"


def changed(before: Words, after: Words) -> list[tuple[str, int | None]]:
    return [(one.field, one.paragraph) for one in differences(before, after, Budget())]


def test_texts_that_are_the_same_are_not_told() -> None:
    before = Words("Head", "", ("One.", "Two.", "Three."))

    assert changed(before, before) == []
    assert changed(before, Words("Heads", "Sum", ("One.", "Too.", "Three."))) == [
        ("headline", None), ("summary", None), ("body", 1),
    ]  # fmt: skip


def test_a_paragraph_that_was_put_in_moves_the_others_and_changes_none() -> None:
    before, after = ("One.", "Three."), ("Zero.", "One.", "Two.", "Three.")

    assert changed(Words("H", "", before), Words("H", "", after)) == [("body", 0), ("body", 2)]
    assert changed(Words("H", "", after), Words("H", "", before)) == [("body", 0), ("body", 1)]


def test_a_paragraph_is_compared_with_the_one_that_it_became() -> None:
    before = ("Lorries of up to 20 tonnes may cross the bridge.",)
    after = ("Correction: it said 20.", "Lorries of up to 12 tonnes may cross the bridge.")

    found = differences(Words("H", "", before), Words("H", "", after), Budget())
    assert [(one.paragraph, len(one.pieces)) for one in found] == [(0, 1), (1, 4)]
    assert joined(found[1].pieces, "insert") == before[0]


def test_blanks_between_changed_words_change_with_them() -> None:
    assert marked("a b c d", "a x y d") == "a [-b c-]{+x y+} d"


def test_more_than_can_be_compared_is_told_as_a_whole() -> None:
    budget = Budget()
    before = " ".join(["a b"] * PAIRS_MAX)
    told = pieces(f"x {before} y", f"z {before[::-1]} w", budget)

    assert [one.operation for one in told] == ["delete", "insert"]
    assert budget.left == PAIRS_MAX


TEXTS = st.text(alphabet="ab ,яё\n", max_size=30)


def joined(told: tuple[Piece, ...], without: str) -> str:
    return "".join(one.text for one in told if one.operation != without)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_from_the_pieces(before: str, after: str) -> None:
    told = pieces(before, after, Budget())

    assert joined(told, "insert") == before
    assert joined(told, "delete") == after


@given(st.lists(TEXTS, max_size=6), st.lists(TEXTS, max_size=6))
def test_every_paragraph_that_differs_is_told(before: list[str], after: list[str]) -> None:
    found = differences(Words("", "", tuple(before)), Words("", "", tuple(after)), Budget())

    kept = [text for text in after if text in before]
    told = [joined(one.pieces, "delete") for one in found]
    assert sorted(text for text in after if text and text not in kept) == sorted(
        text for text in told if text and text not in kept
    )
