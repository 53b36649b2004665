"""``decide``: given what the log knows, when this is observed, then that event, or none."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Literal, cast

import pytest

from services.ingest.domain import (
    Decision,
    Known,
    Nothing,
    NotLater,
    Observation,
    decide,
    decide_decision,
    decide_rate,
    decision_hash,
    rate_hash,
    rate_value,
)
from shared.envelope import UNSEEN_FIELDS, article_hash, content_hash
from shared.events import (
    ArticleEvent,
    ArticleReceived,
    ArticleReleased,
    ArticleRevised,
    ArticleWithdrawn,
    ArticleWithheld,
    RateObserved,
)
from shared.house_events import Event
from shared.news import Article, ArticleId, Document, Media
from shared.testing.builders import ARTICLE_ID, SOURCE, rate
from tests.builders import at, observed

BODY = ("The tenge rose 0.4 percent to 498 on Monday.", "Dealers traded 1,500 lots.")
NOTE = "Figures from the exchange."


def known(article: Article, last: ArticleEvent | None = None) -> Known:
    """What the log holds of an article; its last event is its receipt, unless given."""
    return Known(last or ArticleReceived(article=article), article)


def withdrawn(day: int, reason: str = "It was a draft.") -> ArticleWithdrawn:
    return ArticleWithdrawn(
        article_id=ARTICLE_ID, source=SOURCE, reason=reason, by="source", observed_at=at(day)
    )


def withheld(day: int) -> ArticleWithheld:
    return ArticleWithheld(
        article_id=ARTICLE_ID, source=SOURCE, reason="Asked to wait.", by="operator",
        observed_at=at(day),
    )  # fmt: skip


def released(day: int) -> ArticleReleased:
    return ArticleReleased(
        article_id=ARTICLE_ID, source=SOURCE, reason="The wait is over.", by="operator",
        observed_at=at(day),
    )  # fmt: skip


def revised(before: Article, article: Article) -> ArticleRevised:
    """The revision that an observation is; fails if it is none."""
    verdict = decide(known(before), Observation(article))
    assert isinstance(verdict, ArticleRevised)
    return verdict


# --- received, nothing --------------------------------------------------------------------------


def test_an_article_that_the_log_does_not_know_is_received_as_revision_1() -> None:
    article = observed(revision=7)

    verdict = decide(None, Observation(article))

    assert verdict == ArticleReceived(article=observed(revision=1))


def test_the_same_content_seen_later_is_nothing() -> None:
    before = observed(observed_at=at(2))

    assert decide(known(before), Observation(observed(observed_at=at(3)))) == Nothing()


def test_the_same_content_of_a_withheld_article_is_nothing() -> None:
    before = observed(observed_at=at(2))

    verdict = decide(known(before, withheld(3)), Observation(observed(observed_at=at(4))))

    assert verdict == Nothing()


# --- revisions and their kind -------------------------------------------------------------------


def test_other_words_are_an_update_with_the_numbers_that_came_and_went() -> None:
    before = observed(body=BODY, observed_at=at(2))
    article = observed(
        body=("The tenge rose 0.7 percent to 498 on Monday.", "Dealers traded 1,720 lots.", "So."),
        observed_at=at(3),
    )

    verdict = decide(known(before), Observation(article))

    assert verdict == ArticleRevised(
        article=article.model_copy(update={"revision": 2}),
        change="update",
        declared=False,
        evidence={
            "numbers_added": "0.7 1,720",
            "numbers_removed": "0.4 1,500",
            "paragraphs": "2 to 3",
            "text": "other words",
        },
    )


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"body": (BODY[0].upper(), BODY[1])}, id="capitals"),
        pytest.param({"body": (" ".join(BODY),)}, id="paragraphs cut otherwise"),
        pytest.param({"headline": "“Tenge” — Up"}, id="quotation marks and dashes"),
        pytest.param({"authors": ("A. Writer",)}, id="byline"),
        pytest.param({"rights": "© Steppe Courier"}, id="rights"),
        pytest.param({"pubstatus": "withheld"}, id="publication status"),
    ],
)
def test_the_same_words_in_another_form_are_a_refile(changes: dict[str, object]) -> None:
    given = {"headline": '"Tenge" - Up', "body": BODY}
    before = observed(**given, observed_at=at(2))

    verdict = revised(before, observed(**{**given, **changes}, observed_at=at(3)))

    assert (verdict.change, verdict.declared) == ("refile", False)
    assert verdict.evidence["text"] == "same words"


def test_a_changed_headline_is_an_update_that_names_it() -> None:
    before = observed(headline="Tenge Rises", observed_at=at(2))

    verdict = revised(before, observed(headline="Tenge Falls", observed_at=at(3)))

    assert verdict.change == "update"
    assert verdict.evidence == {"headline": "Tenge Falls", "text": "other words"}


@pytest.mark.parametrize(
    "changes",
    [
        {"ednote": "CORRECTION: the figure in paragraph 1."},
        {"headline": "Correction: Tenge Falls"},
        {"headline": "[CORRECTED] Tenge Falls"},
        {"body": ("Исправлено: тенге вырос.", "Дилеры.")},
        {"body": ("(Исправление) Тенге вырос.",)},
        {"body": ("Уточнение. Тенге вырос.",)},
        {"ednote": "Исправлено число."},
    ],
    ids=str,
)
def test_a_source_that_says_correction_has_declared_one(changes: dict[str, object]) -> None:
    verdict = revised(observed(observed_at=at(2)), observed(**changes, observed_at=at(3)))

    assert (verdict.change, verdict.declared) == ("correction", True)


@pytest.mark.parametrize(
    "changes",
    [
        {"headline": "Correctional Colony Opens"},
        {"headline": "Market Correction Feared"},
        {"body": ("The tenge rose.", "Correction: not the first paragraph.")},
        {"body": ()},
    ],
    ids=str,
)
def test_the_word_elsewhere_declares_nothing(changes: dict[str, object]) -> None:
    verdict = revised(observed(observed_at=at(2)), observed(**changes, observed_at=at(3)))

    assert (verdict.change, verdict.declared) == ("update", False)


def test_a_declared_change_wins_over_what_the_texts_say() -> None:
    before = observed(observed_at=at(2))
    article = observed(headline="Correction: Tenge Falls", observed_at=at(3))

    verdict = decide(known(before), Observation(article, declared_change="refile"))

    assert isinstance(verdict, ArticleRevised)
    assert (verdict.change, verdict.declared) == ("refile", True)


def test_a_revision_counts_from_the_one_before() -> None:
    before = observed(revision=4, observed_at=at(2))

    assert revised(before, observed(headline="Tenge Falls", observed_at=at(3))).article == (
        observed(headline="Tenge Falls", observed_at=at(3), revision=5)
    )


def test_evidence_names_at_most_20_numbers() -> None:
    before = observed(body=("None.",), observed_at=at(2))
    article = observed(body=(" ".join(f"{n}" for n in range(100, 150)),), observed_at=at(3))

    assert revised(before, article).evidence["numbers_added"] == (
        "100 101 102 103 104 105 106 107 108 109 110 111 112 113 114 115 116 117 118 119"
    )


# --- not later ----------------------------------------------------------------------------------


@pytest.mark.parametrize("seen", [at(3), at(2, 23, 59)], ids=["equal", "earlier"])
def test_another_content_that_was_not_seen_later_is_stale(seen: datetime) -> None:
    before = observed(observed_at=at(3))

    verdict = decide(known(before), Observation(observed(headline="Old", observed_at=seen)))

    assert verdict == NotLater("not later than 2026-03-03T06:00:00+00:00")


def test_what_the_source_updated_earlier_is_stale_whenever_it_is_seen() -> None:
    before = observed(updated_at=at(3), observed_at=at(4))
    article = observed(headline="Old", updated_at=at(2), observed_at=at(9))

    verdict = decide(known(before), Observation(article))

    assert verdict == NotLater("not later than 2026-03-03T06:00:00+00:00")  # the source's time


def test_what_was_seen_before_a_decision_is_not_later_than_that() -> None:
    before = observed(updated_at=at(3), observed_at=at(4))
    article = observed(headline="Old", updated_at=at(2), observed_at=at(5))

    verdict = decide(known(before, withheld(6)), Observation(article))

    assert verdict == NotLater("not later than 2026-03-06T06:00:00+00:00")


def test_what_the_source_updated_later_is_a_revision_whenever_it_was_seen() -> None:
    before = observed(updated_at=at(3), observed_at=at(9))
    article = observed(headline="New", updated_at=at(4), observed_at=at(8))

    assert revised(before, article).article.headline == "New"


@pytest.mark.parametrize("updated_at", [at(3), None], ids=["the same", "none"])
def test_without_another_time_of_the_source_the_time_of_observation_decides(
    updated_at: datetime | None,
) -> None:
    before = observed(updated_at=at(3), observed_at=at(3))
    later = observed(headline="New", updated_at=updated_at, observed_at=at(4))
    earlier = observed(headline="New", updated_at=updated_at, observed_at=at(2))

    assert isinstance(decide(known(before), Observation(later)), ArticleRevised)
    assert isinstance(decide(known(before), Observation(earlier)), NotLater)


def test_what_was_seen_before_a_hold_is_stale_after_it() -> None:
    before = observed(observed_at=at(2))
    article = observed(headline="New", observed_at=at(4))

    assert isinstance(decide(known(before, withheld(5)), Observation(article)), NotLater)
    assert isinstance(decide(known(before, withheld(3)), Observation(article)), ArticleRevised)


# --- versions of the source ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("theirs", "ours", "is_later"),
    [
        ("9", "10", True),
        ("10", "9", False),
        ("1.9", "1.10", True),
        ("01", "2", True),
        ("2", "1.9", True),
        ("3", "3", True),
        ("v10", "v9", True),
        ("10", None, True),
        (None, "1", True),
    ],
    ids=str,
)
def test_the_number_of_a_version_decides_where_both_have_one(
    theirs: str | None, ours: str | None, *, is_later: bool
) -> None:
    """Of unlike forms, names and equal numbers nothing follows: then the later look is later."""
    before = observed(source_version=theirs, observed_at=at(2))
    article = observed(source_version=ours, headline="New", observed_at=at(3))
    verdict = decide(known(before), Observation(article))

    assert isinstance(verdict, ArticleRevised) == is_later


def test_the_number_of_a_version_comes_before_times() -> None:
    before = observed(source_version="3", updated_at=at(5), observed_at=at(5))
    lower = observed(source_version="2", headline="2", updated_at=at(6), observed_at=at(6))
    higher = observed(source_version="4", headline="4", updated_at=at(4), observed_at=at(4))

    assert decide(known(before), Observation(lower)) == NotLater("not later than version 3")
    assert isinstance(decide(known(before), Observation(higher)), ArticleRevised)


@pytest.mark.parametrize(("ours", "is_later"), [(at(4), False), (at(6), True)], ids=str)
def test_of_one_version_the_later_change_is_later(ours: datetime, *, is_later: bool) -> None:
    before = observed(source_version="3", updated_at=at(5), observed_at=at(5))
    article = observed(source_version="3", headline="New", updated_at=ours, observed_at=at(7))

    assert isinstance(decide(known(before), Observation(article)), ArticleRevised) == is_later


def test_a_higher_version_seen_before_a_decision_does_not_come_after_it() -> None:
    before = observed(source_version="3", observed_at=at(2))
    article = observed(source_version="4", headline="New", observed_at=at(4))

    assert isinstance(decide(known(before, withheld(5)), Observation(article)), NotLater)


# --- after a withdrawal -------------------------------------------------------------------------


@pytest.mark.parametrize("changes", [{}, {"headline": "New"}], ids=["same", "other content"])
def test_after_a_withdrawal_a_page_that_still_shows_the_article_is_stale(
    changes: dict[str, object],
) -> None:
    before = known(observed(observed_at=at(2)), withdrawn(3))

    verdict = decide(before, Observation(observed(**changes, observed_at=at(4))))

    assert verdict == NotLater("withdrawn; only an explicit usable brings it back")


@pytest.mark.parametrize("changes", [{}, {"headline": "New"}], ids=["same", "other content"])
def test_after_a_withdrawal_an_explicit_later_usable_is_a_revision(
    changes: dict[str, object],
) -> None:
    before = known(observed(observed_at=at(2)), withdrawn(3))
    article = observed(**changes, observed_at=at(4))

    verdict = decide(before, Observation(article, declares_usable=True))

    assert isinstance(verdict, ArticleRevised)
    assert verdict.article == article.model_copy(update={"revision": 2})


def test_a_usable_said_before_the_withdrawal_does_not_end_it() -> None:
    before = known(observed(observed_at=at(2)), withdrawn(4))

    verdict = decide(before, Observation(observed(observed_at=at(3)), declares_usable=True))

    assert isinstance(verdict, NotLater)


def test_a_usable_seen_before_the_withdrawal_does_not_end_it_whatever_the_source_updated() -> None:
    before = known(observed(updated_at=at(1), observed_at=at(1)), withdrawn(4))
    article = observed(headline="New", updated_at=at(2), observed_at=at(3))

    assert isinstance(decide(before, Observation(article, declares_usable=True)), NotLater)


@pytest.mark.parametrize(
    "said",
    [{"source_version": "3"}, {"updated_at": at(1)}, {"source_version": "v3"}],
    ids=["number", "time", "name"],
)
def test_the_version_that_was_withdrawn_is_not_a_usable_said_anew(said: dict[str, object]) -> None:
    """A source that says usable of all that it offers says it with every look at its feed."""
    before = known(observed(**said, observed_at=at(2)), withdrawn(3))
    again = observed(**said, rights="Other rights.", observed_at=at(4))

    assert isinstance(decide(before, Observation(again, declares_usable=True)), NotLater)


# --- decisions ----------------------------------------------------------------------------------


@pytest.mark.parametrize("pubstatus", ["usable", "withheld"])
def test_a_release_is_refused_where_the_log_tells_that_nothing_is_held(
    pubstatus: Literal["usable", "withheld"],
) -> None:
    article = observed(observed_at=at(2), pubstatus=pubstatus)
    not_held = NotLater("it is not held")
    expected = {"usable": not_held, "withheld": released(3)}

    assert decide_decision(ArticleReceived(article=article), released(3)) == expected[pubstatus]
    assert decide_decision(released(2), released(3)) == not_held
    assert decide_decision(withheld(2), released(3)) == released(3)
    assert decide_decision(
        revised(article, observed(headline="New", observed_at=at(3))), released(4)
    ) == released(4)


@pytest.mark.parametrize("decision", [withdrawn(3), withheld(3)], ids=repr)
def test_a_decision_later_than_the_article_stands(decision: Decision) -> None:
    assert decide_decision(ArticleReceived(article=observed(observed_at=at(2))), decision) == (
        decision
    )


@pytest.mark.parametrize(
    "last",
    [
        ArticleReceived(article=observed(observed_at=at(3))),
        ArticleRevised(
            article=observed(observed_at=at(4)), change="update", declared=False, evidence={}
        ),
        withheld(3),
    ],
    ids=["received", "revised", "withheld"],
)
def test_a_decision_not_later_than_the_last_event_is_stale(last: ArticleEvent) -> None:
    assert isinstance(decide_decision(last, withheld(3)), NotLater)
    assert isinstance(decide_decision(last, withdrawn(2)), NotLater)


def test_of_one_instant_a_withdrawal_comes_last() -> None:
    received = ArticleReceived(article=observed(observed_at=at(3)))

    assert decide_decision(received, withdrawn(3)) == withdrawn(3)


def test_a_kill_told_by_status_holds_until_an_explicit_usable() -> None:
    killed = observed(pubstatus="canceled", observed_at=at(3))
    before = Known(ArticleReceived(article=killed), killed)
    again = observed(headline="Again", observed_at=at(4))

    assert isinstance(decide(before, Observation(again)), NotLater)
    assert isinstance(decide(before, Observation(again, declares_usable=True)), ArticleRevised)


@pytest.mark.parametrize("decision", [withheld(4), released(4)], ids=["withheld", "released"])
def test_after_a_withdrawal_a_hold_or_release_is_stale(decision: Decision) -> None:
    """Otherwise the article's next change would be published: a kill must hold."""
    assert isinstance(decide_decision(withdrawn(3), decision), NotLater)


