"""Bringing a file at the desk: it is looked at first, and then loaded."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.kit.builders import AT, BY, an_actor
from tests.kit.desk_uploads import ADD, EMPTY, FILE, SAMPLES, a_file, about, brought, last
from tests.kit.imports import claims
from tests.kit.jobs import work
from tracker import log
from tracker.domain.records import Name
from tracker.imports import queries, spool
from tracker.operations import actors

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("spool")]


@pytest.fixture
def states(db):
    for code, name in (("CHN", "China"), ("KAZ", "Kazakhstan"), ("RUS", "Russia")):
        actor = an_actor(code, names=(Name(text=name),), aliases=("PRC",) * (code == "CHN"))
        actors.describe_actor(actor, at=AT, by=BY)


class TestBringing:
    def test_looks_at_the_file_first(self, ann):
        page = brought(ann, file=a_file(FILE))
        assert "Waiting for a worker." in ann.get(page).text
        work()

        text = ann.get(page).text

        says = "Nothing is written yet. 3 claims would be added; 1 row is refused"
        assert says in text
        assert "gdelt-1" in text
        assert "20160732" in text
        assert "What its rows would become" in text
        assert "2016-07-03" in text
        assert "Load it" in text
        assert log.head().position == 0
        assert (last().by, last().dry) == ("ann", True)

    def test_loads_it_in_the_name_of_who_did_and_shows_what_came_of_it(self, ann):
        brought(ann, file=a_file(FILE))
        work()

        page = ann.post(about("load"))["Location"]
        work()

        assert len(claims()) == 3
        assert log.at(1).recorded_by == "ann"
        text = ann.get(page).text
        assert "Done: 3 claims added, 1 row refused." in text
        assert "machine-gdelt-1" in text
        assert "Withdraw this import" in text
        assert "Load it" not in text

    def test_takes_a_table_of_office_holders(self, ann, states):
        table = b"name,country,sector,from,to\nJo Doe,KAZ,government,2010-05-01,\nx,y,z,1,\n"
        check = brought(ann, file=a_file(table, "offices.csv"))
        work()
        assert "1 term would be added; 1 row is refused" in ann.get(check).text

        page = ann.post(about("load"))["Location"]
        work()

        text = ann.get(page).text
        assert "Done: 1 term added, 1 row refused." in text
        assert "Withdraw this import" not in text

    def test_takes_a_pasted_table_with_a_mapping_and_offers_the_mapping_again(self, ann, states):
        table = (SAMPLES / "steppe.csv").read_text()
        mapping = a_file((SAMPLES / "steppe.toml").read_bytes(), "steppe.toml")

        brought(ann, table=table, mapping=mapping)
        work()
        # One of the nine is dated after the day of entry.
        assert (last().state, last().file_name, last().counts["new"]) == ("done", "pasted table", 8)
        before = str(last().id)
        assert "steppe-sample: pasted table" in ann.get(ADD).text
        brought(ann, file=a_file(table.encode(), "steppe.csv"), as_before=before)
        work()

        assert (last().file_name, last().counts["new"]) == ("steppe.csv", 8)

    def test_keeps_the_ends_of_pasted_lines(self, ann, states):
        """Cells at the end of the last row may be empty."""
        rows = (SAMPLES / "steppe.csv").read_text().strip().splitlines()
        table = "\n".join(row.replace(",", "\t") for row in ["a,b", "1,"])

        brought(ann, table=table + "\n")

        assert spool.upload_of(last().id).read_text() == "a\tb\n1\t\n"
        assert rows


class TestTheForm:
    @pytest.mark.parametrize(
        ("fields", "says"),
        [
            ({}, "choose a file, or paste a table"),
            ({"file": a_file(FILE), "table": "a"}, "choose a file, or paste a table; not both"),
            ({"file": a_file(b"")}, "empty"),
            ({"table": "a", "mapping": a_file(b"kind = 1")}, "collection.name: is missing"),
            ({"table": "a", "mapping": a_file(b"\xff")}, "is not UTF-8"),
            (
                {
                    "table": "a",
                    "format": "icews",
                    "mapping": a_file((SAMPLES / "steppe.toml").read_bytes()),
                },
                "leave this empty: mapping is given",
            ),
            ({"table": "a", "format": "acled"}, "acled"),
        ],
    )
    def test_says_what_does_not_fit_and_keeps_nothing(self, ann, settings, fields, says):
        for one in fields.values():
            if isinstance(one, SimpleUploadedFile):
                one.seek(0)

        answer = ann.post(ADD, EMPTY | fields)

        assert answer.status_code == 200
        assert says in answer.text
        assert queries.listing(limit=1) == []
        folder = Path(settings.SPOOL_FOLDER)
        assert not folder.exists() or list(folder.iterdir()) == []

    def test_says_that_a_file_is_too_large(self, ann, settings):
        settings.SPOOL_MOST_BYTES = 10

        answer = ann.post(ADD, EMPTY | {"file": a_file(FILE)})

        assert answer.status_code == 413
        assert "at most 10 bytes are accepted" in answer.text
        assert list(Path(settings.SPOOL_FOLDER).iterdir()) == []

    def test_says_that_a_pasted_table_is_too_large(self, ann, settings):
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000

        answer = ann.post(ADD, EMPTY | {"table": "x" * 2_000})

        assert answer.status_code == 413

    def test_is_not_forged_from_elsewhere(self, ann, settings):
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = ann.cookies

        answer = strict.post(ADD, EMPTY | {"file": a_file(FILE)})

        assert answer.status_code == 403
        assert queries.listing(limit=1) == []
        assert not Path(settings.SPOOL_FOLDER).exists()

    def test_is_taken_with_its_token(self, ann):
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = ann.cookies
        strict.get(ADD)
        token = strict.cookies["csrftoken"].value

        answer = strict.post(ADD, EMPTY | {"file": a_file(FILE), "csrfmiddlewaretoken": token})

        assert answer.status_code == 302
