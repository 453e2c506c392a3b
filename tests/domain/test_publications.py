"""Sources and documents."""

from datetime import date

import pytest

from tests.kit.domain_builders import a_document
from tests.kit.tables import each
from tracker.domain.records import Source, dated


class TestASource:
    @each(
        ("ownership", "owned"),
        [
            ("state", True),
            ("ruling party", True),
            ("party", False),
            ("public", False),
            ("private", False),
            ("society", False),
            (None, False),
        ],
    )
    def test_is_state_owned_where_it_says_what_the_state_wants_said(self, ownership, owned):
        source = Source(kind="outlet", name="The Gazette", ownership=ownership)

        assert source.state_owned is owned


class TestADocumentsDate:
    @pytest.mark.parametrize(
        ("published", "day"),
        [
            ("2022-05-24", date(2022, 5, 24)),
            ("2022-05", date(2022, 5, 31)),
            ("[2022-05-20..2022-05-24]", date(2022, 5, 24)),
            (None, None),
        ],
    )
    def test_is_the_last_day_that_it_can_be_of(self, published, day):
        assert dated(a_document("newsletter", published)) == day
