from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from services.enrichment import gazetteers
from services.enrichment.gazetteers import _rules, _table, read, rows
from services.enrichment.gazetteers.names import PLACE_KINDS, Entry, matcher

TABLES = (
    "adjectives.tsv",
    "ambiguous.tsv",
    "cities.tsv",
    "commodities.tsv",
    "context.tsv",
    "countries.tsv",
    "currencies.tsv",
    "generic.tsv",
    "organisations.tsv",
    "people.tsv",
    "places.tsv",
    "points.tsv",
    "regions.tsv",
    "towns.tsv",
)
DESK_TABLES = ("countries.tsv", "currencies.tsv", "places.tsv")
CODES = {"code", "admin", "geonames"}
CENTRAL_ASIA = ("KZ", "KG", "TJ", "UZ", "TM")


@pytest.fixture(scope="module")
def entries() -> tuple[Entry, ...]:
    return read().entries


def test_every_country_of_iso_3166_is_there_once(entries: tuple[Entry, ...]) -> None:
    codes = [entry.code for entry in entries if entry.kind == "country"]
    assert len(codes) == len(set(codes)) == 249
    assert {"KZ", "KG", "TJ", "UZ", "TM", "RU", "CN", "US", "GB"} <= set(codes)


def test_every_currency_in_use_is_there_once(entries: tuple[Entry, ...]) -> None:
    codes = [entry.code for entry in entries if entry.kind == "currency"]
    assert len(codes) == len(set(codes)) == 176
    assert {"KZT", "KGS", "TJS", "UZS", "TMT", "RUB", "USD", "EUR", "CNY"} <= set(codes)


def test_every_province_of_central_asia_is_there(entries: tuple[Entry, ...]) -> None:
    regions = (entry.country for entry in entries if entry.kind == "region")
    provinces = Counter(country for country in regions if country in CENTRAL_ASIA)
    assert provinces == {"KZ": 17, "KG": 7, "TJ": 4, "UZ": 13, "TM": 5}


def test_the_towns_of_central_asia_are_there(entries: tuple[Entry, ...]) -> None:
    places = (e for e in entries if e.kind == "place" and not e.is_minor)
    towns = Counter(e.country for e in places if e.country in CENTRAL_ASIA)
    assert towns == {"KZ": 35, "KG": 14, "TJ": 15, "UZ": 45, "TM": 13}


@pytest.mark.parametrize(
    ("code", "name", "country"),
    [
        ("1526384", "Almaty", "KZ"),
        ("1526273", "Astana", "KZ"),
        ("1521368", "Baikonur", "KZ"),
        ("1528675", "Bishkek", "KG"),
        ("1221874", "Dushanbe", "TJ"),
        ("1512569", "Tashkent", "UZ"),
        ("162183", "Ashgabat", "TM"),
        ("524901", "Moscow", "RU"),
    ],
)
def test_a_place_has_the_id_that_geonames_gave_it(
    entries: tuple[Entry, ...], code: str, name: str, country: str
) -> None:
    place = next(e for e in entries if (e.scheme, e.code) == ("geonames", code))
    assert (place.name, place.country) == (name, country)


def test_an_entry_has_one_code() -> None:
    codes = Counter((entry.scheme, entry.code) for entry in read().entries)
    assert [code for code, times in codes.items() if times > 1] == []


def test_a_name_belongs_to_one_entry_or_to_a_region_and_its_town(
    entries: tuple[Entry, ...],
) -> None:
    by_name: defaultdict[str, dict[str, Entry]] = defaultdict(dict)
    own = {row[key] for table in DESK_TABLES for row in _table(table) for key in CODES & {*row}}
    for entry in entries:
        if entry.code not in own:
            continue
        for name in (entry.name, *entry.names, *entry.adjectives):
            by_name[name][entry.code] = entry
    shared = {name: list(found.values()) for name, found in by_name.items() if len(found) > 1}
    kinds = {tuple(sorted(e.kind for e in found)) for found in shared.values()}
    assert kinds == {("place", "region")}
    assert all(len({e.country for e in found}) == 1 for found in shared.values())


def test_no_name_is_an_adjective_as_well(entries: tuple[Entry, ...]) -> None:
    names = {name for entry in entries for name in (entry.name, *entry.names)}
    assert names & {adjective for entry in entries for adjective in entry.adjectives} == set()


def test_coordinates_lie_on_the_globe(entries: tuple[Entry, ...]) -> None:
    spots = [entry for entry in entries if entry.kind in PLACE_KINDS]
    assert all(-90 <= entry.latitude <= 90 for entry in spots if entry.latitude is not None)
    assert all(-180 <= entry.longitude <= 180 for entry in spots if entry.longitude is not None)
    assert all(entry.latitude is not None and entry.longitude is not None for entry in spots)


def test_a_rule_other_than_never_stands_for_a_name_in_the_tables() -> None:
    gazetteer = read()
    known = set(matcher(gazetteer).patterns)
    assert [n for n, rule in gazetteer.rules if rule != "never" and n not in known] == []


def test_a_name_has_one_rule() -> None:
    names = Counter(name for name, _ in read().rules)
    assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("countries.tsv", ("code",)),
        ("currencies.tsv", ("code",)),
        ("places.tsv", ("country", "name")),
    ],
)
def test_a_table_is_sorted(table: str, key: tuple[str, ...]) -> None:
    def order(row: gazetteers.Row) -> tuple[str | bool, ...]:
        if row.get("kind") == "region":
            return (False, row["country"], row["admin"])
        return (True, *(row[column] for column in key))

    assert [(b, a) for a, b in pairwise(_table(table)) if order(b) < order(a)] == []


@pytest.mark.parametrize("table", TABLES)
def test_cells_hold_no_stray_blanks_and_no_name_twice(table: str) -> None:
    joined = [row for row in _table(table) if row.get("rule") != "joint"]
    cells = [cell.split("|") for row in joined for cell in row.values() if cell]
    names = [name for cell in cells for name in cell]
    assert [name for name in names if name != name.strip() or not name] == []
    assert [cell for cell in cells if len(cell) != len(set(cell))] == []


@pytest.mark.parametrize("table", ["countries.tsv", "currencies.tsv", "places.tsv"])
def test_english_names_are_latin_and_russian_ones_cyrillic(table: str) -> None:
    found = list(_table(table))
    english = [n for row in found for n in (row["name"] + "|" + row["names_en"]).split("|")]
    russian = [n for row in found if row["names_ru"] for n in row["names_ru"].split("|")]
    assert [n for n in english if any("а" <= letter <= "я" for letter in n.lower())] == []
    assert [n for n in russian if any("a" <= letter <= "z" for letter in n.lower())] == []


def test_a_row_of_the_wrong_width_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        list(rows("code\tname\nKZ\n"))


def test_comments_and_empty_lines_are_no_rows() -> None:
    assert list(rows("# a comment\ncode\tname\n\nKZ\tKazakhstan\n# another\n")) == [
        {"code": "KZ", "name": "Kazakhstan"}
    ]


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(ValueError, match=r"got 'maybe': see ambiguous\.tsv"):
        list(_rules(rows("rule\tnames\tnote\nmaybe\tOsh\t\n")))
