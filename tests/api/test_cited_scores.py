"""A score with its proof, as readers get it: it verifies, and says what the API says."""

from types import SimpleNamespace

import pytest
from django.db import transaction

from tests.kit.api_client import api_with
from tests.kit.builders import a_token
from tests.kit.seals import sign_all
from tests.kit.seeded import put_seed_on_record
from tracker.domain.proofs import notes, scores
from tracker.queries import seals

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    """The seed, scored and signed once for all tests of this class, then rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        put_seed_on_record(scored=True)
        sign_all()
        key = notes.parse_verifier_key(seals.last_checkpoint().key)
        yield SimpleNamespace(api=api_with(a_token("read")), key=key)
        transaction.set_rollback(True)


def cited(site, pair, **query):
    answer = site.api.http.get(f"/api/v1/pairs/{pair}/scores.proof.json", query)
    assert answer.status_code == 200, answer.text
    return scores.verify(answer.text, [site.key]).cited


class TestTheFile:
    def test_has_what_the_api_says(self, site):
        for row in site.api.get("pairs/")["results"]:
            found = cited(site, row["pair"], day="2022-05-24")
