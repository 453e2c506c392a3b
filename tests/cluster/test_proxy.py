"""The proxy of a cluster, by itself."""

import contextlib
import json
import socket
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from cluster import debian
from cluster.proxy import Proxy
from config.embedded import wheels
from config.embedded.children import Sleep
from config.embedded.places import Place, inner_place


def test_starts_in_a_folder_whose_name_has_spaces_and_quotes(tmp_path):
    outer = Place(home=tmp_path, programs=wheels.installed_programs(), account=None)
    place = inner_place(outer, "a 'clone' of $mine")
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as listener:
        proxy = Proxy(place, program=debian.program("haproxy"), listener=listener, web={})
        proxy.start(pace=Sleep())
        with pytest.raises(HTTPError) as refused:
            urlopen(proxy.url, timeout=10)  # noqa: S310
        proxy.stop(pace=Sleep())
    assert refused.value.code == 503
    assert json.load(refused.value)["title"] == "No web host can answer"
