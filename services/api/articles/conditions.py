"""The SQL by which rows of articles are those that are wanted. Pure.

What a client sent is bound, never part of the SQL. ``alias`` is the name that a query of ours gives
to a row of ``article``, or of ``article_past`` in the conditions of that one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from services.api.articles.wanted import Wanted
from services.api.binding import array

STORY_HOPS_MAX: Final = 100
"""Stories that ended one in the other before the one that goes on, as in ``story_queries``."""
STORY_PARTS_MAX: Final = 200
"""Stories that ended in one, as in ``story_queries``."""

_NARROW: Final = "article c INDEXED BY article_narrow"
"""SQLite would take the primary key, where the texts are."""
_STORY: Final = """
WITH RECURSIVE way (story_id, hops) AS (
  SELECT ?, 0
  UNION ALL
  SELECT e.story_id, w.hops + 1
  FROM way w CROSS JOIN story_end e ON e.merged_story_id = w.story_id WHERE w.hops < ?
), part (story_id) AS (
  -- The other column is that of the row that has the maximum.
  SELECT story_id FROM (SELECT story_id, max(hops) FROM way)
  UNION
  SELECT e.merged_story_id FROM part p CROSS JOIN story_end e ON e.story_id = p.story_id LIMIT ?
) SELECT story_id FROM part
"""


@dataclass(slots=True)
class Condition:
    """SQL that must hold, and its values in order."""

    parts: list[str] = field(default_factory=list)
    values: list[object] = field(default_factory=list)

    def add(self, sql: str, *values: object) -> None:
        """And this."""
        self.parts.append(sql)
        self.values.extend(values)

    def join(self, other: Condition) -> None:
        """And what the other one says."""
        self.parts.extend(other.parts)
        self.values.extend(other.values)

    def add_any(self, column: str, chosen: Sequence[str]) -> None:
        """A column holds one of these; of none: whatever it holds."""
        if len(chosen) == 1:
            self.add(f"{column} = ?", chosen[0])
        elif chosen:
            self.add(f"{column} IN (SELECT value FROM json_each(?))", array(chosen))  # noqa: S608  # our own names

    @property
    def sql(self) -> str:
        """One expression."""
        return " AND ".join(self.parts) or "TRUE"


def holding(wanted: Wanted, alias: str = "a") -> Condition:
    """What must hold of a row of ``article``; ``copies`` is not looked at."""
    found = Condition()
    found.add(f"{alias}.status = ?", wanted.status)
    found.join(offered(wanted, alias))
    return found


def offered(wanted: Wanted, alias: str = "a") -> Condition:
    """``holding`` whatever the status."""
    found = _plain(wanted, alias)
    for tag in wanted.tags:
        found.add(
            f"EXISTS (SELECT 1 FROM article_tag t WHERE t.article_id = {alias}.article_id "  # noqa: S608  # our own names
            "AND t.tag = ?)",
            tag,
        )
    if wanted.story:
        found.add(
            f"EXISTS (SELECT 1 FROM story_member m WHERE m.article_id = {alias}.article_id "  # noqa: S608  # our own names
            f"AND m.story_id IN ({_STORY}))",
            *_story_values(wanted.story),
        )
    return found


def shown(wanted: Wanted, alias: str = "a") -> Condition:
    """What must hold of a row of ``article`` for the list to have it."""
    found = holding(wanted, alias)
    found.join(uncopied(wanted, alias))
    return found


def uncopied(wanted: Wanted, alias: str = "a", at_seq: int | None = None) -> Condition:
    """That a row is no copy of an article of this list, where copies are hidden.

    ``at_seq``: of the list as it was then; the row may be of ``article_past``.
    """
    if wanted.copies == "shown":
        return Condition()
    since = holding(wanted, "c")
    if at_seq is None:
        return Condition([_none(_NARROW, alias, since)], since.values)
    since.add("c.seq <= ?", at_seq)
    before = holding_before(wanted, "c", at_seq)
    return Condition(
        [_none(_NARROW, alias, since), _none("article_past c", alias, before)],
        [*since.values, *before.values],
    )


def holding_before(wanted: Wanted, alias: str, seq: int) -> Condition:
    """What must hold of a row of ``article_past`` that was so at a seq and is not any more.

    What has been taken back since is not shown. ``status`` and ``story`` are not looked at: a
    notice holds at every instant, and articles of a story as it was are asked of the story.
    """
    found = Condition()
    found.add(f"{alias}.status = 'usable' AND {alias}.document IS NOT NULL")
    found.add(f"+{alias}.seq <= ? AND +{alias}.to_seq > ?", seq, seq)
    found.add(
        "EXISTS (SELECT 1 FROM article n INDEXED BY article_narrow "  # noqa: S608  # our own names
        f"WHERE n.article_id = {alias}.article_id AND n.status = 'usable')"
    )
    found.join(_plain(wanted, alias))
    for tag in wanted.tags:
        found.add(
            f"EXISTS (SELECT 1 FROM json_each({alias}.document, '$.tags') t WHERE "  # noqa: S608  # our own names
            "? IN ((t.value ->> 'scheme') || ':' || (t.value ->> 'code'), "
            "iif(t.value ->> 'kind' IN ('region', 'place'), "
            "'iso3166:' || (t.value ->> 'country'), NULL)))",
            tag,
        )
    return found


def of_story(story_id: str) -> Condition:
    """What must hold of a row ``m`` of ``story_member`` to be of this story, or what it became."""
    return Condition([f"m.story_id IN ({_STORY})"], list(_story_values(story_id)))


def _plain(wanted: Wanted, alias: str) -> Condition:
    """The conditions on columns that ``article`` and ``article_past`` both have."""
    found = Condition()
    found.add_any(f"{alias}.source", wanted.sources)
    found.add_any(f"{alias}.language", wanted.languages)
    if wanted.has_text is not None:
        found.add(f"{alias}.has_text = ?", int(wanted.has_text))
    if wanted.begin is not None:
        found.add(f"{alias}.ordered_at >= ?", wanted.begin)
    if wanted.end is not None:
        found.add(f"{alias}.ordered_at <= ?", wanted.end)
    return found


def _none(table: str, alias: str, canonical: Condition) -> str:
    return (
        f"({alias}.copy_of IS NULL OR NOT EXISTS (SELECT 1 FROM {table} "  # noqa: S608  # our own names
        f"WHERE c.article_id = {alias}.copy_of AND {canonical.sql}))"
    )


def _story_values(story_id: str) -> tuple[object, ...]:
    return story_id, STORY_HOPS_MAX, STORY_PARTS_MAX