def test_when_a_decision_was_seen_does_not_make_it_another() -> None:
    assert decision_hash(withdrawn(3)) == decision_hash(withdrawn(4))


@pytest.mark.parametrize(
    "other",
    [
        withdrawn(3, reason="Another reason."),
        ArticleWithheld(**withdrawn(3).model_dump()),
        ArticleWithdrawn(**{**withdrawn(3).model_dump(), "by": "operator"}),
        ArticleWithdrawn(**{**withdrawn(3).model_dump(), "who": "desk@newswire.example"}),
    ],
    ids=["reason", "kind", "by", "who"],
)
def test_another_kind_or_reason_or_decider_is_another_decision(other: Decision) -> None:
    assert decision_hash(other) != decision_hash(withdrawn(3))


# --- rates --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"value": "0.1082"}, {"value": "0.10820"}),
        ({"value": "10", "nominal": 100}, {"value": "1", "nominal": 10}),
        ({"value": "0.1082"}, {"value": "10.820", "nominal": 100}),
    ],
)
def test_the_same_value_in_other_digits_or_another_nominal_is_nothing(
    one: dict[str, object], other: dict[str, object]
) -> None:
    previous, quoted = rate(**one, observed_at=at(2)), rate(**other, observed_at=at(3))

    assert decide_rate(previous, quoted) == Nothing()
    assert rate_hash(previous) == rate_hash(quoted)


