"""Brings files at the desk as a browser does."""

from django.test import Client
from django.urls import reverse

from tests.kit.archive_rows import on
from tests.kit.imports import archive, days
from tracker.imports import queries

ADD = "/admin/desk/job/add/"
LIST = "/admin/desk/job/"
FILE = archive(*days(3), on("20160732"))
EMPTY = {"table": "", "as_before": "", "format": ""}


def brought(client: Client, **fields: object) -> str:
    """Send the form, and give the address of the job's page."""
    answer = client.post(ADD, EMPTY | fields)
    assert answer.status_code == 302, answer.text
    return answer["Location"]


def last() -> queries.JobSummary:
    return queries.listing(limit=1)[0]


def about(view: str, found: queries.JobSummary | None = None) -> str:
    return reverse(f"admin:desk_job_{view}", args=[(found or last()).id])
