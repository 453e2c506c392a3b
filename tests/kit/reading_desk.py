"""The reading page of a desk's document: its addresses, its cards, and presses of their buttons."""

import html
import re

from tracker.admin.reading_form import read_draft
from tracker.domain import codec


def at(desk, place=""):
    """An address of the reading page of the desk's document."""
    return f"/admin/desk/document/{desk.document}/read/{place}"


def seen(answer):
    """What an answer shows, without tags and with single spaces."""
    text = re.sub(r"<[^>]*>", " ", answer.content.decode())
    return " ".join(html.unescape(text).split())


def cards(answer):
    """The drafts on the cards of an answer, without those in the tray."""
    shown = answer.content.decode().split('<section id="tray"')[0]
    found = re.findall(r'name="draft" value="([^"]*)"', shown)
    return [read_draft(html.unescape(text)) for text in found]


def records(client, desk):
    """Record the tray, as its page shows it."""
    page = client.get(at(desk)).content.decode()
    shown = re.search(r'name="cards" value="([^"]*)"', page)
    return client.post(at(desk, "record/"), {"cards": shown[1] if shown else ""})


def presses(client, desk, draft, do, **fields):
    """Press a button of a card."""
    body = {"draft": codec.value_text(draft), "do": do, "state": "proposed", **fields}
    return client.post(at(desk, "card/"), body)
