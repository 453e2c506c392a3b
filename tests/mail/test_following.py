"""Somebody with a browser and a mailbox asks to follow pairs by mail, confirms it, and stops."""

import secrets
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.kit.following import ADDRESS, ASK, ask, confirmed, following_path, link, send
from tests.kit.pseudo_language import marked
from tracker.mail import following
from tracker.models.mail import MailFollow, MailPause, MailReader
from tracker.pages import mail_pages

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_record(desk, now):
    """All tests have a desk and a clock that stands still."""


@pytest.fixture
def client():
    """A browser at an address of its own, since requests are counted by address."""
    return Client(REMOTE_ADDR=f"10.{secrets.randbelow(250)}.{secrets.randbelow(250)}.7")


@pytest.fixture
def path(client, mailbox):
    """The page of a confirmation that was asked for and sent."""
    ask(client)
    send()
    return link(mailbox.got[0][1])


class TestARequest:
    def test_is_answered_with_a_page_that_says_what_comes(self, client):
        answer = ask(client)

        assert (answer.status_code, answer["Location"]) == (303, "/follow/mail/sent/")
        assert "If the address takes mail" in client.get("/follow/mail/sent/").text
        assert answer.cookies == {}

    def test_by_somebody_else_does_not_change_the_language_of_a_reader(self, client, mailbox):
        confirmed(client, mailbox)
        client.post(f"/ru{ASK}", {"address": ADDRESS, "pair": "CHN-RUS"})
        following.take_requests()

        assert MailReader.objects.get().language == "en-gb"

    def test_does_the_same_whether_an_address_is_known(self, client, mailbox):
        """Neither the answer tells it nor its time."""
        with CaptureQueriesContext(connection) as for_new:
            new = client.post(ASK, {"address": ADDRESS, "pair": "KAZ-RUS"})
        confirmed(client, mailbox)
        with CaptureQueriesContext(connection) as for_known:
            known = client.post(ASK, {"address": ADDRESS, "pair": "KAZ-RUS"})

        verbs = [
            [query["sql"][:40] for query in one.captured_queries] for one in (for_new, for_known)
        ]
        assert verbs[0] == verbs[1]
        assert not any("mail_reader" in query["sql"] for query in for_known.captured_queries)
        assert (new.status_code, new.content, new.items()) == (
            known.status_code,
            known.content,
            known.items(),
        )

    @pytest.mark.parametrize(
        ("given", "says"),
        [
            ({"address": "no address"}, "must be a mail address"),
            ({"address": f"{'a' * 64}@{'b' * 184}.example"}, "at most 254 characters"),
            ({"address": "a@b.example\nBcc: c@d.example"}, "must be a mail address"),
            ({"address": '"a\\\x0bb"@example.org'}, "must be a mail address"),
            ({"address": "root@localhost"}, "must be a mail address"),
            ({"address": "a@[127.0.0.1]"}, "must be a mail address"),
            ({"address": "vic\u00adtim@example.org"}, "must be a mail address"),
            ({"address": "vıctım@example.org"}, "must be a mail address"),
            ({"address": f"a@{'ä' * 64}.example"}, "must be a mail address"),
            # To convert its domain would take minutes.
            ({"address": f"a@{''.join(map(chr, range(20_000, 40_000)))}"}, "at most 254"),
            ({"pair": "KAZ"}, "two codes of countries"),
            ({"threshold": "0.4"}, "from 0.5 to 9"),
            ({"threshold": "nan"}, "from 0.5 to 9"),
            ({"how": "hourly"}, "digest or each"),
        ],
    )
    def test_that_cannot_be_used_is_refused_in_words(self, client, given, says):
        answer = ask(client, **given)

        assert answer.status_code == 400
        assert says in answer.text
        assert MailReader.objects.count() == 0

    def test_about_no_pair_on_record_is_a_404(self, client):
        assert ask(client, pair="KAZ-XXX").status_code == 404

    @pytest.mark.parametrize(
        "headers",
        [
            {"Sec-Fetch-Site": "cross-site"},
            {"Origin": "https://elsewhere.example"},
            # Its port would be in the links of the message.
            {"Host": "testserver:9999"},
        ],
    )
    def test_from_another_site_is_refused(self, client, headers):
        assert ask(client, headers=headers).status_code == 403
        assert MailReader.objects.count() == 0

    @pytest.mark.parametrize("limit", ["MOST_WAITING", "MOST_PAIRS"])
    def test_takes_the_place_of_the_oldest_if_too_many_wait(self, client, now, monkeypatch, limit):
        monkeypatch.setattr(following, limit, 2)
        for pair in ("KAZ-RUS", "CHN-RUS", "CHN-KAZ"):
            assert ask(client, pair=pair).status_code == 303
            now.shift(timedelta(minutes=1))

        assert {one.pair for one in MailFollow.objects.all()} == {"CHN-RUS", "CHN-KAZ"}

    def test_that_is_repeated_is_not_kept_longer(self, client, now):
        ask(client)
        now.shift(timedelta(days=6))
        ask(client)
        following.forget(at=timezone.now())
        assert MailFollow.objects.count() == 1

        now.shift(timedelta(days=1))
        following.forget(at=timezone.now())
        assert (MailFollow.objects.count(), MailReader.objects.count()) == (0, 0)

    def test_after_an_expired_one_is_new(self, client, now):
        ask(client)
        now.shift(timedelta(days=8))
        ask(client)

        [row] = MailFollow.objects.all()
        assert row.made_at == timezone.now()

    def test_is_taken_ten_times_an_hour_from_one_client(self, client, now):
        answers = [ask(client, address=f"a{n}@example.org").status_code for n in range(11)]

        assert answers == [303] * 10 + [429]
        assert ask(Client(REMOTE_ADDR=f"192.0.2.{secrets.randbelow(250)}")).status_code == 303
        now.shift(timedelta(hours=1))
        assert ask(client).status_code == 303

    def test_is_taken_some_times_a_day_from_one_client(self, client, now, monkeypatch):
        monkeypatch.setattr(mail_pages, "MOST_A_DAY", 2)
        answers = [ask(client) for _ in range(3)]

        assert [one.status_code for one in answers] == [303, 303, 429]
        assert answers[2]["Retry-After"] == "86400"
        assert "Try again tomorrow." in answers[2].text
        now.shift(timedelta(days=1))
        assert ask(client).status_code == 303

    def test_is_not_taken_where_no_mail_is_sent(self, client, settings):
        settings.MAIL = False

        assert ask(client).status_code == 404
        assert "name@example.org" not in client.get("/pairs/KAZ-RUS/").text


