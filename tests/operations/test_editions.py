"""Editions: kept once, cited for ever, derived again from the log."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.kit.background_work import spoiled_knots, work_off
from tests.kit.builders import AT, BY, a_lens, rate
from tests.kit.editions import DAY, a_scored_desk, print_edition, publish, run_sql
from tests.kit.levels import share
from tests.kit.odd_events import a_poison_claim
from tests.kit.pulls import still_parameters
from tests.kit.seals import seal_all
from tracker import log
from tracker.domain import editions as e
from tracker.domain.claims import Occurred
from tracker.domain.robustness import VERSION
from tracker.domain.scoring import MODELS
from tracker.log import seal
from tracker.models.operational import Edition
from tracker.operations import claims, editions, lenses, seal_keys
from tracker.projections import impacts
from tracker.projections.rebuild import rebuild
from tracker.queries import moment
from tracker.queries.scores import editions as kept
from tracker.queries.scores import values

pytestmark = pytest.mark.django_db
# A desk has one for each model.
LENSES = len(MODELS)
WAR = "plover-2.0/ASSAULT/heavy-weapons"


@pytest.fixture
def desk():
    return a_scored_desk()


class TestPublish:
    def test_keeps_what_the_values_of_a_past_day_come_to_as_known_now(self, desk):
        one = publish()

        assert (one.lens.label, one.day, one.position) == ("standing@1", DAY, log.head().position)
        assert one.pairs == 2
        assert one.digest == e.summary(kept.lines(one)).digest
        assert [row.split(",")[1] for row in kept.lines(one)] == [
            "CHN-KAZ", "KAZ-RUS",
        ]  # fmt: skip

    def test_waits_for_a_checkpoint_that_covers_it(self, desk, settings, tmp_path):
        settings.SEAL_FOLDER = tmp_path
        seal_keys.make_key("news.example")
        seal_all()
        desk.asserts("KAZ", "RUS")
        work_off()
        with pytest.raises(editions.NotSigned, match="not signed up to position"):
            publish()
        assert editions.publish_due(at=AT + timedelta(days=1)) == 0
        seal_all()

        assert publish().position == log.head().position

    def test_is_not_made_of_a_log_that_went_back(self, desk, settings, tmp_path):
        settings.SEAL_FOLDER = tmp_path
        seal_all()
        (tmp_path / "seen").write_text(
            (tmp_path / "seen").read_text().replace(f'"position": {seal.size()}', '"position": 99')
        )

        with pytest.raises(editions.NotSigned, match="this host has seen event 99"):
            publish()

    def test_is_not_changed_by_whatever_comes_later(self, desk):
        one = publish()
        before = kept.lines(one)
        desk.asserts("KAZ", "RUS")
        desk.asserts("CHN", "RUS")
        rate(desk.source, "A")
        impacts.follow_all()
        waiting = kept.lines(one)
        work_off()

        assert waiting == kept.lines(one) == before
        assert publish() == one
        assert kept.verify(one).differs == ()
        assert values.stored_lines(one.lens, DAY, position=log.head().position) != before

    def test_of_a_pair_that_was_not_scored_yet_is_that_of_its_impacts(self, desk):
        desk.asserts("CHN", "RUS")
        desk.asserts("KAZ", "RUS")
        impacts.follow_all()

        one = publish()

        assert one.pairs == 3
        assert kept.verify(one).differs == ()

    def test_waits_for_the_scores(self, desk):
        head = desk.asserts("CHN", "RUS").position

        assert publish().position == head - 1
        with pytest.raises(values.Behind, match=f"position {head - 1}, not yet position {head}"):
            publish("tone", as_of=head)

    def test_stays_as_known_at_its_position(self, desk):
        first = publish(as_of=12)

        assert publish() == first
        with pytest.raises(editions.OtherPosition, match="as known at position 12,"):
            publish(as_of=13)

    @pytest.mark.parametrize("day", [AT.date(), date(2031, 1, 1)])
    def test_is_of_a_day_that_has_ended(self, desk, day):
        with pytest.raises(editions.NotOver, match="is not over"):
            publish(day=day)

    def test_of_an_older_version_of_a_lens_stays_readable(self, desk):
        first = publish()
        view = a_lens("standing", view=desk.view, sectors=("business",))
        lenses.define_lens(view, at=AT, by=BY, lens_id=desk.lenses["standing"])
        work_off()

        assert kept.find("standing", DAY, as_of=moment.now()) == first
        assert kept.verify(first).differs == ()
        second = publish()
        assert (second.lens.label, second.pairs) == ("standing@2", 0)
        assert kept.find("standing@1", DAY, as_of=moment.now()) == first
        assert kept.find("standing", DAY, as_of=moment.now()) == second

    def test_leaves_out_a_claim_that_nobody_can_evaluate(self, desk):
        a_poison_claim(desk)
        work_off()

        assert kept.verify(publish()).differs == ()


class TestRebuild:
    def test_leaves_editions_and_their_bytes_as_they_were(self, desk):
        one = publish()
        before = kept.lines(one)

        rebuild(today=AT.date(), report=lambda *_: None)

        assert kept.find("standing@1", DAY, as_of=moment.now()) == one
        assert kept.lines(one) == before
        assert kept.verify(one).differs == ()


class TestVerify:
    @pytest.mark.parametrize(
        ("sql", "words"),
        [
            (spoiled_knots("moments", "KAZ-RUS"), "the tables differ from the log on KAZ-RUS"),
            ("DELETE FROM knot_block WHERE direction = 'CHN-KAZ'", "on CHN-KAZ"),
            (spoiled_knots("roots", "CHN-KAZ"), "on CHN-KAZ"),
        ],
    )
    def test_names_the_series_in_the_tables_that_was_tampered_with(self, desk, sql, words):
        one = publish()
        run_sql(sql)

        assert any(words in difference for difference in kept.verify(one).differs)

    @pytest.mark.parametrize(
        ("sql", "words"),
        [
            ("UPDATE edition SET digest = 'no'", "its digest is no, the log gives"),
            ("UPDATE edition SET pairs = 3", "it counts 3 pairs, the log gives 2"),
            ("UPDATE edition SET position = 7", "its digest is"),
            ("UPDATE edition SET root = 'no'", "its root is no, the tree of the log has"),
        ],
    )
    def test_finds_a_row_that_was_tampered_with(self, desk, sql, words):
        publish()
        run_sql(sql)

        assert words in kept.verify(kept.find("standing", DAY, as_of=moment.now())).differs[0]

    def test_finds_words_of_the_log_that_were_tampered_with(self, desk):
        publish()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE event DISABLE TRIGGER USER")
        run_sql("UPDATE event SET body = replace(body, 'C', 'A') WHERE kind = 'SourceRated'")

        assert kept.verify(kept.find("standing", DAY, as_of=moment.now())).differs


class TestPublishDue:
    """The desk writes at AT, 1 May 2024, noon; so its first day ends as the second begins."""

    def test_keeps_the_day_that_ended_as_known_when_it_ended(self, desk):
        ended = log.head().position
        later = AT + timedelta(hours=13)
        claims.assert_claim(desk.claim("KAZ", "RUS"), at=later, by=BY)
        work_off()

        assert editions.publish_due(at=later) == LENSES
        found = kept.listing(lens=None, after=None, limit=10, as_of=moment.now())
        assert {(one.lens.label, one.day, one.position) for one in found} == {
            (f"{name}@1", AT.date(), ended) for name in MODELS
        }
        assert all(kept.verify(one).differs == () for one in found)

    def test_makes_up_for_a_week_in_which_nothing_ran(self, desk):
        assert editions.publish_due(at=AT + timedelta(days=30)) == 7 * LENSES
        days = {
            one.day for one in kept.listing(lens="tone", after=None, limit=20, as_of=moment.now())
        }
        assert (min(days), max(days)) == (date(2024, 5, 24), date(2024, 5, 30))

    def test_is_left_for_the_next_time_where_scores_lag(self, desk):
        desk.asserts("CHN", "RUS")
        later = AT + timedelta(days=1)

        assert editions.publish_due(at=later) == 0
        work_off()
        assert editions.publish_due(at=later) == LENSES

    def test_passes_over_a_lens_that_cannot_be_read(self, desk, monkeypatch):
        run_sql("UPDATE standing_record SET name = 'lost' WHERE name = 'tone'")

        assert editions.publish_due(at=AT + timedelta(days=1)) >= 1

    def test_has_nothing_before_the_first_event(self, db):
        assert editions.publish_due(at=AT) == 0


class TestTheCommand:
    def test_keeps_prints_and_verifies_under_every_lens(self, desk):
        said = print_edition("2022-05-24", "--verify").splitlines()

        head = log.head().position
        for line, name in zip(said[::2], sorted(MODELS), strict=True):
            assert line.startswith(f"{name}@1 2022-05-24 position={head} pairs=2 sha256=")
        # A level has a spread of settings for each pair.
        assert set(said[1::2]) == {
            "verified: the log gives the same 4 lines, bit for bit",
            "verified: the log gives the same 2 lines and 2 spreads, bit for bit",
        }
        assert Edition.objects.count() == LENSES

    def test_keeps_one_lens_as_known_then(self, desk):
        # Three claims, the second of them retracted at the head.
        first = str(log.head().position - 3)

        assert f"tone@1 2022-05-24 position={first} pairs=1" in print_edition(
            "2022-05-24", "--lens", "tone", "--as-of", first
        )
        with pytest.raises(CommandError, match="cannot be changed"):
            print_edition(
                "2022-05-24", "--lens", "tone", "--as-of", (AT + timedelta(minutes=1)).isoformat()
            )

    def test_fails_and_names_what_differs(self, desk, capsys):
        print_edition("2022-05-24")
        run_sql(spoiled_knots("claims", "KAZ-RUS"))

        with pytest.raises(CommandError, match=f"{LENSES} differ from the log"):
            call_command("edition", "2022-05-24", "--verify")

        assert "✗ the tables differ from the log on KAZ-RUS" in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["2022-05-24", "--lens", "no"], "no lens 'no'"),
            (["2022-05-24", "--as-of", "9999"], "the log ends at"),
            (["2999-01-01"], "is not over"),
            (["24.5.2022"], "is not a day"),
            (["2022-05-24", "--as-of", "2022"], "no lens 'standing' at position|log ends"),
            (["2022-05-24", "--as-of", "noon"], "is neither a position of the log"),
            (["2022-05-24", "--as-of", "2022-05-24T25:00"], "is neither a position of the log"),
        ],
    )
    def test_says_what_it_cannot_do(self, desk, arguments, words):
        with pytest.raises(CommandError, match=words):
            print_edition(*arguments)

    def test_says_that_there_is_no_lens_yet(self, db):
        with pytest.raises(CommandError, match="no lens yet"):
            print_edition("2022-05-24")


class TestTheSpreads:
    """Two pairs with an act: a step of −.6, and p .65."""

    @pytest.fixture
    def levels(self, desk):
        name = desk.measures_levels(**still_parameters())
        work_off()
        return name

    def test_of_each_pair_with_an_act_are_kept(self, levels):
        """Lowest: the step × 2, with p .65 and log odds of 1/2 more, .65 e^½ / (.35 + .65 e^½) =
        .7538. Highest: × 1/2, with 1/2 less, .5297."""
        one = publish(levels)

        spreads = kept.spreads_of(one)
        assert [*spreads] == ["CHN-KAZ", "KAZ-RUS"]
        assert spreads["KAZ-RUS"].low == pytest.approx(-0.6 * 2 * share(0.7538))
        assert spreads["KAZ-RUS"].high == pytest.approx(-0.6 / 2 * share(0.5297))
        assert spreads["KAZ-RUS"].same_sign == 1.0
        assert (one.spreads, one.no_spreads) == (VERSION, None)
        assert kept.verify(one).spreads == 2
        assert kept.verify(one).differs == ()

    def test_leave_out_pairs_without_an_act_and_with_too_many(self, desk, levels):
        """One war has more days than the limit."""
        lasting = Occurred(edtf="1990-01-01/2022-05-20")
        desk.asserts("CHN", "RUS", kind="situation", code=WAR, occurred=lasting)
        work_off()

        one = publish(levels)
        early = publish(levels, date(1995, 1, 1))

        assert one.pairs == 3
        assert [*kept.spreads_of(one)] == ["CHN-KAZ", "KAZ-RUS"]
        assert [*kept.spreads_of(early)] == ["CHN-RUS"]
        assert kept.verify(one).differs == kept.verify(early).differs == ()

    def test_are_not_kept_of_other_models(self, desk):
        tone = publish("tone")

        assert tone.no_spreads == "the model has no settings that could as well be others"
        assert kept.spreads_of(tone) == {}
        assert kept.verify(tone).differs == ()

    @pytest.mark.parametrize("limit", ["MOST_IMPACTS", "MOST_WORK_OF_EDITION"])
    def test_are_not_kept_of_too_many_claims(self, levels, monkeypatch, limit):
        monkeypatch.setattr(e, limit, 1)

        one = publish(levels)

        assert one.no_spreads == "too many claims count in it"
        assert kept.spreads_of(one) == {}
        assert kept.verify(one).differs == ()

    @pytest.mark.parametrize(
        ("sql", "words"),
        [
            (
                "UPDATE edition_spread SET high = 0 WHERE pair = 'KAZ-RUS'",
                "the spread of KAZ-RUS differs from the log",
            ),
            (
                "DELETE FROM edition_spread WHERE pair = 'CHN-KAZ'",
                "the spread of CHN-KAZ differs from the log",
            ),
            (
                "UPDATE edition SET spreads = 'model'",
                f"its spreads are 'model', the log gives {VERSION!r}",
            ),
            ("UPDATE edition SET spreads = ''", f"its spreads are '', the log gives {VERSION!r}"),
        ],
    )
    def test_that_were_tampered_with_are_found(self, levels, sql, words):
        publish(levels)
        run_sql(sql)

        assert kept.verify(publish(levels)).differs == (words,)

    def test_are_missed_by_the_command(self, levels, monkeypatch):
        monkeypatch.setattr(e, "MOST_IMPACTS", 1)

        assert print_edition("2022-05-24", "--lens", levels).splitlines()[1:] == [
            "no spreads over settings: too many claims count in it"
        ]
