"""The ways around the mask of accusations on an open site: a header that is no token, what a claim
said before it was coded, and what was recorded of those around it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from rest_framework.test import APIClient

from tests.kit.accusations import blames, reviewed, second_root
from tests.kit.api_client import V1, api_with
from tests.kit.builders import AT, a_citation, a_document, a_source, an_actor, rate
from tests.kit.proposals import enters_proposed
from tracker import log
from tracker.domain import events as e
from tracker.domain.claims import Magnitude, Occurred
from tracker.domain.records import Affiliation, Name, Party
from tracker.operations import actors, claims, links, sources
from tracker.projections import disclosure

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_site")]


@pytest.fixture
def anybody():
    return api_with()


@pytest.mark.parametrize(
    "place",
    [
        "log/events/?after={before}",
        "log/events/?after={before}&as_of={then}",
        "log/events/{then}/",
        "claims/?as_of={then}",
        "claims/{claim}/?as_of={then}",
        "claims/{claim}/history/?as_of={then}",
        "claims.ndjson?as_of={then}",
        "log/events.csv?as_of={then}",
    ],
)
def test_what_a_claim_said_before_it_was_coded_is_not_printed(desk, firm, place):
    before = log.head().position
    blaming = coded_later(desk, firm)
    given = {"claim": blaming, "before": before, "then": before + 1}

    answer = APIClient().get(V1 + place.format(**given))

    assert answer.status_code == 200
    said = answer.getvalue().decode()
    if place.startswith("log/events.csv"):
        said = said.splitlines()[-1]
    assert str(blaming) in said
    assert "Acme" not in said
    assert str(firm) not in said


PROPOSAL_PLACES = [
    "log/events/?after={before}",
    "log/events/{then}/",
    "claims/{claim}/history/",
    "log/events.csv",
    "log/events.ndjson",
]


@pytest.mark.parametrize("place", PROPOSAL_PLACES)
def test_whom_a_proposal_accused_and_the_claim_does_not_is_not_named(desk, firm, place):
    before = log.head().position
    accusing = {"code": "plover-2.0/COERCE/cyber", "parties": (Party(actor=firm, role="about"),)}
    claim = enters_proposed(desk, was=accusing)

    path = V1 + place.format(claim=claim, before=before, then=before + 1)
    # The claim is last in the log.
    said = APIClient().get(path).getvalue().decode().splitlines()[-1]

    assert str(claim) in said
    assert str(firm) not in said
    assert "COERCE" not in said


def test_the_desk_is_told_whom_a_proposal_accused(api, desk, firm):
    accusing = {"code": "plover-2.0/COERCE/cyber", "parties": (Party(actor=firm, role="about"),)}
    claim = enters_proposed(desk, was=accusing)

    event = api.get(f"claims/{claim}/history/")["events"][0]["event"]

    assert event["body"]["proposed"]["parties"] == [{"actor": str(firm), "role": "about"}]


def test_a_proposal_that_accuses_nobody_is_public(anybody, desk):
    claim = enters_proposed(desk, was={"code": "plover-2.0/AID"})

    event = anybody.get(f"claims/{claim}/history/")["events"][0]["event"]

    assert event["body"]["proposed"]["code"] == "plover-2.0/AID"
    assert event["body"]["proposed"]["by"] == "reading-1"


def test_the_page_of_a_claim_does_not_say_whom_a_proposal_accused(desk, firm):
    accusing = {"code": "plover-2.0/COERCE/cyber", "parties": (Party(actor=firm, role="about"),)}
    claim = enters_proposed(desk, was=accusing)

    page = APIClient().get(f"/claims/{claim}/").content.decode()

    assert "entered it" in page
    assert "Acme" not in page
    assert "COERCE" not in page
    assert "reading-1" not in page


def test_nobody_is_found_by_what_a_claim_said_before_it_was_coded(anybody, desk, firm):
    then = log.head().position + 1
    coded_later(desk, firm)

    assert anybody.get("claims/", actor=firm, as_of=then)["results"] == []
    assert anybody.get("claims/", document=desk.document, as_of=then)["results"] == []


def test_whom_nobody_knew_to_be_a_firm_is_not_named_as_of_then(anybody, desk):
    unknown = an_actor(None, kind="group", names=(Name(text="Acme"),))
    firm = actors.describe_actor(unknown, at=AT, by="ann").stream
    blaming, then = blames(desk, firm), log.head().position
    known = replace(unknown, kind="company")
    actors.describe_actor(known, actor_id=firm, expected=1, at=AT, by="ann")

    assert anybody.get(f"claims/{blaming}/", as_of=then)["masked"]
    assert "Acme" not in str(anybody.get(f"claims/{blaming}/history/", as_of=then))
    assert anybody.get("claims/", actor=firm, as_of=then)["results"] == []


def test_the_page_of_a_pair_does_not_say_where_a_withheld_claim_moved_it(desk, firm, catch_up):
    # In three months: of one the largest alone counts.
    blames(desk, firm, occurred=Occurred(edtf="2022-03-11"))
    withheld = log.head().position
    second_root(desk.asserts("RUS", "KAZ").stream)
    shown = log.head().position
    blames(desk, firm, occurred=Occurred(edtf="2022-04-11"))
    catch_up()

    page = APIClient().get("/pairs/KAZ-RUS/").content.decode()

    assert f"position {shown}<" in page
    assert f"position {withheld}<" not in page
    assert f'min="0" max="{log.head().position}"' in page
    assert "1 further claim" not in page
    assert "2 claims withheld for now: " in page


def test_no_score_is_given_without_a_withheld_claim(anybody, api, desk, firm, catch_up):
    blaming = blames(desk, firm)
    catch_up()
    [fault] = anybody.get("pairs/KAZ-RUS/scores/", expect=400, without=f"claim:{blaming}")["errors"]
    assert fault["pointer"] == "/without"
    assert f"claim:{blaming} is withheld" in fault["detail"]
    api.get("pairs/KAZ-RUS/scores/", without=f"claim:{blaming}")


def test_a_score_without_a_source_still_has_what_is_withheld(anybody, api, desk, firm, catch_up):
    blames(desk, firm)
    catch_up()
    path, asked = "pairs/KAZ-RUS/scores/", {"from": "2022-05-11", "to": "2022-05-11"}
    gone = {**asked, "without": f"source:{desk.source}"}

    def value(client, query):
        return client.get(path, **query)["scores"][0]["value"]

    assert value(anybody, gone) == value(anybody, asked) == value(api, asked)
    assert value(api, gone) != value(api, asked)


class TestAClaimThatIsTheSameAsAWithheldOne:
    """A public claim rests on Papers A and B, a withheld one that says the same on a wire."""

    @pytest.fixture
    def papers(self, desk):
        """Each source, with its document."""
        graded = {"A": "C", "B": "D", "A Wire": "C"}
        made = {
            name: sources.describe_source(a_source(name=name), at=AT, by="ann") for name in graded
        }
        for name, grade in graded.items():
            rate(made[name].stream, grade)
        return {
            name: (
                row.stream,
                sources.describe_document(a_document(row.stream), at=AT, by="ann").stream,
            )
            for name, row in made.items()
        }

    @pytest.fixture
    def link(self, desk, firm, catch_up, papers):
        """Records both claims, `first` before the other, and links them."""

        def linked(*public, withheld, first="public"):
            cited = tuple(a_citation(papers[name][1]) for name in public)
            make = {
                "public": lambda: desk.asserts("RUS", "KAZ", citations=cited).stream,
                "withheld": lambda: blames(
                    desk, firm, citations=(a_citation(papers[withheld][1]),)
                ),
            }
            order = sorted(make, key=lambda which: which != first)
            links.link("same_as", *(make[which]() for which in order), at=AT, by="ann")
            catch_up()

        return linked

    @staticmethod
    def answer(client, read="scores", **asked):
        days = {"from": "2022-05-24", "to": "2022-05-24"} if read == "scores" else {}
        told = client.get(f"pairs/KAZ-RUS/{read}/", **(days or {"day": "2022-05-24"}), **asked)
        return {**told, "without": None}

    @pytest.mark.parametrize("first", ["public", "withheld"])
    @pytest.mark.parametrize("read", ["scores", "explanation", "robustness"])
    def test_does_not_confirm_a_source_of_it(self, api, papers, link, read, first):
        anybody = api_with()
        link("A", withheld="A Wire", first=first)
        for noun in ("root", "source"):
            without = {"without": f"{noun}:{papers['A Wire'][0]}"}

            assert self.answer(anybody, read, **without) == self.answer(anybody, read)
            assert self.answer(api, read, **without) != self.answer(api, read)

    @pytest.mark.parametrize("shared", ["A", "B"])
    def test_does_not_confirm_a_source_that_both_have(self, anybody, desk, papers, link, shared):
        """Whether the withheld claim rests on A or on B, without A the public one rests on B, of
        grade D: a p of .4, which is 102 of 256 worlds. The act's step is −.6."""
        lens = desk.measures_still_levels()
        link("A", "B", withheld=shared)

        answer = self.answer(anybody, without=f"root:{papers['A'][0]}", lens=lens)

        assert answer["scores"][0]["value"] == pytest.approx(-0.6 * 102 / 256)

    def test_counts_once_with_another_that_only_the_withheld_one_joins(
        self, anybody, desk, firm, catch_up, papers
    ):
        lens = desk.measures_still_levels()
        one, other = (
            desk.asserts(
                "RUS", "KAZ", citations=tuple(a_citation(papers[name][1]) for name in names)
            ).stream
            for names in ("AB", "B")
        )
        withheld = blames(desk, firm, citations=(a_citation(papers["A Wire"][1]),))
        for public in (one, other):
            links.link("same_as", public, withheld, at=AT, by="ann")
        catch_up()

        answer = self.answer(anybody, without=f"root:{papers['A'][0]}", lens=lens)

        assert answer["scores"][0]["value"] == pytest.approx(-0.6 * 102 / 256)

    def test_stays_as_it_is_if_the_withheld_one_counts_for_both(self, anybody, papers, link):
        link("A", "B", withheld="A Wire", first="withheld")
        without = {"without": f"root:{papers['A'][0]}"}

        assert self.answer(anybody, **without) == self.answer(anybody)


