"""The functions that write the log, as a server loads them: the text of functions.lua, named.

A hash of the text is part of every name, so that old and new processes do not replace each other's
code.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Any, Final

from shared.hashing import sha256

SOURCE: Final = files("shared").joinpath("functions.lua").read_text(encoding="utf-8")
_HASH: Final = sha256(SOURCE.encode())[:12]

CODE: Final = f"#!lua name=newswire_{_HASH}\n" + SOURCE.replace("VERSION", _HASH)
"""The library, for FUNCTION LOAD."""
APPEND: Final = f"newswire_append_{_HASH}"
COMMIT: Final = f"newswire_commit_{_HASH}"
RESTORE: Final = f"newswire_restore_{_HASH}"


def add_events(args: list[Any], events: Sequence[tuple[bytes, ...]]) -> None:
    """Add events to the arguments of a function: the number of names and values, then these."""
    for fields in events:
        args.append(len(fields))
        args.extend(fields)
