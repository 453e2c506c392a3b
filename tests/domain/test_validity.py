"""What may not enter the log: every reason at once, each at its place."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.builders import (
    CURATED,
    VIEW,
    a_citation,
    a_claim,
    a_country,
    a_document,
    a_verdict,
    an_id,
    denial,
    somebody,
    speaks_for,
)
from tests.domain.records import SOME, records
from tracker.domain import events as e
from tracker.domain import limits, scoring, validity
from tracker.domain.claims import Claim, Magnitude, Occurred, Strength
from tracker.domain.events import SHAPES
from tracker.domain.lenses import Lens
from tracker.domain.parties import Actor, Name
from tracker.domain.publications import Collection, Source
from tracker.domain.validity import Invalid, Problem, event_problems, refuse

FORECAST = {"kind": "forecast", "resolves_by": "2023-05-24", "criterion": "It has happened."}


def found(problems) -> list[tuple[str, str]]:
    return [(one.pointer, one.code) for one in problems]


def of(ends: str = "RUS>KAZ", **given) -> list[tuple[str, str]]:
    """What is wrong with a claim."""
    return found(validity.claim_problems(a_claim(ends, **given)))


def told(problems) -> str:
    [one] = problems
    return one.detail


class TestRefuse:
    def test_raises_every_problem_at_once(self):
        problems = [
            Problem(pointer="/summary", code="required", detail="say what is claimed"),
            Problem(pointer="/parties", code="required", detail="say whom"),
        ]

        with pytest.raises(
            Invalid, match="/summary: say what is claimed; /parties: say whom"
        ) as no:
            refuse(iter(problems))
        assert no.value.problems == problems

    def test_lets_pass_what_has_none(self):
        refuse([])


class TestAClaim:
    def test_may_be_as_plain_as_this(self):
        assert of() == []

    def test_may_say_everything(self):
        claim = a_claim(
            "RUS BLR>UKR",
            affected="KAZ",
            kind="situation",
            when="2022-02-24/..",
            strength="weak",
            modality="conditional",
            condition="if it snows",
            contexts=("military", "economic"),
            tags=("oil", "gas"),
            hedge="apparently",
            likelihood="likely",
            magnitude=Magnitude(value=Decimal("-4.0"), unit="%", change=True, baseline="2021"),
            citations=(
                a_citation(chain="times firm", credibility=2, language="ru", quote="Да"),
                denial("other", interest="self-serving"),
            ),
            note="First line.\nSecond line.",
        )

        assert found(validity.claim_problems(claim)) == []

    def test_tells_everything_that_is_wrong_at_once(self):
        claim = Claim(
            collection=CURATED,
            kind="act",
            parties=(),
            citations=(),
            summary=" ",
            code="plover-2.0/SANCTION/nonsense",
            modality="conditional",
            occurred=Occurred(edtf="May"),
            strength=Strength(grade="weak"),
            note="n" * 10_001,
        )

        assert found(validity.claim_problems(claim)) == [
            ("/summary", "required"),
            ("/parties", "required"),
            ("/parties", "no_initiator"),
            ("/code", "unknown_code"),
            ("/condition", "required"),
            ("/occurred/edtf", "bad_date"),
            ("/strength/reason", "required"),
            ("/citations", "required"),
            ("/note", "too_long"),
        ]

    def test_could_be_read_again(self):
        assert of(polarity="maybe") == [("/polarity", "invalid")]


class TestParties:
    @pytest.mark.parametrize("kind", ["act", "situation"])
    def test_of_a_deed_have_an_initiator(self, kind):
        assert of(">KAZ", kind=kind, code=None) == [("/parties", "no_initiator")]

    def test_of_a_situation_have_somebody_who_keeps_it_up(self):
        claim = a_claim(">KAZ", kind="situation", code=None)

        assert "which somebody keeps up" in told(validity.claim_problems(claim))

    @pytest.mark.parametrize("kind", ["assessment", "measure", "forecast"])
    def test_of_other_claims_need_none(self, kind):
        magnitude = Magnitude(value=Decimal(1), unit="t") if kind == "measure" else None
        forecast = FORECAST if kind == "forecast" else {}

        assert of("", about="RUS", **{"kind": kind, "magnitude": magnitude, **forecast}) == []

    def test_of_any_claim_are_named(self):
        assert of("", kind="assessment", code=None) == [("/parties", "required")]

    def test_play_each_role_once(self):
        assert of("RUS RUS>KAZ") == [("/parties/1", "repeated")]
        assert of("RUS>KAZ", affected="KAZ CHN KAZ") == [("/parties/4", "repeated")]

    def test_may_play_several_roles(self):
        assert of("RUS>KAZ", affected="RUS KAZ") == []

    def test_do_not_do_it_to_themselves(self):
        assert of("RUS CHN>KAZ CHN RUS") == [("/parties", "both_ends"), ("/parties", "both_ends")]
        assert told(validity.claim_problems(a_claim("RUS>KAZ RUS"))).startswith(str(an_id("RUS")))


class TestCodes:
    @pytest.mark.parametrize(
        "code", ["plover-2.0/SANCTION", "cameo-1.1b3/163", "plover-2.0/ACCUSE/allege", None]
    )
    def test_are_of_a_scheme_in_an_edition(self, code):
        claim = replace(a_claim(), code=code)

        assert found(validity.claim_problems(claim)) == []

    @pytest.mark.parametrize("code", ["SANCTION", "cameo/163", "plover-3.0/SANCTION", "x" * 101])
    def test_of_no_scheme_are_refused(self, code):
        claim = replace(a_claim(), code=code)

        assert ("/code", "unknown_code") in found(validity.claim_problems(claim))

    def test_that_are_done_to_somebody_need_somebody(self):
        assert of("RUS", code="SANCTION") == [("/parties", "no_recipient")]
        assert of("RUS", affected="KAZ", code="AID") == [("/parties", "no_recipient")]

    def test_that_are_done_to_somebody_may_be_mutual(self):
        assert of("RUS CHN", code="COOPERATE") == []

    def test_of_the_streets_need_nobody(self):
        assert of("KAZ", code="PROTEST") == []

    def test_come_with_contexts_that_there_are(self):
        assert of(contexts=("economic", "nonsense", "economic")) == [
            ("/contexts/1", "unknown_context"),
            ("/contexts/2", "repeated"),
        ]

    def test_come_with_each_tag_once(self):
        assert of(tags=("oil", "gas", "oil")) == [("/tags/2", "repeated")]


class TestKinds:
    def test_a_measure_has_its_magnitude(self):
        assert of(kind="measure") == [("/magnitude", "required")]

    def test_any_claim_may_have_one(self):
        assert of(magnitude=Magnitude(value=Decimal(-40), unit="% of staff")) == []

    def test_a_magnitude_has_a_unit(self):
        assert of(magnitude=Magnitude(value=Decimal(1), unit=" ")) == [
            ("/magnitude/unit", "required")
        ]

    def test_only_a_change_is_against_a_baseline(self):
        magnitude = Magnitude(value=Decimal(1), unit="t", baseline="2022-02")

        assert of(magnitude=magnitude) == [("/magnitude/baseline", "invalid")]
        assert of(magnitude=replace(magnitude, change=True)) == []

    def test_a_baseline_is_a_period(self):
        magnitude = Magnitude(value=Decimal(1), unit="t", change=True, baseline="February")

        assert of(magnitude=magnitude) == [("/magnitude/baseline", "bad_date")]

    def test_a_conditional_claim_says_on_what(self):
        assert of(modality="conditional") == [("/condition", "required")]
        assert of(modality="conditional", condition="if it snows") == []

    @pytest.mark.parametrize("modality", ["actual", "announced"])
    def test_no_other_claim_has_a_condition(self, modality):
        assert of(modality=modality, condition="if it snows") == [("/condition", "invalid")]

    def test_a_denied_claim_is_as_good_as_another(self):
        assert of(polarity="denied") == []

    @pytest.mark.parametrize(
        ("left_out", "pointer"), [("resolves_by", "/resolves_by"), ("criterion", "/criterion")]
    )
    def test_a_forecast_has_a_horizon_and_a_criterion(self, left_out, pointer):
        assert of(**FORECAST) == []
        assert of(**FORECAST | {left_out: ""}) == [(pointer, "required")]

    @pytest.mark.parametrize("kind", ["act", "assessment"])
    def test_no_other_claim_has_them(self, kind):
        assert of(**FORECAST | {"kind": kind}) == [
            ("/resolves_by", "invalid"),
            ("/criterion", "invalid"),
        ]

    @pytest.mark.parametrize("horizon", ["2023-05-24/..", "[2023..]", "soon", "9023"])
    def test_a_horizon_has_an_end(self, horizon):
        [(pointer, _)] = of(**FORECAST | {"resolves_by": horizon})

        assert pointer == "/resolves_by"

    @pytest.mark.parametrize("horizon", ["2023-05-24", "2023", "../2023-05-24"])
    def test_a_horizon_may_be_any_date_that_ends(self, horizon):
        assert of(**FORECAST | {"resolves_by": horizon}) == []

    @pytest.mark.parametrize("grade", ["weak", "partial"])
    def test_less_than_full_strength_has_its_reason(self, grade):
        assert of(strength="") == []
        claim = replace(a_claim(), strength=Strength(grade=grade))

        assert found(validity.claim_problems(claim)) == [("/strength/reason", "required")]

    def test_full_strength_needs_none(self):
        claim = replace(a_claim(), strength=Strength(grade="full"))

        assert found(validity.claim_problems(claim)) == []


class TestHedges:
    @pytest.mark.parametrize("hedge", ["may", "could have", "might", "may be quietly considering"])
    @pytest.mark.parametrize("kind", ["act", "situation"])
    def test_that_guess_make_an_assessment(self, hedge, kind):
        assert of(kind=kind, hedge=hedge) == [("/kind", "assessment")]
        assert of(kind="assessment", hedge=hedge) == []

    @pytest.mark.parametrize(
        ("hedge", "band"), [("suspected", "unlikely"), ("apparently", "likely")]
    )
    def test_that_weigh_come_with_a_band(self, hedge, band):
        assert of(hedge=hedge) == [("/likelihood", "required")]
        assert of(hedge=hedge, likelihood=band) == []
        assert of(kind="assessment", hedge=hedge) == []

    @pytest.mark.parametrize(
        "hedge", ["reportedly", "according to", "neither … appear likely", "at least for now"]
    )
    def test_of_other_kinds_ask_for_nothing(self, hedge):
        assert of(hedge=hedge) == []

    def test_have_their_longest(self):
        assert of(hedge="may " * 100) == [("/kind", "assessment"), ("/hedge", "too_long")]


class TestDates:
    @pytest.mark.parametrize(
        "when", ["2022-05-11", "[..2022-05-24]", "2022-02-24/..", "2022-03-2X", "1648-10-24"]
    )
    def test_are_edtf(self, when):
        assert of(when=when) == []

    @pytest.mark.parametrize("when", ["05/03/2024", "late March 2022", "2022-02-30"])
    def test_in_other_words_are_refused(self, when):
        assert of(when=when) == [("/occurred/edtf", "bad_date")]

    @pytest.mark.parametrize("when", ["0202-05-11", "2022-05-11/9999", "3022", "[..1022]"])
    def test_of_years_that_nobody_means_are_refused(self, when):
        assert of(when=when) == [("/occurred/edtf", "out_of_range")]

    def test_may_be_unknown(self):
        assert of(when="") == []


class TestCitations:
    def test_are_needed(self):
        assert of(citations=()) == [("/citations", "required")]

    def test_do_not_only_deny(self):
        assert of(citations=(denial(), denial("other"))) == [("/citations", "no_support")]
        assert of(citations=(a_citation(), denial("other"))) == []

    def test_are_given_once(self):
        assert of(citations=(a_citation(), a_citation())) == [("/citations/1", "repeated")]
        assert of(citations=(a_citation(), a_citation(locator="p. 4"))) == []

    @pytest.mark.parametrize("credibility", [0, 1, 7])
    def test_have_a_credibility_of_2_to_6(self, credibility):
        given = a_citation(credibility=credibility)

        assert of(citations=(a_citation("other"), given)) == [
            ("/citations/1/credibility", "out_of_range")
        ]
        assert found(validity.citation_problems(given)) == [("/credibility", "out_of_range")]

    @pytest.mark.parametrize("credibility", [None, 2, 3, 4, 5, 6])
    def test_may_leave_it_out(self, credibility):
        assert found(validity.citation_problems(a_citation(credibility=credibility))) == []

    def test_have_chains_without_loops(self):
        given = a_citation(chain="times firm times firm")

        assert found(validity.citation_problems(given)) == [("/chain", "repeated")] * 2

    def test_fit(self):
        given = a_citation(
            quote="q" * 5_001, translation="t" * 5_001, note="n" * 10_001, locator="l" * 201
        )

        assert found(validity.citation_problems(given, "/citations/7")) == [
            ("/citations/7/locator", "too_long"),
            ("/citations/7/quote", "too_long"),
            ("/citations/7/translation", "too_long"),
            ("/citations/7/note", "too_long"),
        ]

    def test_are_looked_at_up_to_their_most(self):
        problems = of(citations=tuple(a_citation(f"d{n}", credibility=1) for n in range(150)))

        assert len(problems) == 101
        assert problems[-1] == ("/citations", "too_many")

    def test_could_be_read_again(self):
        assert found(validity.citation_problems(a_citation(stance="doubts"))) == [
            ("/stance", "invalid")
        ]


class TestActors:
    def wrong(self, actor: Actor) -> list[tuple[str, str]]:
        return found(validity.actor_problems(actor))

    @pytest.mark.parametrize(
        "actor",
        [
            a_country("KAZ"),
            somebody(speaks_for("KAZ", since="2019-03-20", until="2029-01-01")),
            somebody(kind="group", members="KAZ KGZ"),
            Actor(kind="organisation", names=(Name(text="NATO"),), code="NATO", wikidata="Q7184"),
        ],
    )
    def test_may_be_of_any_kind(self, actor):
        assert self.wrong(actor) == []

    @pytest.mark.parametrize("names", [(), (Name(text=" "),)])
    def test_have_a_name(self, names):
        assert self.wrong(Actor(kind="group", names=names)) == [("/names", "required")]

    @pytest.mark.parametrize("code", [None, "KZ", "kaz", "KAZA", "K4Z", "КАЗ"])
    def test_that_are_states_have_their_code(self, code):
        assert ("/code", "invalid") in self.wrong(replace(a_country("KAZ"), code=code))

    def test_that_are_states_speak_for_themselves(self):
        state = replace(a_country("BLR"), affiliations=(speaks_for("RUS"),))

        assert self.wrong(state) == [("/affiliations", "invalid")]

    def test_list_members_only_as_a_group(self):
        assert self.wrong(somebody(members="KAZ")) == [("/members", "invalid")]

    def test_are_affiliated_until_after_since(self):
        for until in ("2022-01-01", "2021-01-01"):
            actor = somebody(speaks_for("RUS"), speaks_for("KAZ", since="2022-01-01", until=until))
            assert self.wrong(actor) == [("/affiliations/1/until", "invalid")]

    def test_say_nothing_twice(self):
        actor = replace(
            somebody(speaks_for("RUS"), speaks_for("RUS"), kind="group", members="KAZ KAZ"),
            aliases=("a", "b", "a"),
            names=(Name(text="a"), Name(text="a")),
        )

        assert self.wrong(actor) == [
            ("/names/1", "repeated"),
            ("/aliases/2", "repeated"),
            ("/affiliations/1", "repeated"),
            ("/members/1", "repeated"),
        ]

    def test_fit(self):
        assert self.wrong(replace(a_country("KAZ"), aliases=("a" * 201,))) == [
            ("/aliases/0", "too_long")
        ]


class TestAddresses:
    @pytest.mark.parametrize(
        "url",
        [
            "https://example.org",
            "http://example.org:8080/a?b=c#d",
            "https://сайт.рф/новости",
            "https://[2001:db8::1]/a",
        ],
    )
    def test_are_of_the_web(self, url):
        assert list(validity.source_problems(Source(kind="outlet", name="A", url=url))) == []

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "example.org",
            "ftp://example.org",
            "javascript:alert(1)",
            "https://",
            "https://[",
            "https://example.org:99999/",
            "https://example.org:0/",
            "https://example.org/a b",
            "https://example.org/\n",
        ],
    )
    def test_of_another_kind_are_refused(self, url):
        source = Source(kind="outlet", name="A", url=url)

        assert ("/url", "invalid") in found(validity.source_problems(source))

    @pytest.mark.parametrize("user", ["ann", "ann:secret", ":secret"])
    def test_hold_no_password(self, user):
        source = Source(kind="outlet", name="A", url=f"https://{user}@example.org/")

        assert "for ever" in told(validity.source_problems(source))

    def test_fit(self):
        url = "https://example.org/" + "a" * 1_981

        assert found(validity.source_problems(Source(kind="outlet", name="A", url=url))) == [
            ("/url", "too_long")
        ]


class TestSources:
    def test_have_a_name_or_are_an_actor(self):
        assert list(validity.source_problems(Source(kind="person", actor=an_id("putin")))) == []
        assert found(validity.source_problems(Source(kind="outlet"))) == [("/name", "required")]


class TestDocuments:
    def wrong(self, **given) -> list[tuple[str, str]]:
        return found(validity.document_problems(replace(a_document("newsletter"), **given)))

    def test_have_a_title_or_an_address(self):
        assert self.wrong() == []
        assert self.wrong(title="", url="https://example.org/a") == []
        assert self.wrong(title=" ") == [("/title", "required")]

    @pytest.mark.parametrize(
        "day", ["2022-05-24", "2022-05", "2022~", "[2022-05-20..2022-05-24]", None]
    )
    def test_may_be_of_any_date_or_of_none(self, day):
        assert self.wrong(date=day) == []

    @pytest.mark.parametrize("day", ["2022-05-24/..", "../2022-05-24", "[..2022]", "May 2022"])
    def test_are_not_published_for_ever(self, day):
        assert self.wrong(date=day) == [("/date", "bad_date")]

    def test_are_of_a_year_that_can_be_meant(self):
        assert self.wrong(date="0222-05-24") == [("/date", "out_of_range")]

    def test_have_addresses_of_the_web(self):
        assert self.wrong(url="example.org", archive_url="archive.org") == [
            ("/url", "invalid"),
            ("/archive_url", "invalid"),
        ]

    def test_fit(self):
        assert self.wrong(title="t" * 1_001, authors=("a" * 201,), language="english") == [
            ("/title", "too_long"),
            ("/authors/0", "too_long"),
            ("/language", "invalid"),
        ]


class TestCollections:
    def wrong(self, **given) -> list[tuple[str, str]]:
        collection = Collection(**{"name": "feed", "coding": "machine", "review": True, **given})
        return found(validity.collection_problems(collection))

    def test_have_a_name_that_stands_in_addresses(self):
        assert self.wrong() == []
        assert self.wrong(name="") == [("/name", "required")]
        assert self.wrong(name="A feed") == [("/name", "invalid")]

    @pytest.mark.parametrize("credibility", [1, 7])
    def test_default_to_a_credibility_of_2_to_6(self, credibility):
        assert self.wrong(default_credibility=credibility) == [
            ("/default_credibility", "out_of_range")
        ]
        assert self.wrong(default_credibility=6, default_reliability="F") == []


def some_positions(*ends):
    return tuple(e.Positions(first=first, last=last) for first, last in ends)


class TestEvents:
    IMPORT = e.ImportRecorded(
        name="a.csv", format="csv", collection=CURATED, file_sha256="0" * 64, counts={"added": 1}
    )
    ONE, OTHER = an_id("one"), an_id("other")

    @pytest.mark.parametrize(
        "event",
        [
            e.ClaimAsserted(claim=a_claim()),
            e.ClaimCorrected(claim=a_claim(), reason="a slip"),
            e.ClaimRetracted(reason="a slip"),
            e.ClaimReinstated(reason="no slip"),
            e.CitationAdded(citation=a_citation()),
            a_verdict("false", "RUS KAZ"),
            e.ClaimReviewed(outcome="accepted"),
            e.ForecastResolved(outcome="happened", resolved_on=date(2023, 4, 4), reason="it did"),
            e.ClaimsLinked(type="says", from_=ONE, to=OTHER),
            e.ClaimsUnlinked(type="says", from_=ONE, to=OTHER, reason="a slip"),
            e.ActorDescribed(actor=a_country("KAZ")),
            e.SourceDescribed(source=Source(kind="outlet", name="The Gazette")),
            e.SourceRated(reliability="C", since=date(2022, 1, 1), reason="its record"),
            e.DocumentDescribed(document=a_document("newsletter")),
            e.CollectionDescribed(
                collection=Collection(name="feed", coding="machine", review=True)
            ),
            e.LensDefined(
                lens=Lens(
                    name="tone",
                    view=VIEW,
                    model="tone",
                    model_version=1,
                    parameters=scoring.MODELS["tone"].defaults,
                )
            ),
            IMPORT,
            e.TextWithheld(position=1, reason="a private person", authority="the editor"),
        ],
        ids=lambda event: type(event).__name__,
    )
    def test_may_be_as_plain_as_this(self, event):
        assert found(event_problems(event)) == []

    @pytest.mark.parametrize(
        ("event", "problems"),
        [
            (e.ClaimAsserted(claim=a_claim(summary="")), [("/summary", "required")]),
            (
                e.ClaimCorrected(claim=a_claim(summary=""), reason=" "),
                [("/summary", "required"), ("/reason", "required")],
            ),
            (e.ClaimCorrected(claim=a_claim(), reason="r" * 2_001), [("/reason", "too_long")]),
            (e.ClaimRetracted(), [("/reason", "required")]),
            (e.ClaimReinstated(reason="\n"), [("/reason", "required")]),
            (e.ClaimRetracted(reason="r" * 2_001), [("/reason", "too_long")]),
            (
                e.CitationAdded(citation=a_citation(credibility=1)),
                [("/credibility", "out_of_range")],
            ),
            (e.VerdictGiven(verdict="false"), [("/reason", "required")]),
            (a_verdict("false", "RUS RUS"), [("/parties/1", "repeated")]),
            (a_verdict("false", " ".join(f"A{n}" for n in range(101))), [("/parties", "too_many")]),
            (e.ClaimReviewed(outcome="accepted", note="n" * 2_001), [("/note", "too_long")]),
            (
                e.ForecastResolved(outcome="void", resolved_on=date(22, 4, 4), reason="r" * 2_001),
                [("/resolved_on", "out_of_range"), ("/reason", "too_long")],
            ),
            (e.ClaimsLinked(type="says", from_=ONE, to=ONE), [("/to", "same")]),
            (
                e.ClaimsLinked(type="says", from_=ONE, to=OTHER, note="n" * 2_001),
                [("/note", "too_long")],
            ),
            (
                e.ClaimsUnlinked(type="says", from_=ONE, to=ONE),
                [("/reason", "required")],
            ),
            (e.ActorDescribed(actor=Actor(kind="group")), [("/names", "required")]),
            (e.SourceDescribed(source=Source(kind="outlet")), [("/name", "required")]),
            (
                e.SourceRated(reliability="C", since=date(1, 1, 1), reason="r" * 2_001),
                [("/since", "out_of_range"), ("/reason", "too_long")],
            ),
            (
                e.SourceRated(reliability="G", since=date(2022, 1, 1), reason="its record"),
                [("/reliability", "invalid")],
            ),
            (e.SourceRated(reliability="C", since=date(2022, 1, 1)), [("/reason", "required")]),
            (
                e.ForecastResolved(outcome="happened", resolved_on=date(2023, 4, 4), reason=" "),
                [("/reason", "required")],
            ),
            (
                replace(IMPORT, name="", format="A B", file_sha256="abc", counts={"added": -1}),
                [
                    ("/name", "required"),
                    ("/counts/added", "invalid"),
                    ("/format", "invalid"),
                    ("/file_sha256", "invalid"),
                ],
            ),
            (replace(IMPORT, counts={"added": True}), [("/counts/added", "invalid")]),
            (replace(IMPORT, counts={"added": 0}), []),
            (replace(IMPORT, positions=some_positions((1, 1), (2, 9), (11, 12))), []),
            (replace(IMPORT, positions=some_positions((0, 4))), [("/positions/0", "invalid")]),
            (
                replace(IMPORT, positions=some_positions((3, 5), (9, 8), (9, 9))),
                [("/positions/1", "invalid")],
            ),
            (
                replace(IMPORT, positions=some_positions((3, 5), (5, 6))),
                [("/positions/1", "invalid")],
            ),
            (
                e.TextWithheld(position=0, reason="", authority=" "),
                [
                    ("/reason", "required"),
                    ("/authority", "required"),
                    ("/position", "invalid"),
                ],
            ),
            (
                e.TextWithheld(position=1, reason="r" * 2_001, authority="a" * 501),
                [("/reason", "too_long"), ("/authority", "too_long")],
            ),
        ],
    )
    def test_tell_everything_that_is_wrong_at_once(self, event, problems):
        assert found(event_problems(event)) == problems

    @pytest.mark.parametrize("shape", SHAPES.values(), ids=lambda shape: shape.__name__)
    @SOME
    @given(data=st.data())
    def test_of_any_content_are_answered_with_problems_alone(self, shape, data):
        for one in event_problems(data.draw(records(shape))):
            assert one.pointer.startswith("/")
            assert one.detail


class TestNames:
    def test_that_others_import_are_those_of_the_table(self):
        assert validity.LONGEST == {
            "summary": 500,
            "quote": 5_000,
            "translation": 5_000,
            "note": 10_000,
        }
        assert validity.MOST_ITEMS == limits.MOST["Claim.parties"] == 100
