"""The benchmarks of reading: what is entered, how the driver chooses, what is counted, and
the clock."""

import json

import pytest

from benchmarks import wanted_claims
from benchmarks.logs import WrongResult
from benchmarks.reading import of_words
from benchmarks.reading_claims import Share, claims, compare, read, seed_record
from benchmarks.reading_clock import check, clock_of
from benchmarks.reading_driver import ReadingDriver
from benchmarks.reading_gsr import Share as Half
from benchmarks.reading_gsr import gsr
from benchmarks.reading_screen import Wanted, assigned, steps
from tests.kit.builders import CODE
from tests.kit.trays import a_denial, a_draft, a_tray, puts, records
from tracker.domain.attribution import SaidBy

NAMES = {"GUY": "Guyana", "VEN": "Venezuela"}
LIST = """
- sentence: "Maduro signed"
  kind: act
  event: THREATEN
  mode: territory
  initiators: [VEN]
  recipients: [GUY]
  about: []
  occurred: "2024-04-03"
  said_by: ""
  note: "On paper."
- sentence: "Guyana denied"
  kind: denial
  event: MOBILIZE
  mode: ""
  initiators: [VEN]
  recipients: [Acme]
  about: []
  occurred: ""
  said_by: GUY
  note: ""
- sentence: "Maduro mobilized"
  kind: act
  event: MOBILIZE
  mode: ""
  initiators: [VEN]
  recipients: [Acme]
  about: []
  occurred: ""
  said_by: ""
  note: ""
- sentence: "Guyana denied more"
  kind: denial
  event: ASSAULT
  mode: ""
  initiators: [VEN]
  recipients: [Acme]
  about: []
  occurred: ""
  said_by: GUY
  note: ""
- {sentence: "It rose", kind: measure}
- sentence: "A firm saw it"
  kind: situation
  event: ""
  mode: ""
  initiators: []
  recipients: []
  about: [VEN]
  occurred: ""
  said_by: Some Firm
  note: ""
"""


def wanted(**given):
    parties = frozenset({("Russia", "initiator")})
    return Wanted(**{"place": "", "kind": "act", "parties": parties, "summary": ""} | given)


def a_card(key, *, code="", when="unknown", who=()):
    choices = [{"key": "a", "label": name, "says": role} for name, role in who]
    facts = {"when": when}
    return {"id": key, "code": code, "codes": [], "dates": [], "who": choices, "facts": facts}


class TestAList:
    @pytest.fixture
    def found(self, tmp_path):
        path = tmp_path / "claims.yaml"
        path.write_text(LIST)
        return wanted_claims.of_list(path, NAMES)

    def test_gives_claims_by_names_without_measures_and_denials_of_others(self, found):
        act, denial, _, seen = found

        assert act == Wanted(
            place="Maduro signed",
            kind="act",
            code="THREATEN/territory",
            parties=frozenset({("Venezuela", "initiator"), ("Guyana", "recipient")}),
            edtf="2024-04-03",
            summary="On paper.",
        )
        assert denial.is_denial
        assert denial.said_by == "Guyana"
        assert ("Acme", "recipient") in denial.parties
        assert (seen.said_by, seen.chain) == ("", ("Some Firm",))
        assert seen.summary == "A firm saw it"


class TestTheTextInPlaceOfTheArticle:
    def test_has_a_sentence_for_each_claim_and_its_head(self):
        rows = wanted_claims.seed_rows()
        document = {"date": "2022-05-24", "title": "Three", "authors": ["Jane Doe"]}
        lines = wanted_claims.made_article(document, rows.values()).split("\n\n")

        assert lines[:3] == ["2022-05-24", "Three", "Jane Doe"]
        assert len(lines) == 3 + 52
        assert lines[4] == "Russia invaded Ukraine."
        assert wanted_claims.place(2, rows[2], is_made=True) == lines[4]

    def test_and_the_article_have_a_place_for_each_claim(self):
        assert [*wanted_claims.PLACES] == [*wanted_claims.seed_rows()]


class TestTheDriver:
    def test_makes_of_each_card_the_claim_for_which_least_is_to_change(self):
        trade = wanted(code="COOPERATE")
        strike = wanted(code="ASSAULT", edtf="2022-02-24")
        cards = [
            a_card(
                "one", code="ASSAULT", when="on 24 February 2022", who=[("Russia", "initiator")]
            ),
            a_card("two", code="COOPERATE", who=[("Russia", "recipient")]),
            a_card("three", code="REJECT", who=[("China", "initiator")]),
        ]

        assert assigned([trade, strike], cards) == {"one": strike, "two": trade}

    def test_goes_round_the_roles(self):
        assert steps("no party", "recipient") == 2
        assert steps("recipient", "initiator") == 4
        assert steps("about, not on record", "") == 1


def test_a_text_of_so_many_words_begins_again_where_it_ends():
    assert of_words("One two\n\nthree", 5) == "One two\n\nthree\n\nOne two"


ACT = CODE.removeprefix("plover-2.0/")


def between(initiator, recipient, **given):
    parties = frozenset({(initiator, "initiator"), (recipient, "recipient")})
    return Wanted(**{"place": "", "summary": "", "kind": "act", "parties": parties} | given)


