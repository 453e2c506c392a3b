"""Compares the lists of the desk with an empty page of the admin on the same server.

gunicorn serves the product as `make run` does. One logged-in user requests the lists over one
connection, in turns with an empty page: the admin's "Password changed", with frame, menu and a
sentence. `ms` and `empty_ms` are medians; the ratio is of the medians.

Claims are entered and copied as for `growth`. A million take about four minutes.

Measured at a million: all lists take at most 2.7 times the empty page, except the search for a word
that most claims contain (`claims_saying`, 180 ms): the index returns all of them before the first
is shown.
"""

import argparse
import http.client
import statistics
import time
from collections.abc import Sequence

from django.contrib.auth import get_user_model
from django.test import Client

from benchmarks import api, scratch
from benchmarks.http_clients import HOST
from tracker.log import appended

ROUNDS = 40
REPORT_ROUNDS = 3
EMPTY = "/admin/password_change/done/"
LISTS = {
    "claims": "/admin/desk/claim/",
    "claims_second_page": "/admin/desk/claim/?p=2",
    "claims_of_a_kind": "/admin/desk/claim/?kind=act",
    "claims_saying": "/admin/desk/claim/?q=ministry",
    "claims_saying_nothing": "/admin/desk/claim/?q=zzzz",
    "claims_of_a_party": "/admin/desk/claim/?q=CHN",
    "documents": "/admin/desk/document/",
    "documents_called": "/admin/desk/document/?q=report",
    "sources": "/admin/desk/source/",
    "actors": "/admin/desk/actor/",
    "collections": "/admin/desk/collection/",
    "lenses": "/admin/desk/lens/",
    "jobs": "/admin/desk/job/",
    "imports": "/admin/desk/job/imports/",
    "inbox": "/admin/desk/claim/inbox/",
    "reconfirm": "/admin/desk/claim/reconfirm/",
    "users": "/admin/auth/user/",
}
# Reports without a target value: in this log, all claims are from today and entered by hand.
REPORTS = {
    "overnight": "/admin/desk/claim/overnight/",
    "coverage": "/admin/desk/claim/coverage/",
}


def main() -> None:
    options = _options()
    appended.disconnect(dispatch_uid="workers")
    small = min(api.SMALL, options.claims // 2)
    with scratch.database() as url:
        groups = api.small_log(small)
        api.grow(groups, options.claims - small)
        cookie = _admin_cookie()
        scratch.use(url)
        with api.web_server(cached=False) as port:
            times = _times(port, cookie, [EMPTY, *LISTS.values()], rounds=options.rounds)
            times |= _times(port, cookie, [*REPORTS.values()], rounds=REPORT_ROUNDS)
    empty = statistics.median(times[EMPTY])
    for name, path in (LISTS | REPORTS).items():
        own, line = statistics.median(times[path]), "desk" if name in LISTS else "desk_info"
        print(f"{line} page={name} ms={own:.1f} empty_ms={empty:.1f} ratio={own / empty:.2f}")


def _admin_cookie() -> str:
    """The session cookie of a superuser."""
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("bench"))
    return f"sessionid={client.cookies['sessionid'].value}"


def _times(port: int, cookie: str, paths: Sequence[str], *, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each page, requested in turns; the first round is a warm-up."""
    found: dict[str, list[float]] = {path: [] for path in paths}
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    for turn in range(rounds + 1):
        for path in paths:
            started = time.perf_counter()
            connection.request("GET", path, headers={"Cookie": cookie})
            answer = connection.getresponse()
            answer.read()
            took = (time.perf_counter() - started) * 1_000
            if answer.status != http.HTTPStatus.OK:
                raise SystemExit(f"{path} answered {answer.status}")
            if turn:
                found[path].append(took)
    connection.close()
    return found


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