def test_another_value_seen_later_is_a_restatement() -> None:
    quoted = rate(value="0.00199", observed_at=at(3))

    assert decide_rate(rate(value="0.00198", observed_at=at(2)), quoted) == (
        RateObserved(rate=quoted)
    )
    assert rate_hash(quoted) != rate_hash(rate(value="0.00198"))


@pytest.mark.parametrize("seen", [at(3), at(2)], ids=["equal", "earlier"])
def test_another_value_not_seen_later_is_stale(seen: datetime) -> None:
    verdict = decide_rate(
        rate(value="0.00198", observed_at=at(3)), rate(value="1", observed_at=seen)
    )

    assert verdict == NotLater("not later than 2026-03-03T06:00:00+00:00")


def test_the_value_of_one_unit_is_exact() -> None:
    value = rate_value(rate(value="0.00000000000000000001", nominal=3))

    assert (value.numerator, value.denominator) == (1, 3 * 10**20)


# --- what makes an article another one ----------------------------------------------------------


@pytest.mark.parametrize(
    "unseen",
    [
        {"observed_at": at(9)},
        {
            "document": Document(
                sha256="0" * 64, media_type="text/html", parser="x", parser_version=2
            )
        },
        {"listed_on": date(2026, 3, 9)},
        {"position": 9},
        {"revision": 9},
        {"content_hash": "9" * 64},
        {"text_hash": "9" * 64},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_what_nobody_sees_does_not_change_the_hash(unseen: dict[str, object]) -> None:
    assert article_hash(observed(**unseen)) == article_hash(observed())


@pytest.mark.parametrize(
    "seen",
    [
        {"article_id": ArticleId("027d266b-00bd-5080-811d-4d071fed54ba")},
        {"source": "silk-road-bulletin"},
        {"credit": "Steppe Courier"},
        {"source_item_id": "1"},
        {"url": "https://courier.example/1"},
        {"canonical_url": "https://courier.example/1"},
        {"headline": "Tenge firms in late trading"},
        {"summary": "Up."},
        {"body": ("The tenge rose.",)},
        {"body_html": "<p>The tenge rose.</p>"},
        {"authors": ("A. Writer",)},
        {"declared_language": "en"},
        {"categories": ("markets",)},
        {"dateline": "ALMATY"},
        {"media": (Media(url="https://courier.example/1.jpg"),)},
        {"published_at": datetime(2026, 3, 2, tzinfo=UTC)},
        {"published_on": date(2026, 3, 2)},
        {"updated_at": datetime(2026, 3, 2, tzinfo=UTC)},
        {"pubstatus": "withheld"},
        {"embargoed_until": datetime(2026, 3, 2, tzinfo=UTC)},
        {"urgency": 1},
        {"ednote": NOTE},
        {"rights": "© Steppe Courier"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_every_field_that_a_consumer_sees_changes_the_hash(seen: dict[str, object]) -> None:
    assert article_hash(observed(**seen)) != article_hash(observed())


def test_every_field_of_an_article_is_one_or_the_other() -> None:
    counted = (
        "article_id source credit source_item_id url canonical_url headline summary body body_html "
        "authors declared_language categories dateline media published_at published_on updated_at "
        "published_precision published_offset_min published_confidence slugline located "
        "source_version declared_tags associations display "
        "pubstatus embargoed_until urgency ednote rights"
    )
    uncounted = "observed_at document listed_on position revision content_hash text_hash trust_rank"

    assert {*counted.split(), *uncounted.split()} == set(Article.model_fields)


def test_a_corrected_byline_changes_the_hash() -> None:
    assert article_hash(observed(authors=("A. Writer",))) != (
        article_hash(observed(authors=("A. Riter",)))
    )


def test_the_hash_of_an_article_is_the_same_for_ever() -> None:
    """Fields that are added later and absent must leave it as it is."""
    assert article_hash(observed()) == (
        "377b4086de79fa7d561e28abdaa6b55d5196f6508390cd435ba8a5be7837d40b"
    )


class _LaterArticle(Article):
    """An article as a later version of its type may have it."""

    genre: str | None = None
    keywords: tuple[str, ...] = ()


class _LaterReceived(Event):
    article: _LaterArticle


def test_a_field_added_later_does_not_change_the_hash_of_what_does_not_use_it() -> None:
    plain = observed()
    given = plain.model_dump()

    def hashed(article: _LaterArticle) -> str:
        return content_hash(
            cast("ArticleReceived", _LaterReceived(article=article)), leaving_out=UNSEEN_FIELDS
        )

    assert hashed(_LaterArticle.model_validate(given)) == article_hash(plain)
    assert hashed(_LaterArticle.model_validate({**given, "genre": "column"})) != (
        article_hash(plain)
    )


def test_a_later_date_of_publication_alone_is_no_revision() -> None:
    """A source that puts an old article on top again has not changed it."""
    before = known(observed(published_at=datetime(2026, 3, 1, tzinfo=UTC)))
    later = observed(observed_at=at(5), published_at=datetime(2026, 3, 4, tzinfo=UTC))
    earlier = observed(observed_at=at(5), published_at=datetime(2026, 2, 20, tzinfo=UTC))

    assert decide(before, Observation(later)) == Nothing()
    assert isinstance(decide(before, Observation(earlier)), ArticleRevised)


def test_a_later_date_of_publication_with_other_words_is_a_revision() -> None:
    before = known(observed(published_at=datetime(2026, 3, 1, tzinfo=UTC)))
    later = observed(
        observed_at=at(5), published_at=datetime(2026, 3, 4, tzinfo=UTC), headline="Tenge falls"
    )

    assert isinstance(decide(before, Observation(later)), ArticleRevised)
