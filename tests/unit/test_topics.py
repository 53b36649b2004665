"""Topics told of articles, and the silence where none is clear."""

import os
import subprocess
import sys

import pytest

from services.enrichment.steps.topics import topics
from services.enrichment.topics import read
from services.enrichment.topics.model import CHARS_MAX
from services.enrichment.topics.words import english, lower, place, russian, tokens
from services.enrichment.wording import wording
from shared.news import Article, DeclaredTag, Tag
from shared.testing import builders

MODEL = read()

RATES = (
    "Central bank raises interest rate as inflation climbs",
    "The central bank lifted its policy rate by half a percentage point on Thursday.",
    "Economists expect consumer prices to grow by 9% this year, and the budget deficit to widen.",
)
FOOTBALL = (
    "Late goal sends Kairat into the final",
    "The striker scored in stoppage time as the champions beat their rivals 2-1.",
    "The coach praised his players; the goalkeeper saved a penalty in the second half.",
)


def article(headline: str, *body: str, **changes: object) -> Article:
    return builders.article(headline=headline, summary=None, body=body, **changes)


def told(*texts: str, language: str = "en", **changes: object) -> tuple[Tag, ...]:
    said = article(*texts, **changes)
    return topics(said, language, wording(said), MODEL)


def codes(*texts: str, language: str = "en") -> list[str]:
    return [tag.code for tag in told(*texts, language=language)]


def test_a_rate_decision_is_economy_with_the_words_that_say_so() -> None:
    tags = {tag.code: tag for tag in told(*RATES)}
    top, economy = tags["04000000"], tags["20000344"]
    assert (top.scheme, top.kind, top.name) == ("medtop", "topic", "economy, business and finance")
    assert economy.name == "economy"
    assert economy.creator == "topics/1"
    assert 75 <= economy.confidence <= top.confidence <= 99
    assert 1 <= len(economy.spans) <= 5
    assert "inflation" in {span.text for span in economy.spans}


def test_a_topic_that_follows_from_the_one_below_it_has_no_spans() -> None:
    tags = {tag.code: tag for tag in told(*RATES)}
    assert tags["04000000"].spans == ()
    assert tags["04000000"].relevance == tags["20000344"].relevance == 100


def test_spans_are_where_they_say_they_are() -> None:
    text = article("İstanbul’s 😀 match: Striker scores twice", *FOOTBALL[1:])
    for tag in topics(text, "en", wording(text), MODEL):
        for span in tag.spans:
            field = text.headline if span.paragraph is None else text.body[span.paragraph]
            assert field[span.start : span.end] == span.text


def test_a_match_is_sport() -> None:
    assert "15000000" in codes(*FOOTBALL)


def test_a_russian_text_has_topics() -> None:
    text = ("Сборная выиграла матч", "Нападающий забил гол на последней минуте, тренер доволен.")
    assert "15000000" in codes(*text, language="ru")


def test_a_language_without_a_model_has_no_topics() -> None:
    assert codes(*RATES, language="kk") == []
    assert codes(*RATES, language="und") == []


def test_a_notice_of_the_service_has_no_topic() -> None:
    text = "This is a test message. Please ignore. Subscribers need not do anything."
    assert codes("TEST - please disregard", text) == []


@pytest.mark.parametrize(
    "texts",
    [
        ("-",),
        ("Inflation",),
        ("12 345 678.90", "1 2 3 4 5 6 7 8 9", "2024-03-22 11:45"),
        ("\u0405t\u043ec\u043a m\u0430rk\u0435t r\u0430lli\u0435\u0455 \u0430g\u0430in",),
        ("абв xyz ქართ 中文 عرب", "qwrtz plmk bnvc"),
        ("\x00\x00", "\u202e\u200b"),
        ("a" * 100_000,),
    ],
    ids=["dash", "one word", "numbers", "homoglyphs", "scripts", "controls", "one long word"],
)
def test_what_cannot_be_read_has_no_topic(texts: tuple[str, ...]) -> None:
    headline, *body = (text[:2_000] for text in texts)
    assert told(headline, *body) == ()


def test_a_very_long_article_is_read_to_a_bound() -> None:
    tail = "earthquake magnitude epicentre rubble rescuers " * 100_000
    pad = "football coach goal striker match penalty league. " * (CHARS_MAX // 50 + 1)
    assert codes(*FOOTBALL, pad, tail) == codes(*FOOTBALL, pad)


def test_at_most_three_topics_of_the_top_level_are_told() -> None:
    mixed = told("News in brief", *RATES, *FOOTBALL, "Police arrested a suspect; a judge ruled.")
    assert len([tag for tag in mixed if tag.code.endswith("000000")]) <= 3


def test_what_the_source_declares_counts_and_is_named() -> None:
    said = DeclaredTag(kind="subject", scheme="medtop", code="medtop:20000344")
    tags = {tag.code: tag for tag in told(*RATES, declared_tags=(said,))}
    assert tags["04000000"].creator == tags["20000344"].creator == "topics/1+source"


@pytest.mark.parametrize(
    "category",
    [
        "medtop:15000000",
        "http://cv.iptc.org/newscodes/mediatopic/15000000",
        "Sport",
    ],
)
def test_a_declared_topic_is_surer_than_by_its_words(category: str) -> None:
    by_words = {tag.code: tag.confidence for tag in told(*FOOTBALL[:1])}
    declared = {tag.code: tag.confidence for tag in told(*FOOTBALL[:1], categories=(category,))}
    assert declared["15000000"] >= by_words.get("15000000", 0)
    assert declared["15000000"] > 50


def test_a_declared_topic_alone_is_no_answer() -> None:
    assert told("12345", categories=("medtop:15000000",)) == ()


def test_a_code_of_another_vocabulary_counts_nothing() -> None:
    said = DeclaredTag(kind="subject", scheme="subj", code="15000000")
    assert all(tag.creator == "topics/1" for tag in told(*FOOTBALL, declared_tags=(said,)))


def test_the_order_of_hashes_changes_nothing() -> None:
    code = (
        "from tests.unit.test_topics import *; "
        "print([t.model_dump_json() for t in (*told(*RATES), *told(*FOOTBALL))])"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            timeout=60,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(answers) == 1


def test_forms_of_a_word_have_one_stem() -> None:
    assert {english(word) for word in ("strike", "strikes", "striking")} == {"strik"}
    assert {russian(word) for word in ("выборы", "выборах", "выборов")} == {"выбо", "выбор"}
    assert english("the") == russian("чтобы") == ""


def test_signs_are_words_of_their_own() -> None:
    assert tokens("won 3-1, up 5 per cent to $40 at 31°") == [
        *("won", "up", "per", "cent", "to", "at"),
        *("3-1", "5 per cent", "$4", "1°"),
    ]
    assert [english(sign) for sign in ("3-1", "5%", "$4", "1°")] == [
        *("#score", "#percent", "#money", "#degrees"),
    ]


def test_lower_case_has_as_many_code_points() -> None:
    assert lower("İZMİR Bank") == "İzmİr bank"


def test_a_word_is_not_found_inside_another() -> None:
    assert place("banker at bank", "bank") == 10
