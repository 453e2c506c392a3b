"""Archives are taken in: whom they name is made, what they tell again is cited and counts once."""

from dataclasses import replace

import pytest

from tests.kit.archive_rows import CONSULT, ICEWS, cells, on, tabbed
from tests.kit.background_work import work_off
from tests.kit.builders import AT, BY, a_lens, a_source, an_actor
from tests.kit.imports import archive, claims, counts, events, take_in
from tracker import log
from tracker.domain import events as e
from tracker.domain.lenses import View
from tracker.domain.records import Name
from tracker.imports.files import ImportOptions
from tracker.imports.formats.packed import BadFile
from tracker.imports.formats.recognise import FORMATS
from tracker.operations import actors, lenses, seed, sources
from tracker.operations import claims as desk
from tracker.operations.seed_files import seed_id
from tracker.queries.evidence import impacts
from tracker.queries.records import names

pytestmark = pytest.mark.django_db

TOLD = {"SOURCEURL": "https://inform.kz/1"}
AGAIN = {"SOURCEURL": "https://tass.ru/1"}
FINER = {"NumMentions": "400"}
THIRD = {"SOURCEURL": "https://xinhua.cn/1"}


def source(name: str):
    return names.directory("source").find(name).id


class TestARowOfTheFuture:
    """The clock of these imports stands at noon of 1 May 2024, when it is 2 May in Kiribati."""

    @pytest.mark.parametrize(
        ("day", "added", "column", "reason"),
        [
            ("20240503", "20240503", "SQLDATE", "the event is dated 3 May 2024, after today"),
            ("20240430", "20240503", "DATEADDED", "the document is dated 3 May 2024, after today"),
        ],
    )
    def test_is_refused_in_gdelt(self, day, added, column, reason):
        future = on(day) | {"DATEADDED": added}

        taken = take_in(archive(future, on("20240501") | {"DATEADDED": "20240501"}))

        [refused] = taken.refused
        fault = next(each for each in refused.faults if each.column == column)
        assert (fault.line, fault.value) == (1, {"SQLDATE": day, "DATEADDED": added}[column])
        assert reason in fault.reason
        assert counts(taken) == {"new": 1, "refused": 1}


class TestAFormat:
    def test_can_be_forced(self):
        headless = tabbed(cells(ICEWS, CONSULT))

        assert counts(take_in(archive({}), ImportOptions(format="gdelt-1"))) == {"new": 1}
        with pytest.raises(BadFile, match="the header has no column 'Event ID'"):
            take_in(headless, ImportOptions(format="icews"))


class TestWhatItNames:
    def test_is_made_on_an_empty_log_before_what_needs_it(self):
        take_in(archive({"Actor1Code": "KAZMIL", "Actor1Type1Code": "MIL"}))

        assert [type(one).__name__ for one in events()] == [
            "CollectionDescribed",
            "ActorDescribed",
            "ActorDescribed",
            "ActorDescribed",
            "SourceDescribed",
            "DocumentDescribed",
            "ClaimAsserted",
            "ImportRecorded",
            "LensDefined",
        ]
        kazakhstan, army, russia = (one.actor for one in events(e.ActorDescribed))
        assert (kazakhstan.code, army.code, russia.code) == ("KAZ", "KAZ.MILITARY", "RUS")
        [speaks] = army.affiliations
        assert (speaks.country, speaks.sector) == (seed_id("actor", "KAZ"), "military")
        assert (army.kind, army.name) == ("organisation", "Military (Kazakhstan)")
        [collection] = [one.collection for one in events(e.CollectionDescribed)]
        assert (collection.name, collection.coding) == ("gdelt-1", "machine")

    def test_is_what_the_seed_would_have_made(self):
        take_in(archive({}))

        made = [one for one in log.read(after=0, limit=10) if one.kind == "ActorDescribed"]
        seed.load_seed(at=AT)

        assert {one.stream for one in made} == {seed_id("actor", "KAZ"), seed_id("actor", "RUS")}
        assert all(len(log.history([one.stream])) == 1 for one in made)

    def test_is_taken_as_it_is_on_record(self):
        mine = actors.describe_actor(an_actor("KAZ"), at=AT, by=BY).stream
        army = an_actor("KAZ.MILITARY", kind="organisation", names=(Name(text="The army"),))
        actors.describe_actor(army, at=AT, by=BY)

        take_in(archive({}, {"Actor1Code": "KAZMIL", "Actor1Type1Code": "MIL"}))

        assert [one.actor.code for one in events(e.ActorDescribed)] == [
            "KAZ",
            "KAZ.MILITARY",
            "RUS",
        ]
        assert claims()[0].claim.parties[0].actor == mine

    def test_is_refused_where_several_are_called_so(self):
        for _ in "ab":
            actors.describe_actor(an_actor(None, kind="company", aliases=("KAZ",)), at=AT, by=BY)
            sources.describe_source(a_source(name="inform.kz"), at=AT, by=BY)

        [refused] = take_in(archive({})).refused
        [other] = take_in(archive({"Actor1Code": "CHN", "Actor1CountryCode": "CHN"} | TOLD)).refused

        assert (refused.column, refused.value) == ("Actor1Code", "KAZ")
        assert "'KAZ' is the name of 2" in refused.reason
        assert (other.column, other.value) == ("SOURCEURL", "inform.kz")

    def test_is_nobody_where_a_list_names_a_person_who_is_not_on_record(self):
        data = b"date\tsubject\trelation\tobject\n2018-08-29\tAnn Lee\tConsult\tChina\n"

        [refused] = take_in(data).refused

        assert (refused.column, refused.value) == ("subject", "Ann Lee")
        assert refused.reason == "is not a country, and no actor on record has this name"

    def test_collection_is_taken_as_people_have_it(self):
        mine = sources.describe_collection(
            replace(FORMATS["gdelt-1"].collection, review=True, default_credibility=5), at=AT, by=BY
        ).stream

        take_in(archive({}))

        assert [one.claim.collection for one in claims()] == [mine]


