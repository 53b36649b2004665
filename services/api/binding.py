"""Values as statements of SQLite take them. Pure."""

from __future__ import annotations

from collections.abc import Collection

import orjson


def array(texts: Collection[str]) -> str:
    """Texts as one value: SQLite unfolds it, and the statement is the same for any number."""
    return orjson.dumps(list(texts)).decode()
