"""Which members of articles a list gives. Pure."""

from __future__ import annotations

import difflib
from typing import Annotated, Final

import orjson
from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from services.api.articles.items import ArticleBrief, ArticleItem
from services.api.queries import Listed
from shared import briefs

FIELDS_CHARACTERS_MAX: Final = 1_000
"""Of a list of names: all of them together are shorter."""
ALL: Final = "all"
BRIEF: Final = "brief"
NAMES: Final = tuple(dict.fromkeys([*ArticleBrief.model_fields, *ArticleItem.model_fields]))
"""Every member that there is."""
_ALWAYS: Final = ("article_id", "status")
_ELSEWHERE: Final = ("copy_of", "story_id")
"""Members that are not in the stored document."""


def listed_names(text: str, known: tuple[str, ...]) -> str:
    """Names with commas between them, as they came, when each is known.

    Raises:
        PydanticCustomError: one is not; it names the nearest.
    """
    for name in text.split(","):
        if name not in known:
            near = difflib.get_close_matches(name[:64], known, n=1, cutoff=0.0)
            raise PydanticCustomError(
                "name",
                "Unknown name{meant} Known are {known}",
                {"meant": f", did you mean {near[0]}?", "known": ", ".join(known)},
            )
    return text


def _known(text: str) -> str:
    return listed_names(text, (BRIEF, ALL, *NAMES))


FieldsText = Annotated[
    str,
    StringConstraints(max_length=FIELDS_CHARACTERS_MAX),
    AfterValidator(_known),
    Field(
        description="Members of each article, with commas between them; `article_id` and `status` "
        "always come. `brief`: what a list needs to be shown, without the text; `all`: everything. "
        "`brief,body` is both. A notice is always whole.",
        examples=["headline,url", "brief,body", "all"],
    ),
]
"""``headline,url``."""


def shaped(row: Listed, story_id: str | None, fields: str) -> bytes:
    """An article of a list as JSON."""
    chosen = fields.split(",")
    if ALL in chosen or row.status != "usable":
        return row.json(story_id)
    document = orjson.loads(row.document)
    said = {**document, "copy_of": row.copy_of, "story_id": story_id}
    found = {name: said[name] for name in _ALWAYS}
    if BRIEF in chosen:
        found |= briefs.brief(document) | {name: said[name] for name in _ELSEWHERE}
    for name in chosen:
        if name != BRIEF:
            found[name] = briefs.lead(document) if name == "lead" else said[name]
    return orjson.dumps(found)
