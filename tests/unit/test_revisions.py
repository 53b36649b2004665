"""What kind of change a revision is, and by what that is told."""

from __future__ import annotations

from typing import Final

import pytest

from services.ingest.revisions import Judged, judged
from shared.hashing import text_hash
from shared.news import Article, Document
from shared.testing.builders import article
from tests.builders import at

BODY: Final = (
    "ALMATY – The ministry said on Monday that Serik Abenov will not leave his post.",
    "It had 42 letters from readers who asked about it, and answered each of them in a week.",
    "The new bridge over the river is to open in spring, when the ice has gone.",
)
PARSER: Final = Document(sha256="ab", media_type="text/html", parser="rss", parser_version=1)


def state(*body: str, **said: object) -> Article:
    texts = body or BODY
    headline = str(said.get("headline", "Minister stays in office"))
    given: dict[str, object] = {"headline": headline, "body": texts, "document": PARSER, **said}
    return article(text_hash=text_hash(headline, texts), **given)


def changed(old: str, new: str) -> Article:
    body = tuple(text.replace(old, new) for text in BODY)
    assert body != BODY
    return state(*body)


def to(after: Article) -> Judged:
    return judged(state(), after, None)


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        (" – ", " — ", "same words"),
        ("said on Monday", "said, on Monday,", "typography only"),
        ("each of them", "“each” of them", "typography only"),
        ("the ice", "the  ICE", "same words"),
    ],
)
def test_what_only_looks_different_is_a_refile(old: str, new: str, text: str) -> None:
    found = to(changed(old, new))

    assert (found.change, found.declared) == ("refile", False)
    assert found.evidence["text"] == text


def test_a_misspelt_word_that_is_put_right_is_a_refile() -> None:
    before = changed("ministry", "minsitry")
    found = judged(before, state(), None)

    assert found == Judged("refile", False, {"text": "spelling only"})


@pytest.mark.parametrize(
    ("old", "new", "negation"),
    [("will not leave", "will leave", "not"), ("will not leave", "will soon leave", "not")],
)
def test_a_negation_that_goes_is_a_correction(old: str, new: str, negation: str) -> None:
    found = to(changed(old, new))

    assert (found.change, found.declared) == ("correction", False)
    assert found.evidence["negations_removed"] == negation


def test_a_negation_that_comes_is_a_correction_in_any_of_our_languages() -> None:
    for old, new in [
        ("Министр уйдёт в отставку.", "Министр не уйдёт в отставку."),
        ("Ол кетеді деп айтты.", "Ол кетпейді емес деп айтты."),
        ("U ketadi, dedi vazir.", "U ketadi emas, dedi vazir."),
    ]:
        found = judged(state(*BODY, old), state(*BODY, new), None)

        assert found.change == "correction", new


def test_one_name_in_the_place_of_another_is_a_correction() -> None:
    found = to(changed("Abenov", "Ospanov"))

    assert found.change == "correction"
    assert found.evidence["names_removed"] == "Abenov"
    assert found.evidence["names_added"] == "Ospanov"


@pytest.mark.parametrize(("old", "new"), [("will not leave", "will leave"), ("Abenov", "Ospanov")])
def test_a_negation_or_a_name_that_changes_with_a_number_is_news(old: str, new: str) -> None:
    without_number = changed(old, new)
    after = state(*(text.replace("42", "57") for text in without_number.body))

    assert to(without_number).change == "correction"
    assert to(after).change == "update"


def test_a_number_that_changes_is_news() -> None:
    found = to(changed("42", "57"))

    assert found.change == "update"
    assert found.evidence == {
        "numbers_added": "57", "numbers_removed": "42", "text": "other words"
    }  # fmt: skip


def test_more_text_is_news_whatever_else_changed() -> None:
    more = (*BODY[:1], "He said so again in the evening, to nobody's surprise, and went home.") * 2
    found = to(state(*BODY, *more))

    assert found.change == "update"
    assert found.evidence["paragraphs"] == "3 to 7"


def test_what_a_source_says_stands() -> None:
    found = judged(state(), changed("42", "57"), "correction")

    assert (found.change, found.declared) == ("correction", True)


@pytest.mark.parametrize("note", ["CORRECTION: the number of letters.", "Исправлено число писем."])
def test_a_note_of_a_correction_is_a_declaration(note: str) -> None:
    body = tuple(text.replace("42", "57") for text in BODY)
    found = to(state(*body, ednote=note))
    again = judged(state(ednote=note), state(*body, ednote=note), None)

    assert (found.change, found.declared) == ("correction", True)
    assert (again.change, again.declared) == ("update", False)


def test_what_another_version_of_our_parser_made_of_the_same_bytes_is_ours() -> None:
    newer = PARSER.model_copy(update={"parser_version": 2})
    found = to(state(*BODY[:2], document=newer))

    assert (found.change, found.declared) == ("refile", False)
    assert found.evidence["parser"] == "rss 1 to rss 2"


def test_what_another_parser_made_of_a_version_that_the_source_has_not_changed_is_ours() -> None:
    newer = PARSER.model_copy(update={"parser_version": 2, "sha256": "cd"})
    before = state(updated_at=at(2))

    assert judged(before, state(*BODY[:2], document=newer, updated_at=at(2)), None).change == (
        "refile"
    )
    assert judged(before, state(*BODY[:2], document=newer, updated_at=at(3)), None).change == (
        "update"
    )
    assert judged(state(), state(*BODY[:2], document=newer), None).change == "update"


def test_a_change_beside_the_text_is_a_refile() -> None:
    found = to(state(authors=("A. Writer",)))

    assert found == Judged("refile", False, {"text": "same words"})
