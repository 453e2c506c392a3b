"""Stories are files: each page shows its texts, with figures of the database as known then."""

import re
from html import unescape
from pathlib import Path

import pytest

from tests.kit.background_work import work_off
from tests.kit.builders import AT, BY, a_desk
from tests.kit.pulls import still_parameters
from tests.kit.texts import text_of
from tracker.domain.claims import Occurred
from tracker.operations import claims
from tracker.pages import stories
from tracker.pages.stories import BadStory

pytestmark = pytest.mark.django_db
FILE = """
title: A sanction and an agreement
lead: Two steps.
collection: curated
document: a-letter
countries: [CHN, KAZ, RUS]
lens: standing@1
steps:
  - heading: A sanction
    text: Russia sanctions Kazakhstan.
    pair: RUS-KAZ
    day: 2022-05-11
    claim: {claim}
  - heading: Silence
    text: Nothing more.
    pair: CHN-KAZ
    day: 2022-05-24
    claim: {claim}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(stories, "FOLDER", tmp_path)
    stories.stories.cache_clear()
    yield tmp_path
    stories.stories.cache_clear()


@pytest.fixture
def desk(db):
    """A record on which nothing happens unreported: see `still_parameters`."""
    return a_desk(level=still_parameters())


@pytest.fixture
def told(desk, folder):
    """A story of two steps whose claim is on record."""
    code = "plover-2.0/SANCTION/discontinue"
    claim = desk.asserts("RUS", "KAZ", code=code, summary="Oil was stopped.").stream
    (folder / "oil.yaml").write_text(FILE.format(claim=claim), encoding="utf-8")
    work_off()
    return claim


class TestAStory:
    def test_is_listed_and_shown(self, client, told):
        assert 'href="/stories/oil/"' in client.get("/stories/").text
        text = text_of(client.get("/stories/oil/"))

        assert "1. A sanction" in text
        assert "Russia sanctions Kazakhstan." in text
        assert "Oil was stopped." in text
        assert "2. Silence" in text

    def test_has_its_figures_from_the_record(self, client, told):
        """One root with .9435 reports a sanction of −.6, so −.57; without it nothing moved."""
        text = text_of(client.get("/stories/oil/"))

        assert (
            "KAZ and RUS : ▼ worse, one source reports: −0.6 since May 2022"
            " (90 % interval −0.6 to 0.0)"
        ) in text
        assert "We take it for true with a probability of 94 %. It goes back to" in text
        assert (
            "Without this report nothing on file would have moved the relation by 11 May 2022."
            in text
        )
        assert "? no reported act" in text
        assert "One reported act between the two, by either of them, would be the first." in text

    def test_marks_the_claim_on_the_chart(self, client, told):
        wide = client.get("/stories/oil/").text.partition('id="step-2"')[0]

        assert re.search(r'class="mark worse".*?<title>Oil was stopped\.</title>', wide)

    def test_stays_as_it_was_known(self, client, desk, told):
        before = client.get("/stories/oil/").content
        desk.asserts("RUS", "KAZ", occurred=Occurred(edtf="2022-05-10"))
        claims.correct_claim(
            told, desk.claim(summary="Gas was stopped."), reason="no", expected=1, at=AT, by=BY
        )
        work_off()

        answer = client.get("/stories/oil/")

        assert answer.content == before
        frozen = unescape(re.search(r'href="(/pairs/KAZ-RUS/\?\S+?)"', answer.text)[1])
        assert "as_of=" in frozen
        assert "day=2022-05-11" in frozen
        assert "lens=standing%401" in frozen
        assert client.get(frozen).status_code == 200

    def test_is_offered_on_the_first_page(self, client, told):
        page = " ".join(client.get("/").text.split())

        assert '<a href="/stories/oil/"> A story to begin with, in 2 steps </a>' in page

    def test_is_not_told_where_a_claim_is_not_on_record(self, client, desk, folder):
        (folder / "oil.yaml").write_text(FILE.format(claim="7"), encoding="utf-8")

        assert "A story to begin with" not in client.get("/").text
        assert "No story is on record." in text_of(client.get("/stories/"))
        assert client.get("/stories/oil/").status_code == 404
        assert "/stories/oil/" not in client.get("/sitemap-stories.xml").text


class TestAFile:
    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("title: Alone", "the field collection is missing"),
            (FILE.format(claim="7").replace("day: 2022-05-11", "day: soon"), "is not a day"),
            (
                FILE.format(claim="7").replace("    pair: RUS-KAZ\n", ""),
                "the field pair is missing",
            ),
            ("[", "broken.yaml"),
        ],
    )
    def test_with_a_fault_is_refused_by_name(self, tmp_path, text, says):
        file = tmp_path / "broken.yaml"
        file.write_text(text, encoding="utf-8")

        with pytest.raises(BadStory, match=says):
            stories.read(file)

    def test_of_ours_has_no_figures_in_its_text(self):
        for file in Path(stories.FOLDER).glob("*.yaml"):
            for step in stories.read(file).steps:
                assert not re.search(r"[−+-]?\d+[.,]\d|\d\s?%", step.text), step.heading