@pytest.mark.parametrize("past", [False, True])
def test_no_measure_of_a_pair_is_withheld(anybody, api, desk, firm, past):
    size = Magnitude(value=Decimal(4), unit="%")
    given = {"kind": "measure", "code": None, "contexts": ("corruption",), "magnitude": size}
    blames(desk, firm, **given)
    then = {"as_of": log.head().position} if past else {}

    found = anybody.get("pairs/KAZ-RUS/measures/", **then)

    assert (found["results"], found["count"]) == ([], 0)
    assert api.get("pairs/KAZ-RUS/measures/", **then)["count"] == 1


@pytest.mark.parametrize("past", [False, True])
def test_a_withheld_forecast_is_in_no_source_s_record(anybody, api, desk, firm, past):
    given = {"kind": "forecast", "code": None, "contexts": ("corruption",), "occurred": None}
    blames(desk, firm, **given, resolves_by="2030", criterion="a verdict")
    then = {"as_of": log.head().position} if past else {}
    path = f"sources/{desk.source}/record/"

    assert anybody.get(path, **then)["open"] == 0
    assert api.get(path, **then)["open"] == 1


def test_a_claim_does_not_say_that_it_is_the_same_as_a_withheld_one(anybody, api, desk, firm):
    blaming = blames(desk, firm)
    other = desk.asserts("RUS", "KAZ").stream
    links.link("same_as", other, blaming, at=AT, by="ann")

    told = anybody.get(f"claims/{other}/impacts/")

    assert told["silent_because"] == "another claim says the same and counts for both"
    assert str(blaming) in api.get(f"claims/{other}/impacts/")["silent_because"]
    assert anybody.get(f"claims/{other}/")["links"] == []
    assert len(api.get(f"claims/{other}/")["links"]) == 1
    page = APIClient().get(f"/claims/{other}/").content.decode()
    assert str(blaming) not in page
    assert "linked it" not in page


