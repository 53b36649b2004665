"""Lists of articles: newest or oldest first, or by their last event; and what changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final

import orjson

from services.api import queries
from services.api.articles.conditions import (
    Condition,
    holding,
    holding_before,
    of_story,
    offered,
    uncopied,
)
from services.api.articles.wanted import Sort, Wanted
from services.api.cursors import After, AfterUpdate
from services.api.queries import Listed, Span
from shared.views import Connection

RARE_MAX: Final = 1_000
"""Articles of a tag that are sorted; where more bear it, an index is walked that is in order."""

STATEMENTS_KEPT_MAX: Final = 500
"""Statements of lists: 2 kB each."""

_KEYS: Final = ("article_id", "status", "seq", "ordered_at", "place", "copy_of")
_COLUMNS: Final = ", ".join((*_KEYS, "document"))
_OF_KEYS: Final = ", ".join(_KEYS)
_NARROW: Final = "article a INDEXED BY article_narrow"
"""SQLite would take the primary key, where the texts are."""
_ORDERS: Final[dict[Sort, str]] = {
    "newest": "ordered_at DESC, place, article_id",
    "oldest": "ordered_at, place DESC, article_id DESC",
    "updated": "seq DESC",
}


_BY_SEQ: Final = attrgetter("seq")
_BY_PLACE: Final = attrgetter("place", "article_id")
_BY_TIME: Final = attrgetter("ordered_at")

Behind = After | AfterUpdate | None
"""The key that a page begins behind; None: it is the first one."""


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is read."""

    count: int
    sort: Sort = "newest"
    behind: Behind = None


def articles(connection: Connection, wanted: Wanted, page: Page) -> list[Listed]:
    """A page of the articles that stand."""
    return _whole(connection, *keys(connection, wanted, page), page.sort)


def keys(connection: Connection, wanted: Wanted, page: Page) -> tuple[str, list[object]]:
    """The query of a page with its values: id, status, seq, ordered_at, place and copy_of.

    They are as in ``article``.
    """
    tag, behind = _driving(connection, wanted, page.sort), _following(page)
    query, of_arms = _standing(wanted, page.sort, tag, behind.sql)
    return query, [*(value for of in of_arms for value in (*of, *behind.values)), page.count]


def summed_up(connection: Connection, expression: str, wanted: Wanted, page: Page) -> Any:
    """What one expression of SQL makes of the ``keys`` of a page: ``count(*)``."""
    query, values = keys(connection, wanted, page)
    said = f"SELECT {expression} FROM ({query})"  # noqa: S608  # ours: what was asked is bound
    return connection.execute(said, values).fetchone()[0]


def articles_at(connection: Connection, wanted: Wanted, page: Page, seq: int) -> list[Listed]:
    """A page of the list as it was at a seq: what has stood since, and what has changed since."""
    further, behind = uncopied(wanted, "a", seq), _following(page)
    before = holding_before(wanted, "a", seq)
    before.join(further)
    before.join(behind)
    # The plus keeps SQLite from walking all articles by their seq, and sorting them afterwards.
    further.add("a.seq <= ?" if page.sort == "updated" else "+a.seq <= ?", seq)
    further.join(behind)
    tag = _driving(connection, wanted, page.sort)
    since = [_arm(arm, tag, further) for arm in _arms(wanted, page.sort)]
    values = [value for _, condition in since for value in condition.values]
    query = _statement(since, page.sort, _OF_KEYS)
    found = _whole(connection, query, [*values, page.count], page.sort)
    past = _statement([("article_past a", before)], page.sort, _COLUMNS)
    found += queries.listed(connection, past, [*before.values, page.count])
    return _sorted(found, page.sort)[: page.count]


def changes(
    connection: Connection, wanted: Wanted, events: Span | Sequence[int], count: int
) -> list[Listed]:
    """Articles whose last event is one of these, oldest change first, copies too.

    A notice passes every filter but the source's: whoever holds a copy has to learn of it, and what
    was killed has no tags any more.
    """
    condition = Condition()
    if isinstance(events, Span):
        condition.add("d.seq > ? AND d.seq <= ?", events.after_seq, events.until_seq)
    else:
        condition.add("d.seq IN (SELECT value FROM json_each(?))", orjson.dumps(events).decode())
    if wanted.status == "usable":
        condition.add_any("a.source", wanted.sources)
        told = offered(replace(wanted, sources=()))
        condition.add(f"(a.status <> 'usable' OR ({told.sql}))", *told.values)
    else:
        condition.join(holding(wanted))
    # What a filter leaves out is looked at without its text.
    found_keys = (
        f"SELECT {_columns('a', _OF_KEYS)} FROM article d INDEXED BY article_seq "  # noqa: S608  # ours: what was asked is bound
        f"CROSS JOIN {_NARROW} ON a.article_id = d.article_id "
        f"WHERE {condition.sql} ORDER BY d.seq LIMIT ?"
    )
    found = _read(connection, found_keys, [*condition.values, count])
    return sorted(found, key=lambda one: one.seq)


_Arm = tuple[str, Condition]
"""Tables, among them ``a`` with what is asked of an article, and what must hold."""


