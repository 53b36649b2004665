"""The shape of the tables of people, organisations, commodities, towns, endings and given names."""

import re
from collections import Counter, defaultdict
from importlib.resources import files
from itertools import pairwise

import pytest

PACKAGE = "services.enrichment.gazetteers"
LANGUAGES = ("kk", "ky", "uz", "uz_cyrl", "tg", "tk")
OTHERS = tuple(f"names_{language}" for language in LANGUAGES)
HEADERS = {
    "people.tsv": ("code", "name", "country", "role", "names_en", "names_ru", *OTHERS, "source"),
    "organisations.tsv": ("code", "name", "country", "kind", "names_en", "names_ru", *OTHERS),
    "commodities.tsv": ("code", "name", "rule", "names_en", "names_ru", *OTHERS),
    "cities.tsv": (
        *("geonames", "name", "country", "admin", "latitude", "longitude", "population"),
        *("names_en", "names_ru"),
    ),
    "names_other.tsv": ("scheme", "code", *OTHERS),
    "suffixes.tsv": ("language", "suffix"),
    "first_names.tsv": ("name", "language", "forms"),
}
CODED = ("people.tsv", "organisations.tsv", "commodities.tsv")
KINDS = {
    *("government", "parliament", "central_bank", "court", "security", "military", "party"),
    *("international", "ngo", "company", "bank", "airline", "airport", "university", "media"),
    *("club", "sport"),
}
LATIN, CYRILLIC = re.compile("[A-Za-z]"), re.compile("[А-Яа-яЁё]")


def lines(table: str) -> list[list[str]]:
    text = files(PACKAGE).joinpath(table).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if not line.startswith("#")]


def rows(table: str) -> list[dict[str, str]]:
    header, *body = lines(table)
    return [dict(zip(header, cells, strict=True)) for cells in body]


def names(row: dict[str, str]) -> list[str]:
    cells = [cell for column, cell in row.items() if column == "name" or column.startswith("names")]
    return [name for cell in cells for name in cell.split("|") if name]


@pytest.mark.parametrize(("table", "header"), HEADERS.items())
def test_a_table_has_its_columns_and_every_row_fills_them(
    table: str, header: tuple[str, ...]
) -> None:
    assert {tuple(line) for line in lines(table)[:1]} == {header}
    assert {len(line) for line in lines(table)} == {len(header)}


@pytest.mark.parametrize("table", HEADERS)
def test_cells_hold_no_stray_blanks_and_no_name_twice(table: str) -> None:
    cells = [cell.split("|") for row in rows(table) for cell in row.values() if cell]
    assert [name for cell in cells for name in cell if name != name.strip() or not name] == []
    assert [cell for cell in cells if len(cell) != len(set(cell))] == []


