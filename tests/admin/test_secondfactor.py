"""The second factor at the desk: setting it up, being asked for it, losing it."""

import re
from base64 import b32decode
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.kit.builders import AT
from tracker.operations import accounts, claims

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
PASSWORD = "long and right 1"
LOGIN = "/admin/login/?next=/admin/desk/claim/"
CODE = "/admin/login/code/"
SETUP = "/admin/second-factor/"
CLAIMS = "/admin/desk/claim/"
TOKEN_FROM, TOKEN_LASTS = datetime(2026, 3, 1, tzinfo=UTC), timedelta(days=7)


@pytest.fixture(autouse=True)
def clock(time_machine):
    """Codes change every 30 seconds; here they change when a test says so."""
    time_machine.move_to("2026-03-01T12:00:00Z", tick=False)
    return time_machine


@pytest.fixture
def vic():
    user = User.objects.create_user("vic", password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name="viewer"))
    return user


def logged_in(name="vic", **more):
    client = Client(**more)
    client.post(LOGIN, {"username": name, "password": PASSWORD})
    return client


def code_of(secret, *, later=0):
    """What an app shows that was given this secret, some steps of 30 seconds later."""
    totp = TOTP(b32decode(secret.replace(" ", "")))
    totp.time = totp.time + 30 * later
    return f"{totp.token():06}"


@pytest.fixture
def secret(vic, clock):
    """Set a second factor up as a person does, and give its secret."""
    client = logged_in()
    text = client.post(SETUP, {"act": "begin"}).text
    found = re.search(r"<code>([A-Z2-7 ]{39})</code>", text)
    assert found is not None
    client.post(SETUP, {"act": "confirm", "code": code_of(found[1])})
    clock.shift(60)
    return found[1]


class TestSettingUp:
    def confirm(self, client, secret):
        return client.post(SETUP, {"act": "confirm", "code": code_of(secret)})

    def test_counts_once_a_code_was_right_and_gives_recovery_codes(self, vic, clock):
        client = logged_in()
        begun = client.post(SETUP, {"act": "begin"})
        secret = re.search(r"<code>([A-Z2-7 ]{39})</code>", begun.text)[1]
        assert "no-store" in begun["Cache-Control"]

        wrong = client.post(SETUP, {"act": "confirm", "code": "000000"})
        assert "That code is wrong" in wrong.text
        assert logged_in().get(CLAIMS).status_code == 200

        assert "Wait 1 s" in self.confirm(client, secret).text
        clock.shift(2)
        right = self.confirm(client, secret)

        assert len(re.findall(r"<li><code>[a-z2-7]{8}</code></li>", right.text)) == 10
        assert client.get(CLAIMS).status_code == 200
        assert logged_in().get(CLAIMS)["Location"].startswith(CODE)

    def test_is_not_done_again_while_there_is_one(self, secret, vic, clock):
        """Who finds a session open cannot put a phone of their own in place of the owner's."""
        client = logged_in()
        client.post(CODE, {"code": code_of(secret)})

        answer = client.post(SETUP, {"act": "begin"})

        assert "has a second factor already" in answer.text
        assert TOTPDevice.objects.filter(user=vic).count() == 1


class TestLoggingIn:
    def test_asks_for_the_code_and_goes_where_one_was_going(self, secret):
        client = logged_in()

        asked = client.get(CLAIMS)
        assert (asked.status_code, asked["Location"]) == (
            302,
            f"{CODE}?next=%2Fadmin%2Fdesk%2Fclaim%2F",
        )
        assert "Enter your code" in client.get(asked["Location"]).text
        answer = client.post(CODE, {"code": code_of(secret), "next": CLAIMS})

        assert (answer.status_code, answer["Location"]) == (302, CLAIMS)
        assert client.get(CLAIMS).status_code == 200

    @pytest.mark.parametrize(
        "address",
        [
            *("/admin/", CLAIMS, "/admin/desk/claim/tokens/", "/admin/auth/user/", SETUP),
            *("/admin/password_change/", "/admin/desk/claim/add/", "/admin/nowhere/"),
        ],
    )
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_opens_nothing_before_the_code(self, secret, vic, address, method):
        User.objects.filter(pk=vic.pk).update(is_superuser=True)
        form = {"act": "remove", "name": "x", "days": "9", "scope": "read"}

        answer = getattr(logged_in(), method)(address, form)

        assert answer.status_code == 302
        assert answer["Location"].startswith(CODE)
        assert accounts.tokens() == []
        assert TOTPDevice.objects.filter(confirmed=True).exists()

    def test_asks_a_session_that_is_older_than_the_second_factor(self, vic):
        elsewhere = logged_in()
        assert elsewhere.get(CLAIMS).status_code == 200
        TOTPDevice.objects.create(user=vic, name="app")

        assert elsewhere.get(CLAIMS)["Location"].startswith(CODE)

    def test_shows_a_public_page_as_to_everybody_before_the_code(self, secret, desk):
        claim = claims.assert_claim(desk.claim(), at=AT, by="bob").stream
        client = logged_in()

        assert "bob" not in client.get(f"/claims/{claim}/").text
        client.post(CODE, {"code": code_of(secret)})
        assert "bob" in client.get(f"/claims/{claim}/").text

    def test_takes_no_code_twice(self, secret):
        code = code_of(secret)
        assert logged_in().post(CODE, {"code": code}).status_code == 302

        again = logged_in()
        answer = again.post(CODE, {"code": code})

        assert "was used already" in answer.text
        assert again.get(CLAIMS).status_code == 302

    def test_takes_no_code_of_somebody_else(self, secret):
        bob = User.objects.create_superuser("bob", password=PASSWORD)
        TOTPDevice.objects.create(user=bob, name="app")
        client = logged_in("bob")

        client.post(CODE, {"code": code_of(secret)})

        assert client.get("/admin/")["Location"].startswith(CODE)

    def test_does_not_lead_elsewhere(self, secret):
        client = logged_in()

        answer = client.post(CODE, {"code": code_of(secret), "next": "https://evil.example/"})

        assert answer["Location"] == "/admin/"


