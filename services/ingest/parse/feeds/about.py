"""What a feed says of itself, judged by the rules of entries."""

from __future__ import annotations

from services.ingest.parse.document import About
from services.ingest.parse.feeds.draft import AboutDraft
from services.ingest.parse.feeds.entry import changed_at, language_of, when_of
from services.ingest.parse.feeds.taking import Reading, Taking
from services.ingest.parse.limits import AUTHORS_MAX, ENTRY_LINE_CHARACTERS_MAX, HUBS_MAX
from services.ingest.parse.problems import WHOLE_DOCUMENT


def about_of(draft: AboutDraft, reading: Reading) -> About:
    """What a feed says of itself, within the limits of the log."""
    taking = Taking(reading, WHOLE_DOCUMENT, "the feed", draft.base)
    published = when_of(taking, draft.published)
    hubs = [hub for one in draft.hubs if (hub := taking.address(one, "a hub"))]
    pictures = (taking.address(one, "the picture of the feed") for one in draft.pictures)
    return About(
        title=taking.title(draft.title),
        description=taking.note(draft.description, "a description") or "",
        url=taking.address(draft.url, "the link of the feed"),
        own_url=taking.address(draft.own_url, "the feed's own link"),
        own_id=taking.cut(draft.own_id, ENTRY_LINE_CHARACTERS_MAX, "an id") or None,
        language=language_of(draft.language),
        authors=taking.lines(draft.authors, AUTHORS_MAX, "authors"),
        published_at=published.at if published else None,
        published_on=published.day if published else None,
        updated_at=changed_at(taking, draft.updated),
        rights=taking.note(draft.rights, "the rights"),
        hubs=tuple(taking.few(list(dict.fromkeys(hubs)), HUBS_MAX, "hubs")),
        refresh_s=draft.refresh_s,
        picture=next(filter(None, pictures), None),
    )