@pytest.mark.parametrize("table", CODED)
def test_a_code_is_a_slug_stands_once_and_sorts_the_table(table: str) -> None:
    codes = [row["code"] for row in rows(table)]
    assert [code for code in codes if not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", code)] == []
    assert [(b, a) for a, b in pairwise(codes) if b <= a] == []


@pytest.mark.parametrize("table", [*CODED, "cities.tsv"])
def test_a_name_belongs_to_one_row(table: str) -> None:
    key = "geonames" if table == "cities.tsv" else "code"
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows(table):
        for name in names(row):
            owners[name].add(row[key])
    assert {name: found for name, found in owners.items() if len(found) > 1} == {}


def test_no_name_stands_in_two_tables() -> None:
    owners = Counter(
        name
        for table in (*CODED, "cities.tsv", "places.tsv", "countries.tsv")
        for name in {name for row in rows(table) for name in names(row)}
    )
    assert {name for name, tables in owners.items() if tables > 1} == set()


@pytest.mark.parametrize("table", ["people.tsv", "organisations.tsv", "cities.tsv"])
def test_a_country_is_one_of_the_table_of_countries(table: str) -> None:
    known = {row["code"] for row in rows("countries.tsv")}
    found = {row["country"] for row in rows(table)}
    assert found - known == ({""} if table == "organisations.tsv" else set())


def test_an_organisation_is_of_a_known_kind() -> None:
    assert {row["kind"] for row in rows("organisations.tsv")} == KINDS


def test_a_person_has_a_role_and_a_source() -> None:
    assert [row["code"] for row in rows("people.tsv") if not row["role"] or not row["source"]] == []


def test_a_commodity_has_the_rule_commodity_or_none() -> None:
    found = {row["code"]: row["rule"] for row in rows("commodities.tsv")}
    assert set(found.values()) == {"", "commodity"}
    assert found["gold"] == found["silver"] == found["lead"] == "commodity"


@pytest.mark.parametrize("table", ["people.tsv", "organisations.tsv"])
@pytest.mark.parametrize("column", ["names_kk", "names_ky", "names_uz_cyrl", "names_tg"])
def test_a_cyrillic_column_holds_no_word_of_both_alphabets(table: str, column: str) -> None:
    found = [word for row in rows(table) for word in re.findall(r"\w+", row[column])]
    assert [word for word in found if LATIN.search(word) and CYRILLIC.search(word)] == []


@pytest.mark.parametrize("table", [*CODED, "names_other.tsv"])
@pytest.mark.parametrize("column", ["names_uz", "names_tk"])
def test_a_latin_column_holds_no_cyrillic_letter(table: str, column: str) -> None:
    assert [row[column] for row in rows(table) if CYRILLIC.search(row[column])] == []


@pytest.mark.parametrize(
    ("language", "ending"),
    [
        ("kk", "дағы"),
        ("kk", "ның"),
        ("ky", "дагы"),
        ("ky", "догу"),
        ("uz", "dagi"),
        ("uz_cyrl", "даги"),
        ("tk", "daky"),
        ("tk", "-niň"),
        ("tg", "ро"),
        ("tg", "ҳои"),
    ],
)
def test_the_endings_of_a_language_are_there(language: str, ending: str) -> None:
    assert {"language": language, "suffix": ending} in rows("suffixes.tsv")


def test_an_ending_is_of_a_language_with_names() -> None:
    assert {row["language"] for row in rows("suffixes.tsv")} == set(LANGUAGES)


def test_names_in_other_languages_are_of_rows_that_exist() -> None:
    known = {("iso3166", row["code"]) for row in rows("countries.tsv")}
    known |= {("iso4217", row["code"]) for row in rows("currencies.tsv")}
    for row in rows("places.tsv"):
        is_region = row["kind"] == "region"
        known.add(("iso3166-2", row["admin"]) if is_region else ("geonames", row["geonames"]))
    found = [(row["scheme"], row["code"]) for row in rows("names_other.tsv")]
    assert set(found) - known == set()
    assert len(found) == len(set(found))


def test_every_place_of_central_asia_has_a_row_of_names_in_other_languages() -> None:
    found = {(row["scheme"], row["code"]) for row in rows("names_other.tsv")}
    for row in rows("places.tsv"):
        if row["country"] not in {"KZ", "KG", "TJ", "UZ", "TM"}:
            continue
        is_region = row["kind"] == "region"
        key = ("iso3166-2", row["admin"]) if is_region else ("geonames", row["geonames"])
        assert key in found


def test_a_town_is_large_enough_and_not_in_the_table_of_places() -> None:
    towns = rows("cities.tsv")
    assert [row["name"] for row in towns if int(row["population"]) < 100_000] == []
    places = {row["geonames"] for row in rows("places.tsv")}
    assert [row["name"] for row in towns if row["geonames"] in places] == []


def test_coordinates_of_towns_lie_on_the_globe() -> None:
    towns = rows("cities.tsv")
    assert all(-90 <= float(row["latitude"]) <= 90 for row in towns)
    assert all(-180 <= float(row["longitude"]) <= 180 for row in towns)


@pytest.mark.parametrize(
    ("table", "code", "name"),
    [
        ("people.tsv", "sadyr-japarov", "Садыра Жапарова"),
        ("people.tsv", "kassym-jomart-tokayev", "Тоқаев"),
        ("people.tsv", "shavkat-mirziyoyev", "Mirziyoyev"),
        ("people.tsv", "emomali-rahmon", "Эмомалӣ Раҳмон"),
        ("people.tsv", "serdar-berdimuhamedov", "Serdar Berdimuhamedow"),
        ("organisations.tsv", "ministry-of-finance-of-kazakhstan", "Минфином Казахстана"),
        ("organisations.tsv", "ministry-of-finance-of-kazakhstan", "Kazakh Ministry of Finance"),
        ("organisations.tsv", "jogorku-kenesh", "Жогорку Кенеша"),
        ("organisations.tsv", "international-monetary-fund", "МВФ"),
        ("commodities.tsv", "cotton", "хлопка"),
    ],
)
def test_a_name_is_in_the_form_that_copy_has(table: str, code: str, name: str) -> None:
    assert name in names(next(row for row in rows(table) if row["code"] == code))


def test_a_surname_that_two_people_share_stands_alone_for_neither() -> None:
    found = {name for row in rows("people.tsv") for name in names(row)}
    assert (
        found & {"Berdimuhamedov", "Бердымухамедов", "Berdimuhamedow", "Aliyev", "Алиев"} == set()
    )


def test_given_names_are_600_or_more() -> None:
    assert len({row["name"] for row in rows("first_names.tsv")}) >= 600