class TestARowThatTellsAnEventAgain:
    def test_is_cited_by_the_root_of_the_first(self):
        taken = take_in(archive(TOLD, AGAIN, THIRD))

        assert counts(taken) == {"new": 1, "repeated": 2}
        assert taken.report.citations == 2
        added = [one.citation for one in events(e.CitationAdded)]
        assert [one.chain for one in added] == [(source("inform.kz"),)] * 2
        documents = {one.document.url: one.document.source for one in events(e.DocumentDescribed)}
        assert documents[AGAIN["SOURCEURL"]] == source("tass.ru")

    def test_is_no_second_witness(self):
        """The first has p .35, of its collection's credibility 4; so has each other."""
        take_in(archive(TOLD))
        home = names.directory("collection").find("gdelt-1").id
        view = View(method="1", collections=(home,))
        lenses.define_lens(a_lens(view=view, name="coded", model="cooperation"), at=AT, by=BY)
        work_off()
        [before] = impacts.on_pair(view.id, "KAZ-RUS", position=log.head().position)

        take_in(archive(TOLD, AGAIN, THIRD))
        work_off()

        [after] = impacts.on_pair(view.id, "KAZ-RUS", position=log.head().position)
        assert (before.p, after.p) == (0.35, 0.35)
        assert after.roots == (source("inform.kz"),)

    @pytest.mark.parametrize("again", [TOLD, {"GLOBALEVENTID": "1"} | TOLD], ids=["other", "same"])
    def test_adds_nothing_where_its_document_is_cited_already(self, again):
        taken = take_in(archive(TOLD, again))

        assert counts(taken) == {"new": 1, "repeated": 1}
        assert events(e.CitationAdded) == []

    def test_may_stand_in_another_file(self):
        take_in(archive(TOLD))

        taken = take_in(archive({"GLOBALEVENTID": "77"} | AGAIN, {"GLOBALEVENTID": "78"} | THIRD))

        assert (counts(taken), taken.report.citations) == ({"repeated": 2}, 2)
        assert {one.citation.chain for one in events(e.CitationAdded)} == {(source("inform.kz"),)}
        position = log.head().position
        assert counts(take_in(archive({"GLOBALEVENTID": "77"} | AGAIN))) == {"repeated": 1}
        assert log.head().position == position

    def test_follows_a_chain_to_its_root(self):
        """A person corrected the first, which had it from Reuters."""
        take_in(archive(TOLD))
        [first] = [one for one in log.read(after=0, limit=20) if one.kind == "ClaimAsserted"]
        reuters = sources.describe_source(a_source(name="Reuters"), at=AT, by=BY).stream
        claim = first.decoded().claim
        cited = replace(claim.citations[0], chain=(reuters,))
        corrected = replace(claim, citations=(cited,))
        desk.correct_claim(first.stream, corrected, reason="from Reuters", expected=1, at=AT, by=BY)

        take_in(archive({"GLOBALEVENTID": "77"} | AGAIN))

        [added] = [one.citation for one in events(e.CitationAdded)]
        assert added.chain == (reuters,)

    def test_is_cited_no_more_once_there_are_a_hundred_citations(self):
        rows = [{"SOURCEURL": f"https://news.example/{n}"} for n in range(105)]

        taken = take_in(archive(*rows))

        assert (counts(taken), taken.report.citations) == ({"new": 1, "repeated": 104}, 99)
        assert take_in(archive(*rows)).report.citations == 0

    def test_adds_nothing_to_a_claim_that_was_retracted(self):
        take_in(archive(TOLD))
        [first] = [one for one in log.read(after=0, limit=20) if one.kind == "ClaimAsserted"]
        desk.retract_claim(first.stream, reason="no", at=AT, by=BY)

        taken = take_in(archive({"GLOBALEVENTID": "77"} | AGAIN))

        assert (counts(taken), taken.report.citations) == ({"repeated": 1}, 0)
        assert events(e.CitationAdded) == []


class TestARowThatHasChanged:
    def test_corrects_the_claim_on_request_and_is_known_then(self):
        take_in(archive(TOLD, AGAIN))

        taken = take_in(
            archive(TOLD | FINER, AGAIN), ImportOptions(apply_changes=True), name="later"
        )

        assert (counts(taken), taken.report.corrections) == ({"changed": 1, "repeated": 1}, 1)
        [corrected] = events(e.ClaimCorrected)
        assert "mentions 400" in corrected.claim.note
        assert f"later, as imported by run {taken.report.run}" in corrected.reason
        # What was cited beside it stays.
        assert len(corrected.claim.citations) == 2
        position = log.head().position
        for data in (archive(TOLD | FINER, AGAIN), archive(TOLD, AGAIN)):
            again = take_in(data, ImportOptions(apply_changes=True))
            assert counts(again) == {"known": 1, "repeated": 1}
        assert log.head().position == position

    def test_leaves_a_claim_retracted_that_was(self):
        take_in(archive(TOLD))
        [first] = [one for one in log.read(after=0, limit=20) if one.kind == "ClaimAsserted"]
        desk.retract_claim(first.stream, reason="no", at=AT, by=BY)
        position = log.head().position

        taken = take_in(archive(TOLD | FINER), ImportOptions(apply_changes=True))

        assert (counts(taken), taken.report.corrections) == ({"changed": 1}, 0)
        assert log.head().position == position
