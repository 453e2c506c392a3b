"""Asking to follow pairs by mail, and confirming it, as somebody with a browser and a mailbox."""

import re

from django.utils import timezone

from tracker.mail import following, links, sending
from tracker.models.mail import MailReader

ASK, ADDRESS = "/follow/mail/", "Ann.Reader@Example.org"
LINK = re.compile(r"http://testserver(/follow/mail/(?:confirm|stop)/\S+)")


def ask(client, address=ADDRESS, pair="KAZ-RUS", **given):
    """Send the form, and let a worker take it."""
    headers = given.pop("headers", {})
    answer = client.post(ASK, {"address": address, "pair": pair, **given}, headers=headers)
    following.take_requests()
    return answer


def send():
    return sending.send_due(now=timezone.now)


def link(message):
    return LINK.search(message.get_content())[1]


def confirmed(client, mailbox, **given):
    """Ask, send, and confirm everything on the page. Returns the page of the link."""
    ask(client, **given)
    send()
    path = link(mailbox.got[-1][1])
    ids = re.findall(r'name="follow" value="(\d+)"', client.get(path).text)
    return client.post(path, {"follow": ids, "act": "confirm"})


def following_path():
    reader = MailReader.objects.get()
    return links.stop_address(reader.id, site="")