class TestRecoveryCodes:
    @pytest.fixture
    def codes(self, secret):
        client = logged_in()
        client.post(CODE, {"code": code_of(secret)})
        text = client.post(SETUP, {"act": "codes", "code": code_of(secret, later=1)}).text
        return re.findall(r"<li><code>([a-z2-7]{8})</code></li>", text)

    def test_are_ten_and_each_opens_once(self, codes):
        assert len(set(codes)) == 10
        first, again = logged_in(), logged_in()

        first.post(CODE, {"code": codes[0].upper()})
        again.post(CODE, {"code": codes[0]})

        assert first.get(CLAIMS).status_code == 200
        assert again.get(CLAIMS).status_code == 302
        assert "9 recovery codes left" in first.get(SETUP).text

    def test_are_not_given_without_a_code(self, secret):
        client = logged_in()
        client.post(CODE, {"code": code_of(secret)})

        assert "Your recovery codes" not in client.post(SETUP, {"act": "codes", "code": ""}).text


class TestWrongCodes:
    def test_must_be_waited_for(self, secret, clock):
        client = logged_in()
        for _ in range(3):
            client.post(CODE, {"code": "000000"})
            clock.shift(0.1)

        soon = client.post(CODE, {"code": code_of(secret)})
        clock.shift(60)
        later = client.post(CODE, {"code": code_of(secret)})

        assert "Wait 1 s" in soon.text
        assert later.status_code == 302

    def test_lock_with_wrong_passwords(self, secret, settings, clock):
        client = logged_in()
        for _ in range(settings.AXES_FAILURE_LIMIT):
            clock.shift(1)
            last = client.post(CODE, {"code": "000000"})
        clock.shift(1_200)

        assert last.status_code == 429
        assert "Locked for an hour" in last.text
        assert client.post(CODE, {"code": code_of(secret)}).status_code == 429
        assert client.get(CLAIMS)["Location"].startswith(CODE)
        failed = AccessAttempt.objects.get()
        assert failed.username == "vic"
        assert "000000" not in failed.post_data


class TestWhereItIsRequired:
    @pytest.fixture(autouse=True)
    def required(self, settings):
        settings.REQUIRE_MFA = True

    @pytest.mark.parametrize("address", ["/admin/", CLAIMS, "/admin/desk/claim/tokens/"])
    def test_nothing_opens_before_it_is_set_up(self, vic, address):
        client = logged_in()

        answer = client.post(address, {"name": "x", "days": "9", "scope": "read"})

        assert (answer.status_code, answer["Location"]) == (302, f"{SETUP}?next=%2Fadmin%2F")
        assert "This site requires a second factor" in client.get(SETUP).text
        assert accounts.tokens() == []

    def test_everything_opens_after(self, secret):
        client = logged_in()
        client.post(CODE, {"code": code_of(secret)})

        assert client.get(CLAIMS).status_code == 200

    def test_tokens_work_on(self, vic):
        token = accounts.issue(
            "vic", by="vic", name="a", scopes=("read",), lasting=TOKEN_LASTS, at=TOKEN_FROM
        )

        answer = Client().get("/api/v1/claims/", headers={"Authorization": f"Bearer {token}"})

        assert answer.status_code == 200


class TestRemoving:
    def test_takes_a_code(self, secret, vic, clock):
        client = logged_in()
        client.post(CODE, {"code": code_of(secret)})

        client.post(SETUP, {"act": "remove", "code": "123123"})
        assert TOTPDevice.objects.filter(user=vic).exists()
        clock.shift(60)
        client.post(SETUP, {"act": "remove", "code": code_of(secret)})

        assert not TOTPDevice.objects.filter(user=vic).exists()
        assert logged_in().get(CLAIMS).status_code == 200

    def reset(self, name, vic):
        chosen = {"action": "reset_second_factor", "_selected_action": [vic.pk]}
        client = logged_in(name)
        page = client.get("/admin/auth/user/").text
        client.post("/admin/auth/user/", chosen)
        return "Reset the second factor" in page

    def test_of_somebody_else_is_a_superusers(self, secret, vic):
        User.objects.create_superuser("boss", password=PASSWORD)
        mallory = User.objects.create_user("mallory", password=PASSWORD, is_staff=True)
        mallory.groups.add(Group.objects.get(name="admin"))

        assert not self.reset("mallory", vic)
        assert TOTPDevice.objects.filter(user=vic).exists()
        assert self.reset("boss", vic)
        assert not TOTPDevice.objects.filter(user=vic).exists()
        assert logged_in().get(CLAIMS).status_code == 200

    def test_from_the_command_line(self, secret, vic):
        said = StringIO()

        call_command("mfa", "list", stdout=said)
        call_command("mfa", "reset", "vic", stdout=said)
        call_command("mfa", "list", stdout=said)

        assert said.getvalue().splitlines() == [
            "vic  second factor",
            "vic now logs in with the password only",
            "vic  password only",
        ]
        with pytest.raises(CommandError, match="no account 'bob'"):
            call_command("mfa", "reset", "bob")
