"""On random histories the parts sum to the difference, and each has its causes."""

import pytest
from hypothesis import given

from tests.kit.change_checks import is_told_in_full
from tests.kit.histories import Step, histories
from tests.kit.laws import FEW, MANY

pytestmark = pytest.mark.django_db


class TestEveryHistory:
    @FEW
    @given(histories(longest=9))
    def test_is_told_in_full(self, steps: list[Step]) -> None:
        is_told_in_full(steps)


@pytest.mark.long
@pytest.mark.timeout(1200)
class TestVeryManyHistories:
    @MANY
    @given(histories(longest=25))
    def test_are_told_in_full(self, steps: list[Step]) -> None:
        is_told_in_full(steps)
