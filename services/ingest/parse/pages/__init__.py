"""Pages of HTML: one article, a list of links to articles, or the place that names the feeds."""

from services.ingest.parse.pages.page import (
    claims,
    load,
    parse,
    parse_feed,
    parse_list,
    parse_page,
)

__all__ = ["claims", "load", "parse", "parse_feed", "parse_list", "parse_page"]
