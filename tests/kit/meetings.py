"""A table of meetings with its mapping, and the states that meet."""

from tests.kit.builders import an_actor, on_record
from tests.kit.imports import Taken, take_in
from tests.kit.workbooks import a_book
from tracker.domain.records import Name
from tracker.imports.files import ImportOptions
from tracker.imports.formats import mappings

MAPPING = """
key = ["no"]

[collection]
name = "table"

[claim]
kind = "act"
summary = {column = "what"}
code = {column = "code"}
tags = {column = "tags", split = " "}

[occurred]
date = {column = "day"}

[[parties]]
role = "initiator"
name = {column = "who"}

[[parties]]
role = "recipient"
name = {column = "whom"}

[document]
url = {column = "url"}
title = {column = "title"}
publisher = {column = "outlet"}

[citation]
quote = {column = "quote"}
chain = [{column = "wire"}]

[[publishers]]
like = ["Gazette of *"]
country = "Kazakhstan"
ownership = "state"
reliability = "B"
since = 2020-01-01
reason = "Its record."
"""
ROW = {
    "no": "1",
    "day": "2022-05-11",
    "who": "Kazakhstan",
    "whom": "RUS",
    "what": "They meet.",
    "code": "plover-2.0/CONSULT",
    "tags": "",
    "url": "https://example.org/a",
    "title": "",
    "outlet": "Gazette of Astana",
    "quote": "",
    "wire": "",
}


def a_table(*rows) -> bytes:
    return a_book(list(ROW), *(list((ROW | row).values()) for row in rows))


def take(*rows, mapping=MAPPING, **given) -> Taken:
    return take_in(a_table(*rows), ImportOptions(mapping=mappings.read(mapping)), **given)


def describe_states() -> None:
    """Record the states of the usual row."""
    for code, name in (("KAZ", "Kazakhstan"), ("RUS", "Russia")):
        on_record(an_actor(code, names=(Name(text=name),)))
