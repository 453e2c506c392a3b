"""What a page does not tell as history: the days after the last report."""

import re
from html import unescape

import pytest

from tests.kit.texts import text_of
from tracker.domain.claims import Occurred

pytestmark = pytest.mark.django_db
PAGE = "/pairs/KAZ-RUS/"


@pytest.fixture
def war(desk, scored):
    """A situation since February, last reported by the desk's document of 24 May 2022."""
    desk.asserts(
        kind="situation",
        summary="Russia is at war.",
        code="plover-2.0/ASSAULT",
        occurred=Occurred(edtf="2022-02-24/.."),
    )
    scored()
    return desk


class TestTheNewestReport:
    def test_is_named_and_nothing_is_said_of_the_end_of_the_model(self, client, war):
        """24 May 2022 and 180 days are 20 November."""
        said = text_of(client.get(PAGE, {"day": "2024-05-01"}))

        assert "were at war in the last report up to that day, of 24 May 2022." in said
        assert "last reported 24 May 2022; no later source on file" in said
        assert "20 Nov" not in said
        assert "November 2022" not in said
        assert "goes on" not in said

    def test_ends_the_solid_line(self, client, war):
        text = client.get(PAGE, {"day": "2024-05-01"}).text

        assert "line_unreported" in text
        assert "Dashed after the last source, dated 24 May 2022." in unescape(text)

    def test_leaves_the_line_solid_up_to_a_picture_that_ends_before_it(self, client, desk, scored):
        desk.asserts(occurred=Occurred(edtf="2022-01-10"))
        scored()

        text = client.get(PAGE, {"day": "2022-03-01"}).text

        assert "line_unreported" not in text
        assert "Dashed after" not in text
        assert "Last reported" not in text


class TestOneFigureForOneThing:
    def test_is_written_to_a_tenth_in_sentences_and_headings(self, client, war):
        text = client.get(PAGE, {"day": "2024-05-01"}).text
        sentences = re.findall(r"<(p|h1|h2|figcaption)\b[^>]*>(.*?)</\1>", text, re.DOTALL)
        said = [re.sub(r"<strong.*?</strong>", "", one) for _, one in sentences]

        assert not [one for one in said if re.search(r"[−+]\d\.\d\d", one)]

    def test_is_written_on_the_line_only_where_it_ends_on_the_day_of_the_page(
        self, client, desk, scored
    ):
        """A tone of March 2022 fades; a picture that ends before its day has another value."""
        desk.asserts(occurred=Occurred(edtf="2022-03-10"))
        scored()

        late, early = (
            client.get(PAGE, {"day": day, "lens": "tone"}).text
            for day in ("2024-05-01", "2022-06-08")
        )
        assert "value_marks" not in late
        assert "value_marks" in early


class TestAClaimDatedByMonth:
    def test_shows_its_month_and_no_day(self, client, desk, scored):
        desk.asserts(occurred=Occurred(edtf="2022-03"))
        scored()

        said = text_of(client.get(PAGE, {"day": "2024-05-01"}))

        assert "in March 2022 · 65 % sure" in said
        assert "31 Mar 2022" not in said
