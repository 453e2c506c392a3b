"""Before a table comes in, a person is told of rows without a date and of likely repeats; and what
a party says comes in as two claims."""

from typing import Any

import pytest

from tests.kit.background_work import work_off
from tests.kit.builders import AT, BY, an_actor
from tests.kit.imports import (
    BY_COLUMNS,
    SIGNED,
    archive,
    counts,
    days,
    events,
    take_in,
)
from tracker.domain import events as e
from tracker.domain.disclosure import Reader
from tracker.domain.records import Affiliation, Name
from tracker.imports import flags as flagging
from tracker.imports.files import ImportOptions
from tracker.imports.formats import mappings
from tracker.imports.records import CannotImport
from tracker.operations import actors
from tracker.queries import moment
from tracker.queries.evidence import explanation

pytestmark = pytest.mark.django_db
HEADER = "no,what,day,who,whom,title,says"
ROW = "1,Something was done.,2022-05-11,RUS,KAZ,A report,"
UNDATED = "2,Nobody knows when it was.,,RUS,KAZ,A report,"
OTHER = "3,Russia stops Kazakh wheat at the border.,2022-05-11,RUS,KAZ,A report,"


def how(**given):
    return ImportOptions(mapping=mappings.read(BY_COLUMNS), **given)


def table(*rows):
    return "\n".join([HEADER, *rows]).encode()


@pytest.fixture
def known(desk):
    """A claim on record that the first row repeats: the same words, pair, code and day."""
    return desk.asserts(code="plover-2.0/SANCTION/discontinue").stream


def looked(*rows, signed=None, **given):
    told: list[Any] = []
    taken = take_in(table(*rows), how(**given), signed=signed, flagged=told.append)
    return taken, told


class TestAPreview:
    def test_counts_and_lists_rows_without_a_date_and_repeats(self, known):
        taken, told = looked(ROW, UNDATED, OTHER)

        assert dict(taken.report.flags) == {"undated": 1, "repeats": 1, "compared": 3}
        assert counts(taken) == {"new": 3}
        repeat, undated = told
        assert (repeat.line, repeat.column) == (2, "what")
        assert repeat.reason == (
            f"may repeat 'Something was done.' [{known}]: KAZ–RUS, the same code, at the same"
            " time, 3 of 3 words the same"
        )
        assert (undated.line, undated.column, undated.value) == (3, "day", "")
        assert undated.reason == "has no date: when it happened stays unknown"

    def test_leaves_rows_that_are_on_record_already_alone(self, desk):
        take_in(table(ROW, UNDATED), how())

        taken, told = looked(ROW, UNDATED)

        assert counts(taken) == {"known": 2}
        assert told == []

    def test_compares_no_more_than_a_bounded_number(self, known, monkeypatch):
        monkeypatch.setattr(flagging, "MOST_COMPARED", 1)

        taken, _ = looked(OTHER, ROW)

        assert taken.report.flags["compared"] == 1
        assert "repeats" not in taken.report.flags

    @pytest.mark.parametrize(
        ("text", "flag", "reason"),
        [
            (
                "Russia meets Japanese and Indian envoys.",
                "third_state",
                "its text names Japanese and Indian, for which no party of the row acts",
            ),
            (
                "Pipelines of the Caspian.",
                "no_act",
                "its text names no act: no word of it means one",
            ),
        ],
    )
    def test_names_what_a_text_has_too_much_or_too_little(self, desk, text, flag, reason):
        taken, told = looked(f"4,{text},2022-05-11,RUS,KAZ,A report,")

        assert dict(taken.report.flags) == {flag: 1, "compared": 1}
        assert (told[0].line, told[0].column, told[0].value) == (2, "what", text)
        assert told[0].reason == reason
        assert counts(taken) == {"new": 1}

    def test_knows_for_which_states_parties_act(self, desk):
        speaks = Affiliation(country=desk.countries["RUS"], sector="government")
        names = (Name(text="The Ministry"),)
        ministry = an_actor(None, kind="organisation", names=names, affiliations=(speaks,))
        actors.describe_actor(ministry, at=AT, by=BY)

        taken, _ = looked(
            "4,Russian officials visit Uzbekistan.,2022-05-11,The Ministry,UZB,A report,"
        )

        assert dict(taken.report.flags) == {"compared": 1}

    def test_of_an_assessment_needs_no_act(self, desk):
        mapping = BY_COLUMNS.replace('kind = "act"', 'kind = "assessment"')
        options = ImportOptions(mapping=mappings.read(mapping))
        row = "4,Japan and the Caspian.,2022-05-11,RUS,KAZ,A report,"

        taken = take_in(table(row), options, signed=None)

        assert dict(taken.report.flags) == {"compared": 1}


