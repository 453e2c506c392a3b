"""Where organisations are found by their members: lists, pairs, names, duplicates, explanations."""

from datetime import date
from itertools import product

import pytest

from tests.kit.background_work import work_off
from tests.kit.builders import AT, BY, a_desk, an_actor
from tracker import log
from tracker.domain.disclosure import Reader
from tracker.domain.records import MOST_REPRESENTED, Membership, Party
from tracker.operations import actors
from tracker.queries import moment
from tracker.queries.claims import listing, pairs, voices
from tracker.queries.claims.listing import Filters
from tracker.queries.evidence import acting, explanation
from tracker.queries.records import reading_names
from tracker.queries.records.organisations import memberships_of
from tracker.queries.scores import pairs as scores

pytestmark = pytest.mark.django_db
SINCE = "1995-01-01"
_CODES = ["".join(letters) for letters in product("QWX", "ABCDEFGH", "KLM")]


@pytest.fixture
def desk():
    return a_desk("CHN", "FIN", "RUS", "SWE")


@pytest.fixture
def union(desk):
    """Finland and Sweden, as the desk's document says."""
    return describe(desk.countries["FIN"], desk.countries["SWE"], document=desk.document)


def describe(*countries, document):
    memberships = tuple(
        Membership(country=one, since=SINCE, document=document) for one in countries
    )
    actor = an_actor(None, kind="organisation", memberships=memberships)
    return actors.describe_actor(actor, at=AT, by=BY).stream


class TestAListOfAPair:
    def between(self, desk, *codes):
        pair = tuple(desk.countries[code] for code in codes)
        found = listing.listing(Filters(pair=pair), after=None, limit=9, reader=Reader.DESK)
        return [entry.state.id for entry in found]

    def test_has_the_acts_of_an_organisation_of_one_of_them(self, desk, union):
        claim = desk.asserts(union, "RUS").stream

        assert self.between(desk, "FIN", "RUS") == self.between(desk, "RUS", "SWE") == [claim]

    def test_has_none_of_a_body_of_nearly_all_states(self, desk):
        states = [
            actors.describe_actor(an_actor(code), at=AT, by=BY).stream
            for code in _CODES[:MOST_REPRESENTED]
        ]
        body = describe(desk.countries["FIN"], *states, document=desk.document)
        desk.asserts(body, "RUS")

        assert self.between(desk, "FIN", "RUS") == []
        assert voices.organisations_of(desk.countries["FIN"]) == []


class TestPairsNamedTogether:
    def test_are_those_of_the_members_with_the_recipient(self, desk, union):
        desk.asserts(union, "RUS")

        assert pairs.named_together() == ["FIN-RUS", "RUS-SWE"]

    def test_are_none_of_the_members_with_others_whom_it_affects(self, desk, union):
        parties = (
            Party(actor=union, role="initiator"),
            Party(actor=desk.countries["RUS"], role="recipient"),
            Party(actor=desk.countries["CHN"], role="affected"),
        )
        desk.asserts("RUS", None, parties=parties)

        assert pairs.named_together() == ["CHN-RUS", "FIN-RUS", "RUS-SWE"]


class TestMentions:
    def test_of_an_organisation_are_its_members(self, desk, union):
        assert reading_names.mentioned().of_actor(union) == {"FIN", "SWE"}


class TestMembershipsOfACountry:
    def test_name_the_organisation_and_the_document(self, desk, union):
        [found] = memberships_of(desk.countries["FIN"], at=None)

        assert (found.organisation, found.name, found.title) == (union, "Somebody", "A report")
        assert found.membership.since == SINCE
        assert memberships_of(desk.countries["FIN"], at=3) == []
        assert memberships_of(desk.countries["RUS"], at=None) == []


class TestAnExplanation:
    def test_names_the_membership_of_the_pair_and_its_document(self, desk, union):
        claim = desk.asserts(union, "RUS").stream
        desk.asserts("FIN", "RUS")
        work_off()
        series = scores.series("FIN-RUS", direction="FIN-RUS", lens="standing", as_of=moment.now())

        found = explanation.explain(series, date(2022, 6, 1), most=9, reader=Reader.DESK)
        by_claim = {one.claim: one.acting for one in found.claims}

        [member] = by_claim.pop(claim)
        assert list(by_claim.values()) == [()]
        assert member.says == "Through Somebody: FIN, a member since 1 January 1995"
        assert (member.initiator, member.organisation) == ("FIN", union)
        assert (member.document, member.title, member.url) == (desk.document, "A report", "")
        position = log.head().position
        assert acting.of_claims([claim], "FIN-RUS", desk.view, position=position) == {
            claim: (member,)
        }
        assert acting.of_claims([claim], "CHN-RUS", desk.view, position=position) == {}
        assert acting.of_claims([claim], "RUS-SWE", desk.view, position=position)[claim] != (
            member,
        )

    def test_says_when_the_member_was_suspended_meanwhile(self, desk):
        """Not before it was a member."""
        fin, document = desk.countries["FIN"], desk.document
        spans = (("1980", "1981"), ("2001-05", "2002-03-01"), ("1999", "2000"))
        suspensions = (
            Membership(country=fin, since=since, until=until, status="suspended", document=document)
            for since, until in spans
        )
        member = Membership(country=fin, since=SINCE, document=document)
        body = an_actor(None, kind="organisation", memberships=(member, *suspensions))
        suspended = actors.describe_actor(body, at=AT, by=BY).stream
        claim = desk.asserts(suspended, "RUS").stream

        [effect] = explanation.effects(claim, reader=Reader.DESK, as_of=moment.now())

        [acting_member] = effect.acting
        assert acting_member.cited == (
            "Through Somebody: FIN, a member since 1 January 1995,"
            " suspended since 1999 until 2000, suspended since May 2001 until 1 March 2002"
            " (A report)"
        )
