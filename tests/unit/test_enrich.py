"""What the wire says of an article, decided without a log."""

from __future__ import annotations

import pytest

from shared.events import ArticleCanceled, ArticlePublished, ArticleTakenBack, RelationChanged
from shared.news import Change
from tests.wire_builders import (
    Decisions,
    almaty,
    at,
    blocked,
    kinds,
    received,
    released,
    revised,
    revoked,
    unblocked,
    withdrawn,
    withheld,
)


@pytest.fixture
def desk() -> Decisions:
    return Decisions()


# --- what sources say ---------------------------------------------------------------------------


def test_an_article_is_published_with_what_enrichment_found(desk: Decisions) -> None:
    (event,) = desk.hear(received("a", headline="Snow in Almaty", body=("Much snow fell.",)))

    assert isinstance(event, ArticlePublished)
    assert event.article.headline == "Snow in Almaty"
    assert (event.language, event.language_confidence) == ("en", 99)
    assert event.tags == (almaty(),)
    assert event.relations == ()
    assert (event.fingerprint.text_hash, event.fingerprint.words) == (event.article.text_hash, 6)
    assert event.methods == {"language": "guess/1", "names": "words/1", "relations": "relations/1",
        "stories": "stories/1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "kind"),
    [("update", "updated"), ("correction", "corrected"), ("refile", "refiled")],
)
def test_a_revision_is_said_as_the_change_that_it_is(
    desk: Decisions, change: Change, kind: str
) -> None:
    desk.hear(received("a"))

    assert kinds(desk.hear(revised("a", change=change))) == [kind]


def test_a_withdrawal_cancels_with_a_notice_that_holds_no_text(desk: Decisions) -> None:
    desk.hear(received("a", headline="The secret"))
    (event,) = desk.hear(withdrawn("a"))

    assert event == ArticleCanceled(
        article_id="a",
        source="steppe-courier",
        reason="Because.",
        by="source",
        observed_at=at(7),
    )
    assert "secret" not in event.model_dump_json()


def test_a_second_withdrawal_says_nothing(desk: Decisions) -> None:
    desk.hear(received("a"), withdrawn("a"))

    assert desk.hear(withdrawn("a")) == []


def test_a_withdrawal_for_another_reason_is_for_the_record_alone(desk: Decisions) -> None:
    desk.hear(received("a"), withdrawn("a"))
    again = withdrawn("a", by="operator").model_copy(update={"reason": "The court says so."})

    assert desk.hear(again) == []


def test_what_was_never_on_the_wire_is_withdrawn_in_silence(desk: Decisions) -> None:
    assert desk.hear(withdrawn("a")) == []
    assert desk.hear(received("b", pubstatus="withheld"), withdrawn("b")) == []


def test_a_canceled_article_is_published_again_by_a_usable_revision(desk: Decisions) -> None:
    desk.hear(received("a"), withdrawn("a"))

    assert kinds(desk.hear(revised("a", revision=2))) == ["published"]
    assert kinds(desk.hear(revised("a", revision=3))) == ["updated"]


def test_a_canceled_article_is_not_brought_back_by_a_release(desk: Decisions) -> None:
    desk.hear(received("a"), withdrawn("a"))

    assert desk.hear(released("a")) == []


def test_a_status_says_what_a_decision_would(desk: Decisions) -> None:
    desk.hear(received("a"), received("b"))
    (taken_back,) = desk.hear(revised("a", pubstatus="withheld", ednote="Hold for now."))
    (canceled,) = desk.hear(revised("b", pubstatus="canceled"))

    assert isinstance(taken_back, ArticleTakenBack)
    assert (taken_back.reason, taken_back.by) == ("Hold for now.", "source")
    assert isinstance(canceled, ArticleCanceled)
    assert (canceled.reason, canceled.by) == ("the source says canceled", "source")


def test_an_article_that_its_source_withholds_is_reinstated_when_it_is_usable(
    desk: Decisions,
) -> None:
    desk.hear(received("a"), revised("a", 2, pubstatus="withheld"))

    assert desk.hear(revised("a", 3, pubstatus="withheld")) == []
    assert kinds(desk.hear(revised("a", 4))) == ["released"]


