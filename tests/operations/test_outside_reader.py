"""An outside reader proposes drafts beside ours."""

import json
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.kit.processes import CHECKOUT
from tracker.operations import reading

pytestmark = pytest.mark.django_db

TEXT = """Russia sanctioned Kazakhstan in late March.

China may help Kazakhstan next year, people say.
"""
FIRST, NEW, NOTHING = (str(UUID(int=number)) for number in (7, 8, 9))
PROBLEM = "The outside reader wrote 1 draft that cannot be used. The first problem: "
NAMELESS = "did not write `reader`, its name, such as my-reader-1"
NO_LIST = "did not write `drafts`, a list of at most 1,000"


@pytest.fixture
def read(settings, desk):
    """Read with a program that runs some code."""

    def read(code: str = "", *, by: str = "ana", text: str = TEXT) -> Any:
        settings.OUTSIDE_READER = [sys.executable, "-I", "-c", code] if code else []
        return reading.read(text, desk.document, by=by)

    return read


@pytest.fixture
def ours(read):
    return read()


@pytest.fixture
def proposes(read):
    """Read with a program that writes some drafts; gives these, and the notes."""

    def proposes(*drafts: Any, by: str = "ana") -> tuple[list[Any], tuple[str, ...]]:
        found = read(writing({"reader": "other-1", "drafts": drafts}), by=by)
        return [one for one in found.drafts if one.proposed.by == "other-1"], found.notes

    return proposes


@pytest.fixture
def about(desk):
    """A draft about Kazakhstan. `given` are fields of its claim, unless they are in `more`."""

    def about(sentence: Any = 2, more: Any = None, **given: Any) -> dict[str, Any]:
        parties = [{"actor": str(desk.countries["KAZ"]), "role": "about"}]
        claim = {"kind": "assessment", "parties": parties} | given
        return {"sentence": sentence, "claim": claim} | (more or {})

    return about


def writing(answer: Any) -> str:
    return f"print({json.dumps(answer)!r})"


class TestItsDrafts:
    def test_stand_beside_ours_in_the_order_of_the_text(self, ours, read, about):
        found = read(writing({"reader": "other-1", "drafts": [about(2), about(1)]}))

        assert {one.id for one in ours.drafts} < {one.id for one in found.drafts}
        places = [(one.sentence, one.proposed.by) for one in found.drafts]
        assert places == [
            (1, "reading-1"),
            (1, "other-1"),
            *[(2, "reading-1")] * (len(ours.drafts) - 1),
            (2, "other-1"),
        ]
        assert found.notes == ()

    def test_name_their_reader(self, proposes, about):
        (one,), _ = proposes(about(more={"why": ["a hunch"]}))

        assert one.proposed.by == "other-1"
        assert one.why == ("a hunch",)
        assert (one.proposed.kind, one.proposed.parties) == ("assessment", one.claim.parties)

    def test_get_what_they_omit(self, desk, proposes, about):
        (one,), _ = proposes(about())

        assert one.claim.collection == desk.collection
        (cited,) = one.claim.citations
        assert cited.document == desk.document
        assert cited.quote == "China may help Kazakhstan next year, people say."
        assert TEXT[cited.selector.start : cited.selector.end] == cited.quote

    def test_get_a_summary_if_their_structure_gives_one(self, desk, proposes, about):
        russia, code = {"actor": str(desk.countries["RUS"])}, "plover-2.0/COOPERATE"
        act = {"kind": "act", "code": code, "parties": [russia | {"role": "initiator"}]}
        act["parties"].append({"actor": str(desk.countries["KAZ"]), "role": "recipient"})

        (one, other), _ = proposes(about(**act), about(**act, summary="They talked."))

        assert one.claim.summary.startswith("RUS ")
        assert other.claim.summary == "They talked."

    def test_have_ids_of_their_own_for_each_person(self, proposes, about):
        ana, again, ben = (proposes(about(), by=by)[0][0].id for by in ("ana", "ana", "ben"))

        assert ana == again != ben

    def test_refer_to_each_other_and_to_ours(self, desk, ours, proposes, about):
        links = [{"type": "part_of", "to": FIRST}]
        said_by = {"actor": str(desk.countries["KAZ"])}

        (one, part, denial), _ = proposes(
            about(more={"id": FIRST}),
            about(more={"links": links}),
            about(more={"denies": str(ours.drafts[0].id), "said_by": said_by}),
        )

        assert part.links[0].to == one.id != UUID(FIRST)
        assert denial.denies == ours.drafts[0].id

    def test_may_have_new_names(self, proposes, about):
        names = [{"id": NEW, "noun": "actor", "name": "People"}]
        parties = [{"actor": NEW, "role": "about"}]

        (one,), _ = proposes(about(parties=parties, more={"names": names}))

        assert [name.name for name in one.unresolved] == ["People"]

    def test_that_say_the_same_as_ours_are_left_out(self, ours, read):
        code = (
            "import json, sys; sent = json.load(sys.stdin)"
            "; print(json.dumps({'reader': 'other-1', 'drafts': sent['drafts']}))"
        )

        assert read(code) == ours