@pytest.mark.django_db
class TestTheCheck:
    @pytest.fixture
    def listed(self, desk):
        """A claim that somebody denies, and one that somebody makes, as a list has them; both are
        on record."""
        tray = a_tray(desk)
        plain = a_draft(desk.claim("RUS", "KAZ"))
        puts(tray, plain)
        puts(tray, a_denial(desk, plain.id, by="RUS"))
        said_by = SaidBy(actor=desk.countries["RUS"])
        puts(tray, a_draft(desk.claim("CHN", "KAZ"), said_by=said_by))
        assert not records(tray).problems
        return [
            between("RUS", "KAZ", code=ACT, edtf="2022-05-11"),
            # Of a denial the date is not kept.
            between("RUS", "KAZ", kind="denial", code=ACT, edtf="2022-05-12", said_by="RUS"),
            between("CHN", "KAZ", code=ACT, edtf="2022-05-11", said_by="RUS"),
        ]

    def test_finds_nothing_if_all_is_on_record(self, listed):
        check(listed)

    @pytest.mark.parametrize(
        "wrong",
        [
            between("CHN", "KAZ", code=ACT, edtf="2022-05-11"),
            between("CHN", "KAZ", code=ACT, edtf="2022-05-11", said_by="KAZ"),
            between("CHN", "KAZ", code=ACT, edtf="2022-05-12", said_by="RUS"),
            between("CHN", "KAZ", code=ACT.split("/")[0], edtf="2022-05-11", said_by="RUS"),
            between("KAZ", "CHN", code=ACT, edtf="2022-05-11", said_by="RUS"),
        ],
    )
    def test_names_a_claim_that_differs(self, listed, wrong):
        with pytest.raises(WrongResult, match="not on record"):
            check([*listed[:2], wrong])

    def test_names_a_claim_too_many(self, listed):
        with pytest.raises(WrongResult, match=r"not in the list: \[Entry\(kind='denial'"):
            check([listed[0], listed[2]])


class TestTheClock:
    def test_adds_up_what_reading_deciding_typing_and_waiting_take(self):
        driver = ReadingDriver(None, {}, decisions=10, waited=2.5)
        driver.spent["date"] = 150
        driver.spent["take"] = 50

        clock = clock_of("word " * 120, driver)

        # Half a minute of 240 words; ten times .8 s; a minute of forty words of five strokes.
        assert (clock.reading, clock.decisions, clock.typing, clock.waiting) == (30, 8, 60, 2.5)
        assert clock.seconds == 100.5


TEXT = """Two envoys and a road

On 3 May Peru expelled two diplomats of Chile. The next day it closed its border. Bolivia is a
friend of both, and no more than that. Peru claimed that Chile had planted a spy. Chile replied that
there had been no spy.
"""
LISTED = """
- {sentence: On 3 May Peru expelled, kind: act, event: SANCTION, initiators: [PER],
   recipients: [CHL], about: [], occurred: 2024-05-03, written: true}
- {sentence: The next day it closed, kind: act, event: COERCE, initiators: [PER],
   recipients: [Chile], about: [], occurred: 2024-05-04, written: true}
- {sentence: Bolivia is a friend, kind: assessment, event: "", initiators: [], recipients: [],
   about: [BOL, the Pope], occurred: "", written: false}
- {sentence: Chile replied that, kind: denial, event: COERCE, initiators: [CHL],
   recipients: [PER], about: [], occurred: 2024-05-09, written: true}
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("article")
    text, listed = folder / "article.txt", folder / "article.yaml"
    text.write_text(TEXT)
    listed.write_text(LISTED)
    return text, listed


def test_counts_what_the_drafts_have_and_offer(files):
    figures = claims(*files, published="2024-05-10")

    assert figures.sentences == Share(4, 4)
    # The denial counts as found if a draft denies.
    assert figures.event == figures.first == Share(3, 3)
    # Chile is offered for the border; the Pope is in no sentence.
    assert figures.parties == Share(7, 8)
    assert figures.dates == Share(2, 3)
    assert figures.dated == Share(2, 3)
    # "Peru claimed" is not listed.
    assert figures.drafts.number > figures.drafts.found


def test_shares_are_of_what_is_asked():
    assert Share(3, 4).share == 0.75
    assert Share(0, 0).share == 0.0


def test_a_sentence_that_is_not_in_the_text_is_an_error():
    record = seed_record()

    with pytest.raises(ValueError, match="no sentence begins with 'Cuba left'"):
        list(compare(read("Peru left.", record, "2024-05-10"), [{"sentence": "Cuba left"}], {}))


# The hash of the second text is even, those of the others are odd.
RECORDS = [
    {"event": "DOCUMENT", "eventText": "about the file"},
    {"event": "DEMAND", "text": "Peru called for an answer from Chile."},
    {"event": "PROTEST", "text": "Lima expelled two diplomats."},
    {"event": "CONCEDE", "text": "Peru lifted its blockade of the port and left."},
]


class TestGsr:
    def test_counts_the_first_and_the_first_three_codes_of_both_halves(self, tmp_path):
        file = tmp_path / "sentences.json"
        file.write_text(json.dumps(RECORDS))

        figures = gsr(file)

        # To lift a blockade is a retreat, and a concession in the second place.
        assert figures.held_out == Half(2, 0.5, 1)
        assert figures.development == Half(1, 0, 0)
        assert figures.all == Half(3, pytest.approx(1 / 3), pytest.approx(2 / 3))

    def test_of_no_sentences_are_nought(self, tmp_path):
        file = tmp_path / "sentences.json"
        file.write_text("[]")

        assert gsr(file).held_out == Half(0, 0, 0)