# --- what operators say -------------------------------------------------------------------------


def test_a_hold_takes_back_and_a_release_reinstates_the_last_text(desk: Decisions) -> None:
    desk.hear(received("a"))
    (hold,) = desk.hear(withheld("a"))
    meanwhile = desk.hear(revised("a", 2, body=("The new text.",)))
    (release,) = desk.hear(released("a"))

    assert isinstance(hold, ArticleTakenBack)
    assert (hold.by, hold.reason) == ("operator", "Because.")
    assert meanwhile == []
    assert kinds([release]) == ["released"]
    assert release.article.body == ("The new text.",)


def test_a_second_hold_says_nothing(desk: Decisions) -> None:
    desk.hear(received("a"), withheld("a"))

    assert desk.hear(withheld("a")) == []


def test_what_is_held_before_it_is_on_the_wire_is_published_by_its_release(
    desk: Decisions,
) -> None:
    desk.hear(received("a", embargoed_until=at(13)))

    assert desk.hear(withheld("a")) == []
    assert desk.hear(revised("a", 2)) == []
    assert kinds(desk.hear(released("a"))) == ["published"]


def test_a_release_of_what_is_not_held_says_nothing(desk: Decisions) -> None:
    assert desk.hear(released("unknown")) == []
    assert desk.hear(received("a"), released("a")) == []


def test_a_release_does_not_overrule_the_source(desk: Decisions) -> None:
    desk.hear(received("a"), withheld("a"), revised("a", 2, pubstatus="withheld"))

    assert desk.hear(released("a")) == []
    assert kinds(desk.hear(revised("a", 3))) == ["released"]


def test_a_held_article_can_be_canceled(desk: Decisions) -> None:
    desk.hear(received("a"), withheld("a"))

    assert kinds(desk.hear(withdrawn("a"))) == ["canceled"]


def test_a_hold_outlives_a_withdrawal_by_the_source(desk: Decisions) -> None:
    desk.hear(received("a"), withheld("a", by="operator"), withdrawn("a", by="source"))

    assert desk.hear(revised("a", 2)) == []


def test_a_hold_outlives_a_canceled_status(desk: Decisions) -> None:
    desk.hear(received("a"), withheld("a"), revised("a", 2, pubstatus="canceled"))

    assert desk.hear(revised("a", 3)) == []


# --- embargoes ----------------------------------------------------------------------------------


def test_an_embargoed_article_enters_the_wire_at_its_hour_and_not_twice(desk: Decisions) -> None:
    assert desk.hear(received("a", embargoed_until=at(13)), now=at(12)) == []
    assert desk.due(at(12, 59)) == []
    assert kinds(desk.due(at(13))) == ["published"]
    assert desk.due(at(13)) == []
    assert desk.due(at(23)) == []


def test_an_embargo_that_has_ended_is_none(desk: Decisions) -> None:
    assert kinds(desk.hear(received("a", embargoed_until=at(11)), now=at(12))) == ["published"]
    assert desk.due(at(13)) == []


def test_a_rebuilt_memory_knows_what_waits_and_what_was_said(desk: Decisions) -> None:
    desk.hear(received("a", embargoed_until=at(13)), received("b", embargoed_until=at(14)))
    desk.due(at(13))
    desk.restart()

    assert desk.due(at(13)) == []
    assert [event.article.article_id for event in desk.due(at(14))] == ["b"]


def test_what_is_canceled_before_its_hour_never_enters_the_wire(desk: Decisions) -> None:
    desk.hear(received("a", embargoed_until=at(13)))

    assert desk.hear(withdrawn("a")) == []
    assert desk.due(at(14)) == []


def test_what_is_held_at_its_hour_waits_for_the_release(desk: Decisions) -> None:
    desk.hear(received("a", embargoed_until=at(13)), withheld("a"))

    assert desk.due(at(14)) == []
    assert kinds(desk.hear(released("a"), now=at(14))) == ["published"]


def test_a_release_before_the_hour_leaves_the_embargo(desk: Decisions) -> None:
    desk.hear(received("a", embargoed_until=at(13)), withheld("a"))

    assert desk.hear(released("a"), now=at(12)) == []
    assert kinds(desk.due(at(13))) == ["published"]


