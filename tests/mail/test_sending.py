"""Followers of a pair get one message about a certain movement past their threshold, and none about
claims that were retracted or withheld meanwhile."""

import logging
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from tests.kit.background_work import work_off
from tests.kit.builders import AT, a_citation, rate
from tracker.domain import events as e
from tracker.domain.claims import Occurred
from tracker.mail import following, links, sending
from tracker.mail.following import FollowRequest
from tracker.models.mail import MailReader
from tracker.operations import claims
from tracker.projections import disclosure, leases
from tracker.queries.scores import pair_changes

pytestmark = pytest.mark.django_db

MONDAY = datetime(2024, 5, 6, 6, tzinfo=UTC)
WAR = "plover-2.0/ASSAULT/aerial"


@pytest.fixture(autouse=True)
def _on_record(desk, now):
    """All tests have a desk and a clock that stands still."""


def follows(pair="KAZ-RUS", *, threshold=0.5, each=True, address="ann@example.org"):
    """Follow a pair from now on."""
    at = timezone.now()
    asked = FollowRequest(address=address, pair=pair, threshold=threshold, each=each)
    following.ask(asked, site="https://entente.example", at=at)
    following.take_requests()
    reader = MailReader.objects.get(address=address)
    following.confirm(reader.id, [one.id for one in following.waiting(reader.id, at=at)], at=at)
    return reader.id


def acts(desk, *, day="2024-05-03", code=WAR, summary="Bombs fell.", **given):
    what = {"code": code, "occurred": Occurred(edtf=day), "summary": summary, **given}
    found = desk.asserts("RUS", "KAZ", **what)
    work_off(at=timezone.now())
    return found.stream


def send():
    return sending.send_due(now=timezone.now)


@pytest.fixture
def moved(desk, now):
    """A reader follows a pair, and an attack is recorded three days later."""
    follows()
    now.move_to(datetime(2024, 5, 4, 9, tzinfo=UTC))
    return acts(desk)


class TestAnAlert:
    def test_says_which_way_how_far_why_and_who_reported_it(self, moved, mailbox):
        assert send() == 1

        to, message = mailbox.got[0]
        says = message.get_content()
        stop = links.stop_address(MailReader.objects.get().id, site="https://entente.example")
        assert (to, message["Subject"]) == ("ann@example.org", "KAZ and RUS: worse")
        assert "▼ KAZ and RUS: worse by " in says
        assert "1 May 2024 to 4 May 2024" in says
        assert "“Bombs fell.”, reported by The Gazette" in says
        assert f"https://entente.example/claims/{moved}/" in says
        assert message["List-Unsubscribe"] == f"<{stop}>"
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    def test_is_not_repeated(self, moved, desk, mailbox, now):
        send()

        assert send() == 0
        now.shift(timedelta(days=1))
        assert send() == 0
        # Of a month the largest attack counts, so that another one is no news.
        acts(desk, day="2024-05-05", summary="More bombs fell.")
        assert send() == 0
        now.move_to(datetime(2024, 6, 4, 9, tzinfo=UTC))
        acts(desk, day="2024-06-03", summary="More bombs fell.")
        assert send() == 1
        assert "More bombs fell." in mailbox.got[-1][1].get_content()

    def test_includes_late_reports(self, desk, mailbox, now):
        follows()
        now.move_to(datetime(2024, 5, 4, 9, tzinfo=UTC))
        acts(desk, day="2024-04-12")

        assert send() == 1
        assert "11 April 2024 to 4 May 2024" in mailbox.got[0][1].get_content()

    def test_counts_from_no_contact_on_the_sidelines_which_moves_nothing(self, desk, mailbox, now):
        """It began to be followed on 1 May; only a late act lets the days begin before."""
        follows()
        now.move_to(datetime(2024, 5, 4, 9, tzinfo=UTC))
        acts(desk, day="2024-04-12", code="plover-2.0/CONSULT/phone", summary="They phoned.")
        acts(desk)

        assert send() == 1
        assert "1 May 2024 to 4 May 2024" in mailbox.got[0][1].get_content()

    def test_does_not_repeat_what_was_reported_because_of_a_late_record(self, desk, mailbox, now):
        """The attack was reported. A sanction of before takes less than .6 points, which is below
        the threshold of a whole point; another attack more. Two sources say so: in the worlds
        where one alone is wrong, about one of twenty, it would not have moved."""
        heard = [desk.hears(name=name, grade="A", ends="2024-05-04") for name in ("One", "Two")]
        both = tuple(map(a_citation, heard))
        follows(threshold=1)
        now.move_to(datetime(2024, 5, 4, 9, tzinfo=UTC))
        acts(desk, citations=both)
        assert send() == 1
        now.move_to(datetime(2024, 5, 20, 9, tzinfo=UTC))

        acts(desk, day="2024-04-10", code="plover-2.0/SANCTION", summary="A ban.")
        assert send() == 0

        acts(desk, day="2024-04-12", summary="Earlier bombs.", citations=both)
        assert send() == 1
        assert "“Earlier bombs.”" in mailbox.got[-1][1].get_content()

    def test_ignores_earlier_records_and_a_new_grade_of_their_source(self, desk, mailbox, now):
        """The p of all its claims rises from .9435 to .97, but nothing happened."""
        rate(desk.source, "C", since=date(2021, 1, 1))
        acts(desk, day="2024-04-20")
        follows()
        now.move_to(datetime(2024, 5, 4, 9, tzinfo=UTC))
        rate(desk.source, "A", since=date(2022, 1, 1))
        work_off(at=timezone.now())

        assert send() == 0

    def test_waits_for_the_threshold(self, desk, mailbox, now):
        """The movement of these acts is known from the page, and is below the threshold of every
        reader."""
        follows(threshold=9)
        follows(threshold=0.5, address="bob@example.org")
        now.move_to(datetime(2024, 5, 4, 9, tzinfo=UTC))
        acts(desk)

        send()

        assert [to for to, _ in mailbox.got] == ["bob@example.org"]

    def test_is_of_what_one_source_reports_as_the_page_of_the_pair_is(self, desk, mailbox, now):
        """A claim by a source graded B has a p below .95, so that the interval reaches 0."""
        rate(desk.source, "B", since=date(2021, 1, 1))
        follows()
        now.move_to(datetime(2024, 5, 4, 9, tzinfo=UTC))
        acts(desk)

        assert send() == 1

        message = mailbox.got[0][1]
        assert message["Subject"].endswith(": worse, one source reports")
        assert "points, one source reports (90 % interval −" in message.get_content()

    def test_waits_until_the_direction_is_certain(self, moved, mailbox):
        """A claim judged disputed has a p of at most .5: too few worlds fell."""
        for verdict, sent in (("disputed", 0), ("confirmed", 1)):
            given = e.VerdictGiven(verdict=verdict, reason="so")
            claims.give_verdict(moved, given, at=AT, by="bob")
            work_off(at=timezone.now())

            assert send() == sent

    def test_names_no_claim_that_was_retracted_before_the_workers_know(self, moved, mailbox):
        claims.retract_claim(moved, reason="a hoax", at=timezone.now(), by="ann")
        disclosure.follow_all()

        assert send() == 1

        says = mailbox.got[0][1].get_content()
        assert "Bombs fell" not in says
        assert "No claim of these days that may be shown explains it." in says


