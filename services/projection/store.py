"""Rows into the view file: one statement each, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, assert_never

from services.projection import search
from services.projection.evolve import ArticleRow, RateRow, RelationsRow, Row, StoryRow
from shared.log import Entry
from shared.streams import Checkpoint, Position
from shared.views import Connection

ERROR_CHARS_MAX: Final = 2_000
"""Of an error's text beside an event that is set aside."""

_ARTICLE = """
INSERT INTO article (article_id, source, status, language, version, seq, ordered_at, place,
                     copy_of, text_hash, taken_back_seq, story_id, has_text, document)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (article_id) DO UPDATE SET
  source = excluded.source, status = excluded.status, language = excluded.language,
  version = excluded.version, seq = excluded.seq, ordered_at = excluded.ordered_at,
  place = excluded.place, copy_of = excluded.copy_of, text_hash = excluded.text_hash,
  taken_back_seq = max(taken_back_seq, excluded.taken_back_seq), story_id = excluded.story_id,
  has_text = excluded.has_text, document = excluded.document
"""
_PAST = """
INSERT INTO article_past (article_id, seq, to_seq, version, source, status, language, ordered_at,
                          place, copy_of, has_text, story_id, document)
SELECT article_id, seq, ?, version, source, status, language, ordered_at, place, copy_of, has_text,
       story_id, document
FROM article WHERE article_id = ?
"""
_FORGET = "UPDATE article_past SET document = NULL WHERE article_id = ? AND status = 'usable'"
_RELATIONS = """
UPDATE article SET version = ?, seq = ?, copy_of = ?, document = json_patch(document, ?)
WHERE article_id = ?
"""
_TAGS_RELATED = "UPDATE article_tag SET seq = ?, copy_of = ? WHERE article_id = ?"
_BRIEF_PAST = """
DELETE FROM article_brief WHERE seq = (SELECT seq FROM article WHERE article_id = ?)
"""
_BRIEF_RELATED = """
UPDATE article_brief SET seq = ?, brief = json_patch(brief, ?)
WHERE seq = (SELECT seq FROM article WHERE article_id = ?)
"""
"""Both while the article still has its last seq."""
_RATE = """
INSERT INTO rate (series, as_of, version, seq, standing_version, unit, document)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (series, as_of) DO UPDATE SET
  version = excluded.version, seq = excluded.seq, document = excluded.document,
  standing_version = CASE
    WHEN excluded.standing_version IS NULL AND unit <> excluded.unit THEN standing_version
    ELSE excluded.standing_version END,
  unit = CASE
    WHEN excluded.standing_version IS NULL AND standing_version IS NOT NULL THEN unit
    ELSE excluded.unit END
"""
_RATE_VERSION = """
INSERT OR REPLACE INTO rate_version (series, as_of, version, seq, standing_version, document)
SELECT series, as_of, version, seq, standing_version, document FROM rate
WHERE series = ? AND as_of = ?
"""
_RATE_SERIES = """
INSERT INTO rate_series (series, seq) VALUES (?, ?)
ON CONFLICT (series) DO UPDATE SET seq = excluded.seq WHERE excluded.seq < seq
"""
_ENDED = """
UPDATE story SET status = 'merged', seq = m.seq, event_id = m.event_id, observed_at = m.observed_at
FROM (SELECT seq, event_id, observed_at FROM story_merged WHERE merged_story_id = ?
      ORDER BY seq DESC LIMIT 1) AS m
WHERE story.story_id = ?
"""


@dataclass(frozen=True, slots=True)
class Parked:
    """An event set aside, and why."""

    entry: Entry
    subject: str
    reason: str
    error: str
    attempts: int
    code_version: str


def write(connection: Connection, row: Row) -> None:
    """Write one row over what its key held."""
    match row:
        case ArticleRow():
            _write_article(connection, row)
        case RelationsRow():
            connection.execute(_PAST, (row.seq, row.article_id))
            connection.execute(_BRIEF_RELATED, (row.seq, row.brief, row.article_id))
            connection.execute(
                _RELATIONS, (row.version, row.seq, row.copy_of, row.document, row.article_id)
            )
            connection.execute(_TAGS_RELATED, (row.seq, row.copy_of, row.article_id))
            search.relate(connection, row.article_id, row.copy_of)
        case StoryRow():
            _write_story(connection, row)
        case RateRow():
            _write_rate(connection, row)
        case _:
            assert_never(row)


def _write_rate(connection: Connection, row: RateRow) -> None:
    standing_version = None if row.is_doubted else row.version
    connection.execute(
        _RATE,
        (row.series, row.as_of, row.version, row.seq, standing_version, row.unit, row.document),
    )
    connection.execute(_RATE_VERSION, (row.series, row.as_of))
    connection.execute(_RATE_SERIES, (row.series, row.seq))


