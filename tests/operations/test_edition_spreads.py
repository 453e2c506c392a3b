"""The spreads of an edition over settings of the model."""

from datetime import date

import pytest

from tests.kit.background_work import work_off
from tests.kit.editions import a_scored_desk, print_edition, publish, run_sql
from tracker.domain import editions as e
from tracker.domain.claims import Occurred
from tracker.queries.scores import editions as kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return a_scored_desk()


class TestTheSpreads:
    """Two pairs with an act of the code −6: a step of −.6, and p .65."""

    @pytest.fixture
    def levels(self, desk):
        name = desk.measures_levels()
        work_off()
        return name

    def test_of_each_pair_with_an_act_are_kept(self, levels):
        """Lowest: the step × 4/3, with p .65 and log odds of 1/2 more, .65 e^½ / (.35 + .65 e^½) =
        .7538. Highest: × 3/4, with 1/2 less, .5297."""
        one = publish(levels)

        spreads = kept.spreads_of(one)
        assert [*spreads] == ["CHN-KAZ", "KAZ-RUS"]
        assert spreads["KAZ-RUS"].low == pytest.approx(-0.6 * 4 / 3 * 0.7538, abs=1e-4)
        assert spreads["KAZ-RUS"].high == pytest.approx(-0.6 * 3 / 4 * 0.5297, abs=1e-4)
        assert spreads["KAZ-RUS"].same_sign == 1.0
        assert (one.spreads, one.no_spreads) == ("settings-1", None)
        assert kept.verify(one).spreads == 2
        assert kept.verify(one).differs == ()

    def test_leave_out_pairs_without_an_act_and_with_too_many(self, desk, levels):
        """One situation has more days than the limit."""
        lasting = Occurred(edtf="1990-01-01/2022-05-20")
        desk.asserts("CHN", "RUS", kind="situation", occurred=lasting)
        work_off()

        one = publish(levels)
        early = publish(levels, date(1995, 1, 1))

        assert one.pairs == 3
        assert [*kept.spreads_of(one)] == ["CHN-KAZ", "KAZ-RUS"]
        assert [*kept.spreads_of(early)] == ["CHN-RUS"]
        assert kept.verify(one).differs == kept.verify(early).differs == ()

    def test_are_not_kept_of_other_models_and_of_archives(self, desk):
        name = desk.measures_levels(against_usual=True)
        work_off()

        archive, tone = publish(name), publish("tone")

        assert archive.no_spreads == "a lens over an archive counts too many claims"
        assert tone.no_spreads == "the model has no settings that could as well be others"
        assert kept.spreads_of(archive) == kept.spreads_of(tone) == {}
        assert kept.verify(archive).differs == kept.verify(tone).differs == ()

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
                "UPDATE edition SET spreads = 'archive'",
                "its spreads are 'archive', the log gives 'settings-1'",
            ),
            ("UPDATE edition SET spreads = ''", "its spreads are '', the log gives 'settings-1'"),
        ],
    )
    def test_that_were_tampered_with_are_found(self, levels, sql, words):
        publish(levels)
        run_sql(sql)

        assert kept.verify(publish(levels)).differs == (words,)

    def test_are_counted_by_the_command(self, desk, levels):
        assert print_edition("2022-05-24", "--lens", levels, "--verify").splitlines()[1:] == [
            "verified: the log gives the same 4 lines and 2 spreads, bit for bit"
        ]

    def test_are_missed_by_the_command(self, desk):
        name = desk.measures_levels(against_usual=True)
        work_off()

        assert print_edition("2022-05-24", "--lens", name).splitlines()[1:] == [
            "no spreads over settings: a lens over an archive counts too many claims"
        ]
