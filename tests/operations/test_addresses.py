"""Webhooks reach public addresses only, however they are written and whatever a name says next."""

import socket
from ipaddress import ip_address

import pytest

from tests.kit.webhook_receiver import CERTIFICATES, a_receiver
from tracker.webhooks.transport import AddressNotAllowed, forbidden, parse_url, post, resolve

NAME = "hook.example"
real = socket.getaddrinfo


def the_name_is_at(monkeypatch, *answers):
    """Let the name be at one address the first time, and at others later."""
    left = list(answers)

    def look_up(host, *given, **more):
        if host == NAME:
            host = left.pop(0) if len(left) > 1 else left[0]
        return real(host, *given, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


class TestAnAddress:
    @pytest.mark.parametrize(
        "ip",
        [
            "127.0.0.1",
            "0.0.0.0",  # noqa: S104
            "10.1.2.3",
            "100.100.100.200",  # a cloud's metadata
            "169.254.169.254",  # other clouds'
            "168.63.129.16",  # and one whose number is public
            "192.88.99.1",
            "224.0.0.1",
            "::1",
            "::7f00:1",
            "fe80::1",
            "fd00:ec2::254",  # a cloud's metadata
            "fec0::1",
            "3fff::1",
            "5f00::1",
            "2001::1",  # Teredo
            "2002:7f00:1::",  # 6to4
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",  # NAT64 of 127.0.0.1
            "64:ff9b::a9fe:a9fe",  # and of 169.254.169.254
            "64:ff9b:1::808:808",
        ],
    )
    def test_that_is_not_public_is_forbidden(self, ip):
        assert forbidden(ip_address(ip))

    @pytest.mark.parametrize("host", ["127.0.0.1", "169.254.169.254", "[::1]", "[fe80::1%25eth0]"])
    def test_that_is_written_out_is_refused_before_anybody_is_asked(self, host):
        with pytest.raises(AddressNotAllowed, match="not a public address"):
            parse_url(f"https://{host}:8443/hook", networks=["10.0.0.0/8"])

    def test_that_the_site_allows_may_be_written_out(self):
        assert parse_url("http://10.1.2.3/hook", networks=["10.0.0.0/8"]).hostname == "10.1.2.3"

    @pytest.mark.parametrize(
        "ip", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
    )
    def test_that_is_public_is_not(self, ip):
        assert not forbidden(ip_address(ip))


class TestAUrl:
    @pytest.mark.parametrize(
        "url",
        [
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://127.1/",
            "https://localhost/",
        ],
    )
    def test_that_leads_to_this_machine_is_refused(self, url):
        with pytest.raises(AddressNotAllowed, match=r"not a public address|cannot be resolved"):
            resolve(url, networks=[])

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "ftp://example.org/",
            "file:///etc/passwd",
            "http://8.8.8.8/",
            "https://a:b@8.8.8.8/",
            "https://8.8.8.8/#a",
            "https://8.8.8.8:0/",
            "https://8.8.8.8/a b",
            "https://[::1/",
        ],
    )
    def test_of_another_form_is_refused(self, url):
        with pytest.raises(AddressNotAllowed):
            resolve(url, networks=[])

    def test_is_refused_where_one_of_its_addresses_is_forbidden(self, monkeypatch):
        both = [real(ip, 443, type=socket.SOCK_STREAM)[0] for ip in ("8.8.8.8", "10.0.0.1")]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)

        with pytest.raises(AddressNotAllowed, match=r"10\.0\.0\.1"):
            resolve(f"https://{NAME}/", networks=[])

    def test_by_http_leads_only_into_networks_of_the_site(self, monkeypatch):
        the_name_is_at(monkeypatch, "8.8.8.8")

        with pytest.raises(AddressNotAllowed, match="https"):
            resolve(f"http://{NAME}/", networks=["127.0.0.0/8"])
        assert resolve("http://127.0.0.1/", networks=["127.0.0.0/8"]).port == 80


class TestAPost:
    def test_to_this_machine_is_refused_before_anything_is_sent(self):
        with a_receiver() as receiver:
            by_name = receiver.url.replace("127.0.0.1", "localhost")
            urls = [receiver.url, by_name]
            urls += [url.replace("http:", "https:") for url in urls]
            found = [post(url, {}, "{}", networks=[]) for url in urls]

            assert receiver.got == []
        assert [one.taken for one in found] == [False] * 4
        assert "not a public address" in found[2].error

    def test_follows_no_redirect(self):
        with a_receiver() as inner, a_receiver("127.0.0.2") as outer:
            outer.answers = [(status, {"Location": inner.url}) for status in (301, 302, 307, 308)]

            found = [post(outer.url, {}, "{}", networks=["127.0.0.2/32"]) for _ in range(4)]

            assert inner.got == []
        assert {one.taken for one in found} == {False}
        assert found[0].error == "answered 301 to another address, which is not followed"

    def test_goes_to_the_address_that_was_looked_at_whatever_the_name_says_next(self, monkeypatch):
        the_name_is_at(monkeypatch, "127.0.0.2", "127.0.0.1")
        with a_receiver() as inner, a_receiver("127.0.0.2", inner.port) as outer:
            url = f"http://{NAME}:{inner.port}/hook"

            found = post(url, {}, "{}", networks=["127.0.0.2/32"])

            assert (len(inner.got), len(outer.got)) == (0, 1)
            assert outer.got[0][0]["Host"] == f"{NAME}:{inner.port}"
        assert found.taken

    def test_asks_the_address_for_the_name_and_wants_its_certificate(self, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "authority.pem"))
        the_name_is_at(monkeypatch, "127.0.0.1")
        with a_receiver(tls=True) as receiver:
            well = post(receiver.url.replace("127.0.0.1", NAME), {}, "{}", networks=["127.0.0.1"])
            ill = post(receiver.url, {}, "{}", networks=["127.0.0.1"])

            assert receiver.asked_for[0] == NAME
            assert len(receiver.got) == 1
        assert well.taken
        assert "certificate" in ill.error.lower()

    def test_that_nobody_takes_is_an_outcome(self):
        with a_receiver() as receiver:
            pass

        found = post(receiver.url, {}, "{}", networks=["127.0.0.1"])

        assert (found.taken, found.status) == (False, None)
        assert found.error

    def test_does_not_wait_for_a_receiver_that_dawdles(self, monkeypatch):
        monkeypatch.setattr("tracker.webhooks.transport.SECONDS", 0.3)
        with socket.create_server(("127.0.0.1", 0)) as deaf:
            url = f"http://127.0.0.1:{deaf.getsockname()[1]}/"

            found = post(url, {}, "{}", networks=["127.0.0.1"])

        assert not found.taken
        assert found.milliseconds < 5_000
