"""Errors, one small tree by fate; whatever is not in it is our bug.

    NewswireError
    ├── Rejected        the input is wrong: report it with its reason, go on with the rest
    ├── Unavailable     the world is away: retry with back-off, lose nothing
    │   └── LogFull     the log's memory is used up: nothing was written
    ├── UnsafeLog       Redis evicts, does not fsync, or refuses us: do not start
    ├── ViewsDamaged    the view file is broken: fold another
    └── LogDamaged      the log is not the one this state was folded from: stop, an operator decides
        ├── SequenceGap        events are missing between the checkpoint and what comes next
        ├── PositionVanished   the entry at the checkpoint was trimmed away
        └── LogDiverged        the log holds another event at the checkpoint, or ends before it

A message says what was expected, what came, and what to do next.
"""

from __future__ import annotations


class NewswireError(Exception):
    """Root of every error that has a planned fate."""


class Rejected(NewswireError):
    """The input is wrong and will be wrong again; retrying is useless."""


class Unavailable(NewswireError):
    """Something outside did not answer; the same call may succeed later."""


class LogFull(Unavailable):
    """Redis refused the write because its memory is used up. Nothing of the call was written."""


class LogDamaged(NewswireError):
    """The log and the state folded from it no longer belong together."""


class SequenceGap(LogDamaged):
    """The next event's ``seq`` is not the checkpoint's plus one: events are missing."""


class PositionVanished(LogDamaged):
    """The entry at the checkpoint is no longer in the stream, and later ones are: trimmed."""


class LogDiverged(LogDamaged):
    """Another event stands at the checkpoint, or the stream ends before it."""


class ViewsDamaged(NewswireError):
    """The view file is no database, or a broken one. It is folded anew, never repaired."""


class UnsafeLog(NewswireError):
    """Redis evicts keys or does not fsync every write, and nobody said that this is wanted."""
