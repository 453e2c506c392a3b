"""The sentence that is proposed as the summary of a draft."""

from dataclasses import replace
from uuid import UUID

import pytest

from tracker.domain import codebooks
from tracker.domain.claims import Claim
from tracker.domain.codes import PLOVER
from tracker.domain.facts import rows
from tracker.domain.records import Party
from tracker.draft_wording import summary

RUS, USA, KAZ = (UUID(int=number) for number in (1, 2, 3))
SIDES = ("towards", "alone", "together")
NAMES = {RUS: "Russia", USA: "United States", KAZ: "Kazakhstan"}


def claim(code, initiators, recipients=(), **fields):
    parties = [Party(actor=one, role="initiator") for one in initiators]
    parties += [Party(actor=one, role="recipient") for one in recipients]
    return Claim(
        collection=UUID(int=7),
        kind="act",
        parties=tuple(parties),
        citations=(),
        code=code and f"{PLOVER}/{code}",
        **fields,
    )


@pytest.mark.parametrize(
    ("claimed", "expected"),
    [
        (claim("SANCTION", [USA], [RUS]), "The United States sanctioned Russia."),
        (claim("CONSULT", [RUS, KAZ]), "Russia and Kazakhstan held talks."),
        (claim("COERCE/curfew", [RUS]), "Russia imposed a curfew."),
        (claim("AID", [RUS, USA], [KAZ]), "Russia and the United States gave aid to Kazakhstan."),
        (
            claim("ASSAULT", [RUS], [KAZ], polarity="denied"),
            "It is denied that Russia attacked Kazakhstan.",
        ),
        (
            claim("SANCTION", [USA], [RUS], modality="announced"),
            "The United States announced that it will sanction Russia.",
        ),
        (
            claim("COERCE/restrict", [RUS], modality="conditional"),
            "Russia will close or block something on a condition.",
        ),
        (claim("AID", [RUS], [UUID(int=9)]), "Russia gave aid to somebody."),
        (claim(None, [RUS], [KAZ]), ""),
        (claim("SANCTION", [], [KAZ]), ""),
        (claim("SANKTION", [RUS], [KAZ]), ""),
    ],
)
def test_says_who_does_what_to_whom(claimed, expected):
    assert summary(claimed, NAMES) == expected


def test_every_verb_has_its_base_form():
    past = {row["past"] for row in rows("past_forms")}
    verbs = {row[side].split()[0] for row in rows("plover_phrases") for side in SIDES}

    assert verbs <= past


def test_takes_the_phrase_of_the_nearest_code_of_the_first_codebook():
    one = replace(claim(None, [RUS], [KAZ]), code="cameo-1.1b3/190")

    assert summary(one, NAMES) == "Russia attacked Kazakhstan."


def test_is_not_longer_than_a_summary_may_be():
    long = {**NAMES, KAZ: "K" * 600}

    said = summary(claim("AID", [RUS], [KAZ]), long)

    assert len(said) == 500
    assert said.endswith("…")


def test_every_code_has_its_phrases():
    coded = {"/".join(filter(None, (row["event"], row["mode"]))) for row in rows("plover_phrases")}
    known = {"/".join(code.parts) for code in codebooks.CODEBOOKS[PLOVER].codes.values()}

    assert coded == known
    assert all(row["alone"] and row["together"] for row in rows("plover_phrases"))
