"""The pages of documents, sources, countries, shifts, editions, the method and the site's state,
now and as of a past moment."""

import re
from datetime import UTC, date, datetime
from html import unescape

import pytest
import time_machine

from tests.kit.builders import AT, BY, a_citation, a_document, a_source, rate
from tests.kit.seals import sign_all
from tests.kit.texts import text_of
from tracker import log
from tracker.domain import records
from tracker.domain.records import Actor, Membership, Name, Party
from tracker.models.seals import SealHead
from tracker.operations import actors, claims, editions, sources
from tracker.pages import site_pages
from tracker.queries import moment

pytestmark = pytest.mark.django_db


class TestADocument:
    def test_lists_what_is_taken_from_it_and_leads_to_its_source(self, client, desk):
        desk.asserts(summary="Russia closed a pipeline.")

        answer = client.get(f"/documents/{desk.document}/")

        assert "Russia closed a pipeline." in text_of(answer)
        assert f'href="/sources/{desk.source}/"' in answer.text
        assert "described by the desk" in text_of(answer).lower()

    def test_of_nothing_is_not_found(self, client, desk):
        assert client.get(f"/documents/{desk.source}/").status_code == 404


class TestAnOrganisation:
    def describe(self, desk, *codes, **given):
        memberships = tuple(
            Membership(
                country=desk.countries[code], since="2015-01-02", document=desk.document, **given
            )
            for code in codes
        )
        left = Membership(country=desk.countries["CHN"], until="2019", document=desk.document)
        names = (Name(text="The Union"),)
        body = Actor(kind="organisation", names=names, memberships=(left, *memberships))
        return actors.describe_actor(body, at=AT, by="ann").stream

    def test_lists_its_members_with_days_and_documents(self, client, desk):
        union = self.describe(desk, "KAZ")

        answer = client.get(f"/organisations/{union}/")

        said = text_of(answer)
        assert "An act of this organisation upon a state counts for its members" in said
        assert "KAZ 2 January 2015 A report CHN 2019 A report" in said
        assert f'href="/documents/{desk.document}/"' in answer.text

    def test_shows_who_is_suspended(self, client, desk):
        union = self.describe(desk, "KAZ", status="suspended")

        assert "KAZ , suspended" in text_of(client.get(f"/organisations/{union}/"))

    def test_without_members_or_with_too_many_acts_for_none(self, client, desk, monkeypatch):
        names = (Name(text="A court"),)
        court = actors.describe_actor(
            Actor(kind="organisation", names=names), at=AT, by="ann"
        ).stream
        union = self.describe(desk, "KAZ")
        monkeypatch.setattr(records, "MOST_REPRESENTED", 1)

        assert "No memberships are on record" in text_of(client.get(f"/organisations/{court}/"))
        assert "members: what it does moves no" in text_of(client.get(f"/organisations/{union}/"))

    def test_is_none_if_it_is_another_record(self, client, desk):
        for record in (desk.countries["KAZ"], desk.document):
            assert client.get(f"/organisations/{record}/").status_code == 404

    def test_is_listed_on_the_page_of_its_member(self, client, desk, scored):
        union = self.describe(desk, "KAZ")
        scored()

        answer = client.get("/actors/KAZ/")

        assert "The Union 2 January 2015 A report" in text_of(answer)
        assert f'href="/organisations/{union}/"' in answer.text
        assert "Member of" not in text_of(client.get("/actors/RUS/"))

    def test_is_named_on_the_page_of_its_claim(self, client, desk, scored):
        union = self.describe(desk, "KAZ")
        parties = (
            Party(actor=union, role="initiator"),
            Party(actor=desk.countries["RUS"], role="recipient"),
        )
        claim = desk.asserts(parties=parties).stream
        scored()

        answer = client.get(f"/claims/{claim}/")

        said = text_of(answer)
        assert "Organisations act for 1 member" in said
        assert "Through The Union: KAZ, a member since 2 January 2015" in said
        assert f'(<a href="/documents/{desk.document}/">A report</a>)' in answer.text


class TestASource:
    def test_says_its_grades_in_words_and_its_record(self, client, desk):
        said = text_of(client.get(f"/sources/{desk.source}/"))

        assert "C fairly reliable" in said
        assert "0 resolved forecasts. 20 more are needed" in said
        assert "A report" in said

    def test_lists_what_others_pass_on(self, client, desk):
        root = sources.describe_source(a_source(name="Far Herald"), at=AT, by="ann").stream
        desk.asserts(
            summary="It was said afar.", citations=(a_citation(desk.document, chain=(root,)),)
        )

        assert "It was said afar." in text_of(client.get(f"/sources/{root}/"))