def test_no_event_of_a_withheld_claim_is_told_as_the_cause_of_another(
    anybody, api, desk, firm, catch_up
):
    other = desk.asserts("RUS", "KAZ").stream
    blaming = blames(desk, firm, occurred=Occurred(edtf="2022-04-11"))
    catch_up()
    before = log.head().position
    link = links.link("same_as", blaming, other, at=AT, by="ann").stream
    catch_up()
    asked = {"known_from": before, "day": "2022-05-24"}

    told = anybody.get("pairs/KAZ-RUS/changes/", **asked)

    assert str(link) not in str(told)
    assert str(blaming) not in str(told)
    assert str(link) in str(api.get("pairs/KAZ-RUS/changes/", **asked))


def coded_later(desk, firm):
    """A claim that nobody took for grave at first."""
    blaming = blames(desk, firm, code="plover-2.0/AGREE")
    coded = replace(claims.states.claim(blaming).claim, code="plover-2.0/COERCE/cyber")
    claims.correct_claim(blaming, coded, reason="coded", expected=1, at=AT, by="ann")
    return blaming


def test_what_was_accepted_is_not_printed_once_somebody_rejects_it(anybody, desk, firm):
    blaming = blames(desk, firm)
    second_root(blaming)
    reviewed(blaming, by="bob")
    disclosure.follow_all()
    assert not anybody.get(f"claims/{blaming}/")["masked"]

    said = e.ClaimReviewed(outcome="rejected", note="it was another firm")
    claims.review_claim(blaming, said, at=AT, by="cleo")

    assert anybody.get(f"claims/{blaming}/")["masked"]


def test_no_event_of_whom_a_claim_blames_is_told_as_its_cause(anybody, api, desk, firm, catch_up):
    blames(desk, firm)
    catch_up()
    before = log.head().position
    speaks = Affiliation(country=desk.countries["RUS"], sector="government")
    now = an_actor(None, kind="company", names=(Name(text="Acme"),), affiliations=(speaks,))
    actors.describe_actor(now, actor_id=firm, expected=1, at=AT, by="ann")
    catch_up()
    asked = {"known_from": before, "day": "2022-05-24"}

    told = anybody.get("pairs/KAZ-RUS/changes/", **asked)

    assert (told["changes"], told["others"]["claims"]) == ([], 1)
    assert told["others"]["amount"] + told["remainder"] == told["amount"]
    known = api.get("pairs/KAZ-RUS/changes/", **asked)["changes"]
    assert [cause["name"] for one in known for cause in one["causes"]] == ["Acme"]
    page = APIClient().get("/pairs/KAZ-RUS/").content.decode()
    assert f"Position {log.head().position}<" not in page
    assert "Acme" not in page
