"""``make score-languages``: the step that finds the language, on labelled headlines alone.

Nothing is declared and there is no text below: a headline of three to nine words is the hardest
that comes. Both scripts of Uzbek are ``uz`` (tests/labelled/README.md).
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Final

from services.enrichment.main import steps
from tests.scoring.names import article

FILE: Final = Path(__file__).parents[1] / "labelled" / "languages.jsonl"
RIGHT_MIN: Final = 0.97


def main() -> int:
    """Print every headline that is read wrongly and the share of right ones; 1: too few."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else FILE
    find = steps().language
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for record in map(json.loads, path.read_text("utf-8").splitlines()):
        said = article("-", "en", None).model_copy(
            update={"headline": record["text"], "body": (), "declared_language": None}
        )
        found = find(said).code
        total[record["lang"]] += 1
        right[record["lang"]] += found == record["lang"].split("-")[0]
        if found != record["lang"].split("-")[0]:
            sys.stdout.write(f"{record['id']} {record['lang']} is not {found}: {record['text']}\n")
    for language in sorted(total):
        sys.stdout.write(f"{language:8} {right[language]:3} of {total[language]}\n")
    share = right.total() / total.total()
    sys.stdout.write(f"{right.total()} of {total.total()} are right: {share:.3f}\n")
    return 0 if share >= RIGHT_MIN else 1


if __name__ == "__main__":
    sys.exit(main())
