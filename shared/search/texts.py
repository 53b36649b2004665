"""What of an article is searched, and how its index is told from another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from shared.search.words import indexed


@dataclass(frozen=True, slots=True)
class Indexed:
    """What is indexed of an article."""

    headline: str
    body: str

    def digest(self) -> str:
        """Of what is indexed: another one shows that it is of another text, or another folding."""
        return blake2b(f"{self.headline}\n{self.body}".encode(), digest_size=8).hexdigest()


def index_of(document: Mapping[str, Any]) -> Indexed:
    """What is indexed of an article, by its document in the views."""
    language = document["language"]
    return Indexed(indexed(document["headline"], language), indexed(text_of(document), language))


def text_of(document: Mapping[str, Any]) -> str:
    """The text under a headline: summary and paragraphs, each in lines of its own."""
    return "\n".join([document.get("summary") or "", *document["body"]]).strip("\n")
