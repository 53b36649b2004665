"""Why two articles are related, or are not."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.enrichment.explain import Facts, Status, Told, explain
from services.enrichment.explained import as_json, lines
from services.enrichment.relations.passages import QUOTED_CHARS_MAX, Passage, passages
from shared.news import ArticleId, Relation
from shared.testing import builders
from tests.wire_builders import at

NOTHING = Facts(date(2026, 3, 2), {})
LEAD = (
    "ALMATY, Kazakhstan – The night train between Almaty and Tashkent will carry 420 passengers "
    "from April, the railway said on Monday, after two years in which only freight had crossed."
)
PRICE = (
    "Tickets will cost 18,500 tenge in second class, and the journey will take 14 hours and 20 "
    "minutes with three stops on the way, which is two hours less than before."
)
ORDER = (
    "The railway has ordered 36 carriages from a works in Astana, of which the first 12 will be "
    "delivered before the summer timetable begins in the middle of May."
)
OTHER = (
    "BISHKEK – Grain stocks stood at 210,000 tonnes in March, the ministry said, and the harvest "
    "of winter wheat was expected to begin in late June in the Chuy valley and a fortnight later "
    "in Talas and around the lake."
)


def told(name: str, *body: str, status: Status = "usable", **changes: Any) -> Told:
    relations = changes.pop("relations", ())
    said = {"headline": f"Headline of {name}", "body": body, **changes}
    return Told(builders.article(article_id=name, source=f"of-{name}", **said), status, relations)


def relation(kind: Any, to: str) -> Relation:
    return Relation(
        kind=kind, article_id=ArticleId(to), source=f"of-{to}", evidence={}, method="relations/1"
    )


def test_a_copy_is_explained_with_what_both_have() -> None:
    first = told("a", LEAD, PRICE, ORDER)
    second = told("b", PRICE, ORDER, relations=(relation("near_duplicate", "a"),))

    found = explain(first, second, NOTHING)

    assert found.compared is not None
    assert (found.compared.there.kind, found.compared.back.kind) == (
        "near_duplicate",
        "near_duplicate",
    )
    assert found.compared.numbers.shared == ("12", "14", "20", "36", "18500")
    assert found.compared.numbers.only_first == ("420",)
    assert found.compared.numbers.counts == (5, 1, 0)
    assert [(one, said.kind, said.article_id) for one, said in found.said] == [
        ("b", "near_duplicate", "a")
    ]
    shared, kind = found.because
    assert shared == (
        "1.000 of the smaller text stands in the larger one; "
        "from 0.35 on one was written with the other at hand."
    )
    assert kind == (
        "From 0.6 on the smaller one says nothing of its own: "
        "with sizes of 0.5 or more to one that is near_duplicate."
    )


def test_other_numbers_in_one_form_are_named_as_what_decides() -> None:
    other = PRICE.replace("18,500", "21,000").replace("14", "15").replace("20", "55")

    found = explain(told("a", PRICE, PRICE[:60]), told("b", other, other[:60]), NOTHING)

    assert found.compared is not None
    assert found.compared.there.kind == "template_sibling"
    assert found.compared.numbers.only_second == ("15", "55", "21000")
    assert found.because[1].startswith("Less than 50% of the smaller set of numbers is in both")


def test_what_has_little_in_common_says_so_and_that_neither_finds_the_other() -> None:
    found = explain(told("a", LEAD, PRICE), told("b", OTHER), NOTHING)

    shared, found_by = found.because
    assert shared == (
        "0.000 of the smaller text stands in the larger one; "
        "below 0.35 they have too little in common."
    )
    assert found_by == (
        "Their samples have 0 shingles in common: fewer than 3 or than 6% of the smaller sample, "
        "so neither finds the other."
    )


def test_short_texts_are_compared_as_sets_of_words() -> None:
    found = explain(told("a", "Rates: 501."), told("b", "Rates: 502."), NOTHING)

    assert found.compared is not None
    assert found.compared.is_short
    assert found.because[0] == (
        "Both have fewer than 40 words and are compared as sets of words: 3 in common of 5 and 5."
    )


def test_what_an_operator_has_parted_is_told_with_the_reason() -> None:
    facts = Facts(date(2026, 3, 2), {frozenset({"a", "b"}): "Two trains."})

    found = explain(told("a", LEAD, PRICE), told("b", LEAD, PRICE), facts)

    assert found.because[-1] == "An operator has parted a and b: Two trains."


def test_what_an_operator_has_parted_from_the_canonical_article_is_told_too() -> None:
    facts = Facts(date(2026, 3, 2), {frozenset({"a", "c"}): "Two trains."})
    copy = told("b", LEAD, PRICE, relations=(relation("near_duplicate", "c"),))

    found = explain(told("a", LEAD, PRICE), copy, facts)

    assert "An operator has parted a and c: Two trains." in found.because


def test_what_came_after_the_window_was_never_compared() -> None:
    late = told("b", LEAD, PRICE, observed_at=at(6).replace(day=16))

    found = explain(told("a", LEAD, PRICE), late, Facts(date(2026, 3, 16), {}))

    assert found.because[-1] == (
        "When the later one came it was 2026-03-16, and the other was seen on 2026-03-02: "
        "only articles of 14 days are compared."
    )


def test_two_copies_of_a_third_name_that_and_not_each_other() -> None:
    copied = (relation("near_duplicate", "z"),)

    found = explain(
        told("a", LEAD, PRICE, relations=copied), told("b", LEAD, PRICE, relations=copied), NOTHING
    )

    assert found.because[-1] == "Both are copies of z: relations name what stands for a copy."


def test_what_the_rules_give_and_the_wire_does_not_say_is_told() -> None:
    found = explain(told("a", LEAD, PRICE), told("b", LEAD, PRICE, ORDER), NOTHING)

    assert found.because[-1].startswith("The wire does not say what this comparison gives")


def test_of_a_withdrawn_article_no_text_is_quoted() -> None:
    found = explain(told("a", LEAD, PRICE, status="canceled"), told("b", LEAD, PRICE), NOTHING)

    assert found.compared is None
    assert found.because == ("a was withdrawn: its text is neither compared nor quoted.",)
    said = "\n".join(lines(found)) + str(as_json(found))
    assert "night train" not in said
    assert "Headline of a" not in said
    assert "Headline of b" in said


def test_passages_are_the_longest_first_and_as_they_are_written() -> None:
    first = builders.article(body=(OTHER, "The ‘old’ bridge, built in 1911,\nis closed.", PRICE))
    second = builders.article(body=(PRICE.upper(), "the old BRIDGE built in 1911 is closed", LEAD))

    assert passages(first, second) == (
        Passage(32, PRICE.removesuffix(".")),
        Passage(8, "The ‘old’ bridge, built in 1911, is closed"),
    )


def test_a_long_passage_is_cut() -> None:
    text = " ".join(f"word{n}" for n in range(300))

    (found,) = passages(builders.article(body=(text,)), builders.article(body=(text,)))

    assert found.words == 300
    assert len(found.text) == QUOTED_CHARS_MAX


def test_a_text_of_one_word_many_times_is_explained_at_once() -> None:
    text = "and " * 20_000

    (found,) = passages(builders.article(body=(text,)), builders.article(body=(text,)))

    assert found.words == 20_000


def test_an_explanation_has_both_directions_for_people_and_machines() -> None:
    found = explain(told("a", LEAD, PRICE, ORDER), told("b", LEAD, PRICE[:75]), NOTHING)

    said = list(lines(found))
    assert said[0] == "A  Headline of a"
    assert "  A to B: contains, 0.466 of A stands in B" in said
    comparison = as_json(found)["comparison"]
    assert isinstance(comparison, dict)
    assert (comparison["kind"], comparison["kind_back"]) == ("contains", "excerpt_of")
