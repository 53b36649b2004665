"""The SQL by which stories are asked for as they were at an event of the wire. Pure.

``story``, ``story_end`` and ``story_member`` of the views are shadowed by tables of the same names,
so that one query serves the present and the past. Each is found by keys: none of it is walked.
"""

from __future__ import annotations

from typing import Final

_THEN: Final = """
WITH RECURSIVE story AS NOT MATERIALIZED (
  SELECT v.story_id, iif(e.seq IS NULL, v.status, 'merged') AS status, v.version,
         coalesce(e.seq, v.seq) AS seq, coalesce(e.event_id, v.event_id) AS event_id,
         v.representative, coalesce(e.observed_at, v.observed_at) AS observed_at
  FROM story_version v LEFT JOIN story_merged e
    ON e.merged_story_id = v.story_id AND e.seq = (
      SELECT max(l.seq) FROM story_merged l
      WHERE l.merged_story_id = v.story_id AND l.seq <= {0})
  WHERE v.seq = (
    SELECT max(l.seq) FROM story_version l WHERE l.story_id = v.story_id AND l.seq <= {0})
), story_end AS NOT MATERIALIZED (
  SELECT e.merged_story_id, e.story_id FROM story_merged e
  WHERE e.seq = (
    SELECT max(l.seq) FROM story_merged l
    WHERE l.merged_story_id = e.merged_story_id AND l.seq <= {0})
), story_member AS NOT MATERIALIZED (
  SELECT m.story_id, m.article_id, m.seq,
         iif(a.seq <= {0}, a.source, p.source) AS source,
         iif(a.seq <= {0}, a.language, p.language) AS language,
         iif(a.seq <= {0}, a.ordered_at, p.ordered_at) AS ordered_at,
         iif(a.seq <= {0}, a.copy_of, p.copy_of) AS copy_of
  FROM story_article m CROSS JOIN article a INDEXED BY article_narrow
    ON a.article_id = m.article_id
  LEFT JOIN article_past p ON p.article_id = a.article_id AND p.seq <= {0} AND p.to_seq > {0}
  WHERE m.is_in AND a.status = 'usable' AND a.taken_back_seq <= {0}
    AND (a.seq <= {0} OR p.status = 'usable')
    AND (m.seq > a.taken_back_seq OR iif(a.seq <= {0}, a.story_id, p.story_id) IS NOT NULL)
    AND m.seq = (
      SELECT max(l.seq) FROM story_article l WHERE l.article_id = m.article_id AND l.seq <= {0})
)"""
"""An article that has been taken back since is in no story of then; of one that has not, the last
notice of then is the last of now."""

_GOING_ON: Final = """
SELECT v.story_id, v.status, v.version, v.seq, v.event_id, v.representative, v.observed_at
FROM story_version v WHERE v.seq <= {0} {1}
  AND NOT EXISTS (
    SELECT 1 FROM story_version l WHERE l.story_id = v.story_id AND l.seq > v.seq AND l.seq <= {0})
  AND NOT EXISTS (
    SELECT 1 FROM story_merged e WHERE e.merged_story_id = v.story_id AND e.seq <= {0})
ORDER BY v.seq DESC LIMIT ?
"""
_ENDED: Final = """
SELECT v.story_id, 'merged' AS status, v.version, e.seq, e.event_id, v.representative, e.observed_at
FROM story_merged e CROSS JOIN story_version v
  ON v.story_id = e.merged_story_id AND v.seq = (
    SELECT max(l.seq) FROM story_version l WHERE l.story_id = e.merged_story_id AND l.seq <= {0})
WHERE e.seq <= {0} {1}
  AND NOT EXISTS (
    SELECT 1 FROM story_merged l
    WHERE l.merged_story_id = e.merged_story_id AND l.seq > e.seq AND l.seq <= {0})
ORDER BY e.seq DESC LIMIT ?
"""


def beginning(then: int | None) -> str:
    """What a query about stories begins with, up to the tables of its own; None: as they are."""
    return "WITH RECURSIVE" if then is None else f"{_THEN.format(then)},"


def shadowed(then: int | None) -> str:
    """What a query about stories begins with that has no tables of its own."""
    return "" if then is None else _THEN.format(then)


def listed(
    then: int, status: str | None, before: tuple[int, str] | None, count: int
) -> tuple[str, list[object]]:
    """The query for the stories of then, the one that changed last first, and its values.

    Versions that later ones had replaced are passed over, with a look each.
    """
    arms, values = list[str](), list[object]()
    for ended, keys, query in (
        (False, "v.story_id", _GOING_ON),
        (True, "e.merged_story_id", _ENDED),
    ):
        if status is not None and ended != (status == "merged"):
            continue
        clauses = list[str]()
        if status is not None and not ended:
            clauses.append("AND v.status = ?")
            values.append(status)
        if before is not None:
            alias = keys[0]
            clauses.append(f"AND {alias}.seq <= ? AND ({alias}.seq, {keys}) < (?, ?)")
            values += [before[0], *before]
        arms.append(f"SELECT * FROM ({query.format(then, ' '.join(clauses))})")  # noqa: S608  # our own words
        values.append(count)
    return f"{' UNION ALL '.join(arms)} ORDER BY seq DESC, story_id DESC LIMIT ?", [*values, count]
