"""Sources put into the text of ``sources.toml`` and taken out of it; the rest stays as it is.

Pure: the operator's comments, order and spacing are kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from services.ingest.sources.config import SourceConfig, read
from shared.errors import Rejected
from shared.faults import came

_UNITS: Final = ((86_400, "d"), (3600, "h"), (60, "m"), (1, "s"))


def with_sources(text: str, added: Iterable[SourceConfig]) -> str:
    """The text with these sources at its end.

    Raises:
        Rejected: the text is no such file, or has one of the ids already.
    """
    known = {one.id for one in read(text.encode())}
    ended = text if text.endswith("\n") or not text else f"{text}\n"  # tomlkit adds to the line
    document = tomlkit.parse(ended)
    listed = _tables(document.setdefault("source", tomlkit.aot()))
    for one in added:
        if one.id in known:
            raise Rejected(f"expected an id of its own, came {came(one.id)}, which is there")
        known.add(one.id)
        table = tomlkit.table()
        for name, value in _said(one):
            table.add(name, value)
        listed.append(table)
    return _checked(tomlkit.dumps(document))


def without_source(text: str, source: str) -> str:
    """The text without a source.

    Raises:
        Rejected: the text is no such file, or has no such source.
    """
    read(text.encode())
    try:
        document = tomlkit.parse(text)
    except TOMLKitError as error:
        raise Rejected(str(error)) from error
    listed = _tables(document.get("source", tomlkit.aot()))
    places = [n for n, one in enumerate(listed) if one.get("id") == source]
    if not places:
        raise Rejected(f"there is no source {came(source)}; `newswire sources list` shows them")
    del listed[places[0]]
    return _checked(tomlkit.dumps(document))


def _tables(listed: object) -> AoT:
    if isinstance(listed, AoT):
        return listed
    raise Rejected("expected each source under a [[source]] of its own, found a list; write it so")


def _checked(text: str) -> str:
    read(text.encode())
    return text


def _said(one: SourceConfig) -> Iterable[tuple[str, str | int | bool]]:
    """What differs from what a source has unless it says otherwise."""
    for name in SourceConfig.model_fields:
        value = getattr(one, name)
        if value == SourceConfig.model_fields[name].default:
            continue
        yield name, every_text(value) if name == "every" else value


def every_text(seconds: int) -> str:
    """``30m``, as the file has it."""
    return next(f"{seconds // size}{unit}" for size, unit in _UNITS if seconds % size == 0)
