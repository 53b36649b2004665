"""What the index of the search holds, for tests: its words, and the bytes of its file."""

from __future__ import annotations

from shared.search import parts
from shared.views import Connection


def words(connection: Connection) -> set[str]:
    """The words of all parts."""
    return {
        row[0]
        for part in numbers(connection)
        for row in connection.execute(f"SELECT term FROM {parts.vocabulary(part)}")
    }


def blocks(connection: Connection) -> bytes:
    """What the file has of all parts."""
    return b" ".join(
        row[0]
        for part in numbers(connection)
        for row in connection.execute(f"SELECT block FROM {parts.table(part)}_data")
    )


def numbers(connection: Connection) -> list[int]:
    """The parts that there are."""
    return [row[0] for row in connection.execute("SELECT part FROM search_part ORDER BY part")]