def _arms(wanted: Wanted, sort: Sort) -> Iterator[Wanted]:
    """The lists that this one is put together of, each one walk of an index.

    SQLite merges them as it goes; a walk by several sources at once would have to be sorted.
    """
    if sort == "updated" or wanted.tags or wanted.story:
        yield wanted
    elif wanted.sources:
        yield from (replace(wanted, sources=(one,)) for one in sorted(set(wanted.sources)))
    elif wanted.languages:
        yield from (replace(wanted, languages=(one,)) for one in sorted(set(wanted.languages)))
    else:
        yield wanted


@lru_cache(maxsize=STATEMENTS_KEPT_MAX)
def _standing(
    wanted: Wanted, sort: Sort, tag: str | None, behind: str
) -> tuple[str, Sequence[Sequence[object]]]:
    """The statement of a list as it stands, with the values of each arm.

    ``tag``: whose articles are walked; ``behind``: what must hold besides, with values of its own.
    """
    alone = uncopied(wanted)
    arms = [_arm(arm, tag, alone) for arm in _arms(wanted, sort)]
    values = [tuple(condition.values) for _, condition in arms]
    for _, condition in arms:
        condition.add(behind)
    return _statement(arms, sort, _OF_KEYS), values


def _arm(wanted: Wanted, tag: str | None, further: Condition) -> _Arm:
    """A list, by the side of it that is walked; CROSS JOIN is SQLite's way to say which."""
    tables, condition, rest = "article a", Condition(), wanted
    if wanted.story:
        of = of_story(wanted.story)
        walked = f"(SELECT m.article_id AS member_id FROM story_member m WHERE {of.sql}) d"  # noqa: S608  # ours: the story is bound
        tables = f"{walked} CROSS JOIN {_NARROW} ON a.article_id = d.member_id"
        condition.values += of.values
    elif tag:
        tables, condition = "article_tag a", Condition(["a.tag = ?"], [tag])
        rest = replace(wanted, tags=tuple(one for one in wanted.tags if one != tag))
    condition.join(holding(rest))
    condition.join(further)
    return tables, condition


def _driving(connection: Connection, wanted: Wanted, sort: Sort) -> str | None:
    """The tag whose articles are walked; None: none is, those of the story are, or all articles.

    One that is rare where there is one. The walk of a tag is in the order of ``newest``; of
    ``updated`` it is not, and a tag on many articles is looked up while all are walked.
    """
    tags = () if wanted.story else wanted.tags
    if len(tags) == 1 and sort != "updated":
        return tags[0]
    for tag in tags:
        row = connection.execute(
            "SELECT count(*) FROM (SELECT 1 FROM article_tag WHERE tag = ? LIMIT ?)",
            (tag, RARE_MAX),
        ).fetchone()
        if row[0] < RARE_MAX:
            return tag
    return tags[0] if tags and sort != "updated" else None


def _following(page: Page) -> Condition:
    """What comes behind a key, in an order."""
    condition = Condition()
    match behind := page.behind:
        case None:
            pass
        case AfterUpdate():
            condition.add("a.seq < ?", behind.seq)
        case After():
            less, more = (">", "<") if page.sort == "oldest" else ("<", ">")
            condition.add(
                f"a.ordered_at {less}= ? AND (a.ordered_at {less} ? "
                f"OR (a.place, a.article_id) {more} (?, ?))",
                behind.ordered_at, behind.ordered_at, behind.place, behind.article_id,
            )  # fmt: skip
    return condition


def _whole(connection: Connection, keys: str, values: Sequence[object], sort: Sort) -> list[Listed]:
    """The rows of some keys, in an order."""
    return _sorted(_read(connection, keys, values), sort)


def _read(connection: Connection, keys: str, values: Sequence[object]) -> list[Listed]:
    """The rows of some keys.

    Asked for beside them, the text of every article that a walk passes over would be looked up:
    SQLite puts that off in tables with rowids alone.
    """
    found = ", ".join(f"f.{name}" for name in _KEYS)
    query = (
        f"SELECT {found}, w.document FROM ({keys}) f "  # noqa: S608  # our own words
        "CROSS JOIN article w ON w.article_id = f.article_id"
    )
    return queries.listed(connection, query, values)


def _statement(arms: Sequence[_Arm], sort: Sort, columns: str) -> str:
    """Of some arms, up to a count: it is the last value."""
    selects = [
        f"SELECT {_columns('a', columns)} FROM {tables} WHERE {condition.sql}"  # noqa: S608  # our own words
        for tables, condition in arms
    ]
    return f"{' UNION ALL '.join(selects)} ORDER BY {_ORDERS[sort]} LIMIT ?"


def _columns(alias: str, names: str) -> str:
    return ", ".join(f"{alias}.{name}" for name in names.split(", "))


def _sorted(found: list[Listed], sort: Sort) -> list[Listed]:
    """Rows of a list, sorted: of a subquery SQLite promises no order, though it keeps it."""
    if sort == "updated":
        found.sort(key=_BY_SEQ, reverse=True)
        return found
    is_reverse = sort == "oldest"
    found.sort(key=_BY_PLACE, reverse=is_reverse)
    found.sort(key=_BY_TIME, reverse=not is_reverse)
    return found