def test_a_release_before_the_hour_of_what_was_on_the_wire_leaves_the_embargo(
    desk: Decisions,
) -> None:
    desk.hear(received("a"), revised("a", 2, embargoed_until=at(13)), withheld("a"))

    assert desk.hear(released("a"), now=at(12)) == []
    desk.restart()
    (event,) = desk.due(at(13))
    assert kinds([event]) == ["released"]
    assert event.article.revision == 2
    assert desk.due(at(14)) == []


def test_an_embargoed_revision_leaves_the_text_until_its_hour(desk: Decisions) -> None:
    desk.hear(received("a"))

    assert desk.hear(revised("a", 2, body=("New.",), embargoed_until=at(13)), now=at(12)) == []
    (event,) = desk.due(at(13))
    assert kinds([event]) == ["updated"]
    assert event.article.body == ("New.",)
    assert desk.due(at(14)) == []


def test_a_revision_without_embargo_ends_the_wait(desk: Decisions) -> None:
    desk.hear(received("a", embargoed_until=at(13)))

    assert kinds(desk.hear(revised("a", 2), now=at(12))) == ["published"]
    assert desk.due(at(14)) == []


def test_what_is_due_comes_in_the_order_of_the_hours(desk: Decisions) -> None:
    desk.hear(received("late", embargoed_until=at(14)), received("early", embargoed_until=at(13)))

    assert [event.article.article_id for event in desk.due(at(15))] == ["early", "late"]


# --- blocked sources ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "offered"),
    [
        ((), received("a")),
        ((received("a"),), revised("a", 2)),
        ((received("a"), withheld("a")), released("a")),
        ((received("a"), withdrawn("a")), revised("a", 2)),
    ],
    ids=["received", "revised", "released", "usable again"],
)
def test_nothing_of_a_blocked_source_enters_the_wire(
    desk: Decisions, before: tuple[object, ...], offered: object
) -> None:
    desk.hear(*before, blocked())  # type: ignore[arg-type]

    assert desk.hear(offered) == []  # type: ignore[arg-type]
    assert desk.due(at(23)) == []


def test_no_embargo_ends_while_its_source_is_blocked(desk: Decisions) -> None:
    desk.hear(received("a", embargoed_until=at(13)), blocked())

    assert desk.due(at(14)) == []
    desk.hear(unblocked())
    assert kinds(desk.due(at(14))) == ["published"]


def test_an_embargo_of_a_blocked_source_outlives_the_block(desk: Decisions) -> None:
    desk.hear(blocked(), received("a", embargoed_until=at(13)), unblocked())

    assert desk.due(at(12)) == []
    assert kinds(desk.due(at(13))) == ["published"]


@pytest.mark.parametrize(
    ("decision", "kind"),
    [
        (withdrawn("a"), "canceled"),
        (withheld("a"), "withheld"),
        (revised("a", 2, pubstatus="withheld"), "withheld"),
        (revised("a", 2, pubstatus="canceled"), "canceled"),
    ],
)
def test_what_takes_an_article_back_passes_a_block(
    desk: Decisions, decision: object, kind: str
) -> None:
    desk.hear(received("a"), blocked())

    assert kinds(desk.hear(decision)) == [kind]  # type: ignore[arg-type]


def test_another_source_is_not_blocked(desk: Decisions) -> None:
    desk.hear(blocked("other"))

    assert kinds(desk.hear(received("a"))) == ["published"]


def test_a_block_says_nothing_of_what_is_on_the_wire(desk: Decisions) -> None:
    desk.hear(received("a"))

    assert desk.hear(blocked()) == []
    assert desk.hear(unblocked()) == []
    assert desk.due(at(23)) == []


def test_what_came_meanwhile_is_said_once_and_as_it_stands(desk: Decisions) -> None:
    desk.hear(received("a"), blocked(), received("b"), revised("a", 2), revised("a", 3, "refile"))
    desk.hear(unblocked())
    said = desk.due(at(12))

    assert [(event.article.article_id, event.article.revision) for event in said] == [
        ("b", 1),
        ("a", 3),
    ]
    assert kinds(said) == ["published", "refiled"]
    assert desk.due(at(12)) == []
    desk.restart()
    assert desk.due(at(12)) == []


