"""What the wire says beside what this code would say."""

from __future__ import annotations

from typing import Any

from services.enrichment.differences import SHOWN_MAX, Difference, Report, differences
from shared.events import ArticleCanceled, ArticlePublished, CarriedEvent, RelationChanged
from shared.news import ArticleId, Fingerprint, Relation
from tests.wire_builders import almaty, article, at


def published(**changes: Any) -> CarriedEvent:
    said = {
        "article": article("a", headline="Tenge Firms"),
        "language": "en",
        "language_confidence": 99,
        "tags": (),
        "relations": (),
        "fingerprint": Fingerprint(text_hash="t", words=3),
        "unfinished": {},
        "methods": {"names": "words/1"},
    }
    return ArticlePublished(**{**said, **changes})


def copy(of: str, shared: str = "77") -> Relation:
    evidence = {"shared_shingles": shared}
    return Relation(
        kind="near_duplicate",
        article_id=ArticleId(of),
        source="desk",
        evidence=evidence,
        method="m",
    )


def changed(*relations: Relation) -> RelationChanged:
    return RelationChanged(
        article_id=ArticleId("a"), source="desk", relations=relations, reason="Because.",
        by="enrichment", observed_at=at(6),
    )  # fmt: skip


def test_events_that_say_the_same_do_not_differ() -> None:
    assert list(differences(published(), published(language_confidence=98), 4)) == []


def test_a_tag_that_is_new_or_gone_is_named_with_what_speaks_for_it() -> None:
    evidence = {"relevance": "60", "confidence": "95", "creator": "words/1"}
    place = (4, "a", "Tenge Firms")

    added = list(differences(published(), published(tags=(almaty(),)), 4))
    removed = list(differences(published(tags=(almaty(),)), published(), 4))

    name = "geonames:1526384 Almaty"
    assert added == [Difference("tag", "place", *place, None, name, evidence)]
    assert removed == [Difference("tag", "place", *place, name, None, evidence)]


def test_another_relevance_is_no_other_tag() -> None:
    wire, now = published(tags=(almaty(60),)), published(tags=(almaty(40),))

    assert list(differences(wire, now, 4)) == []


def test_relations_differ_by_kind_and_article_and_not_by_their_figures() -> None:
    same = differences(published(relations=(copy("b"),)), published(relations=(copy("b", "9"),)), 4)
    other = list(differences(changed(copy("b")), changed(copy("c")), 4))

    assert list(same) == []
    assert [(one.wire, one.now, one.evidence["shared_shingles"]) for one in other] == [
        ("b", None, "77"),
        (None, "c", "77"),
    ]


def test_language_unfinished_steps_and_methods_are_compared() -> None:
    now = published(
        language="ru", unfinished={"names": "KeyError: 'x'"}, methods={"names": "words/2"}
    )

    found = list(differences(published(), now, 4))

    assert [(one.kind, one.detail, one.wire, one.now) for one in found] == [
        ("language", "", "en", "ru"),
        ("unfinished", "names", None, "KeyError: 'x'"),
        ("methods", "names", "words/1", "words/2"),
    ]


def test_what_only_one_of_them_says_is_a_difference() -> None:
    killed = ArticleCanceled(
        article_id=ArticleId("a"), source="desk", reason="R", by="source", observed_at=at(6)
    )

    missing = list(differences(published(), None, 4))
    new = list(differences(None, killed, 4))
    other = list(differences(published(), killed, 4))

    kinds = ("newswire.article.published", "newswire.article.canceled")
    assert [(one.kind, one.wire, one.now) for one in (*missing, *new, *other)] == [
        ("event", kinds[0], None),
        ("event", None, kinds[1]),
        ("event", *kinds),
    ]


def test_a_report_counts_all_and_shows_the_first_of_each_kind() -> None:
    report = Report()
    for seq in range(1, SHOWN_MAX + 3):
        report.add(list(differences(published(), published(tags=(almaty(),)), seq)))
    report.add([])

    said = list(report.lines())

    assert said[:2] == ["events compared: 23; said otherwise: 22", "tag place: 22"]
    assert said[2] == (
        "  seq 1 a Tenge Firms: nothing → geonames:1526384 Almaty "
        "(relevance 60, confidence 95, creator words/1)"
    )
    assert said[-1] == "  and 2 more"
    assert report.as_json() == {
        "compared": 23,
        "differing": 22,
        "counts": [{"kind": "tag", "detail": "place", "count": 22}],
    }
