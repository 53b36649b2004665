"""Requests made of an OpenAPI document: the same ones in every run; and the paths of the api."""

from __future__ import annotations

from typing import Final

from hypothesis import HealthCheck, settings

SEEDED: Final = settings(
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
API_PATHS: Final = (
    "/feeds/articles.atom",
    "/feeds/articles.json",
    "/feeds/articles.newsml",
    "/feeds/articles.ninjs",
    "/feeds/articles.rss",
    "/feeds/rates/{pair}.atom",
    "/feeds/rates/{pair}.json",
    "/feeds/rates/{pair}.rss",
    "/feeds/stories.atom",
    "/feeds/stories.json",
    "/feeds/stories.rss",
    "/feeds/stories/{story_id}.atom",
    "/feeds/stories/{story_id}.json",
    "/feeds/stories/{story_id}.rss",
    "/livez",
    "/metrics",
    "/readyz",
    "/sources.opml",
    "/v1/articles",
    "/v1/articles/{article_id}",
    "/v1/articles/{article_id}/history",
    "/v1/articles/{article_id}/newsml-g2",
    "/v1/articles/{article_id}/ninjs",
    "/v1/articles/{article_id}/provenance",
    "/v1/articles/{article_id}/relations",
    "/v1/changes",
    "/v1/currencies",
    "/v1/differences",
    "/v1/events",
    "/v1/export/articles.ndjson",
    "/v1/export/rates.ndjson",
    "/v1/export/stories.ndjson",
    "/v1/export/views.sqlite",
    "/v1/rates",
    "/v1/rates/latest",
    "/v1/rates/{pair}",
    "/v1/rates/{pair}/consensus",
    "/v1/rates/{pair}/convert",
    "/v1/rates/{pair}/versions",
    "/v1/sources",
    "/v1/sources/{source_id}",
    "/v1/status",
    "/v1/stories",
    "/v1/stories/{story_id}",
    "/v1/stream",
)
"""All that the api declares, written by hand."""
