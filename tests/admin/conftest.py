"""A desk with countries, a source and a document, and somebody who may do everything there."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.kit.builders import CODE, SANCTION, Desk
from tests.kit.desk_forms import typed
from tests.kit.trays import a_draft
from tracker import log
from tracker.domain.reading.drafts import Draft, OfferedActor, OfferedCode

ADD = "/admin/desk/claim/add/"


def page_of(claim_id: UUID, view: str = "change") -> str:
    """Where a claim is shown, or what may be done to it there."""
    return reverse(f"admin:desk_claim_{view}", args=[claim_id])


@pytest.fixture
def claim_id(desk: Desk) -> UUID:
    return desk.asserts(summary="Russia closed a pipeline.").stream


@pytest.fixture
def ann(db: Any) -> Client:
    """A browser in which ann is logged in."""
    user = get_user_model().objects.create_superuser("ann")
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def someone(db: Any) -> Callable[..., Client]:
    """Log in an account that has some permissions at the desk."""

    def log_in(*names: str) -> Client:
        user = get_user_model().objects.create_user("bea", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=names))
        client = Client()
        client.force_login(user)
        return client

    return log_in


def in_role(role: str) -> Client:
    """A browser in which a user with a role is logged in."""
    user, _ = get_user_model().objects.get_or_create(username=f"a-{role}", is_staff=True)
    user.groups.set(Group.objects.filter(name=role))
    client = Client()
    client.force_login(user)
    return client


def unrecorded(client: Client, address: str, form: Any) -> Any:
    """Send what puts nothing on record; give the answer."""
    head = log.head()
    answer = client.post(address, form)
    assert log.head() == head
    return answer


def sleep_in_database(*_args: Any, **_given: Any) -> Any:
    """Take the place of a question that takes too long."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(1)")
    return {}


@pytest.fixture
def written(desk: Desk) -> Any:
    """Give what is sent for a claim that may be recorded, with other fields where named."""

    def write(**other: str) -> Any:
        fields = {
            "claim__collection": "curated",
            "claim__summary": "Russia shut off Kazakh oil.",
            "claim__kind": "act",
            "claim__code": CODE,
            "claim__occurred": "late March 2022",
            "confirmed": "[2022-03-21..2022-03-31]",
            "parties__0__actor": "rus",
            "parties__1__actor": "KAZ",
            "citations__0__document": "A report",
        }
        return typed(**fields | other)

    return write


@pytest.fixture
def draft(desk: Desk) -> Draft:
    """Russia did something to Kazakhstan; two codes may be meant, none is chosen."""
    codes = (OfferedCode(code=SANCTION, why="cut → SANCTION"), OfferedCode(code="plover-2.0/AID"))
    countries = [desk.countries[code] for code in ("RUS", "KAZ", "CHN")]
    claim = desk.claim(code=None, summary="")
    return a_draft(claim, codes=codes, actors=tuple(OfferedActor(actor=one) for one in countries))


@pytest.fixture
def chosen(draft: Draft) -> Draft:
    """The draft with a code and a summary, as it may be taken."""
    return replace(draft, claim=replace(draft.claim, code=SANCTION, summary="Russia cut the flow."))
