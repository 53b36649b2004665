"""What the source of the events' types says about them and pydantic does not keep."""

from __future__ import annotations

from typing import Final

from shared import events, house_events, news, story_events
from shared.docstrings import Said, fields_of, names_of, tree_of

_MODULES: Final = {one.__name__: one for one in (news, house_events, story_events, events)}
TREES: Final = {name: tree_of(module) for name, module in _MODULES.items()}
MEANING_BY_ALIAS: Final = names_of(news)
"""What the named texts and numbers of shared.news mean: ``SourceId``, ``AsOf``, …"""


def said_of(shape: type) -> dict[str, Said]:
    """The fields of a type, inherited ones too."""
    said: dict[str, Said] = {}
    for base in reversed(shape.__mro__):
        if module := _MODULES.get(base.__module__):
            said |= fields_of(module).get(base.__name__, {})
    return said
