"""The language of searches, and what is told of what is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.api.search.matching import match_of
from services.api.search.syntax import (
    All,
    Either,
    InHeadline,
    Phrase,
    Prefix,
    SearchFault,
    Tree,
    Without,
    Word,
    parse,
)
from shared import views
from shared.search import parts

FLOOD, OSH, WHEAT = Word("flood"), Word("Osh"), Word("wheat")


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        ("flood", FLOOD),
        ("flood Osh", All((FLOOD, OSH))),
        ("flood AND Osh", All((FLOOD, OSH))),
        ("flood OR Osh", Either((FLOOD, OSH))),
        ("flood or Osh", All((FLOOD, Word("or"), OSH))),
        ("wheat flood OR Osh", Either((All((WHEAT, FLOOD)), OSH))),
        ("wheat (flood OR Osh)", All((WHEAT, Either((FLOOD, OSH))))),
        ("flood -Osh", All((FLOOD, Without(OSH)))),
        ("flood NOT Osh", All((FLOOD, Without(OSH)))),
        ("flood AND NOT Osh", All((FLOOD, Without(OSH)))),
        ("-Osh flood", All((Without(OSH), FLOOD))),
        ("flood - Osh", All((FLOOD, OSH))),
        ("Mi-8", Word("Mi-8")),
        ('"state of emergency"', Phrase("state of emergency")),
        ("«снежный барс»", Phrase("снежный барс")),
        ("“snow leopard”", Phrase("snow leopard")),
        ('flood ""', FLOOD),
        ("headline:flood", InHeadline(FLOOD)),
        ("Headline:(flood OR Osh)", InHeadline(Either((FLOOD, OSH)))),
        ("-headline:flood Osh", All((Without(InHeadline(FLOOD)), OSH))),
        ("electri*", Prefix("electri")),
        ("Osh: flood", All((OSH, FLOOD))),
        ("10:30", All((Word("10"), Word("30")))),
        ("flood, Osh!", All((Word("flood,"), Word("Osh!")))),
        ("flood ... -- Osh", All((FLOOD, OSH))),
    ],
)
def test_what_is_typed_becomes_a_tree(typed: str, tree: Tree) -> None:
    assert parse(typed) == tree


@pytest.mark.parametrize(
    ("typed", "position", "said"),
    [
        ("", 1, "Expected a word with a letter or a digit, came none"),
        ("!!! ...", 1, "Expected a word with a letter or a digit, came none"),
        ("flood OR", 9, "Expected a word, came the end"),
        ("OR flood", 1, "Expected a word, came OR"),
        ("flood OR OR Osh", 10, "Expected a word, came OR"),
        ("flood AND", 10, "Expected a word, came the end"),
        ("flood NOT", 10, "Expected a word, came the end"),
        ("NOT flood", 1, "Expected a word that must be there"),
        ("wheat OR -flood", 10, "Expected a word that must be there"),
        ("wheat NOT -flood", 7, "Expected a word behind NOT, came NOT"),
        ("(flood", 1, "Expected ) for this bracket, came none"),
        ("flood)", 6, "Expected no closing bracket here"),
        ("flood ()", 8, "Expected a word, came )"),
        ('Osh "flood', 5, 'Expected a closing "'),
        ("Osh «flood", 5, "Expected a closing »"),
        ("fl*", 1, "Expected at least 3 letters before *, came 2"),
        ("flood *", 7, "Expected the beginning of a word before *"),
        ("title:flood", 1, "Expected headline: as the only field, came title:"),
        ("((((((flood))))))", 6, "Expected at most 5 brackets in one another"),
        (" ".join(["flood"] * 21), 121, "Expected at most 20 words, came 21"),
        ("f" * 301, 301, "Expected at most 300 characters, came 301"),
    ],
)
def test_what_is_no_search_is_told_with_its_place(typed: str, position: int, said: str) -> None:
    with pytest.raises(SearchFault) as told:
        parse(typed)

    assert told.value.position == position
    assert told.value.message.startswith(said)


PIECES = st.sampled_from(
    ['"', "'", "(", ")", "*", "-", ":", "^", "+", "{", "}", "NEAR", "AND", "OR", "NOT", "headline",
     "flood", "Ош", "ʻ", "½", "ﷺ", "⑴", "ун", " ", " ", " ", "\x00", "\ud800", ";--", "DROP TABLE",
     "%", "~", "«", "»"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=25).map("".join)))
def test_whatever_is_typed_is_a_search_that_sqlite_takes_or_a_fault_with_a_place(
    typed: str,
) -> None:
    fault, tree = None, FLOOD
    try:
        tree = parse(typed)
    except SearchFault as told:
        fault = told
    assert fault is None or 1 <= fault.position <= len(typed) + 1
    for language in (None, "en", "uz", "kk", "tg"):
        expression = match_of(tree, language).expression
        assert INDEX.execute(
            f"SELECT count(*) FROM {TABLE} WHERE {TABLE} MATCH ?", (expression,)
        ).fetchone() == (0,)


def _index() -> views.Connection:
    connection = views._connect(":memory:")
    connection.row_factory = None
    connection.execute(parts.schema(0)[0])
    return connection


INDEX, TABLE = _index(), parts.table(0)
