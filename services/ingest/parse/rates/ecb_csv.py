"""European Central Bank, data API: SDMX-CSV of the dataflow EXR, with few columns or with all.

1 EUR = X foreign. Columns go by their names. On a day without a rate ``OBS_VALUE`` is empty, or its
``OBS_STATUS`` says so (H a holiday, M missing, L not collected): such a row is no rate and no
problem. Source: SDMX code list CL_OBS_STATUS.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import Final

from services.ingest.parse.document import Problem
from services.ingest.parse.problems import Problems, shown
from services.ingest.parse.rates.sheet import Row, legible

_HEAD_BYTES: Final = 4_096
_NEEDED: Final = frozenset({"CURRENCY", "TIME_PERIOD", "OBS_VALUE"})
_WITHOUT_VALUE: Final = frozenset({"H", "M", "L"})
_EXPECTED: Final = {
    "FREQ": "D",
    "EXR_TYPE": "SP00",
    "EXR_SUFFIX": "A",
    "CURRENCY_DENOM": "EUR",
    "UNIT_MULT": "0",
}
"""Of a daily reference rate of one euro, in columns that may not be there."""


def claims(data: bytes) -> bool:
    """Whether the first line names the columns."""
    line = data[:_HEAD_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip().split(b"\n", 1)[0]
    return set(_names(line.decode("latin-1").split(","))) >= _NEEDED


def rows(data: bytes, problems: Problems) -> list[Row] | Problem:
    """Its rates as printed; what is no daily reference rate of one euro is a problem."""
    lines = legible(data.decode("utf-8-sig", "replace")).lstrip().splitlines(keepends=True)
    reader = csv.reader(lines, strict=True)
    found: list[Row] = []
    try:
        names = _names(next(reader))
        place_by_name = {name: place for place, name in reversed([*enumerate(names)])}
        for cells in reader:
            number = reader.line_num
            if number == len(lines) and _may_be_cut(lines[-1], names, cells):
                detail = "expected the end of the last line, came none; it was not taken"
                problems.add_at(number, "not-well-formed", detail)
            elif row := _row(_Cells(place_by_name, cells), number, problems):
                found.append(row)
    except (csv.Error, StopIteration) as error:
        return Problem("not-well-formed", f"line {reader.line_num}", f"expected CSV, came: {error}")
    return found


def _may_be_cut(last: str, names: list[str], cells: list[str]) -> bool:
    """Whether digits may be missing: a line may lack its end (RFC 4180 2), a value may not."""
    if last.endswith(("\n", "\r")):
        return False
    return len(cells) < len(names) or names[-1] == "OBS_VALUE"


@dataclass(frozen=True, slots=True)
class _Cells:
    """A line by the names of its columns."""

    place_by_name: dict[str, int]
    cells: list[str]

    def __getitem__(self, name: str) -> str:
        """What stands in a column; empty: nothing, or there is no such column."""
        place = self.place_by_name.get(name, len(self.cells))
        return self.cells[place].strip() if place < len(self.cells) else ""


def _row(cells: _Cells, line: int, problems: Problems) -> Row | None:
    """The quotation of a line; None: it has none, which is a problem where it has another."""
    if not cells["OBS_VALUE"] or cells["OBS_STATUS"] in _WITHOUT_VALUE:
        return None
    for name, expected in _EXPECTED.items():
        if cells[name] not in {"", expected}:
            detail = f"expected {name} {expected}, a daily rate of one euro"
            problems.add_at(line, "unsupported", f"{detail}, came {shown(cells[name])}")
            return None
    return Row(
        where=f"line {line}",
        line=line,
        code=cells["CURRENCY"],
        value=cells["OBS_VALUE"],
        nominal="1",
        day=cells["TIME_PERIOD"],
    )


def _names(cells: list[str]) -> list[str]:
    return [cell.strip().strip('"').upper() for cell in cells]