def test_what_came_meanwhile_is_said_by_a_memory_that_was_folded_afresh(desk: Decisions) -> None:
    desk.hear(blocked(), received("a"))
    desk.restart()
    desk.hear(unblocked())
    desk.restart()

    assert kinds(desk.due(at(12))) == ["published"]


@pytest.mark.parametrize(
    "decision", [withdrawn("a"), withheld("a"), revised("a", 2, pubstatus="canceled")]
)
def test_what_was_taken_back_meanwhile_is_not_said(desk: Decisions, decision: object) -> None:
    desk.hear(blocked(), received("a"), decision, unblocked())  # type: ignore[arg-type]

    assert desk.due(at(23)) == []


def test_what_was_held_and_released_meanwhile_is_reinstated(desk: Decisions) -> None:
    desk.hear(received("a"), blocked(), withheld("a"), released("a"), unblocked())

    assert kinds(desk.due(at(12))) == ["released"]


def test_a_revision_after_the_block_needs_no_waiting(desk: Decisions) -> None:
    desk.hear(blocked(), received("a"), unblocked())

    assert kinds(desk.hear(revised("a", 2))) == ["published"]
    assert desk.due(at(12)) == []


def test_a_source_that_is_blocked_again_goes_on_waiting(desk: Decisions) -> None:
    desk.hear(blocked(), received("a"), unblocked(), blocked())

    assert desk.memory.waiting(at(23)) == []
    desk.hear(unblocked())
    assert kinds(desk.due(at(23))) == ["published"]


# --- copies -------------------------------------------------------------------------------------

TEXT = {"headline": "Same headline", "body": ("Same text.",)}


def test_a_copy_of_another_source_is_related_to_the_first(desk: Decisions) -> None:
    desk.hear(received("a", source="first", **TEXT))
    (copy,) = desk.hear(received("b", source="second", **TEXT))
    (third,) = desk.hear(received("c", source="third", **TEXT))

    assert isinstance(copy, ArticlePublished)
    assert isinstance(third, ArticlePublished)
    (relation,) = copy.relations
    assert (relation.kind, relation.article_id, relation.source) == ("exact", "a", "first")
    assert relation.evidence == {
        "shared_shingles": "3", "in_other": "1.000", "of_other": "1.000",
        "numbers_shared": "0", "numbers_differing": "0", "threshold": "0.80",
    }  # fmt: skip
    assert relation.method == "relations/1"
    assert [one.article_id for one in third.relations] == ["a"]


def test_the_first_is_no_copy_of_its_copies(desk: Decisions) -> None:
    desk.hear(received("a", **TEXT), received("b", **TEXT))
    (event,) = desk.hear(revised("a", 2, "refile", **TEXT))

    assert kinds([event]) == ["refiled"]
    assert event.relations == ()


def test_a_copy_that_is_revised_is_no_copy_any_more(desk: Decisions) -> None:
    desk.hear(received("a", **TEXT), received("b", **TEXT))
    (event,) = desk.hear(revised("b", 2))
    (third,) = desk.hear(received("c", **TEXT))

    assert event.relations == ()
    assert [one.article_id for one in third.relations] == ["a"]


@pytest.mark.parametrize("decision", [withdrawn("a"), withheld("a")], ids=["canceled", "held"])
def test_the_copy_of_what_is_gone_is_the_first(desk: Decisions, decision: object) -> None:
    desk.hear(received("a", **TEXT))
    desk.hear(decision)  # type: ignore[arg-type]
    (event,) = desk.hear(received("b", **TEXT))
    (third,) = desk.hear(received("c", **TEXT))

    assert event.relations == ()
    assert [one.article_id for one in third.relations] == ["b"]


