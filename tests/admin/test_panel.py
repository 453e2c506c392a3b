"""A panel's round: the levels of many pairs by several members, all recorded or none."""

from decimal import Decimal
from html import unescape

import pytest

from tests.admin.conftest import unrecorded
from tests.kit.accusations import a_firm
from tests.kit.builders import AT, BY, a_citation, a_source, on_record
from tests.kit.builders import a_document as a_report
from tracker import log
from tracker.admin import panel_round
from tracker.domain.claims import Level
from tracker.domain.disclosure import Reader
from tracker.domain.problems import Problem
from tracker.operations import claims
from tracker.queries.claims import listing
from tracker.queries.claims.listing import Filters
from tracker.queries.records import states

pytestmark = pytest.mark.django_db
PANEL = "/admin/desk/claim/panel/"


@pytest.fixture
def members(desk):
    """Two members of a panel, by name."""
    return {name: on_record(a_source(kind="person", name=name)) for name in ("Ann Lee", "Bo Berg")}


@pytest.fixture
def a_round(desk, members):
    """Give what is sent for a round of two pairs, with levels by pair and member, and other fields
    where named."""

    def write(levels=(), **other):
        ids = [members[name] for name in ("Ann Lee", "Bo Berg")]
        data = {
            "claim-document": "A report",
            "claim-occurred": "31 December 2021",
            "claim-members": "Ann Lee\nBo Berg",
            "claim-pairs": "kaz-rus\nCHN-KAZ",
            "claim-collection": "curated",
            "layout": " ".join(["KAZ-RUS", "CHN-KAZ", *map(str, ids)]),
        }
        for (pair, name), (level, sd) in dict(levels).items():
            data |= {f"{pair}.{members[name]}-level": level, f"{pair}.{members[name]}-sd": sd}
        return data | {name.replace("__", "-"): text for name, text in other.items()}

    return write


LEVELS = {
    ("KAZ-RUS", "Ann Lee"): ("+4.5", "1.5"),
    ("KAZ-RUS", "Bo Berg"): ("3", "2"),
    ("CHN-KAZ", "Bo Berg"): ("−1", "2.5"),
}


def recorded():
    """The levels on record, by the names of the countries and of the root."""
    found = {}
    for entry in listing.listing(Filters(kind="level"), after=None, limit=50, reader=Reader.DESK):
        claim = entry.state.claim
        [citation] = claim.citations
        records = states.records([*claim.actors("about"), *citation.chain], at=None)
        codes = [records[actor].actor.code for actor in claim.actors("about")]
        root = records[citation.chain[-1]].source.name if citation.chain else ""
        found["-".join(codes), root] = claim
    return found


def text_of(page):
    return " ".join(unescape(page.text).split())


class TestARound:
    def test_is_one_claim_for_each_filled_cell(self, ann, desk, a_round):
        answer = ann.post(PANEL, a_round(LEVELS))

        assert answer.status_code == 302
        assert str(desk.document) in answer.headers["Location"]
        made = recorded()
        assert {key: claim.level for key, claim in made.items()} == {
            ("KAZ-RUS", "Ann Lee"): Level(value=Decimal("4.5"), sd=Decimal("1.5")),
            ("KAZ-RUS", "Bo Berg"): Level(value=Decimal(3), sd=Decimal(2)),
            ("CHN-KAZ", "Bo Berg"): Level(value=Decimal(-1), sd=Decimal("2.5")),
        }
        one = made["CHN-KAZ", "Bo Berg"]
        assert one.summary == "Level of CHN and KAZ at the end of 2021, by Bo Berg: −1 ± 2.5."
        assert one.occurred.edtf == "2021-12-31"
        assert one.citations[0].document == desk.document

    def test_takes_the_pairs_of_countries_by_name(self, ann, a_round, members):
        ids = " ".join(map(str, members.values()))
        layout = f"KAZ-RUS CHN-KAZ CHN-RUS {ids}"
        data = a_round(LEVELS, claim__pairs="Kaz\nRUS, chn", layout=layout)

        assert ann.post(PANEL, data).status_code == 302

    def test_may_describe_its_document(self, ann, desk, a_round):
        told = {"title": "Our second round", "source": "The Gazette", "date": "January 2022"}
        data = a_round(LEVELS, claim__document="")
        data |= {f"document-{name}": text for name, text in told.items()}

        answer = ann.post(PANEL, data)

        assert answer.status_code == 302
        key = recorded()["KAZ-RUS", "Bo Berg"].citations[0].document
        document = states.records([key], at=None)[key].document
        assert (document.title, document.date) == ("Our second round", "2022-01")
        assert document.source == desk.source