def _write_story(connection: Connection, row: StoryRow) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO story (story_id, status, version, seq, event_id, headline, "
        "representative, observed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (row.story_id, row.status, row.version, row.seq, row.event_id, row.headline,
         row.representative, row.observed_at),
    )  # fmt: skip
    connection.execute(
        "INSERT INTO story_version (seq, story_id, status, version, event_id, representative, "
        "observed_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (row.seq, row.story_id, row.status, row.version, row.event_id, row.representative,
         row.observed_at),
    )  # fmt: skip
    connection.executemany(
        "INSERT OR REPLACE INTO story_article (article_id, seq, story_id, is_in) "
        "VALUES (?, ?, ?, ?)",
        [(article_id, row.seq, row.story_id, is_in) for article_id, is_in in row.articles],
    )
    if row.merged_story_id is not None:
        connection.execute(
            "INSERT INTO story_merged (merged_story_id, seq, story_id, event_id, observed_at) "
            "VALUES (?, ?, ?, ?, ?)",
            (row.merged_story_id, row.seq, row.story_id, row.event_id, row.observed_at),
        )
        _end(connection, row.merged_story_id)
    _end(connection, row.story_id)


def _end(connection: Connection, story_id: str) -> None:
    """A story that was merged says so, whichever of the two events came first."""
    connection.execute(_ENDED, (story_id, story_id))


def write_moments(connection: Connection, entries: Sequence[Entry]) -> None:
    """Note when the log took in some events."""
    moments = [(entry.seq, int(entry.position.partition("-")[0])) for entry in entries]
    connection.executemany("INSERT INTO moment (seq, at_ms) VALUES (?, ?)", moments)


def _write_article(connection: Connection, row: ArticleRow) -> None:
    if row.version > 1:
        connection.execute(_PAST, (row.seq, row.article_id))
        connection.execute(_BRIEF_PAST, (row.article_id,))
        search.take_out(connection, row.article_id)
    if row.taken_back_seq:
        connection.execute(_FORGET, (row.article_id,))
        search.owe(connection, row.article_id)
    connection.execute(
        _ARTICLE,
        (row.article_id, row.source, row.status, row.language, row.version, row.seq,
         row.ordered_at, row.place, row.copy_of, row.text_hash,
         row.taken_back_seq, row.story_id, row.has_text, row.document),
    )  # fmt: skip
    if row.brief is not None:
        connection.execute(
            "INSERT INTO article_brief (seq, brief) VALUES (?, ?)", (row.seq, row.brief)
        )
    if row.words is not None:
        text = search.Text(row.seq, row.article_id, row.ordered_at, row.copy_of, row.words)
        search.add(connection, text)
    if row.version > 1:
        connection.execute("DELETE FROM article_tag WHERE article_id = ?", (row.article_id,))
    connection.executemany(
        "INSERT INTO article_tag (tag, relevance, ordered_at, place, article_id, source, language, "
        "has_text, copy_of, seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(tag, relevance, row.ordered_at, row.place, row.article_id, row.source, row.language,
          row.has_text, row.copy_of, row.seq)
         for tag, relevance in row.tags],
    )  # fmt: skip


def park(connection: Connection, parked: Parked) -> None:
    """Set an event aside."""
    entry = parked.entry
    connection.execute(
        "INSERT INTO parked (seq, position, event_id, type, subject, reason, error, attempts, "
        "code_version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (entry.seq, entry.position, entry.event_id,
         entry.fields.get(b"type", b"").decode(errors="replace"), parked.subject, parked.reason,
         parked.error[:ERROR_CHARS_MAX], parked.attempts, parked.code_version),
    )  # fmt: skip


def parked_of(connection: Connection, subject: str) -> list[tuple[int, Position]]:
    """Seq and position of the events of a subject that were set aside, in order."""
    query = "SELECT seq, position FROM parked WHERE subject = ? ORDER BY seq"
    return [(row["seq"], row["position"]) for row in connection.execute(query, (subject,))]


def unpark(connection: Connection, seq: int) -> bool:
    """Take an event out of those set aside; False: it was not there any more."""
    return connection.execute("DELETE FROM parked WHERE seq = ?", (seq,)).rowcount == 1


def hear_late(connection: Connection, seqs: Sequence[int], at: Checkpoint) -> None:
    """Note that some events were taken up while the views stood further on, at a checkpoint."""
    connection.executemany(
        "INSERT INTO late (seq, heard_seq, heard_event_id) VALUES (?, ?, ?)",
        [(seq, at.seq, at.event_id) for seq in seqs],
    )


def park_again(
    connection: Connection, seq: int, error: str, attempts: int, code_version: str
) -> None:
    """Say of an event that is set aside how it failed the last time."""
    connection.execute(
        "UPDATE parked SET reason = 'failed', error = ?, attempts = ?, code_version = ? "
        "WHERE seq = ?",
        (error[:ERROR_CHARS_MAX], attempts, code_version, seq),
    )


def parked_subjects(connection: Connection) -> set[str]:
    """Subjects whose later events wait behind one that was set aside."""
    return {row[0] for row in connection.execute("SELECT DISTINCT subject FROM parked")}


def failures_before(connection: Connection, seq: int) -> int:
    """How many events failed one after the other, the last of them at a seq."""
    run = 0
    for parked in connection.execute("SELECT seq, reason FROM parked ORDER BY seq DESC"):
        if parked["seq"] != seq:
            break
        seq -= 1
        run += parked["reason"] == "failed"
    return run
