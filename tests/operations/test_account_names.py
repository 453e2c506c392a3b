"""A person is one person by all names of the account: for the second editor, and in the log."""

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from tests.kit.accusations import a_firm, blames, reviewed, second_root
from tests.kit.builders import AT
from tracker.domain import events as e
from tracker.domain.disclosure import Reader
from tracker.domain.validity import Invalid
from tracker.operations import claims
from tracker.projections import disclosure
from tracker.queries.claims import disclosure as disclosed

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann():
    return get_user_model().objects.create_user("ann")


def rename(account, name):
    account.username = name
    account.save()


class TestARenamedAccount:
    def test_does_not_approve_its_own_accusation(self, desk, ann):
        claim = blames(desk, a_firm(desk))
        second_root(claim)
        rename(ann, "bob")
        reviewed(claim, by="bob")
        disclosure.follow_all()

        assert disclosed.withheld_claims([claim], at=None, reader=Reader.PUBLIC) == {claim}
        get_user_model().objects.create_user("cleo")
        reviewed(claim, by="cleo")
        disclosure.follow_all()
        assert not disclosed.withheld_claims([claim], at=None, reader=Reader.PUBLIC)

    @pytest.mark.parametrize("back", [False, True])
    def test_does_not_accept_its_own_claim(self, desk, ann, settings, back):
        settings.FOUR_EYES = True
        if back:
            rename(ann, "bob")
            rename(ann, "ann")
        by, other = ("bob", "ann") if back else ("ann", "bob")
        claim = claims.assert_claim(desk.claim(), at=AT, by=by).stream
        rename(ann, other)

        with pytest.raises(Invalid, match="another user must accept it"):
            claims.review_claim(claim, e.ClaimReviewed(outcome="accepted"), at=AT, by=other)


class TestAName:
    @pytest.mark.parametrize("name", ["аnn", "ann\u200b", "änn"])
    def test_is_ascii(self, name):
        with pytest.raises(ValidationError, match="letters of English"):
            get_user_model().objects.create_user(name)

    def test_in_other_capitals_is_taken_by_the_same_account_only(self, ann):
        with pytest.raises(ValidationError, match="is or was the name of another account"):
            get_user_model().objects.create_user("ANN")
        rename(ann, "Ann")

    @pytest.mark.parametrize("end", [lambda ann: rename(ann, "bob"), lambda ann: ann.delete()])
    def test_that_an_account_had_is_not_given_again(self, ann, end):
        end(ann)

        with pytest.raises(ValidationError, match="was the name of another account"):
            get_user_model().objects.create_user("ann")

    def test_is_refused_in_a_sentence_by_the_command(self):
        with pytest.raises(CommandError, match="letters of English"):
            call_command("createsuperuser", "--no-input", username="аnn", email="")
