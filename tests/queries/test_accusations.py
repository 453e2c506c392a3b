"""Which claims a public list may have: the database and the domain agree on each."""

from itertools import product

import pytest

from tests.kit.accusations import a_firm, second_root
from tests.kit.builders import AT, an_actor
from tracker import log
from tracker.domain import events as e
from tracker.domain.disclosure import Reader
from tracker.domain.records import Name, Party
from tracker.operations import actors
from tracker.operations import claims as operations
from tracker.projections import disclosure
from tracker.queries import moment
from tracker.queries.claims import accusations, detail, listing
from tracker.queries.claims.listing import SHOWN, Filters

pytestmark = pytest.mark.django_db
CODES = (
    "plover-2.0/COERCE/cyber",
    "plover-2.0/ASSAULT/beat",
    "plover-2.0/ACCUSE/allege",
    "plover-2.0/AGREE",
    "cameo-1.1b3/182",  # physically assault
    "cameo-1.1b3/112",  # accuse
    "cameo-1.1b3/057",  # sign an agreement
)
ACCEPTED = e.ClaimReviewed(outcome="accepted")
REJECTED = e.ClaimReviewed(outcome="rejected")
CONFIRMED = e.VerdictGiven(verdict="confirmed", reason="judged")
# Who does what after a claim was entered by ann.
LATER = (
    (),
    (("bob", ACCEPTED),),
    (("bob", "root"), ("cleo", ACCEPTED)),
    (("bob", "root"), ("bob", ACCEPTED)),
    (("bob", "root"), ("cleo", ACCEPTED), ("dan", REJECTED)),
    (("bob", "root"), ("cleo", CONFIRMED)),
    (("bob", "root"), ("dan", REJECTED), ("cleo", CONFIRMED)),
)


@pytest.fixture
def many(desk):
    """Claims of every code, context and role, and of everything that can be done with one."""
    firm = a_firm(desk)
    found = [
        a_claim(desk, firm, code=code, contexts=contexts, role=role, polarity=polarity)
        for code, contexts, role, polarity in product(
            CODES, ((), ("corruption",)), ("initiator", "recipient", "about"), ("asserted",)
        )
    ]
    found += [a_claim(desk, firm, polarity="denied"), a_claim(desk, firm, role="affected")]
    for later in LATER:
        claim = a_claim(desk, firm)
        for by, done in later:
            act(claim, done, by)
        found.append(claim)
    return found


def a_claim(desk, firm, *, role="initiator", **given):
    own = [Party(actor=firm, role=role)]
    if role != "initiator":
        own.append(Party(actor=desk.countries["RUS"], role="initiator"))
    if role != "recipient":
        own.append(Party(actor=desk.countries["KAZ"], role="recipient"))
    said = {"code": CODES[0], **given}
    claim = desk.claim(parties=tuple(own), **said)
    return operations.assert_claim(claim, at=AT, by="ann").stream


def act(claim, done, by):
    match done:
        case "root":
            second_root(claim)
        case e.ClaimReviewed():
            operations.review_claim(claim, done, at=AT, by=by)
        case e.VerdictGiven():
            operations.give_verdict(claim, done, at=AT, by=by)


def narrowed(desk):
    """Every way to narrow a list to what a withheld claim does not show."""
    kaz = desk.countries["KAZ"]
    return [
        Filters(actor=kaz),
        Filters(document=desk.document),
        Filters(code=CODES[0]),
        Filters(pair=(kaz, desk.countries["RUS"])),
        Filters(kind="act", collection=desk.collection, status="standing", actor=kaz),
    ]


class TestAPublicList:
    def test_has_those_that_the_domain_lets_be_printed(self, desk, many):
        disclosure.follow_all()
        assessed = accusations.assess(many)
        hidden = {key for key, one in assessed.items() if one.assessment.lacks}
        head = log.head().position
        assert 15 < len(hidden) < len(many) - 15

        for filters in narrowed(desk):
            found = listing.listing(filters, after=None, limit=1_000, reader=Reader.DESK)
            fitting = [one.state.id for one in found]
            wanted = [one for one in fitting if one not in hidden]
            assert pages(filters, limit=1_000) == wanted
            assert pages(filters, limit=3) == wanted
            assert listing.count(filters, reader=Reader.PUBLIC) == len(wanted)
            then = listing.listing(filters, after=None, limit=1_000, reader=Reader.PUBLIC, at=head)
            assert [one.state.id for one in then] == wanted
            assert listing.count(filters, reader=Reader.PUBLIC, at=head) == len(wanted)
            assert hidden & set(fitting)

    @pytest.mark.parametrize(
        "filters", [Filters(), Filters(kind="act"), Filters(status="standing")]
    )
    def test_has_all_of_a_kind_status_or_collection(self, desk, many, filters):
        assert pages(filters, limit=1_000) == sorted(many)
        assert pages(Filters(collection=desk.collection), limit=1_000) == sorted(many)

    def test_hides_by_every_other_filter_there_is(self, desk):
        """Also by one that somebody adds."""
        assert {"collection", "kind", "status"} == SHOWN
        for name in Filters.__slots__:
            assert Filters(**{name: ("x", "y")}).hides_withheld is (name not in SHOWN)

    def test_asks_what_somebody_is_now(self, desk):
        """Nobody knew that it was a firm."""
        group = an_actor(None, kind="group", names=(Name(text="Acme"),))
        firm = actors.describe_actor(group, at=AT, by="ann").stream
        claim, filters = a_claim(desk, firm), Filters(actor=firm)
        disclosure.follow_all()
        assert pages(filters, limit=10) == [claim]
        known = an_actor(None, kind="company", names=(Name(text="Acme"),))
        actors.describe_actor(known, actor_id=firm, expected=1, at=AT, by="ann")
        assert pages(filters, limit=10) == []
        disclosure.follow_all()
        assert pages(filters, limit=10) == []


def pages(filters, *, limit):
    """All of a public list, page by page, as the API turns them."""
    found, after = [], None
    while page := detail.page(
        filters, after=after, limit=limit, reader=Reader.PUBLIC, as_of=moment.now()
    ):
        found += [one.filed.state.id for one in page]
        after = found[-1]
    return found
