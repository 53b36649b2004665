"""``make score-names-speed``: milliseconds that the step of names takes for 600 English words.

The texts are those of labelled stories put together; processor time of one core, best of nine.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Final

from services.enrichment.main import steps
from shared.news import Article
from tests.scoring.names import article

FILE: Final = Path(__file__).parents[1] / "labelled" / "stories.jsonl"
WORDS: Final = 600
ROUNDS: Final = 9


def articles() -> list[Article]:
    """Articles of about ``WORDS`` words, a paragraph for each labelled text."""
    made: list[Article] = []
    paragraphs: list[str] = []
    for record in map(json.loads, FILE.read_text("utf-8").splitlines()):
        if record["lang"] != "en":
            continue
        paragraphs.append(record["text"])
        if sum(len(paragraph.split()) for paragraph in paragraphs) >= WORDS:
            said = article("-", "en", None)
            update = {"headline": record["headline"], "body": tuple(paragraphs)}
            made.append(said.model_copy(update=update))
            paragraphs = []
    return made


def main() -> int:
    """Print the time an article takes and how many tags it gets."""
    find, said = steps().names, articles()
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        tags = sum(len(find(one)) for one in said)
        best = min(best, time.process_time() - started)
    sys.stdout.write(
        f"{1000 * best / len(said):.3f} ms an article, {tags / len(said):.1f} tags,"
        f" {len(said)} articles of {WORDS} words\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