class TestTheGrid:
    def test_begins_with_the_pairs_that_the_account_follows(self, ann, desk):
        ann.post("/admin/desk/claim/overnight/", {"pairs": "KAZ-RUS CHN-KAZ"})

        page = ann.get(PANEL)

        assert page.context["round"].form["pairs"].value() == "CHN-KAZ\nKAZ-RUS"
        assert "data-grid" not in page.text

    def test_proposes_the_last_round_without_taking_it(self, ann, desk, a_round, members):
        cited = (a_citation(desk.document, chain=(members["Bo Berg"],)),)
        desk.gives_level("-1.5", "2", day="2020-12-31", citations=cited)
        desk.gives_level("7", "2", day="2019-12-31", citations=cited)
        late = on_record(a_report(desk.source, date="2023-01-01", title="Later"))
        desk.gives_level(
            "6", day="2022-12-31", citations=(a_citation(late, chain=(members["Bo Berg"],)),)
        )

        page = ann.post(PANEL, a_round(_grid="1"))
        cell = page.context["round"].rows[0][1][1]

        assert cell.form["level"].field.widget.attrs["placeholder"] == "−1.5"
        assert cell.form["sd"].field.widget.attrs["placeholder"] == "2"
        assert cell.form["level"].value() is None
        before = len(recorded())
        refused = ann.post(PANEL, a_round())
        assert "Enter the level of at least one pair" in refused.text
        assert len(recorded()) == before

    def test_has_at_most_so_many_cells(self, ann, a_round, monkeypatch):
        monkeypatch.setattr(panel_round, "MOST_CELLS", 3)

        page = ann.post(PANEL, a_round(_grid="1"))

        assert "2 pairs by 2 members are 4 cells; enter at most 3 at once" in page.text