class TestADigest:
    def test_is_sent_on_monday_and_has_all_that_passed(self, desk, mailbox, now):
        follows(each=False)
        follows("CHN-RUS", each=False)
        now.move_to(datetime(2024, 5, 4, 9, tzinfo=UTC))
        send()
        acts(desk)
        assert send() == 0

        now.move_to(MONDAY - timedelta(minutes=1))
        assert send() == 0
        now.move_to(MONDAY)
        assert send() == 1

        [(_, message)] = mailbox.got
        assert message["Subject"] == "This week: KAZ and RUS, worse"
        assert "CHN" not in message.get_content()
        assert send() == 0
        now.move_to(MONDAY + timedelta(weeks=1))
        assert send() == 0

    def test_adds_small_movements_up_over_weeks(self, desk, mailbox, now):
        """An act of a step of −.6 takes .6/9 of what is left to −9, so one, two and three that are
        true, each in its month, bring −.6, −1.16 and −1.68. They are true in 248 of 256 worlds,
        p .97: only the third passes 1.5."""
        follows(each=False, threshold=1.5)
        for month, day in enumerate(("2024-05-03", "2024-06-07", "2024-07-12")):
            now.move_to(MONDAY + timedelta(weeks=5 * month))
            acts(desk, day=day, code="plover-2.0/SANCTION", summary=f"Ban {month}.")
            assert send() == (month == 2)

        says = mailbox.got[0][1].get_content()
        assert "worse by 1.6 points" in says
        assert "1 May 2024 to 15 July 2024" in says


