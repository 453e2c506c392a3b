"""A curator settles names from articles in the inbox, and the claims that waited are recorded."""

import pytest
from django.db import connection

from tests.kit.builders import BY, Desk, an_actor, on_record
from tests.kit.databases import another_connection
from tests.kit.trays import a_draft_about, a_new_name, a_tray, puts, records
from tracker.domain.records import Name
from tracker.queries import trays
from tracker.queries.records import states

pytestmark = pytest.mark.django_db
INBOX = "/admin/desk/claim/inbox/"


@pytest.fixture
def waiting(desk: Desk):
    """Put a claim into a tray that waits for a name; give the name and the claim's id."""

    def wait(name: str = "Wagner Group", noun: str = "actor"):
        own = a_tray(desk)
        draft = a_draft_about(desk, a_new_name(name, noun))
        puts(own, draft)
        records(own)
        return next(one for one in trays.proposals() if one.name == name), draft.id

    return wait


def settle(client, proposal, outcome, **fields):
    data = {f"{proposal.id.hex}-{key}": value for key, value in fields.items()}
    return client.post(f"{INBOX}{proposal.id}/", {"outcome": outcome} | data, follow=True)


def messages(page):
    return [str(one) for one in page.context["messages"]]


def a_group(name):
    return on_record(an_actor(None, kind="group", names=(Name(text=name),)))


class TestTheInbox:
    def test_shows_the_names_that_wait_and_similar_ones_on_record(self, ann, waiting):
        wagner = a_group("Wagner Groups")
        proposal, _ = waiting()

        page = ann.get(INBOX)

        assert "Proposed actors and sources" in page.text
        assert "1 name from articles is not on record" in page.text
        assert f"1 claim waits ({BY})" in page.text
        assert f"/admin/desk/document/{proposal.document}/change/" in page.text
        assert "It is Wagner Groups" in page.text
        assert f'value="{wagner}"' in page.text
        assert f"/admin/desk/actor/add/?proposed={proposal.id}" in page.text

    def test_has_no_actions_for_those_who_may_not_add_records(self, someone, waiting):
        proposal, _ = waiting()
        analyst = someone("view_claim", "add_claim", "view_actor")

        page = analyst.get(INBOX)

        assert "Wagner Group" in page.text
        assert f"{INBOX}{proposal.id}/" not in page.text
        refused = settle(analyst, proposal, "refuse", reason="no")
        assert refused.status_code == 403
        assert "You may not add an actor" in refused.text
        assert len(trays.proposals()) == 1

    def test_has_actions_for_the_kinds_that_the_account_may_add(self, someone, waiting):
        actor, _ = waiting()
        source, _ = waiting("Le Sahel", "source")

        page = someone("view_claim", "add_source").get(INBOX)

        assert f"{INBOX}{source.id}/" in page.text
        assert f"{INBOX}{actor.id}/" not in page.text


class TestAName:
    def test_is_accepted_as_a_record_by_its_name(self, ann, waiting):
        group = a_group("PMC Wagner")
        proposal, claim = waiting()

        page = settle(ann, proposal, "accept", record="pmc wagner")

        assert messages(page) == ["Wagner Group is accepted. Recorded: 1 claim."]
        assert states.claim(claim).claim.parties[0].actor == group

    @pytest.mark.parametrize(
        ("record", "says"),
        [("", "choose the record that Wagner Group is."), ("Nobody", "no actor on record is")],
    )
    def test_is_accepted_as_nothing_else(self, ann, waiting, record, says):
        proposal, claim = waiting()

        page = settle(ann, proposal, "accept", record=record)

        assert messages(page)[0].startswith(says)
        assert states.claim(claim) is None

    def test_is_refused_with_a_reason(self, ann, waiting):
        proposal, claim = waiting()
        assert messages(settle(ann, proposal, "refuse")) == ["say why; the reason is recorded."]

        page = settle(ann, proposal, "refuse", reason="It is part of the army.")

        back = "Back in their trays, with the reason: 1 claim."
        assert messages(page) == [f"Wagner Group is refused. {back}"]
        [card] = trays.cards(trays.tray(proposal.document, BY).id)
        assert (card.id, card.state) == (claim, "taken")

    def test_that_is_settled_is_not_settled_again(self, ann, waiting):
        group = a_group("PMC Wagner")
        proposal, _ = waiting()
        settle(ann, proposal, "accept", record=str(group))

        page = settle(ann, proposal, "refuse", reason="late")

        assert messages(page) == ["The name was accepted or refused meanwhile."]
        assert ann.get(f"{INBOX}{proposal.id}/").status_code == 405
        add = f"/admin/desk/actor/add/?proposed={proposal.id}"
        assert ann.get(add).status_code == 404

    def test_is_not_settled_while_a_tray_is_recorded(self, ann, waiting):
        proposal, _ = waiting()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '50ms'")
        with another_connection() as recorder:
            # As a tray does that is being recorded.
            recorder.execute(
                "SELECT pg_advisory_xact_lock_shared(hashtextextended('proposed records', 0))"
            )

            page = settle(ann, proposal, "refuse", reason="no such group")

        assert messages(page) == ["another writer holds the log: try again in a moment."]
        assert len(trays.proposals()) == 1


class TestTheFormOfANewRecord:
    def test_begins_with_the_name_and_lets_the_claims_through(self, ann, waiting):
        proposal, claim = waiting()
        add = f"/admin/desk/actor/add/?proposed={proposal.id}"

        assert ann.get(add).context["form"]["name"].value() == "Wagner Group"
        page = ann.post(add, {"kind": "group", "name": "PMC Wagner"}, follow=True)

        assert page.redirect_chain[0][0] == INBOX
        assert messages(page) == ["Wagner Group is accepted. Recorded: 1 claim."]
        actor = states.claim(claim).claim.parties[0].actor
        [state] = states.records([actor], at=None).values()
        assert state.actor.name == "PMC Wagner"

    def test_knows_the_codes_of_countries(self, ann, waiting):
        proposal, _ = waiting("niger")

        form = ann.get(f"/admin/desk/actor/add/?proposed={proposal.id}").context["form"]

        shown = {name: form[name].value() for name in ("kind", "name", "code", "wikidata")}
        assert shown == {"kind": "state", "name": "Niger", "code": "NER", "wikidata": "Q1032"}

    def test_of_a_source_does_the_same(self, ann, waiting):
        proposal, _ = waiting("Le Sahel", "source")
        add = f"/admin/desk/source/add/?proposed={proposal.id}"

        form = ann.get(add).context["form"]
        assert (form["kind"].value(), form["name"].value()) == ("outlet", "Le Sahel")
        ann.post(add, {"kind": "outlet", "name": "Le Sahel"})

        assert trays.proposals() == []

    @pytest.mark.parametrize("named", ["x", "5f6ac1b0-62c7-4a3e-9d52-3c8f0f0f2a11"])
    def test_of_an_unknown_name_is_not_there(self, ann, desk, named):
        assert ann.get(f"/admin/desk/actor/add/?proposed={named}").status_code == 404

    def test_of_another_kind_is_not_there(self, ann, waiting):
        proposal, _ = waiting("Le Sahel", "source")

        assert ann.get(f"/admin/desk/actor/add/?proposed={proposal.id}").status_code == 404
