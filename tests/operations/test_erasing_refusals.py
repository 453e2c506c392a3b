"""Not erased: claims that are not withheld as a whole, sealed and followed, and other records."""

from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from tests.kit.builders import AT, BY, Desk, a_desk
from tests.kit.erasures import (
    ARGUMENTS,
    WHY,
    a_job,
    a_retracted_claim,
    erase,
    places_of,
    prepare,
    withhold,
)
from tracker import log
from tracker.domain.problems import Invalid
from tracker.domain.state import OutOfOrder
from tracker.log import Recorded, seal
from tracker.models.jobs import BatchRow
from tracker.operations import claims, erasing, links

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    get_user_model().objects.create(username="ann")
    return a_desk()


@pytest.fixture
def claim(desk: Desk) -> Recorded:
    return a_retracted_claim(desk)


class TestWhatIsNotErased:
    @pytest.fixture
    def position(self, desk: Desk) -> int:
        return desk.asserts().position

    def refusal(self, position: int) -> str:
        with pytest.raises(CommandError) as refused:
            call_command("erase", str(position), *ARGUMENTS, "--yes", str(position))
        return str(refused.value)

    def test_is_a_claim_in_force(self, position: int) -> None:
        assert "the claim is in force: retract it first" in self.refusal(position)

    def test_is_a_claim_with_words(self, claim: Recorded) -> None:
        says = f"the claim has words: manage.py withhold {claim.position} deletes them first"

        assert says in self.refusal(claim.position)

    def test_is_a_claim_with_links(self, desk: Desk, position: int, claim: Recorded) -> None:
        other = log.at(position)
        assert other
        links.link("same_as", claim.stream, other.stream, at=AT, by=BY)
        prepare(claim)

        assert "undo its links first" in self.refusal(claim.position)

    def test_is_a_claim_that_is_not_sealed(self, claim: Recorded) -> None:
        withhold(claim)

        assert "the claim is not sealed yet" in self.refusal(claim.position)

    def test_is_a_claim_that_scores_have_not_followed(self, claim: Recorded) -> None:
        withhold(claim)
        seal.extend(most=100)

        assert "scores follow the log only up to position" in self.refusal(claim.position)

    def test_is_a_claim_whose_batch_has_not_ended(self, claim: Recorded) -> None:
        prepare(claim)
        BatchRow.objects.create(job=a_job(), place=1, claim=claim.stream, sent="{}")

        assert "a batch with the claim has not ended" in self.refusal(claim.position)

    def test_is_a_claim_that_a_running_import_may_quote(self, claim: Recorded) -> None:
        prepare(claim)
        selected = erasing.select(claim.position)
        a_job(kind="import", state="running")

        assert "an import or a batch is running" in self.refusal(claim.position)
        with pytest.raises(erasing.NotReady):
            erasing.erase(selected, **WHY, at=AT, by=BY)
        assert not log.at(claim.position).erased  # type: ignore[union-attr]

    def test_is_another_record(self, desk: Desk) -> None:
        assert "is no claim's, but" in self.refusal(1)

    def test_is_what_is_not_there(self, desk: Desk) -> None:
        assert "there is no entry at position 9999" in self.refusal(9999)

    def test_is_an_erased_claim(self, claim: Recorded) -> None:
        prepare(claim)
        erase(claim)
        head = log.head()

        assert erase(claim) == "The claim is erased already.\n"
        with pytest.raises(CommandError, match="is erased already"):
            call_command("erase", str(claim.position), *ARGUMENTS, "--dry-run")
        assert log.head() == head

    def test_is_a_claim_that_was_changed_meanwhile(self, claim: Recorded) -> None:
        prepare(claim)
        selected = erasing.select(claim.position)
        claims.reinstate_claim(claim.stream, reason="yes", at=AT, by=BY)

        with pytest.raises(log.VersionConflict):
            erasing.erase(selected, **WHY, at=AT, by=BY)

        assert places_of("zqtag") == ["event", "past_claim", "standing_claim"]

    def test_is_a_claim_that_was_linked_meanwhile(
        self, desk: Desk, position: int, claim: Recorded
    ) -> None:
        """Somebody may think long before they confirm."""
        prepare(claim)
        selected, other = erasing.select(claim.position), log.at(position)
        assert other
        ends = ("same_as", claim.stream, other.stream)
        links.link(*ends, at=AT, by=BY)
        with pytest.raises(OutOfOrder, match="undo its links first"):
            erasing.erase(selected, **WHY, at=AT, by=BY)

        links.unlink(*ends, reason="zqnote", at=AT, by=BY)
        with pytest.raises(OutOfOrder, match="the claim has words"):
            erasing.erase(selected, **WHY, at=AT, by=BY)

        assert places_of("zqtag") == ["event", "past_claim", "standing_claim"]

    @pytest.mark.parametrize("field", ["reason", "authority"])
    def test_is_a_claim_without_a_reason(self, claim: Recorded, field: str) -> None:
        prepare(claim)

        with pytest.raises(Invalid):
            erasing.erase(erasing.select(claim.position), **WHY | {field: " "}, at=AT, by=BY)

    def test_is_a_claim_whose_number_is_another(self, claim: Recorded) -> None:
        prepare(claim)
        BatchRow.objects.create(job=a_job(state="done"), place=1, claim=claim.stream, sent="{}")
        words = ("erase", str(claim.position + 1), *ARGUMENTS)
        said = StringIO()

        call_command(*words, "--dry-run", stdout=said)
        for number in ((), ("--yes", str(claim.position + 1))):
            with pytest.raises(CommandError, match="nothing was erased"):
                call_command(*words, *number, stdout=StringIO())

        assert "  ClaimAsserted, " in said.getvalue()
        assert f"  CitationAdded at position {claim.position + 2}, " in said.getvalue()
        assert "  what was sent of it in a batch\n" in said.getvalue()
        assert "Backups and the write-ahead log keep it" in said.getvalue()
        assert str(claim.position) not in said.getvalue().replace(f"position {claim.position}", "")
        assert log.head().position == claim.position + 7