class TestACountry:
    def test_draws_its_neighbours_and_lists_them(self, client, desk, scored):
        desk.asserts("RUS", "KAZ")
        desk.asserts("CHN", "RUS")
        scored()

        answer = client.get("/actors/rus/")

        assert answer.text.count('class="open_marks"') == 2
        assert 'href="/pairs/CHN-RUS/"' in answer.text
        assert "No change we can be sure of in the relations of RUS with 2 countries." in text_of(
            answer
        )

    def test_has_arrows_in_list_and_picture_for_half_a_point_that_is_sure(
        self, client, desk, scored
    ):
        """By a source graded A an act has a p of .97. Agreement adds .3 points, a sanction takes
        .6."""
        rate(desk.source, "A")
        desk.asserts("CHN", "RUS", code="plover-2.0/AGREE")
        desk.asserts("RUS", "KAZ", code="plover-2.0/SANCTION")
        scored()

        text = client.get("/actors/RUS/", {"show": "movement", "day": "2022-05-25"}).text

        assert '<span class="number">+0.3</span> <span class="quiet">(' in text
        assert '<span class="number worse">▼ −0.6</span> <span class="quiet">(' in text
        assert 'class="better_marks"' not in text
        assert (text.count('class="worse_marks"'), text.count('class="open_marks"')) == (2, 2)

    @pytest.mark.parametrize("code", ["XXX", "kzz"])
    def test_that_is_none_is_not_found(self, client, desk, code):
        assert client.get(f"/actors/{code}/").status_code == 404

    def test_of_which_nothing_is_known_says_so(self, client, desk, scored):
        scored()

        assert "Nothing on record moves a relation of KAZ." in text_of(client.get("/actors/KAZ/"))


class TestMachineCodedRows:
    def test_are_called_so_and_never_incidents(self, client, desk, wire, scored):
        row = desk.asserts(collection=wire, summary="Criticize or denounce").stream
        scored()

        said = text_of(client.get(f"/claims/{row}/"))

        assert "A machine-coded row of wire" in said
        assert "incident" not in said.lower()


class TestShifts:
    def test_says_that_nothing_shifted(self, client, desk, scored):
        desk.asserts()
        scored()

        with time_machine.travel("2024-05-01T12:00:00Z", tick=False):
            said = text_of(client.get("/shifts/"))

        assert "No major change in the year to 1 May 2024." in said
        assert "Something was done." in said


class TestEditions:
    def test_are_listed_and_each_can_be_read(self, client, desk, scored):
        desk.asserts()
        scored()
        before = text_of(client.get("/editions/"))
        editions.publish(
            "standing", date(2024, 5, 1), at=datetime(2024, 5, 2, 3, tzinfo=UTC), as_of=moment.now()
        )

        listed = client.get("/editions/")
        one = client.get("/editions/standing@1/2024-05-01/")

        assert "There are no editions yet" in before
        assert 'href="/editions/standing@1/2024-05-01/"' in listed.text
        assert "The scores of 1 pair of countries" in text_of(one)
        assert re.search(r"SHA-256 [0-9a-f]{64}", text_of(one))
        assert 'href="/pairs/KAZ-RUS/?lens=standing%401' in one.text

    @pytest.mark.parametrize("path", ["standing/2001-01-01/", "rosy/2024-05-01/", "standing/soon/"])
    def test_that_are_none_are_not_shown(self, client, desk, path):
        assert client.get(f"/editions/{path}").status_code in (400, 404)


class TestTheMethod:
    def test_is_the_text_of_the_project(self, client):
        answer = client.get("/method/")

        for line in site_pages.METHOD.read_text(encoding="utf-8").splitlines():
            if line.startswith("## "):
                assert line.removeprefix("## ") in unescape(answer.text)
        assert "simple sums of what was reported, A/(B + κ)" in answer.text
        assert 'href="decisions/' not in answer.text

    def test_takes_no_html_and_links_nowhere_else_in_the_project(self):
        html = site_pages.render_markdown(
            "# A\n\n<b>no</b> [there](there.md) [far](https://e.org/)\n\n## B c\n"
        )

        assert "<b>" not in html
        assert "there.md" not in html
        assert 'href="https://e.org/"' in html
        assert '<h2 id="b-c">' in html


