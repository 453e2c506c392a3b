"""The command that deletes the words of a claim, or of another entry."""

import re
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from tests.kit.builders import AT, BY, Desk, a_citation, a_desk, a_source, an_actor
from tracker import log
from tracker.domain.records import Name
from tracker.operations import actors, claims, links, sources
from tracker.queries.claims import copies

pytestmark = pytest.mark.django_db
WHY = ["--reason", "a person", "--authority", "the editor", "--user", "ann"]
NAMED = "Mrs Example sold the pipeline."


@pytest.fixture
def desk() -> Desk:
    get_user_model().objects.create(username="ann")
    return a_desk()


@pytest.fixture
def number(desk: Desk) -> int:
    return desk.asserts(note="a name").position


def withhold(*arguments: object) -> str:
    said = StringIO()
    call_command("withhold", *map(str, arguments), stdout=said)
    return said.getvalue()


@pytest.fixture
def typed(monkeypatch):
    """Type something at a terminal; gives the prompts."""

    def type_(text: str) -> list[str]:
        asked: list[str] = []
        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)

        def answer(prompt: str) -> str:
            asked.append(prompt)
            return text

        monkeypatch.setattr("builtins.input", answer)
        return asked

    return type_


class TestAllWordsOfAClaim:
    def test_go_at_once_corrections_reasons_and_notes_of_links_too(self, desk):
        one = desk.asserts(summary=NAMED)
        other = desk.asserts(summary="Nobody is named here.")
        cited = a_citation(desk.hears(), quote="It was Mrs Example.")
        entries = [
            one.position,
            claims.cite(one.stream, cited, at=AT, by=BY).position,
            links.link(
                "causes", other.stream, one.stream, note="Mrs Example again", at=AT, by=BY
            ).position,
            claims.correct_claim(
                one.stream, desk.claim(summary="She sold it."), reason=NAMED, at=AT, by=BY,
                expected=2,
            ).position,
            claims.retract_claim(one.stream, reason="Mrs Example", at=AT, by=BY).position,
        ]  # fmt: skip

        said = withhold(entries[3], *WHY, "--yes", one.position)

        found = log.read(after=0, limit=99)
        assert [one.position for one in found if one.withheld] == entries
        assert log.at(other.position).words
        assert not any("Example" in str(one.words) for one in found)
        assert [one.content["position"] for one in found[-5:]] == entries
        assert {(one.kind, one.recorded_by) for one in found[-5:]} == {("TextWithheld", "ann")}
        assert "This permanently deletes the words of this claim:" in said
        assert f"position {entries[3]}: a correction" in said
        assert f"the words at position {entries[4]} are withheld; recorded at position" in said

    def test_are_listed_where_they_stay(self, desk):
        one = desk.asserts(summary=NAMED)
        again = desk.asserts(note=f"See also: {NAMED} So it was said.")
        name = (Name(text=NAMED),)
        person = an_actor(None, kind="person", names=name)
        actor = actors.describe_actor(person, at=AT, by=BY)
        paper = sources.describe_source(a_source(name=f"{NAMED} A weekly"), at=AT, by=BY)

        said = withhold(one.position, *WHY, "--yes", one.position)

        assert f"position {again.position}: the first entry of another claim" in said
        assert f"position {actor.position}: the actor" in said
        # What is no word of a person cannot be withheld, but it is named.
        assert f"position {paper.position}: the source" in said
        assert "the title of a document that is cited" in said
        assert "Earlier exports and downloads" in said
        assert NAMED not in said
        assert log.at(again.position).words

    def test_may_stay_but_for_those_of_one_entry(self, desk):
        one = desk.asserts(summary=NAMED)
        claims.retract_claim(one.stream, reason=NAMED, at=AT, by=BY)

        said = withhold(one.position, *WHY, "--only", "--yes", one.position)

        assert f"position {one.position + 1}: the reason of a retraction of this claim" in said
        assert log.at(one.position).withheld
        assert log.at(one.position + 1).words

    def test_of_another_record_are_those_of_its_entry(self, desk):
        person = an_actor(None, kind="person", names=(Name(text=NAMED),))
        actor = actors.describe_actor(person, at=AT, by=BY)
        once = actors.describe_actor(person, at=AT, by=BY, actor_id=actor.stream)

        said = withhold(once.position, *WHY, "--yes", once.position)

        assert f"position {actor.position}: the actor" in said
        assert [log.at(one.position).withheld for one in (actor, once)] == [False, True]


