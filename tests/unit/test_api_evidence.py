"""What an article's page says of the evidence for its relations."""

from __future__ import annotations

from services.api.evidence import WORDS_MAX, Related, related, tagged

FIGURES = {
    "shared_shingles": "412", "in_other": "0.981", "of_other": "0.437",
    "numbers_shared": "7", "numbers_differing": "1", "threshold": "0.60",
}  # fmt: skip


def test_a_relation_is_said_in_words_with_its_figures() -> None:
    relation = {"kind": "excerpt_of", "article_id": "a", "source": "courier", "evidence": FIGURES}

    assert related(relation) == Related(
        "Excerpt of",
        "a",
        "a longer text from courier",
        "98 % of this text stands there, 44 % of that one here; "
        "7 numbers in both, 1 in one of them",
    )


def test_a_relation_of_an_older_method_has_no_figures() -> None:
    relation = {
        "kind": "exact", "article_id": "a", "source": "courier", "evidence": {"text_hash": "0f"},
    }  # fmt: skip

    assert related(relation) == Related("Copy of", "a", "the same text from courier", "")


def test_a_kind_that_came_later_is_named_as_it_is() -> None:
    relation = {"kind": "follow_up", "article_id": "a", "source": "courier", "evidence": {}}

    assert related(relation) == Related("Follow up", "a", "a text from courier", "")


def spans(*texts: str) -> list[dict[str, str]]:
    return [{"text": text} for text in texts]


def test_a_tag_is_shown_with_the_words_that_speak_for_it_each_once() -> None:
    tag = {"confidence": 80, "creator": "gazetteer/2", "spans": spans("Osh", "Ош", "Osh")}

    assert tagged(tag) == "“Osh”, “Ош”: 80 % sure, by gazetteer/2"


def test_of_many_words_some_are_shown_and_of_none_nothing() -> None:
    many = spans(*(f"w{number}" for number in range(9)))

    assert tagged({"confidence": 1, "creator": "x/1", "spans": many}).count("“") == WORDS_MAX
    assert tagged({"confidence": 1, "creator": "x/1", "spans": []}) == ""
