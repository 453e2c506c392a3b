"""The clock of the reading page compares what is on record with a list, and adds up seconds."""

import pytest

from benchmarks.logs import WrongResult
from benchmarks.reading_clock import check, clock_of
from benchmarks.reading_driver import ReadingDriver
from benchmarks.reading_screen import Wanted
from tests.kit.builders import CODE
from tests.kit.trays import a_denial, a_draft, a_tray, puts, records
from tracker.domain.attribution import SaidBy

ACT = CODE.removeprefix("plover-2.0/")


def wanted(initiator, recipient, **given):
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
            wanted("RUS", "KAZ", code=ACT, edtf="2022-05-11"),
            # Of a denial the date is not kept.
            wanted("RUS", "KAZ", kind="denial", code=ACT, edtf="2022-05-12", said_by="RUS"),
            wanted("CHN", "KAZ", code=ACT, edtf="2022-05-11", said_by="RUS"),
        ]

    def test_finds_nothing_if_all_is_on_record(self, listed):
        check(listed)

    @pytest.mark.parametrize(
        "wrong",
        [
            wanted("CHN", "KAZ", code=ACT, edtf="2022-05-11"),
            wanted("CHN", "KAZ", code=ACT, edtf="2022-05-11", said_by="KAZ"),
            wanted("CHN", "KAZ", code=ACT, edtf="2022-05-12", said_by="RUS"),
            wanted("CHN", "KAZ", code=ACT.split("/")[0], edtf="2022-05-11", said_by="RUS"),
            wanted("KAZ", "CHN", code=ACT, edtf="2022-05-11", said_by="RUS"),
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