class TestTheNumber:
    def test_is_asked_for_at_a_terminal(self, number, typed):
        typed(f" {number} ")

        assert f"at position {number} are withheld" in withhold(number, *WHY)
        assert log.at(number).withheld

    @pytest.mark.parametrize("wrong", ["", "y", "yes", "1", "-1", "٣"])
    def test_withholds_nothing_if_it_is_another(self, number, typed, wrong):
        typed(wrong)
        before = log.head().position

        with pytest.raises(CommandError, match="nothing was withheld"):
            withhold(number, *WHY)

        assert log.head().position == before
        assert log.at(number).words

    def test_is_printed_neither_before_it_is_asked_for_nor_with_a_wrong_one(self, desk, typed):
        # Nobody's name or text has this number in it.
        desk.asserts()
        one = desk.asserts(summary=NAMED)
        later = claims.retract_claim(one.stream, reason=NAMED, at=AT, by=BY).position
        asked = typed("7654321")
        said = StringIO()

        with pytest.raises(CommandError) as refused:
            call_command("withhold", str(later), "--only", *WHY, stdout=said)

        words = f"{said.getvalue()} {asked} {refused.value}"
        assert f"position {later}: the reason of a retraction" in words
        assert "the first entry of this claim" in words
        assert str(one.position) not in re.findall(r"[0-9]+", words)

    def test_is_that_of_the_claim_and_not_of_a_later_entry(self, desk, number):
        claim = log.at(number).stream
        later = claims.retract_claim(claim, reason="a longer reason", at=AT, by=BY).position

        with pytest.raises(CommandError, match="nothing was withheld"):
            withhold(later, *WHY, "--yes", later)

        assert log.at(later).words

    def test_is_to_be_given_where_nobody_can_be_asked(self, number, monkeypatch):
        monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)

        with pytest.raises(CommandError, match="confirm with --yes"):
            withhold(number, *WHY)

        assert log.at(number).words


class TestWhatCannotBeDone:
    @pytest.mark.parametrize(
        ("where", "changed", "words"),
        [
            (None, {"--user": "bob"}, "no account 'bob'"),
            (9999, {}, "there is no entry at position 9999"),
            (-1, {}, "there is no entry at position -1"),
            (2**70, {}, "there is no entry at position 1180591620717411303424"),
            (None, {"--reason": " "}, "say why"),
            (None, {"--authority": " "}, "say who decided it"),
        ],
    )
    def test_is_said(self, number, where, changed, words):
        before = log.head().position
        given = dict(zip(WHY[::2], WHY[1::2], strict=True)) | {"--yes": str(number)} | changed
        arguments = [part for pair in given.items() for part in pair]

        with pytest.raises(CommandError, match=words):
            withhold(*arguments, "--", where or number)

        assert log.head().position == before
        assert log.at(number).words

    @pytest.mark.parametrize("options", [(), ("--only",)])
    def test_is_said_before_anything_is_asked(self, number, typed, options):
        withhold(number, *WHY, "--yes", number)
        asked, said = typed(str(number)), StringIO()

        with pytest.raises(CommandError, match="already withheld"):
            call_command("withhold", str(number), *options, *WHY, stdout=said)

        assert (asked, said.getvalue()) == ([], "")


class TestManyPlaces:
    def test_are_cut_short(self, desk, monkeypatch):
        monkeypatch.setattr(copies, "MOST_PLACES", 2)
        for _ in range(4):
            desk.asserts(summary=NAMED)
        one = desk.asserts(summary=NAMED)

        places = copies.remaining_copies(copies.text_of_claim(one.stream), [one])

        assert [place.says for place in places][2] == "and more than 2 places in all"