class TestTheProgram:
    def test_gets_the_article_and_the_names_on_record(self, desk, ours, read, tmp_path):
        copy = tmp_path / "sent"
        read(f"import pathlib, sys; pathlib.Path({str(copy)!r}).write_text(sys.stdin.read())")

        sent = json.loads(copy.read_text())

        assert sent["document"] == {"id": str(desk.document), "date": "2022-05-24"}
        assert sent["collection"] == str(desk.collection)
        assert sent["text_sha256"] == ours.text_sha256
        assert [one["text"] for one in sent["sentences"]] == TEXT.strip().split("\n\n")
        assert [one["id"] for one in sent["drafts"]] == [str(one.id) for one in ours.drafts]
        kazakhstan = str(desk.countries["KAZ"])
        assert {"id": kazakhstan, "noun": "actor", "name": "KAZ"}.items() <= next(
            one for one in sent["names"] if one["id"] == kazakhstan
        ).items()
        assert {one["noun"] for one in sent["names"]} == {"actor", "source"}

    def test_of_the_documentation_works(self, read):
        page = (Path(CHECKOUT) / "docs" / "operations.md").read_text()
        code = page.partition("#!/usr/bin/python3\n")[2].partition("```")[0]

        found = read(code, text="KAZ may buy grain.")

        assert [one.proposed.by for one in found.drafts][-1] == "may-1"
        assert found.notes == ()


class TestAFailure:
    @pytest.mark.parametrize(
        ("code", "note"),
        [
            ("1 / 0", "failed with status 1"),
            ("print('{')", "did not write JSON"),
            ("print('[' * 100_000)", "did not write JSON"),
            (writing([1]), NAMELESS),
            (writing({"reader": "x" * 101, "drafts": []}), NAMELESS),
            (writing({"reader": " ", "drafts": []}), NAMELESS),
            (
                writing({"reader": "reading-1", "drafts": []}),
                "calls itself reading-1: give it another name",
            ),
            (writing({"reader": "other-1"}), NO_LIST),
            (writing({"reader": "other-1", "drafts": [1] * 1_001}), NO_LIST),
        ],
    )
    def test_is_a_note_beside_our_drafts(self, ours, read, code, note):
        assert read(code) == ours._replace(notes=(f"The outside reader {note}.",))

    @pytest.mark.parametrize(
        ("draft", "problem"),
        [
            ({"kind": "rumour"}, "/drafts/0/claim/kind "),
            ({"sentence": 3}, "/drafts/0/sentence the text has 2 sentences"),
            ({"sentence": []}, "/drafts/0/sentence "),
            ({"citations": []}, "/drafts/0/claim/citations cite the document"),
            ({"citations": [{"document": NOTHING}]}, "/drafts/0/claim/citations cite the document"),
            ({"parties": [{"actor": NOTHING, "role": "about"}]}, "/drafts/0/claim/parties/0/actor"),
            ({"more": {"said_by": {"actor": NOTHING}}}, "/drafts/0/said_by/actor "),
            ({"note": "x" * 10_001}, "/drafts/0/claim/note "),
        ],
    )
    def test_of_a_draft_leaves_it_out_and_says_why(self, proposes, about, draft, problem):
        found, (note,) = proposes(about(**draft), about())

        assert len(found) == 1
        assert note.startswith(f"{PROBLEM}{problem}")

    def test_of_what_is_no_draft(self, proposes, about):
        found, (note,) = proposes(1, {"claim": 2}, about())

        assert len(found) == 1
        assert note.startswith("The outside reader wrote 2 drafts that cannot be used.")