class TestARun:
    def test_leaves_out_rows_without_a_date(self, known):
        taken, _ = looked(ROW, UNDATED, signed=SIGNED, skip_undated=True)

        assert counts(taken) == {"new": 1, "refused": 1}
        (refused,) = taken.refused
        assert refused.reason == "skipped as requested: has no date: when it happened stays unknown"

    def test_leaves_out_repeats_however_many_rows_there_are(self, known, monkeypatch):
        monkeypatch.setattr(flagging, "MOST_COMPARED", 1)

        taken, _ = looked(OTHER, UNDATED, ROW, signed=SIGNED, skip_repeats=True)

        assert counts(taken) == {"new": 2, "refused": 1}
        assert taken.refused[0].line == 4

    def test_of_an_archive_leaves_out_nothing(self, desk):
        with pytest.raises(CannotImport, match="skipping rows is for tables"):
            take_in(archive(*days(1)), ImportOptions(skip_repeats=True))


class TestAnEventAfterItsDocument:
    def test_of_an_archive_goes_by_the_day_it_was_added(self, desk):
        """Archives name one address again on later days."""
        early, late = days(1), days(1, since=2)
        late[0]["SOURCEURL"] = early[0]["SOURCEURL"]
        added = [{**early[0], "DATEADDED": "20160701"}, {**late[0], "DATEADDED": "20160702"}]

        assert counts(take_in(archive(*added))) == {"new": 2}
        before = {**days(1, since=9)[0], "DATEADDED": "20160708"}
        (refused,) = take_in(archive(before)).refused
        assert "dated 9 July 2016, after its document, dated 8 July 2016" in refused.reason


class TestWhatAPartySays:
    SAID = "6,Russia turned wheat back.,2022-05-11,RUS,KAZ,A report,Kazakh ministry"

    @pytest.fixture(autouse=True)
    def ministry(self, desk):
        speaks = Affiliation(country=desk.countries["KAZ"], sector="government")
        actor = an_actor(
            None, kind="organisation", names=(Name(text="Kazakh ministry"),), affiliations=(speaks,)
        )
        return actors.describe_actor(actor, at=AT, by=BY).stream

    def test_is_two_claims_and_a_link(self, ministry):
        taken, _ = looked(self.SAID, signed=SIGNED)

        assert counts(taken) == {"new": 1}
        said, statement = (one.claim for one in events(e.ClaimAsserted))
        assert said.citations[0].chain != ()
        assert statement.summary == "Kazakh ministry said: Russia turned wheat back."
        assert statement.code == "plover-2.0/ACCUSE/allege"
        assert statement.actors("initiator") == (ministry,)
        (link,) = events(e.ClaimsLinked)
        assert link.type == "says"

    def test_moves_no_score_by_itself(self, desk):
        looked(self.SAID, signed=SIGNED)
        work_off()
        (link,) = events(e.ClaimsLinked)

        p = {
            one: explanation.effects(one, reader=Reader.DESK, as_of=moment.now())[0].evaluation.p
            for one in (link.from_, link.to)
        }

        assert p == {link.from_: 0.9435, link.to: 0}

    def test_is_added_to_a_claim_that_is_corrected_to_be_said(self):
        looked(self.SAID.replace("Kazakh ministry", ""), signed=SIGNED)

        taken, _ = looked(self.SAID, signed=SIGNED, apply_changes=True)

        assert counts(taken) == {"changed": 1}
        assert len(events(e.ClaimsLinked)) == 1

    def test_is_refused_where_nobody_is_called_so(self):
        row = self.SAID.replace("Kazakh ministry", "Nobody")

        (refused,) = looked(row, signed=SIGNED)[0].refused
        assert (refused.column, refused.value) == ("says", "Nobody")
