"""The article's 52 claims through the API: whatever a row says can be read there."""

from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.db import transaction

from tests.kit.api_client import api_with, same
from tests.kit.builders import a_token
from tests.kit.seeded import put_seed_on_record
from tracker.domain import codec
from tracker.queries.records import states

pytestmark = pytest.mark.django_db
AT = datetime(2022, 5, 25, tzinfo=UTC)


@pytest.fixture(scope="module")
def read(django_db_setup, django_db_blocker):
    """The seed, entered and read once for all tests of this file, then rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        put_seed_on_record()
        api = api_with(a_token("read"))
        listed = api.get("claims/", limit=1000)["results"]
        alone = [api.get(f"claims/{one['id']}/") for one in listed]
        histories = {one["key"]: api.get(f"claims/{one['id']}/history/") for one in listed}
        written = states.claims([UUID(one["id"]) for one in listed], at=None)
        transaction.set_rollback(True)
    return SimpleNamespace(listed=listed, alone=alone, histories=histories, written=written)


@pytest.fixture
def rows(read):
    """The claims by the number of their row."""
    return {int(one["key"]): one for one in read.listed}


class TestTheArticle:
    def test_is_there_in_full(self, read, rows):
        assert sorted(rows) == list(range(1, 53))
        for state in read.written.values():
            written = codec.plain(state.claim)
            row = rows[int(written["key"])]
            assert same(row, written) == written
            verdicts = [codec.plain(one) for one in state.verdicts]
            assert same(row["verdicts"], verdicts) == verdicts

    def test_is_there_alone_as_in_the_list(self, read):
        assert read.alone == read.listed

    def test_has_a_chain_by_its_names_back_to_one_root(self, rows):
        (citation,) = rows[26]["citations"]

        assert [(one["name"], one["grade"]) for one in citation["provenance"]] == [
            ("The China-Russia Report", "C"),
            ("The New York Times", "B"),
            ("Check Point", "B"),
        ]

    def test_has_the_correction_of_row_36_as_a_correction(self, read):
        history = read.histories["36"]["events"]

        kinds = [step["event"]["kind"] for step in history]
        assert "ClaimCorrected" in kinds
        assert history[kinds.index("ClaimCorrected")]["changes"]