class TestEveryProblem:
    @pytest.mark.parametrize(
        ("cell", "says"),
        [
            (("10", "1"), "must be between -9 and 9"),
            (("good", "1"), "Enter a number."),
            (("1", ""), "give the standard deviation of the assessment"),
            (("", "1"), "give the level from -9 to 9"),
            (("1", "12"), "must be between 0.1 and 9"),
        ],
    )
    def test_of_a_cell_is_at_the_cell_and_nothing_is_recorded(self, ann, a_round, cell, says):
        wrong = {**LEVELS, ("CHN-KAZ", "Ann Lee"): cell}

        page = unrecorded(ann, PANEL, a_round(wrong))

        [fault] = page.context["round"].faults
        assert fault.html_name.startswith("CHN-KAZ.")
        assert says in fault.errors[0]
        assert f'id="{fault.auto_id}_error"' in page.text
        assert 'value="+4.5"' in page.text

    @pytest.mark.parametrize(
        ("given", "field", "says"),
        [
            ({"claim__document": ""}, "document", "choose the document, or describe it"),
            ({"claim__document": "No such"}, "document", "no document on record"),
            ({"claim__occurred": "2021"}, "occurred", "give one day"),
            ({"claim__occurred": ""}, "occurred", "give one day"),
            ({"claim__occurred": "05/03/2021"}, "occurred", "2021-03-05 or 2021-05-03"),
            (
                {"claim__occurred": "31 December 2022"},
                "occurred",
                "document, dated 24 May 2022",
            ),
            ({"claim__collection": ""}, "collection", "in which collection"),
            ({"claim__members": ""}, "members", "name who gives the levels"),
            ({"claim__members": "Ann Lee\nann lee"}, "members", "each member once"),
            ({"claim__members": "Nobody"}, "members", "no source on record"),
            ({"claim__pairs": ""}, "pairs", "name the pairs"),
            ({"claim__pairs": "KAZ-KAZ"}, "pairs", "two different countries"),
            ({"claim__pairs": "KAZ-XXX"}, "pairs", "no country on record has the code XXX"),
            ({"claim__pairs": "KAZ"}, "pairs", "name a second country"),
            ({"claim__pairs": "KAZ, Nowhere"}, "pairs", "no actor on record"),
        ],
    )
    def test_of_what_all_share_is_at_its_field_and_levels_stay(
        self, ann, a_round, given, field, says
    ):
        page = ann.post(PANEL, a_round(LEVELS, **given))

        assert page.status_code == 200
        assert says in text_of(page)
        assert page.context["round"].form.has_error(field)
        assert 'value="+4.5"' in page.text
        assert recorded() == {}

    def test_of_a_second_level_on_the_day_says_what_is_on_record(self, ann, a_round):
        ann.post(PANEL, a_round(LEVELS))

        page = ann.post(PANEL, a_round({("KAZ-RUS", "Bo Berg"): ("2", "2")}))

        assert "on record as +3 ± 2 of this day: correct that" in page.text
        assert len(recorded()) == 3

    def test_of_a_pair_that_includes_no_country_says_so(self, ann, desk, a_round):
        a_firm(desk)

        page = ann.post(PANEL, a_round(LEVELS, claim__pairs="KAZ\nAcme"))

        assert "Acme is not a country" in page.text

    def test_of_a_described_document_leaves_neither_document_nor_levels(self, ann, a_round):
        head = log.head()
        data = a_round(LEVELS, claim__document="")

        nameless = ann.post(PANEL, data | {"document-source": "The Gazette"})
        early = ann.post(
            PANEL,
            data
            | {"document-source": "The Gazette", "document-title": "T", "document-date": "2021-05"},
        )
        both = ann.post(PANEL, a_round(LEVELS) | {"document-title": "T"})

        assert nameless.context["round"].document.errors
        assert early.context["round"].form.has_error("occurred")
        assert "not both" in both.text
        assert log.head() == head

    def test_of_none_of_them_is_at_the_top_once(self, ann, a_round):
        entered = ann.post(PANEL, a_round(LEVELS, _grid="1")).context["round"]
        problem = Problem(pointer="/elsewhere", code="x", detail="all of it is wrong")

        entered.show([(cell, [problem]) for cell in entered.cells])

        assert entered.general == ["all of it is wrong"]


class TestWhoMay:
    def test_is_whoever_enters_claims(self, someone, desk):
        assert someone("view_claim").get(PANEL).status_code == 403

    def test_of_a_new_document_needs_that_right_too(self, someone, a_round):
        bea = someone("add_claim", "view_claim")
        data = a_round(LEVELS, claim__document="") | {"document-title": "T"}

        assert bea.post(PANEL, data).status_code == 403
        assert bea.post(PANEL, a_round(LEVELS)).status_code == 302


class TestWithdrawnLevels:
    def test_are_no_last_levels(self, ann, desk, a_round):
        ann.post(PANEL, a_round(LEVELS))
        for entry in listing.listing(
            Filters(kind="level"), after=None, limit=9, reader=Reader.DESK
        ):
            claims.retract_claim(entry.state.id, reason="no", at=AT, by=BY)

        assert ann.post(PANEL, a_round(LEVELS)).status_code == 302
