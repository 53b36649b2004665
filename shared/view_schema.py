"""The tables of the view file, each with what its rows depend on."""

from __future__ import annotations

from typing import Final

SCHEMA_NUMBER: Final = 7
"""Raised with every change of the schema or of what the rows hold: older files are rebuilt."""

SCHEMA: Final = """
-- Where the views stand: one row per stream folded into this file.
CREATE TABLE checkpoint (
  stream    TEXT PRIMARY KEY,
  position  TEXT NOT NULL,
  seq       INTEGER NOT NULL,
  event_id  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row per article that the wire has carried; depends on events of its subject only.
-- With rowids: in a tree by article_id one is found by way of eight others with their texts.
CREATE TABLE article (
  article_id  TEXT PRIMARY KEY,
  source      TEXT NOT NULL,
  status      TEXT NOT NULL CHECK (status IN ('usable', 'withheld', 'canceled')),
  language    TEXT NOT NULL,
  version     INTEGER NOT NULL, -- of the last event of its subject on the wire
  seq         INTEGER NOT NULL, -- of that event
  ordered_at  TEXT NOT NULL,    -- RFC 3339; newest first on the front page
  place       INTEGER NOT NULL, -- place on its page, 0: none
  copy_of     TEXT,             -- the canonical article whose exact copy this was when it came
  text_hash   TEXT NOT NULL,    -- of the text shown: a copy is one as long as both are the same
  taken_back_seq INTEGER NOT NULL, -- of its last notice: text carried before is not given; 0: none
  story_id    TEXT,             -- named by its last event; read where it was taken back and is back
  has_text    INTEGER NOT NULL, -- 1: there is a body; 0: a headline, perhaps a summary, or a notice
  document    TEXT NOT NULL     -- JSON as the api shows it; of a canceled article its notice
) STRICT;
-- With what filters ask: rows that a list passes over are not looked at.
CREATE INDEX article_order
  ON article (status, ordered_at DESC, place, article_id, seq, copy_of, has_text);
CREATE INDEX article_seq ON article (seq, article_id);
CREATE INDEX article_updated
  ON article (status, seq DESC, article_id, source, language, has_text, ordered_at, place, copy_of);
-- All that is asked of an article found by its tag, its story or a copy: its row is as large as its
-- text, and thirty thousand rows are three seconds.
CREATE INDEX article_narrow ON article
  (article_id, status, source, language, ordered_at, place, has_text, copy_of, seq,
   taken_back_seq, story_id);
-- A filter that matches nothing must not walk all articles: 1 s at 60,000 without these.
CREATE INDEX article_copy ON article (copy_of, article_id) WHERE copy_of IS NOT NULL;
CREATE INDEX article_source ON article
  (source, status, ordered_at DESC, place, article_id, language, has_text, copy_of, seq);
CREATE INDEX article_language ON article
  (language, status, ordered_at DESC, place, article_id, has_text, copy_of, seq);

-- What lists show of an article that may be shown, read without its text. By the article's seq:
-- every index of a list has it, and those of a list lie together, as they came.
CREATE TABLE article_brief (
  seq         INTEGER PRIMARY KEY, -- of the article's last event; no other article has it
  brief       TEXT NOT NULL        -- JSON: shared.briefs
) STRICT;

-- What an article was before its last event, one row for each event before: what was shown then.
CREATE TABLE article_past (
  article_id  TEXT NOT NULL,
  seq         INTEGER NOT NULL, -- of the event that made it so
  to_seq      INTEGER NOT NULL, -- of the event that ended it
  version     INTEGER NOT NULL,
  source      TEXT NOT NULL,
  status      TEXT NOT NULL,
  language    TEXT NOT NULL,
  ordered_at  TEXT NOT NULL,
  place       INTEGER NOT NULL,
  copy_of     TEXT,
  has_text    INTEGER NOT NULL,
  story_id    TEXT,             -- as in article
  document    TEXT,             -- as in article; NULL: the text has been taken back since
  PRIMARY KEY (article_id, seq)
) STRICT;

CREATE INDEX article_past_order ON article_past
  (ordered_at DESC, place, article_id, seq, to_seq, copy_of, source, language, has_text)
  WHERE status = 'usable' AND document IS NOT NULL;
CREATE INDEX article_past_updated ON article_past (seq DESC)
  WHERE status = 'usable' AND document IS NOT NULL;
CREATE INDEX article_past_seq ON article_past (seq);
CREATE INDEX article_past_copy ON article_past (copy_of) WHERE copy_of IS NOT NULL;

-- Which events made an article what it is: one row per event of the wire and article that it is
-- about, from that event alone. No word of the article: the rows stay when it is taken back.
CREATE TABLE article_event (
  article_id     TEXT NOT NULL,
  seq            INTEGER NOT NULL,
  version        INTEGER,       -- of the article; NULL: an event of a story
  event_id       TEXT NOT NULL,
  type           TEXT NOT NULL,
  said_at        TEXT NOT NULL, -- RFC 3339; when the source says that it happened
  causation_id   TEXT,          -- id of the event that caused it
  correlation_id TEXT,          -- NULL: the subject of the article
  story_id       TEXT,          -- it was carried with, or of whose event this is
  revision       INTEGER,       -- of what was carried; NULL, as the next four: nothing was
  sha256         TEXT,          -- of the document that it was read from
  media_type     TEXT,
  parser         TEXT,
  parser_version INTEGER,
  decided_by     TEXT,          -- NULL, as the next: nothing was decided
  reason         TEXT,
  PRIMARY KEY (article_id, seq)
) STRICT, WITHOUT ROWID;

-- How articles that may be shown stand to others, as the last event of each said it: what is said
-- of an article is found, too.
CREATE TABLE article_relation (
  other_id    TEXT NOT NULL,
  article_id  TEXT NOT NULL,    -- of which it is said
  kind        TEXT NOT NULL,
  source      TEXT NOT NULL,    -- of the other article
  method      TEXT NOT NULL,
  evidence    TEXT NOT NULL,    -- JSON: figures by name
  PRIMARY KEY (other_id, article_id, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_relation_article ON article_relation (article_id, other_id, kind);

-- When the wire said each event: the clock of the log, which never goes back.
CREATE TABLE moment (
  seq    INTEGER PRIMARY KEY,
  at_ms  INTEGER NOT NULL       -- milliseconds since 1970
) STRICT;
CREATE INDEX moment_at ON moment (at_ms, seq);

-- One row per story that two articles or more have made. That it was merged is said by an event of
-- another story: status, seq, event_id and observed_at are then of that one, in whatever order the
-- two are read (story_merged keeps it).
CREATE TABLE story (
  story_id        TEXT PRIMARY KEY,
  status          TEXT NOT NULL CHECK (status IN ('open', 'closed', 'merged')),
  version         INTEGER NOT NULL,
  seq             INTEGER NOT NULL,
  event_id        TEXT NOT NULL,
  headline        TEXT NOT NULL, -- as its event said it: never shown, it may have been taken back
  representative  TEXT NOT NULL, -- the article that stands for it
  observed_at     TEXT NOT NULL  -- RFC 3339; when it last changed
) STRICT, WITHOUT ROWID;
CREATE INDEX story_seq ON story (seq);
CREATE INDEX story_status ON story (status, seq);

-- What a story was from each of its own events on.
CREATE TABLE story_version (
  seq             INTEGER PRIMARY KEY,
  story_id        TEXT NOT NULL,
  status          TEXT NOT NULL CHECK (status IN ('open', 'closed')),
  version         INTEGER NOT NULL,
  event_id        TEXT NOT NULL,
  representative  TEXT NOT NULL,
  observed_at     TEXT NOT NULL
) STRICT;
CREATE INDEX story_version_story ON story_version (story_id, seq);
CREATE INDEX story_version_status ON story_version (status, seq, story_id);

-- What stories said of articles, each row of one event, which is of one story. An article is in the
-- story that took it in last, and in none where that one let it go; more in story_member.
CREATE TABLE story_article (
  article_id  TEXT NOT NULL,
  seq         INTEGER NOT NULL, -- of the event that said it
  story_id    TEXT NOT NULL,
  is_in       INTEGER NOT NULL CHECK (is_in IN (0, 1)),
  PRIMARY KEY (article_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX story_article_latest ON story_article (story_id, seq DESC, is_in);

-- Which stories ended in which, each row of one event of the one that went on. The latest counts.
CREATE TABLE story_merged (
  merged_story_id  TEXT NOT NULL, -- the one that ended
  seq              INTEGER NOT NULL,
  story_id         TEXT NOT NULL, -- the one that went on
  event_id         TEXT NOT NULL,
  observed_at      TEXT NOT NULL,
  PRIMARY KEY (merged_story_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX story_merged_into ON story_merged (story_id);
CREATE INDEX story_merged_seq ON story_merged (seq);

-- Where each story that was merged went.
CREATE VIEW story_end AS
SELECT e.merged_story_id, e.story_id FROM story_merged e
WHERE e.seq = (SELECT max(l.seq) FROM story_merged l WHERE l.merged_story_id = e.merged_story_id);

-- Which articles are in which story, of those that may be shown. One that was taken back since has
-- left; it is in its story again where the event that brought it back names one, which no event of
-- a story repeats. CROSS JOIN has SQLite ask for the story first: most articles are alone.
-- services/api/stories_then.py has the same at an instant.
CREATE VIEW story_member AS
SELECT m.story_id, m.article_id, m.seq, a.source, a.language, a.ordered_at, a.copy_of
FROM story_article m CROSS JOIN article a INDEXED BY article_narrow ON a.article_id = m.article_id
WHERE m.is_in AND a.status = 'usable'
  AND (m.seq > a.taken_back_seq OR a.story_id IS NOT NULL)
  AND m.seq = (SELECT max(l.seq) FROM story_article l WHERE l.article_id = m.article_id);

-- Which articles bear a tag, so that lists by tag are one walk, in the order of lists and with all
-- that they ask of an article. A country is also borne by articles that bear a region or a place in
-- it. A notice bears none.
CREATE TABLE article_tag (
  tag         TEXT NOT NULL,    -- scheme:code
  ordered_at  TEXT NOT NULL,    -- as in article
  place       INTEGER NOT NULL, -- as in article
  article_id  TEXT NOT NULL REFERENCES article,
  relevance   INTEGER NOT NULL, -- of what lies in a country the highest
  source      TEXT NOT NULL,    -- this and what follows: as in article
  language    TEXT NOT NULL,
  has_text    INTEGER NOT NULL,
  copy_of     TEXT,
  seq         INTEGER NOT NULL,
  status      TEXT NOT NULL AS ('usable'),
  PRIMARY KEY (tag, ordered_at DESC, place, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_tag_article ON article_tag (article_id, tag);

-- The words of articles that may be shown, folded and stemmed (shared/search) with blanks between,
-- are in tables of FTS5, each of a run of events (shared/search/parts): search_0000 and so on;
-- rowid: seq of the event that carried the text, so that later ones are found first. Their words,
-- each with the number of its articles and places, are in search_word_0000 and so on: what verify
-- compares.
CREATE TABLE search_part (
  part      INTEGER PRIMARY KEY
) STRICT;

-- Which article has which words; depends on events of its subject only.
CREATE TABLE search_text (
  seq         INTEGER PRIMARY KEY, -- rowid in its part of the index
  article_id  TEXT NOT NULL UNIQUE,
  ordered_at_s INTEGER NOT NULL, -- as in article, in seconds since 1970
  copy_of     TEXT,             -- as in article
  digest      TEXT NOT NULL     -- of what was indexed: it must be told again to be taken out
) STRICT;

-- Parts of the index that are to be merged: their file still has words that were taken back, or
-- nothing new comes to them.
CREATE TABLE search_owed (
  number    INTEGER PRIMARY KEY,
  part      INTEGER NOT NULL,
  is_begun  INTEGER NOT NULL CHECK (is_begun IN (0, 1))
) STRICT;

-- One row per rate subject: a series at one as_of. The latest of a series is a query, not a row.
CREATE TABLE rate (
  series    TEXT NOT NULL,      -- source:kind:BASE-QUOTE
  as_of     TEXT NOT NULL,
  version   INTEGER NOT NULL,
  seq       INTEGER NOT NULL,
  standing_version INTEGER,     -- the last one that is not doubted; NULL: none is
  unit      TEXT NOT NULL,      -- price of one unit in what stands, else in the document: 1749/20
  document  TEXT NOT NULL,      -- its last event, doubted or not
  PRIMARY KEY (series, as_of)
) STRICT, WITHOUT ROWID;
-- What stands is found behind any number of doubted rates.
CREATE INDEX rate_standing ON rate (series, as_of, standing_version)
  WHERE standing_version IS NOT NULL;
CREATE INDEX rate_seq ON rate (seq);

-- Every series with the first event of it, so that none is looked for among its values.
CREATE TABLE rate_series (
  series  TEXT PRIMARY KEY,
  seq     INTEGER NOT NULL      -- the lowest of its events
) STRICT, WITHOUT ROWID;

-- Every value a rate subject has had, so that a restated one stays answerable.
CREATE TABLE rate_version (
  series    TEXT NOT NULL,
  as_of     TEXT NOT NULL,
  version   INTEGER NOT NULL,
  seq       INTEGER NOT NULL,   -- of its event: what was known when
  standing_version INTEGER,     -- the one that stood from this event on; NULL: none did
  document  TEXT NOT NULL,
  PRIMARY KEY (series, as_of, version)
) STRICT, WITHOUT ROWID;
-- What was known at an event is one walk that reads no document.
CREATE INDEX rate_version_seq ON rate_version (seq);
CREATE INDEX rate_known ON rate_version (series, as_of, seq, standing_version);

-- Events set aside: the one that failed, and later ones of its subject behind it, in order.
CREATE TABLE parked (
  seq           INTEGER PRIMARY KEY,
  position      TEXT NOT NULL,
  event_id      TEXT NOT NULL,
  type          TEXT NOT NULL,
  subject       TEXT NOT NULL,
  reason        TEXT NOT NULL CHECK (reason IN ('failed', 'behind')),
  error         TEXT NOT NULL,
  attempts      INTEGER NOT NULL,
  code_version  TEXT NOT NULL
) STRICT;
CREATE INDEX parked_subject ON parked (subject);

-- Events taken up late: set aside, and folded when the views had gone on. Whoever follows changes
-- by cursor is past their seq by then, and hears of them by number. It tells what happened to this
-- file, nothing that the log makes of it: a fresh fold has none, and a rebuild carries them over.
CREATE TABLE late (
  number         INTEGER PRIMARY KEY, -- counts up, over rebuilds too
  seq            INTEGER NOT NULL,    -- of the event
  heard_seq      INTEGER NOT NULL,    -- where the views stood when it was taken up
  heard_event_id TEXT NOT NULL        -- of the event at heard_seq; empty: there was none
) STRICT;
CREATE INDEX late_seq ON late (seq);
CREATE INDEX late_heard ON late (heard_seq, number);
"""
"""Statements, each ended by a semicolon and a line's end."""

DIGESTED: Final = {
    "article": ("article_id",),
    "article_brief": ("seq",),
    "article_past": ("article_id", "seq"),
    "article_event": ("article_id", "seq"),
    "article_relation": ("other_id", "article_id", "kind"),
    "moment": ("seq",),
    "article_tag": ("tag", "article_id"),
    "search_part": ("part",),
    "search_text": ("seq",),
    "search_word": ("part", "term"),
    "story": ("story_id",),
    "story_version": ("seq",),
    "story_article": ("article_id", "seq"),
    "story_merged": ("merged_story_id", "seq"),
    "rate": ("series", "as_of"),
    "rate_series": ("series",),
    "rate_version": ("series", "as_of", "version"),
    "parked": ("seq",),
}
"""Tables that a fresh fold must reproduce, with their keys, in whose order they are compared."""
