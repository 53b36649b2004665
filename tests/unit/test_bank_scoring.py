"""The score of recorded documents of banks, on documents that are here."""

import json
from pathlib import Path

from tests.scoring.rates import Figure, score, second_reading

FOLDER = Path(__file__).parents[1] / "golden" / "bank_files"
BANK = {"nbkr": "nbkr_live", "ecb": "ecb_recent"}
NAMES = [
    file.name
    for file in sorted(FOLDER.iterdir())
    if file.name != "cbr_series.xml"  # has only ids, which the second reading does not know
]


def recorded(folder: Path, documents: dict[str, bytes]) -> Path:
    lines = []
    for name, data in documents.items():
        (folder / name).write_bytes(data)
        bank = name.split("_")[0].split(".")[0]
        lines.append(json.dumps({"file": name, "bank": BANK.get(bank, bank)}))
    (folder / "manifest.jsonl").write_text("\n".join(lines), "utf-8")
    return folder


def test_both_readings_of_our_documents_agree_but_for_what_only_one_can_know(
    tmp_path: Path,
) -> None:
    documents = {name: (FOLDER / name).read_bytes() for name in NAMES}
    right, total, differences = score(recorded(tmp_path, documents))

    # ``DOWN`` gives a change its sign, blanks between thousands go: the second reading has neither.
    assert sorted({line.split(":")[0] for line in differences}) == ["cbr_day.xml", "nbk_all.xml"]
    assert (total - right, len(differences)) == (4, 4)


def test_a_rate_that_one_reading_lacks_is_a_difference(tmp_path: Path) -> None:
    data = (FOLDER / "nbkr_daily.xml").read_bytes().replace(b"<Nominal>1<", b"<Nominal>x<", 1)
    right, total, differences = score(recorded(tmp_path, {"nbkr_daily.xml": data}))

    assert (right, total) == (2, 3)
    assert differences[0] == (
        "nbkr_daily.xml: missing ('2026-03-03', 'USD', 'KGS', '88.1200', 'x', '', '')"
    )
    assert "rate-unreadable" in differences[1]


def test_the_second_reading_knows_the_form_of_each_bank() -> None:
    text = (FOLDER / "cbu.json").read_text("utf-8")

    assert list(second_reading("cbu", text))[1] == Figure(
        "2026-03-02", "VND", "UZS", "4.60", "10", "0"
    )
