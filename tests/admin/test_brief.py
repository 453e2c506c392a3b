"""The desk's way to the brief of a pair or a triangle."""

import re

import pytest

from tests.kit.builders import an_actor, on_record
from tracker.domain.records import Name

pytestmark = pytest.mark.django_db
BRIEF = "/admin/desk/claim/brief/"


@pytest.mark.parametrize(
    ("countries", "path"),
    [
        ("Uzbekistan, KAZ", "/pairs/KAZ-UZB/"),
        ("RUS-CHN-KAZ", "/triads/CHN-KAZ-RUS/"),
    ],
)
def test_leads_to_the_files_of_the_page(ann, desk, countries, path):
    on_record(an_actor("UZB", names=(Name(text="Uzbekistan"),)))

    page = ann.get(BRIEF, {"countries": countries, "day": "24 May 2022", "as_of": "12"})

    query = r"\?day=2022-05-24&amp;as_of=12"
    found = re.findall(rf'href="{path}(\S*?){query}"', page.text)
    assert found == ["brief.docx", "brief.md", ""]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"countries": "KAZ"}, "two or three countries"),
        ({"countries": "KAZ-KAZ"}, "two or three countries"),
        ({"countries": "KAZ-RUS", "day": "24 May"}, "is not a date: which year?"),
        ({"countries": "KAZ-RUS", "day": "May 2022"}, "write one day"),
        ({"countries": "KAZ, Nobody at all"}, "no actor on record is called"),
        ({"countries": "KAZ-RUS", "as_of": "soon"}, "write the number of a log entry"),
    ],
)
def test_says_what_cannot_be_read(ann, desk, query, says):
    page = ann.get(BRIEF, query)

    assert page.status_code == 200
    assert says in page.text


def test_is_nothing_before_anything_is_asked(ann):
    assert "Write the brief" in ann.get(BRIEF).text
