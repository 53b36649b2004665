"""What a list passes over is read of an index: a row of an article is as large as its text."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.api.articles import listing
from services.api.articles.listing import Page
from services.api.articles.wanted import Sort, Wanted
from services.api.queries import Span
from services.api.reading import Reader
from shared.views import Connection
from tests.view_files import KZ, ViewFile

LISTS = [
    Wanted(),
    Wanted(sources=("nobody",)),
    Wanted(sources=("nobody", "another")),
    Wanted(languages=("xx",)),
    Wanted(tags=("iso3166:KZ", "iso3166:UZ")),
    Wanted(tags=("iso3166:KZ",), sources=("nobody",)),
    Wanted(has_text=False),
    Wanted(begin="2030-01-01T00:00:00.000000Z"),
    Wanted(status="canceled"),
]

NARROW = ("article_past", "COVERING", "PRIMARY KEY (tag=?")
"""Rows of the past that are in a list, an index of its own, and articles by tag."""


def plans(folder: Path, wanted: Wanted, sort: Sort, at: int | None) -> list[str]:
    """How SQLite answers a list: its steps through tables."""
    views = ViewFile(folder)
    views.article(1, KZ)
    views.publish()
    asked: list[str] = []
    with Reader(folder).snapshot() as snapshot:
        connection = snapshot.connection
        connection.set_trace_callback(asked.append)
        if at is None:
            listing.articles(connection, wanted, Page(51, sort))
        else:
            listing.articles_at(connection, wanted, Page(51, sort), at)
        return explained(connection, asked)


def explained(connection: Connection, asked: list[str]) -> list[str]:
    """The steps of statements that were asked."""
    connection.set_trace_callback(None)
    return [
        str(row[3])
        for query in asked
        if query.startswith("SELECT")
        for row in connection.execute(f"EXPLAIN QUERY PLAN {query}")
    ]


@pytest.mark.parametrize("at", [None, 1])
@pytest.mark.parametrize("sort", ["newest", "oldest", "updated"])
@pytest.mark.parametrize("wanted", LISTS, ids=str)
def test_a_walk_reads_no_text_of_what_it_passes_over(
    tmp_path: Path, wanted: Wanted, sort: Sort, at: int | None
) -> None:
    steps = plans(tmp_path, wanted, sort, at)

    walks = [step for step in steps if step.startswith(("SCAN a ", "SEARCH a "))]
    assert [step for step in walks if not any(one in step for one in NARROW)] == []


@pytest.mark.parametrize("sort", ["newest", "oldest"])
@pytest.mark.parametrize(
    "wanted", [Wanted(), Wanted(sources=("nobody",)), Wanted(languages=("x",))]
)
def test_the_list_of_an_instant_is_walked_in_its_order(
    tmp_path: Path, wanted: Wanted, sort: Sort
) -> None:
    steps = plans(tmp_path, wanted, sort, 1)

    # Sorted, a page of what was then would be made of everything that there was.
    assert [step for step in steps if step.startswith(("SCAN a ", "SEARCH a ")) and "seq<" in step
            and "article_past" not in step] == []  # fmt: skip
    assert [step for step in steps if "TEMP B-TREE" in step and "LAST" not in step] == []


def test_changes_that_a_filter_leaves_out_are_looked_at_without_their_text(tmp_path: Path) -> None:
    ViewFile(tmp_path).publish()
    asked: list[str] = []
    with Reader(tmp_path).snapshot() as snapshot:
        snapshot.connection.set_trace_callback(asked.append)
        listing.changes(snapshot.connection, Wanted(sources=("nobody",)), Span(0, 2_000), 50)
        steps = explained(snapshot.connection, asked)

    walks = [step for step in steps if step.startswith(("SCAN a ", "SEARCH a ", "SEARCH d "))]
    assert len(walks) == 2
    assert [step for step in walks if "COVERING" not in step] == []