class TestTheConfirmation:
    def test_names_the_pair_in_the_language_of_the_page_on_which_it_was_asked_for(
        self, client, mailbox
    ):
        client.post(f"/ru{ASK}", {"address": ADDRESS, "pair": "KAZ-RUS"})

        with marked("ru"):
            assert send() == 1

        to, message = mailbox.got[0]
        text = message.get_content()
        assert (to, message["List-Unsubscribe"]) == ("ann.reader@example.org", None)
        assert "⟦To confirm, open this page and press the button:⟧" in text
        assert "Казахстан⟦ and ⟧Россия" in text
        assert "http://testserver/ru/follow/mail/confirm/" in text

    def test_is_sent_once_a_day_to_a_mailbox_however_it_is_written(self, client, mailbox, now):
        for address in (
            ADDRESS,
            "annreader@example.org",
            "ann.reader+x@example.org",
            "ann.reader@ｅxample.org",
            "ann.reader@exam\u00adple.org",
            "ann.reader@exam\u200bple.org",
            "ann.reader@example。org",
        ):
            ask(client, address=address)
            ask(client, address=address, pair="CHN-RUS")
            send()
        assert len(mailbox.got) == 1

        now.shift(timedelta(hours=25))
        send()
        assert len(mailbox.got) == 2

    def test_is_sent_again_soon_if_the_server_put_it_off(self, client, mailbox, now):
        ask(client)
        mailbox.refusal = "451 try later"
        assert send() == 0

        mailbox.refusal = ""
        now.shift(timedelta(minutes=5))
        assert send() == 1

    def test_is_not_sent_again_to_who_forbade_it_while_it_failed(self, client, mailbox, now):
        ask(client)
        reader = MailReader.objects.get()
        following.pause(reader.address, until=timezone.now() + timedelta(days=1))
        following.block(reader.id, at=timezone.now())

        following.resume(reader.address, until=timezone.now() + timedelta(days=1))

        assert following.is_paused(reader.address, at=timezone.now() + timedelta(days=400))

    def test_changes_nothing_when_its_link_is_opened(self, client, path):
        """Mail servers open links to look for malware."""
        page = client.get(path)
        client.head(path)

        assert page.status_code == 200
        assert page["Cache-Control"] == "no-store"
        assert page["Referrer-Policy"] == "no-referrer"
        assert not MailFollow.objects.filter(confirmed_at__isnull=False).exists()

    def test_follows_what_is_chosen_and_forgets_the_rest(self, client, mailbox):
        ask(client)
        ask(client, pair="CHN-RUS", threshold="2", how="each")
        send()
        path = link(mailbox.got[0][1])
        chosen = MailFollow.objects.get(pair="CHN-RUS").id

        assert "Confirmed." in client.post(path, {"follow": [chosen]}).text

        [row] = MailFollow.objects.all()
        assert (row.pair, row.threshold, row.each) == ("CHN-RUS", 2.0, True)
        assert row.confirmed_at is not None

    def test_sets_the_language_of_further_mail(self, client, path):
        ids = [MailFollow.objects.get().id]

        client.post(f"/ru{path}", {"follow": ids})

        assert MailReader.objects.get().language == "ru"

    @pytest.mark.parametrize("text", ["abc", "-1", "٣", "9" * 19, "9" * 5_000])
    def test_of_a_malformed_choice_is_refused(self, client, path, text):
        assert client.post(path, {"follow": [text]}).status_code == 400
        assert MailFollow.objects.filter(confirmed_at=None).count() == 1

    def test_is_of_fifty_pairs_at_most(self, client, mailbox, now, monkeypatch):
        """Those that only wait do not count."""
        monkeypatch.setattr(following, "MOST_PAIRS", 2)
        confirmed(client, mailbox)
        now.shift(timedelta(days=2))
        for pair in ("CHN-RUS", "CHN-KAZ"):
            ask(client, pair=pair)
        send()
        path = link(mailbox.got[-1][1])
        ids = [one.id for one in MailFollow.objects.filter(confirmed_at=None)]

        answer = client.post(path, {"follow": ids})
        assert answer.status_code == 400
        assert "at most 2 pairs" in answer.text

        assert client.post(path, {"follow": ids[:1]}).status_code == 200
        assert MailFollow.objects.filter(confirmed_at__isnull=False).count() == 2

    def test_replaces_an_earlier_wish_for_the_pair(self, client, mailbox, now):
        confirmed(client, mailbox)
        now.shift(timedelta(days=2))
        ask(client, threshold="3")
        assert MailFollow.objects.get(confirmed_at__isnull=False).threshold == 0.5

        confirmed(client, mailbox, threshold="3")

        assert [one.threshold for one in MailFollow.objects.all()] == [3.0]

    def test_is_no_longer_valid_after_seven_days(self, client, path, now):
        now.shift(timedelta(days=7, minutes=1))

        assert client.get(path).status_code == 404
        assert client.post(path, {"follow": ["1"]}).status_code == 404

    def test_is_valid_only_as_it_was_signed(self, client, path):
        assert client.get(path[:-2] + "x/").status_code == 404
        assert client.get(path.replace("confirm", "stop")).status_code == 404

    def test_can_forbid_any_other(self, client, path, mailbox, now):
        client.post(path, {"act": "block"})
        assert MailReader.objects.count() == 0

        now.shift(timedelta(days=400))
        following.forget(at=timezone.now())
        for address in (ADDRESS, "ann.reader@ｅxample.org", "ann.reader@exam\u00adple.org"):
            ask(client, address=address)
        send()

        assert len(mailbox.got) == 1


