"""The address that a request is counted under, with and without a proxy in front."""

import pytest
from django.test import RequestFactory

from config.client_address import UNKNOWN, client_address


def address(forwarded=None, peer="192.0.2.1"):
    more = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return client_address(RequestFactory().get("/", REMOTE_ADDR=peer, **more))


class TestWithoutAProxy:
    def test_the_header_is_ignored(self, settings):
        settings.PROXIES = 0

        assert address("198.51.100.7") == "192.0.2.1"

    @pytest.mark.parametrize(
        ("peer", "counted"),
        [
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:2::9", "2001:db8:1:2::"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
            # Gunicorn behind a Unix socket.
            ("", UNKNOWN),
        ],
    )
    def test_is_an_address_and_of_ipv6_its_network(self, settings, peer, counted):
        settings.PROXIES = 0

        assert address(peer=peer) == counted


class TestBehindAProxy:
    @pytest.mark.parametrize(
        ("forwarded", "counted"),
        [
            ("198.51.100.7", "198.51.100.7"),
            # The proxy appends: what stands before is what the client sent itself.
            ("203.0.113.9, 198.51.100.7", "198.51.100.7"),
            ("203.0.113.9,198.51.100.7:4711", "198.51.100.7"),
            ("[2001:db8:1:2::9]:4711", "2001:db8:1:2::"),
            # What is no address must not get into a column of addresses.
            ("nonsense", "192.0.2.1"),
            ("", "192.0.2.1"),
            (None, "192.0.2.1"),
        ],
    )
    def test_it_is_the_proxys_entry(self, settings, forwarded, counted):
        settings.PROXIES = 1

        assert address(forwarded) == counted

    def test_of_two_it_is_the_outer_ones_entry(self, settings):
        settings.PROXIES = 2

        assert address("203.0.113.9, 198.51.100.7, 192.0.2.80") == "198.51.100.7"
        assert address("198.51.100.7") == "198.51.100.7"
