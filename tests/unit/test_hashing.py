from __future__ import annotations

import pytest

from shared.hashing import event_id, normalised, sha256, text_hash

HEADLINE = "Tenge firms"
PARAGRAPHS = ("ALMATY, Kazakhstan — The tenge rose.", "Traders said so.")


def test_a_sha256_is_lower_case_hex() -> None:
    assert sha256(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Two\t spaces\u00a0and\n lines ", "two spaces and lines"),
        ("“Quoted” «так» ‘x’ it’s", '"quoted" "так" \'x\' it\'s'),
        ("en – em — minus − hyphen ‑", "en - em - minus - hyphen -"),
        ("soft\u00adhyphen zero\u200bwidth \ufeffmark", "softhyphen zerowidth mark"),
        ("Орёл ОРЁЛ", "орел орел"),
        ("ﬁne ５ km²", "fine 5 km2"),
        ("", ""),
    ],
)
def test_typography_does_not_count(text: str, expected: str) -> None:
    assert normalised(text) == expected


@pytest.mark.parametrize("text", ["a.b", "1,000", "Oʻzbekiston", "не"])
def test_letters_digits_and_punctuation_count(text: str) -> None:
    assert normalised(text) == text.lower()


def test_how_paragraphs_are_cut_does_not_count() -> None:
    whole = text_hash(HEADLINE, PARAGRAPHS)

    assert text_hash(HEADLINE, [" ".join(PARAGRAPHS)]) == whole
    assert text_hash("TENGE FIRMS", [p.replace("—", "-") for p in PARAGRAPHS]) == whole


def test_words_and_their_order_count() -> None:
    whole = text_hash(HEADLINE, PARAGRAPHS)

    assert text_hash(HEADLINE, PARAGRAPHS[::-1]) != whole
    assert text_hash(HEADLINE, [PARAGRAPHS[0].replace("rose", "fell"), PARAGRAPHS[1]]) != whole


def test_the_same_text_has_the_same_hash_for_ever() -> None:
    assert text_hash(HEADLINE, PARAGRAPHS) == (
        "d3930dd758303aef7185c82a9b2b41ef4c19625d3fc9c89e9fcb1a5b19b91891"
    )


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (
            ("articles", "urn:newswire:article:0b8e", 1, "abc"),
            "d3c25a2e-922a-57c9-9a9e-dac14957bfa2",
        ),
        (
            ("articles", "urn:newswire:article:0b8e", 2, "abc"),
            "6a208811-ad45-578c-9817-ba97fc59380e",
        ),
        (("wire", "Қазақстан"), "330e2a08-a9cf-51ed-b2d3-ac464c475dac"),
        ((), "1d1ae47b-e6c0-5056-8e9a-5ddc349d9d23"),
    ],
)
def test_the_same_parts_are_the_same_event_for_ever(
    parts: tuple[str | int, ...], expected: str
) -> None:
    assert event_id(*parts) == expected
    assert event_id(*map(str, parts)) == expected


def test_parts_do_not_run_into_each_other() -> None:
    assert event_id("ab", "c") != event_id("a", "bc")
    assert event_id("a", "b") != event_id("b", "a")