class TestTheEnd:
    @pytest.fixture
    def path(self, client, mailbox):
        confirmed(client, mailbox)
        return following_path()

    def test_is_one_post_without_cookies(self, client, path):
        """RFC 8058: a mail program sends this body, and nothing else."""
        client.handler.enforce_csrf_checks = True

        answer = client.post(
            path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
        )

        assert answer.status_code == 200
        assert (MailReader.objects.count(), MailFollow.objects.count()) == (0, 0)
        assert client.post(path).status_code == 200

    def test_shows_people_what_they_follow(self, client, path):
        page = client.get(path).text

        assert "KAZ and RUS" in page
        assert "once a week, for changes of at least 0.5 points" in " ".join(page.split())
        assert MailFollow.objects.count() == 1

    def test_can_be_of_one_pair(self, client, path, mailbox, now):
        now.shift(timedelta(days=2))
        confirmed(client, mailbox, pair="CHN-RUS")
        one = MailFollow.objects.get(pair="KAZ-RUS").id

        assert client.post(path, {"follow": one}).status_code == 303

        assert [one.pair for one in MailFollow.objects.all()] == ["CHN-RUS"]
        assert client.get(path).status_code == 200

    @pytest.mark.parametrize("text", ["abc", " ", "1 ", "٣", "9" * 5_000])
    def test_of_a_malformed_pair_ends_nothing(self, client, path, text):
        assert client.post(path, {"follow": text}).status_code == 400
        assert MailFollow.objects.count() == 1

    def test_keeps_no_address(self, client, path, now):
        """Only a keyed hash of the mailbox is kept, for a day."""
        client.post(following_path())

        assert b"example" not in bytes(MailPause.objects.get().digest)
        now.shift(timedelta(days=2))
        following.forget(at=timezone.now())
        assert MailPause.objects.count() == 0

    def test_works_with_a_link_of_before_the_key_changed(self, client, path, settings):
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]

        assert client.get(path).status_code == 200
        settings.SECRET_KEY_FALLBACKS = []
        assert client.get(path).status_code == 404

    def test_for_ever_outlives_a_new_key(self, client, path, settings):
        following.block(MailReader.objects.get().id, at=timezone.now())
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]

        assert following.is_paused(ADDRESS, at=timezone.now())
        following.pause(ADDRESS, until=timezone.now() + following.FOR_EVER)
        settings.SECRET_KEY_FALLBACKS = []
        assert following.is_paused(ADDRESS, at=timezone.now())
        assert MailPause.objects.count() == 1

    @pytest.mark.parametrize(("key", "former"), [("now", []), ("another", ["now"])])
    def test_needs_no_secret_key_with_a_mail_key(self, client, mailbox, settings, key, former):
        settings.SECRET_KEY = "now"
        confirmed(client, mailbox)
        path = following_path()
        following.pause(ADDRESS, until=timezone.now() + following.FOR_EVER)
        settings.SECRET_KEY, settings.MAIL_KEY, settings.MAIL_KEY_FALLBACKS = "new", key, former

        assert client.get(path).status_code == 200
        assert following.is_paused(ADDRESS, at=timezone.now())
