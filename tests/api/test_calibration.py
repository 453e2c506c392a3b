"""The record of the certainty, over the API."""

import pytest

from tests.kit.verdicts import drawn, judge, judge_drawn
from tracker import log

pytestmark = pytest.mark.django_db


class TestCalibration:
    def test_has_the_figures_of_judged_and_drawn_claims(self, api, desk):
        judge(desk.asserts().stream, "false")
        claim = desk.asserts().stream
        drawn(claim, probability=0.25)
        judge_drawn(claim)

        found = api.get("calibration/")

        assert (found["lens"], found["as_of"], found["draws"]) == (
            "standing@1", log.head().position, 1,
        )  # fmt: skip
        assert (found["judged"]["missing"], found["drawn"]["missing"]) == (18, 19)
        [group] = found["judged"]["bins"]
        assert (group["label"], group["confirmed"], group["decided"]) == ("0.6 to 0.7", 1, 2)
        assert group["outcome"]["share"] == 0.5
        assert found["drawn"]["overall"]["outcome"]["share"] == 1
        # (.35² + .65²)/2
        assert found["judged"]["score"]["brier"] == pytest.approx(0.2725)
        [check] = found["judged"]["checks"]
        assert (check["grade"], check["outside"], check["proposal"]) == ("reliability C", False, "")
        assert check["odds"] == 1
        # (13 + 1)/(20 + 2)
        assert check["in_table"] == pytest.approx(14 / 22)
        assert found["unjudged"] == 0
