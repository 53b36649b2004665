"""``python -m tests.benchmarks.minhash KEPT ASKED``: what ``full_window index`` says, of the peer.

datasketch's MinHashLSH with the setting that finds more of those in ``tests.scoring.mutations``:
three words, Jaccard 0.5. To make signatures is in no time.
"""

from __future__ import annotations

import sys
from typing import Final

import orjson
from datasketch import MinHash, MinHashLSH  # type: ignore[import-untyped]  # it has no types

from services.enrichment.relations.shingles import shingled
from tests.benchmarks.full_window import indexed
from tests.benchmarks.invented import article_id, invented

PERMUTATIONS: Final = 128
THRESHOLD: Final = 0.5


def main(arguments: list[str]) -> int:
    """Print the figures."""
    index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)

    def insert(number: int, signature: MinHash) -> None:
        index.insert(article_id(number), signature)

    kept, asked = map(int, arguments)
    found = indexed(kept, asked, _signature, insert, index.query)
    sys.stdout.write(orjson.dumps(found).decode())
    return 0


def _signature(number: int, total: int) -> MinHash:
    made = MinHash(num_perm=PERMUTATIONS, hashfunc=_lower_half, scheme="affine32")
    shingles = shingled(invented(number, total).article).shingles
    made.update_batch([one.tobytes() for one in shingles])
    return made


def _lower_half(hashed: bytes) -> int:
    return int.from_bytes(hashed[:4], "little")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
