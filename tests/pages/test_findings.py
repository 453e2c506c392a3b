"""The finding on the page of a pair: made from what is on record, and nothing that is withheld."""

import re
from html import unescape

import pytest

from tests.kit.accusations import a_firm, blames
from tests.kit.builders import AT, BY, SANCTION, a_citation, a_document, a_lens, a_source
from tracker import log
from tracker.domain import events as e
from tracker.domain.claims import Occurred
from tracker.domain.lenses import Bloc, View
from tracker.domain.scoring import MODELS
from tracker.operations import claims, lenses, sources
from tracker.pages import pair_context
from tracker.projections import shifts

pytestmark = pytest.mark.django_db
PAGE = "/pairs/KAZ-RUS/"
DAY = {"day": "2022-06-01"}


def headline(answer):
    assert answer.status_code == 200, answer.text
    return unescape(re.search(r'class="headline">(.*?)<', answer.text)[1])


def beside(answer):
    found = re.search(r'class="beside">(.*?)<', answer.text)
    return unescape(found[1]) if found else ""


def list_of(answer):
    """The list below the number of the headline."""
    return answer.text.partition("What moved it")[2].partition("<section")[0]


def a_wire(desk, **given):
    """A document of another source, of the same day."""
    source = sources.describe_source(a_source(**{"name": "A Wire", **given}), at=AT, by=BY).stream
    return sources.describe_document(a_document(source), at=AT, by=BY).stream


class TestTheFinding:
    def test_names_state_media_of_one_country(self, client, desk, scored):
        documents = [
            a_wire(desk, name=name, ownership="state", country=desk.countries["CHN"])
            for name in ("Xinhua", "Global Times")
        ]
        for document in documents:
            desk.asserts(
                code=SANCTION,
                occurred=Occurred(edtf="2022-03-10"),
                citations=(a_citation(document),),
            )
        scored()

        answer = client.get(PAGE, DAY)

        assert "all 2 sources are state-owned" in beside(answer).lower()
        assert "Chinese state media report" in headline(answer)
        # Other languages build the sentence around the name of the country.
        assert "государственные СМИ (Китай)" in headline(client.get(f"/ru{PAGE}", DAY))

    def test_counts_all_other_sources_though_the_list_has_but_one_claim(
        self, client, desk, scored, monkeypatch
    ):
        monkeypatch.setattr(pair_context, "MOST_CAUSES", 1)
        for name in ("A Wire", "A Paper", "A Radio"):
            document = a_wire(desk, name=name)
            desk.asserts(
                code=SANCTION,
                occurred=Occurred(edtf="2022-03-10"),
                citations=(a_citation(document),),
            )
        scored()

        page = client.get(PAGE, DAY).text

        assert "3 independent sources" in page
        assert "2 more sources are not shown here." in page

    def test_of_a_past_day_is_as_old_as_the_reports_up_to_it(self, client, desk, scored):
        """The later act is of 2022, and so is its report."""
        old = sources.describe_document(a_document(desk.source, date="2018-03-12"), at=AT, by=BY)
        desk.asserts(
            code=SANCTION, occurred=Occurred(edtf="2018-03-10"), citations=(a_citation(old.stream),)
        )
        desk.asserts(code=SANCTION, occurred=Occurred(edtf="2022-05-20"))
        scored()

        answer = client.get(PAGE, {"day": "2020-01-01"})
        assert "The last report up to that day is of March 2018." in beside(answer)
        assert "The newest report is of 12 March 2018." in unescape(answer.text)

    def test_of_a_machine_coded_archive_vouches_for_nothing(self, client, desk, wire, scored):
        for day in ("2022-03-10", "2022-04-11", "2022-05-12"):
            desk.asserts(code=SANCTION, collection=wire, occurred=Occurred(edtf=day))
        scored()

        answer = client.get(PAGE, {**DAY, "lens": "machine-wire"})

        assert headline(answer) == (
            "Machine-read news shows no clear change between KAZ and RUS in March–May 2022."
        )
        assert beside(answer) == (
            "3 rows of one data set, unchecked; they tell nothing about the level."
        )


class TestWhatMayNotBeTold:
    def test_a_withheld_claim_gives_no_verb_no_date_and_no_source(self, client, desk, scored):
        """Acme's crime moves the pair a little; the finding names a sanction."""
        hidden = blames(desk, a_firm(desk), occurred=Occurred(edtf="2022-03-10"))
        desk.asserts(code=SANCTION, occurred=Occurred(edtf="2022-03-11"))
        scored()

        answer = client.get(PAGE, DAY)

        assert "Acme" not in answer.text
        assert str(hidden) not in answer.text
        assert headline(answer) == "RUS sanctioned KAZ in March 2022, the Gazette reports."

    def test_a_retracted_claim_explains_nothing(self, client, desk, scored):
        stream = desk.asserts(code=SANCTION, occurred=Occurred(edtf="2022-03-10")).stream
        scored()
        then = log.head().position
        claims.retract_claim(stream, reason="a slip", at=AT, by=BY)
        scored()

        assert headline(client.get(PAGE, DAY)) == "No reported act between KAZ and RUS yet."
        assert headline(client.get(PAGE, {**DAY, "as_of": then})) == (
            "RUS sanctioned KAZ in March 2022, the Gazette reports."
        )


