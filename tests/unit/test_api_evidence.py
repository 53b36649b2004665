"""What an article's page says of the evidence for its relations."""

from __future__ import annotations

from services.api.evidence import Related, related

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