def test_what_was_held_for_a_while_is_a_copy_of_what_took_its_place(desk: Decisions) -> None:
    """One of the two is canonical: else each would be hidden behind the other."""
    desk.hear(received("a", **TEXT), received("b", **TEXT))
    notice, change = desk.hear(withheld("a"))
    (event,) = desk.hear(released("a"))

    assert kinds([notice, change]) == ["withheld", "changed"]
    assert isinstance(change, RelationChanged)
    assert (change.article_id, change.relations, change.by) == ("b", (), "enrichment")
    assert kinds([event]) == ["released"]
    assert [one.article_id for one in event.relations] == ["b"]  # type: ignore[union-attr]


def test_a_text_that_comes_back_is_a_copy_of_what_bears_it_now(desk: Decisions) -> None:
    desk.hear(received("a", **TEXT), received("b", **TEXT))
    revision, change = desk.hear(revised("a", 2))
    (event,) = desk.hear(revised("a", 3, **TEXT))

    assert kinds([revision, change]) == ["updated", "changed"]
    assert isinstance(change, RelationChanged)
    assert (change.article_id, change.relations) == ("b", ())
    assert [one.article_id for one in event.relations] == ["b"]  # type: ignore[union-attr]


def test_a_revoked_relation_is_told_and_not_found_again(desk: Decisions) -> None:
    desk.hear(received("a", source="first", **TEXT), received("b", source="second", **TEXT))
    said = desk.hear(revoked("b", "a"))
    again = desk.hear(revised("b", 2, "refile", source="second", **TEXT))

    assert said == [
        RelationChanged(
            article_id="b",
            source="second",
            relations=(),
            reason="Not the same.",
            by="operator",
            observed_at=at(7),
        )
    ]
    assert kinds(again) == ["refiled"]
    assert again[0].relations == ()  # type: ignore[union-attr]
    assert desk.memory.next_version("b") == 4


def test_a_relation_is_revoked_whichever_article_is_named_first(desk: Decisions) -> None:
    desk.hear(received("a", **TEXT), received("b", **TEXT))

    assert [event.article_id for event in desk.hear(revoked("a", "b"))] == ["b"]  # type: ignore[union-attr]


def test_a_relation_that_does_not_hold_is_revoked_in_silence_and_not_found_later(
    desk: Decisions,
) -> None:
    desk.hear(received("a", **TEXT), received("b"))

    assert desk.hear(revoked("b", "a")) == []
    (event,) = desk.hear(revised("b", 2, **TEXT))
    assert event.relations == ()  # type: ignore[union-attr]


def test_a_copy_of_what_it_is_no_copy_of_is_no_copy_either(desk: Decisions) -> None:
    """Else the article would hide behind one that hides itself."""
    desk.hear(received("a", **TEXT), received("c", **TEXT), received("b", **TEXT))
    desk.hear(revoked("b", "a"))
    (event,) = desk.hear(revised("b", 2, **TEXT))

    assert event.relations == ()  # type: ignore[union-attr]


def test_a_revoked_relation_stays_revoked_over_a_restart(desk: Decisions) -> None:
    desk.hear(received("a", **TEXT), received("b", **TEXT), revoked("b", "a"))
    desk.restart()
    (event,) = desk.hear(revised("b", 2, **TEXT))

    assert event.relations == ()  # type: ignore[union-attr]
    assert desk.memory.next_version("b") == 4


def test_the_relation_of_a_withheld_copy_is_not_found_when_it_is_reinstated(
    desk: Decisions,
) -> None:
    desk.hear(received("a", **TEXT), received("b", **TEXT), withheld("b"))

    assert desk.hear(revoked("b", "a")) == []
    (event,) = desk.hear(released("b"))
    assert event.relations == ()  # type: ignore[union-attr]


def test_a_notice_is_of_the_articles_source_whoever_decided(desk: Decisions) -> None:
    desk.hear(received("a", source="first"))
    (event,) = desk.hear(withdrawn("a"))

    assert event.source == "first"


def test_steps_that_are_asked_twice_say_the_same(desk: Decisions) -> None:
    (one,) = desk.hear(received("a", headline="Almaty"))
    (other,) = Decisions().hear(received("a", headline="Almaty"))

    assert one.model_dump_json() == other.model_dump_json()
    assert one.methods == {  # type: ignore[union-attr]
        "language": "guess/1", "names": "words/1", "relations": "relations/1",
        "stories": "stories/1",
    }  # fmt: skip
