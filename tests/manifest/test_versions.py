"""Version expressions, against the truth table they were specified by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soarkit.manifest.versions import (
    VersionExpression,
    VersionExpressionError,
    equal_claims,
    matches,
    most_specific,
    parse,
)

VERSIONS = ("12", "12.0", "12.4.1", "121", "13.1", None)
TRUTH = {
    "EQ(*)": "yyyyyy",
    "EQ(12.*)": "yyynnn",
    "EQ(12.4.*)": "nnynnn",
    "NEQ(12.*)": "nnnyyy",
    "IN(12.*, 13.1)": "yyynyn",
    "NIN(12.*, 13.1)": "nnnyny",
}

segments = st.one_of(st.just("*"), st.from_regex(r"[a-z0-9_+\-]{1,4}", fullmatch=True))
patterns = st.lists(segments, min_size=1, max_size=4).map(tuple)
versions = st.one_of(
    st.none(), st.lists(st.from_regex(r"[a-z0-9]{1,3}", fullmatch=True), min_size=1, max_size=4).map(".".join)
)
expressions = st.one_of(
    st.builds(VersionExpression, st.sampled_from(["EQ", "NEQ"]), st.tuples(patterns)),
    st.builds(VersionExpression, st.sampled_from(["IN", "NIN"]), st.lists(patterns, min_size=1, max_size=3).map(tuple)),
)


@pytest.mark.parametrize(
    ("expression", "version", "fits"),
    [(text, version, row[at] == "y") for text, row in TRUTH.items() for at, version in enumerate(VERSIONS)],
)
def test_truth_table(expression: str, version: str | None, fits: bool) -> None:
    assert matches(expression, version) is fits


@pytest.mark.parametrize("blank", ["", "   "])
def test_a_blank_version_is_an_unknown_one(blank: str) -> None:
    assert matches("EQ(*)", blank)
    assert not matches("EQ(12.*)", blank)


@pytest.mark.parametrize("text", ["eq(12.*)", " EQ ( 12 . * ) ", "Eq(12.*)", "\tEQ(\n12.*)"])
def test_spaces_and_case_are_forgiven(text: str) -> None:
    assert parse(text) == parse("EQ(12.*)")


def test_case_of_versions_does_not_matter() -> None:
    assert matches("EQ(R80.*)", "r80.10")
    assert matches("EQ(r80.10)", " R80.10 ")


def test_a_star_in_the_middle_is_one_segment() -> None:
    assert matches("EQ(12.*.1)", "12.4.1")
    assert not matches("EQ(12.*.1)", "12.4.4.1")
    assert not matches("EQ(12.*.1)", "12.1")


@pytest.mark.parametrize(
    ("text", "column", "problem"),
    [
        ("", 1, "expected EQ, NEQ, IN or NIN"),
        ("GT(12)", 1, "found 'GT'"),
        ("EQ", 3, r"expected '\('"),
        ("EQ(12.*", 8, r"expected '\)' .*the text ends"),
        ("IN()", 4, "expected a version"),
        ("IN(1,)", 6, "expected a version"),
        ("EQ(1.*, 2.*)", 7, "a list of them needs IN"),
        ("NEQ(1.*, 2.*)", 8, "a list of them needs NIN"),
        ("EQ(12*)", 6, "stands alone"),
        ("EQ(1 2)", 6, "a dot is missing"),
        ("EQ(1..2)", 6, "expected a version"),
        ("EQ(1.)", 6, "expected a version"),
        ("EQ(*) and", 7, "nothing may follow"),
        ("EQ(12.$)", 7, "unexpected character"),
        ("12.*", 1, "found '12'"),
    ],
)
def test_anything_else_is_an_error_that_shows_the_position(text: str, column: int, problem: str) -> None:
    with pytest.raises(VersionExpressionError, match=problem) as caught:
        parse(text)
    assert caught.value.column == column
    assert f"at column {column}" in str(caught.value)


@given(st.text(max_size=30))
def test_any_text_is_an_expression_or_a_clear_error(text: str) -> None:
    try:
        parse(text)
    except VersionExpressionError as error:
        assert 1 <= error.column <= len(text) + 1


@given(expressions)
def test_an_expression_reads_back_from_its_text(expression: VersionExpression) -> None:
    assert parse(str(expression)) == expression


@given(expressions, versions)
def test_the_negative_functions_say_the_opposite(expression: VersionExpression, version: str | None) -> None:
    opposite = {"EQ": "NEQ", "NEQ": "EQ", "IN": "NIN", "NIN": "IN"}[expression.function]
    assert matches(expression, version) is not matches(expression._replace(function=opposite), version)


@given(st.lists(expressions, min_size=1, max_size=4), versions)
def test_no_version_is_undecided_where_no_two_claims_are_equal(
    claims: list[VersionExpression], version: str | None
) -> None:
    if not equal_claims(claims):
        assert len(most_specific(claims, version)) <= 1


@given(st.lists(expressions, min_size=2, max_size=4))
def test_equal_claims_name_a_version_that_shows_it(claims: list[VersionExpression]) -> None:
    for earlier, later, version in equal_claims(claims):
        assert {earlier, later} <= set(most_specific(claims, version))


@pytest.mark.parametrize(
    ("claims", "version", "winner"),
    [
        (["EQ(*)", "EQ(12.*)", "EQ(12.4.*)", "EQ(12.4.1)"], "12.4.1", 3),
        (["EQ(*)", "EQ(12.*)", "EQ(12.4.*)", "EQ(12.4.1)"], "12.4.2", 2),
        (["EQ(*)", "EQ(12.*)", "EQ(12.4.*)", "EQ(12.4.1)"], "12", 1),
        (["EQ(*)", "EQ(12.*)", "EQ(12.4.*)", "EQ(12.4.1)"], None, 0),
        (["NEQ(11.2.3)", "EQ(12.*)"], "12.1", 1),
        (["NIN(11.2.3, 4)", "IN(12.*, 13.*)"], "13", 1),
        (["IN(12.*, 13.1)", "EQ(13.*)"], "13.1", 0),
        (["EQ(*)", "NEQ(12.*)"], "13", 1),
        (["EQ(*)", "NEQ(12.*)"], "12.1", 0),
    ],
)
def test_the_most_specific_claim_wins(claims: list[str], version: str | None, winner: int) -> None:
    assert most_specific([parse(text) for text in claims], version) == [winner]


@pytest.mark.parametrize(
    ("claims", "equal"),
    [
        (["EQ(*)", "EQ(*)"], True),
        (["EQ(12.*)", "IN(12.*, 13.*)"], True),
        (["NEQ(12.*)", "NEQ(13.*)"], True),
        (["EQ(*.1)", "EQ(1.*)"], True),
        (["EQ(12.*)", "NEQ(12.*)"], False),
        (["EQ(12.*)", "EQ(*)"], False),
        (["IN(12.*, 13.*)", "NIN(12.*, 13.*)"], False),
    ],
)
def test_equal_claims(claims: list[str], equal: bool) -> None:
    assert bool(equal_claims([parse(text) for text in claims])) is equal
