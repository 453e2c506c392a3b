"""Refused rows leave nothing behind that a valid row would take over."""

import pytest

from tests.kit.builders import AT
from tests.kit.imports import BY_COLUMNS, take_in
from tests.kit.seeded import put_seed_on_record
from tracker import log
from tracker.imports.files import ImportOptions
from tracker.imports.formats import mappings

pytestmark = pytest.mark.django_db

BY_ADDRESS = BY_COLUMNS.replace(
    """title = {column = "title"}
date = "2022-05-24"
publisher = "The Gazette"
""",
    """url = {column = "url"}
date = {column = "published"}
publisher = {column = "publisher"}
""",
)
HEADER = "no,what,day,who,whom,title,says,url,published,publisher"


@pytest.fixture(autouse=True)
def countries():
    put_seed_on_record(AT)


def bring(*rows, mapping=BY_ADDRESS):
    data = "\n".join([HEADER, *rows, ""]).encode()
    return take_in(data, ImportOptions(mapping=mappings.read(mapping)), name="t.csv")


class TestARefusedRow:
    @pytest.mark.parametrize(
        "refused",
        [
            "1,A,2022-05-11,RUS,KAZ,,,https://a.example/1,someday,Alpha",
            "1,A,2022-05-11,RUS,Nowhere,,,https://a.example/1,2022-05-12,Alpha",
        ],
    )
    def test_does_not_describe_the_document_of_a_valid_one(self, refused):
        before = log.head().position
        taken = bring(refused, "2,B,2022-05-11,RUS,KAZ,,,https://a.example/1,2022-05-20,Beta")

        assert taken.report.counts["new"] == taken.report.counts["refused"] == 1
        recorded = log.read(after=before, limit=50)
        names = {
            one.stream: one.decoded().source.name
            for one in recorded
            if one.kind == "SourceDescribed"
        }
        [document] = [one.decoded().document for one in recorded if one.kind == "DocumentDescribed"]
        assert names == {document.source: "Beta"}
        assert document.date == "2022-05-20"
