"""How the page of a job, and a note about a collection, count in words."""

import pytest

from tests.kit.builders import an_id
from tracker.admin import import_pages
from tracker.imports.flags import COMPARED, NO_ACT, REPEATS, THIRD_STATE, UNDATED
from tracker.management import import_report
from tracker.queries.scores.uncounted import MOST_CLAIMS, Uncounted, UncountedClaims


@pytest.mark.parametrize(
    ("undated", "repeats", "words"),
    [
        (1, 1, ["1 row without a date", "1 row that likely repeats claims on record, of 1,960"]),
        (
            1_204,
            1_204,
            [
                "1,204 rows without a date",
                "1,204 rows that likely repeat claims on record, of 1,960",
            ],
        ),
    ],
)
def test_rows_to_decide_on_are_counted(undated, repeats, words):
    marked = {UNDATED: undated, REPEATS: repeats, COMPARED: 1_960}

    said = [told.removesuffix(" that were compared") for _, told in import_pages.flags(marked)]

    assert said == words


def test_rows_whose_text_does_not_fit_have_no_choice():
    marked = {THIRD_STATE: 1, NO_ACT: 2, COMPARED: 9}

    assert list(import_pages.flags(marked)) == [
        ("", "1 row whose text names a third state"),
        ("", "2 rows whose text names no act"),
    ]
    assert list(import_report.flags(marked)) == [
        ("whose text names a third state", 1),
        ("whose text names no act", 2),
    ]


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        (1, "1 claim of the collection x is on record, but no lens counts it."),
        (2, "2 claims of the collection x are on record, but no lens counts them."),
        (
            MOST_CLAIMS + 1,
            "More than 1,000 claims of the collection x are on record, but no lens counts them.",
        ),
    ],
)
def test_claims_that_no_lens_counts_are_counted(claims, words):
    collection = Uncounted(id=an_id(1), name="x")

    assert UncountedClaims(collection=collection, claims=claims).says == words