class TestAFailure:
    def test_is_tried_again_later(self, moved, mailbox, now):
        mailbox.refusal = "451 try later"
        assert send() == 0
        mailbox.refusal = ""
        assert send() == 0

        now.shift(timedelta(minutes=5))
        assert send() == 1
        assert MailReader.objects.get().attempts == 0

    def test_of_a_killed_worker_gives_the_same_message_id(self, moved, mailbox, now, monkeypatch):
        """The message was sent, and the worker died before it noted that."""

        def die(*_args):
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(sending, "_note", die)
            with pytest.raises(KeyboardInterrupt):
                send()
        assert send() == 0
        now.shift(sending.LEASE)
        assert send() == 1

        (_, first), (_, second) = mailbox.got
        assert first["Message-ID"] == second["Message-ID"]

    def test_that_lasts_deletes_the_address(self, moved, mailbox, now):
        mailbox.refusal = "550 no such mailbox"
        for _ in range(sending.MOST_ATTEMPTS):
            send()
            now.shift(sending.LONGEST_WAIT)

        assert MailReader.objects.count() == 0

    @pytest.mark.parametrize("refusal", ["451 try later", None])
    def test_of_the_server_deletes_no_address(self, moved, mailbox, now, settings, refusal):
        """The server puts a message off, or does not run at all. Nothing listens on port 1."""
        mailbox.refusal = refusal or ""
        settings.EMAIL_PORT = mailbox.port if refusal else 1
        for _ in range(2 * sending.MOST_ATTEMPTS):
            send()
            now.shift(sending.LONGEST_WAIT)
        mailbox.refusal, settings.EMAIL_PORT = "550 no such mailbox", mailbox.port
        send()
        now.shift(sending.LONGEST_WAIT)
        mailbox.refusal = ""

        assert send() == 1

    def test_of_one_message_keeps_none_from_others(self, desk, mailbox, now, capfd, caplog):
        """An address that was kept before it was checked so strictly: no header can have it."""
        follows()
        bad = follows(address="bob@example.org")
        MailReader.objects.filter(id=bad).update(address='"a\\\x0bsecret"@example.org')
        now.move_to(datetime(2024, 5, 4, 9, tzinfo=UTC))
        acts(desk)
        caplog.set_level(logging.DEBUG)

        assert send() == 1

        out = "".join(capfd.readouterr()) + caplog.text
        assert "HeaderWriteError" in out
        assert "secret" not in out
        assert MailReader.objects.get(id=bad).attempts == 1

    def test_writes_no_address_into_the_log_of_the_worker(self, moved, mailbox, capfd, caplog):
        mailbox.refusal = "550 ann@example.org is unknown"
        caplog.set_level(logging.DEBUG)

        send()

        out = "".join(capfd.readouterr()) + caplog.text
        assert "a message was not sent" in out
        assert "ann@" not in out


class TestTheWork:
    """What a run folds is bounded, and is folded once for all who follow a pair."""

    @pytest.fixture
    def folded(self, monkeypatch):
        """The pairs that are folded, in order."""
        pairs, of_pairs = [], pair_changes.of_pairs

        def noted(some, *args, **given):
            pairs.extend(some)
            return of_pairs(some, *args, **given)

        monkeypatch.setattr(pair_changes, "of_pairs", noted)
        return pairs

    def test_is_done_once_for_all_readers_of_a_pair(self, desk, mailbox, now, folded):
        follows()
        follows(address="bob@example.org")
        now.move_to(datetime(2024, 5, 4, 9, tzinfo=UTC))
        acts(desk)

        assert send() == 2
        assert folded == ["KAZ-RUS"]

    def test_leaves_out_pairs_that_did_not_change(self, desk, mailbox, now, folded):
        desk.asserts("CHN", "RUS", code=WAR, occurred=Occurred(edtf="2024-04-20"))
        acts(desk, day="2024-04-20")
        follows("CHN-RUS")
        follows()
        send()
        folded.clear()

        acts(desk, day="2024-04-19", summary="Earlier bombs.")
        send()
        send()

        assert folded == ["KAZ-RUS"]

    def test_on_a_large_pair_is_done_once_a_day(self, desk, mailbox, now, folded, monkeypatch):
        monkeypatch.setattr(pair_changes, "MOST_IMPACTS", 0)
        follows(threshold=9)
        acts(desk, day="2024-04-30")
        send()
        assert folded == []

        now.shift(timedelta(days=1))
        send()
        acts(desk, day="2024-05-02", summary="More bombs.")
        send()
        assert folded == ["KAZ-RUS"]

    @pytest.mark.parametrize("each", [True, False])
    def test_on_large_pairs_goes_on_in_the_next_run(
        self, desk, mailbox, now, folded, monkeypatch, each
    ):
        monkeypatch.setattr(pair_changes, "MOST_IMPACTS", 0)
        monkeypatch.setattr(sending, "MOST_LARGE", 1)
        follows(each=each)
        follows("CHN-RUS", each=each)
        now.move_to(MONDAY)
        desk.asserts("CHN", "RUS", code=WAR, occurred=Occurred(edtf="2024-05-03"))
        acts(desk)

        assert [send() for _ in range(3)] == [1, 1, 0]
        assert sorted(folded) == ["CHN-RUS", "KAZ-RUS"]
        first, second = (message["Message-ID"] for _to, message in mailbox.got)
        assert first != second


class TestTwoWorkers:
    def test_do_not_send_to_one_reader_at_once(self, moved, mailbox, now):
        held = MailReader.objects.filter(leases.is_free(at=timezone.now()))
        held.update(lease=held.get().id, lease_until=timezone.now() + timedelta(minutes=1))

        assert send() == 0