class TestTheFirstPage:
    @pytest.fixture
    def shifted(self, desk, scored):
        """An attack that two sources report and somebody confirmed, after a year with one act."""
        desk.asserts(code=SANCTION, occurred=Occurred(edtf="2021-02-01"))
        both = (a_citation(desk.document), a_citation(desk.hears(name="A Wire", grade="A")))
        made = desk.asserts(
            code="plover-2.0/ASSAULT", occurred=Occurred(edtf="2022-05-20"), citations=both
        )
        verdict = e.VerdictGiven(verdict="confirmed", reason="seen")
        claims.give_verdict(made.stream, verdict, at=AT, by=BY)
        scored()
        shifts.find(today=AT.date())

    def test_says_what_changed_in_the_last_two_weeks(self, client, shifted):
        answer = client.get("/", {"day": "2022-05-24"})

        assert headline(answer).startswith("KAZ and RUS have drawn apart since ")
        assert ", two sources report" in headline(answer)

    def test_of_a_past_day_ignores_later_reports(self, client, shifted):
        """The document behind the act of 1 February 2021 is of May 2022."""
        assert headline(client.get("/", {"day": "2021-12-01"})) == (
            "No major change in the two weeks up to 1 December 2021. The newest report up to that"
            " day is of 1 February 2021."
        )


class TestShifts:
    def test_have_no_causes_that_are_older_than_their_days(self, client, shift):
        """The attacks of 2024 take from a sanction of 2012; they alone are the causes."""
        shift(before="2012-03-10", day="2024-03-10")

        text = client.get("/shifts/", {"day": "2024-05-01"}).text.partition("Recently entered")[0]

        assert len(re.findall(r"Act \d\.", text)) == 5
        # The last of the eight may count in no world.
        assert re.search(r"[23] more claims of these days, together: −", text)
        assert "Something was done." not in text
        assert "Older claims weigh less: +0." in text


class TestTheLenses:
    @pytest.fixture
    def sides(self, desk, scored):
        """A lens of what China's sources say, and one of all others; only the Gazette reports."""
        for name, rule in (("standing-ru-cn", "only"), ("standing-others", "except")):
            bloc = Bloc(countries=(desk.countries["CHN"],), rule=rule)
            view = View(method="1", collections=(desk.collection,), bloc=bloc)
            model = MODELS["standing"]
            lens = a_lens(name=name, view=view, model_version=1, parameters=model.defaults)
            lenses.define_lens(lens, at=AT, by=BY)
        desk.asserts(code=SANCTION, occurred=Occurred(edtf="2022-03-10"))
        scored()

    def test_of_two_blocs_are_one_choice(self, client, sides):
        text = client.get(PAGE, DAY).text
        both = client.get(PAGE, {**DAY, "lens": "standing-others"}).text

        switch = text.partition('aria-label="Lens"')[2].partition("</nav>")[0]
        assert switch.count("Compare what each side says") == 1
        assert "According to everyone else" not in switch
        assert "According to Russian and Chinese sources" in both
        assert 'aria-current="true">According to everyone else<' in both

    def test_of_a_bloc_say_so_in_the_finding(self, client, sides):
        theirs = client.get(PAGE, {**DAY, "lens": "standing-ru-cn"})
        others = client.get(PAGE, {**DAY, "lens": "standing-others"})

        assert headline(theirs) == (
            "According to Russian and Chinese sources: No reported act between KAZ and RUS yet."
        )
        assert headline(others) == (
            "According to everyone else: RUS sanctioned KAZ in March 2022, the Gazette reports."
        )

    def test_begin_with_the_overall_one(self, client, sides):
        text = client.get(PAGE, DAY).text.partition('aria-label="Lens"')[2]

        names = ("Overall relationship", "Recent mood", "Balance of cooperation", "Compare what")
        places = [text.index(name) for name in names]
        assert places == sorted(places)


class TestASentenceAboutWhatIsBelow:
    """That related reports are listed below is told where they are."""

    @pytest.mark.parametrize(
        ("path", "parameters", "told"),
        [
            (PAGE, {}, 1),
            (PAGE, {"show": "table"}, 0),
            (PAGE, {"show": "download"}, 0),
            (f"/embed{PAGE}", {}, 0),
            (f"{PAGE}what-would-change/", {}, 0),
        ],
    )
    def test_stands_above_the_list_alone(self, client, desk, scored, path, parameters, told):
        desk.asserts(kind="assessment", code=None, summary="They may talk.")
        scored()

        answer = client.get(path, DAY | parameters)

        assert answer.status_code == 200
        assert answer.text.count("related report") == told
