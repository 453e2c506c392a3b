"""What nobody may do at the desk, and who may do the rest."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from tests.admin.conftest import ADD, page_of
from tracker import log
from tracker.admin import models
from tracker.queries.records import states

pytestmark = pytest.mark.django_db


class TestNothing:
    """Of what is on record can be edited or deleted, whoever asks."""

    @pytest.mark.parametrize("view", ["change", "delete"])
    def test_takes_a_post(self, ann, claim_id, view):
        before = log.head().position

        answer = ann.post(page_of(claim_id, view), {"post": "yes", "status": "retracted"})

        assert answer.status_code == 403
        assert log.head().position == before
        assert states.claim(claim_id).status == "standing"

    @pytest.mark.parametrize("noun", ["actor", "source", "document"])
    def test_takes_a_post_for_records_either(self, ann, desk, noun):
        row = {"actor": desk.countries["KAZ"], "source": desk.source, "document": desk.document}
        for view in ("change", "delete"):
            path = reverse(f"admin:desk_{noun}_{view}", args=[row[noun]])
            assert ann.post(path, {"post": "yes"}).status_code == 403

    @pytest.mark.parametrize("noun", ["claim", "actor", "source", "document"])
    def test_is_deleted_in_bulk(self, ann, claim_id, noun):
        kept = models.StandingClaim.objects.count(), models.StandingRecord.objects.count()
        chosen = [str(claim_id)]
        form = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}

        ann.post(f"/admin/desk/{noun}/", form)

        now = models.StandingClaim.objects.count(), models.StandingRecord.objects.count()
        assert now == kept
        assert "delete_selected" not in ann.get(f"/admin/desk/{noun}/").text


class TestWhoMay:
    """What, by Django's permissions on the desk's models."""

    def test_read_may_not_write(self, someone, claim_id, written):
        reader = someone("view_claim")

        assert reader.get(page_of(claim_id)).status_code == 200
        assert "Retract" not in reader.get(page_of(claim_id)).text
        assert "Withhold" not in reader.get(page_of(claim_id)).text
        assert reader.post(ADD, written()).status_code == 403
        for view in (
            *("correct", "retract", "judge", "cite", "reinstate"),
            *("review", "resolve", "unlink", "withhold"),
        ):
            sent_there = reader.post(page_of(claim_id, view), {"reason": "no", "version": "1"})
            assert sent_there.status_code == 403

    def test_withhold_words_is_a_superuser_alone(self, someone, claim_id):
        everything = someone(*Permission.objects.values_list("codename", flat=True))
        position = str(log.head().position)
        form = {"position": position, "reason": "a person", "authority": "ann", "version": "1"}

        assert "Withhold" not in everything.get(page_of(claim_id)).text
        assert everything.post(page_of(claim_id, "withhold"), form).status_code == 403
        assert log.at(int(position)).words

    def test_do_nothing_without_logging_in(self, claim_id, written):
        for path in (ADD, page_of(claim_id), page_of(claim_id, "retract")):
            assert Client().post(path, {}).status_code == 302

    def test_not_forge_a_post_from_elsewhere(self, claim_id, ann):
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = ann.cookies

        answer = strict.post(page_of(claim_id, "retract"), {"reason": "no", "version": "1"})

        assert answer.status_code == 403
