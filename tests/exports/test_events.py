"""The log as a file, verified by somebody who has nothing but the file and what is said beside it.

The leaf and the words' hash are worked from the shapes with another library for canonical JSON.
"""

import csv
import hashlib
import io
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
import rfc8785

from tests.kit.builders import AT, BY, Desk, withhold_text
from tracker import log
from tracker.operations import claims

pytestmark = pytest.mark.django_db
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00Z")


@pytest.fixture
def a_log(desk: Desk) -> int:
    """A few events, of one the words are withheld; the last position."""
    gone = desk.asserts(summary='Әңгіме: "a name"', note="=1+1")
    claims.retract_claim(gone.stream, reason="a typo", expected=1, at=AT, by="=cmd")
    withhold_text(gone.position, reason="a name", authority="a court", at=AT, by=BY)
    return log.head().position


def leaf(one: dict[str, Any]) -> str:
    """SHA-256(0x00 ‖ JCS([log id, position, stream, version, kind, schema, µs, by, …]))."""
    micros = (datetime.fromisoformat(one["recorded_at"]) - EPOCH) // timedelta(microseconds=1)
    said: list[Any] = [str(log.head().log_id)]
    said += [one[name] for name in ("position", "stream", "version", "kind", "schema")]
    said += [micros, one["recorded_by"], hashlib.sha256(rfc8785.dumps(one["body"])).hexdigest()]
    return hashlib.sha256(b"\0" + rfc8785.dumps([*said, one["text_sha256"] or ""])).hexdigest()


def words_hash(one: dict[str, Any]) -> str:
    return hashlib.sha256(bytes.fromhex(one["salt"]) + rfc8785.dumps(one["words"])).hexdigest()


class TestEvents:
    def test_can_be_verified_elsewhere(self, a_log: int, lines):
        found = lines("events")

        assert [one["position"] for one in found] == list(range(1, a_log + 1))
        assert [leaf(one) for one in found] == [one["leaf_hash"] for one in found]
        spoken = [one for one in found if one["words"] is not None]
        assert spoken
        assert [words_hash(one) for one in spoken] == [one["text_sha256"] for one in spoken]

    def test_say_of_withheld_words_that_they_are(self, a_log: int, lines):
        (gone,) = (one for one in lines("events") if one["withheld"])

        assert (gone["kind"], gone["words"], gone["salt"]) == ("ClaimAsserted", None, None)
        assert len(gone["text_sha256"]) == 64

    def test_end_at_the_position_that_is_asked_for(self, a_log: int, lines):
        assert [one["position"] for one in lines("events", as_of=3)] == [1, 2, 3]
        assert lines("events", as_of=0) == []

    @pytest.mark.parametrize("page", [1, 2, 1_000])
    def test_are_all_there_however_they_are_read(self, a_log: int, page: int, lines, monkeypatch):
        monkeypatch.setattr("tracker.exports.events.PAGE", page)

        assert [one["position"] for one in lines("events")] == list(range(1, a_log + 1))

    def test_stand_in_a_table_with_the_same_values(self, a_log: int, lines, written):
        rows = csv.DictReader(io.StringIO(written("events", "csv").decode(), newline=""))

        for row, line in zip(rows, lines("events"), strict=True):
            assert row["recorded_by"].removeprefix("'") == line["recorded_by"]
            assert json.loads(row["body"]) == line["body"]
            assert (json.loads(row["words"]) if row["words"] else None) == line["words"]
            assert row["leaf_hash"] == line["leaf_hash"]
