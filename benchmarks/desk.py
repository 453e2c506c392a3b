"""Compares the first page and the lists of the desk with an empty page of the admin.

One logged-in user requests them over one connection to the same server, in turns with an empty
page: the admin's "Password changed", with frame, menu and a sentence. `ms` and `empty_ms` are
medians; the ratio is of the medians.

Measured at a million: all lists take at most 2.7 times the empty page, except the search for a word
that most claims contain (`claims_saying`, 180 ms): the index returns all of them before the first
is shown. In this log all claims are from today and entered by hand, the worst case of `overnight`.
"""

import statistics

from django.contrib.auth import get_user_model
from django.test import Client

from benchmarks import logs, web
from benchmarks.figures import print_line
from benchmarks.options import Options
from benchmarks.web import Reader

ROUNDS = 40
EMPTY_PAGE = "/admin/password_change/done/"
LISTS = {
    "home": "/admin/",
    "claims": "/admin/desk/claim/",
    "claims_second_page": "/admin/desk/claim/?p=2",
    "claims_of_a_kind": "/admin/desk/claim/?kind=act",
    "claims_saying": "/admin/desk/claim/?q=ministry",
    "claims_saying_nothing": "/admin/desk/claim/?q=zzzz",
    "claims_of_a_party": "/admin/desk/claim/?q=CHN",
    "claims_of_parties": "/admin/desk/claim/?party=CHN,RUS",
    "claims_of_a_month": "/admin/desk/claim/?when=March+2022",
    "claims_of_a_year": "/admin/desk/claim/?when=2022",
    "claims_as_certain": "/admin/desk/claim/?p_from=.5",
    "claims_as_doubtful": "/admin/desk/claim/?p_to=.1",
    "claims_entered_by": "/admin/desk/claim/?by=benchmark",
    "claims_entered_by_nobody": "/admin/desk/claim/?by=nobody",
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
    "overnight": "/admin/desk/claim/overnight/",
    "coverage": "/admin/desk/claim/coverage/",
}


def run(options: Options) -> None:
    with logs.large(options.claims) as (url, _):
        cookie = _admin_cookie()
        with web.server(url, cached=False) as port:
            reader, pages = Reader(port, cookie=cookie), {"empty": EMPTY_PAGE, **LISTS}
            times = reader.milliseconds(pages, rounds=options.times(ROUNDS))
    empty = statistics.median(times.pop("empty"))
    for name, taken in times.items():
        ms = statistics.median(taken)
        print_line(
            "desk",
            page=name,
            ms=f"{ms:.1f}",
            empty_ms=f"{empty:.1f}",
            ratio=f"{ms / empty:.2f}",
        )


def _admin_cookie() -> str:
    """The session cookie of a superuser."""
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("bench"))
    return f"sessionid={client.cookies['sessionid'].value}"