class TestTheStatus:
    def test_says_what_waits_and_then_that_all_is_there(self, client, desk, scored):
        desk.asserts()
        before = text_of(client.get("/status/"))
        scored()
        after = text_of(client.get("/status/"))

        assert "The scores are being updated" in before
        assert "Every claim on record is in the scores." in after
        assert "Last edition none yet" in after
        assert "Last audit none yet" in after
        assert "Seal of the log 0 events, not signed yet" in after

    def test_says_how_far_the_log_is_signed(self, client, desk):
        sign_all()

        page = text_of(client.get("/status/"))
        assert "Seal of the log 10 events , signed on 1 May 2024" in page

    def test_says_first_that_the_log_is_another_one(self, client, desk):
        SealHead.objects.update(alarm="a backup was restored", alarmed_at=AT)

        answer = client.get("/status/")
        assert "The log cannot be sealed any further: this needs attention." in text_of(answer)
        assert "a backup was restored" in text_of(answer)


@pytest.fixture
def then(desk, scored):
    """A record of one claim, by the claim's id, and where the log ended."""
    claim = desk.asserts("RUS", "KAZ", summary="Russia closed a pipeline.").stream
    scored()
    return claim, log.head().position


@pytest.fixture
def later(desk, then, scored):
    """What is written after that, to everything that there was."""

    def write():
        claims.retract_claim(then[0], reason="a slip", at=AT, by=BY)
        desk.asserts("CHN", "RUS", summary="China built a bridge.")
        desk.asserts("KAZ", "CHN", summary="Kazakhstan opened a road.")
        rate(desk.source, "A")
        sources.describe_document(
            a_document(desk.source, title="Another title"),
            at=AT,
            by=BY,
            document_id=desk.document,
        )
        sources.describe_source(a_source(name="The Herald"), at=AT, by=BY, source_id=desk.source)
        scored()

    return write


def main_part(answer):
    assert answer.status_code == 200
    return answer.text.partition("<main")[2].partition("</main>")[0]


class TestEveryPageThen:
    @pytest.mark.parametrize("which", ["actor", "document", "source", "claim"])
    def test_is_the_same_and_says_of_when(self, client, desk, then, later, which):
        claim, position = then
        path = {
            "actor": "/actors/KAZ/",
            "document": f"/documents/{desk.document}/",
            "source": f"/sources/{desk.source}/",
            "claim": f"/claims/{claim}/",
        }[which]
        before = main_part(client.get(path, {"as_of": position}))
        later()

        assert main_part(client.get(path, {"as_of": position})) == before
        assert "As known on 1 May 2024, not as known now." in before
        assert f'<a href="{path}">What is known now</a>' in before
        now = main_part(client.get(path))
        assert now != before
        assert "not as known now" not in now

    @pytest.mark.parametrize("path", ["/pairs/KAZ-RUS/", "/triads/CHN-KAZ-RUS/", "/"])
    def test_of_now_is_not_called_one_of_the_past(self, client, then, path):
        text = "not as known now"

        assert text not in main_part(client.get(path))
        if path != "/":
            assert text in main_part(client.get(path, {"as_of": then[1]}))

    @pytest.mark.parametrize(
        "path",
        [
            "/",
            "/actors/KAZ/",
            "/documents/{document}/",
            "/sources/{source}/",
            "/claims/{claim}/",
            "/shifts/",
        ],
    )
    def test_of_what_has_not_been_yet_is_refused_in_words(self, client, desk, then, path):
        named = path.format(document=desk.document, source=desk.source, claim=then[0])

        answer = client.get(named, {"as_of": log.head().position + 1})

        assert "The log ends at position" in text_of(answer, status=400)


class TestADocumentThen:
    def test_leads_to_claims_as_of_the_same(self, client, desk, then):
        claim, position = then

        text = client.get(f"/documents/{desk.document}/", {"as_of": position}).text

        assert f'href="/claims/{claim}/?as_of={position}"' in text

    def test_that_was_not_on_record_yet_is_not_found(self, client, desk):
        assert client.get(f"/documents/{desk.document}/", {"as_of": 1}).status_code == 404


class TestACountryThen:
    def test_keeps_the_moment_in_its_links(self, client, desk, then):
        _, position = then

        text = client.get("/actors/KAZ/", {"as_of": position}).text

        assert f'href="/?as_of={position}&amp;country=KAZ"' in text
        assert f"/pairs/KAZ-RUS/?as_of={position}" in text
        assert "Recent claims" not in text


class TestShiftsThen:
    def test_of_the_past_lead_to_a_pair(self, client, desk, then):
        answer = client.get("/shifts/", {"as_of": then[1]})

        assert "past shifts are not kept" in text_of(answer, status=400)
