"""Puts on record at the desk what the article's claims refer to, and the lenses, form by form."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from playwright.sync_api import Page

from tracker.domain.spellings import name_key

type Record = Mapping[str, Any]
type Records = Mapping[str, Mapping[str, Record]]
type Fields = dict[str, str]

NOBODY: Mapping[str, Collection[str]] = MappingProxyType({})


def needed(records: Records, claims: list[Any]) -> dict[str, dict[str, Record]]:
    """Of some records those that claims refer to, and what those refer to; and the lenses. Without
    the memberships of organisations, which have documents of their own."""
    records = {noun: dict(found) for noun, found in records.items()}
    cited = [citation for one in claims for citation in one["citations"]]
    documents = {citation["document"] for citation in cited}
    records["document"] = {
        name: one for name, one in records["document"].items() if name in documents
    }
    records["actor"] = {
        name: {key: value for key, value in one.items() if key != "memberships"}
        for name, one in records["actor"].items()
    }
    sources = {name for citation in cited for name in citation.get("chain", ())}
    sources |= {one["source"] for one in records["document"].values()}
    actors = {party["actor"] for one in claims for party in one["parties"]}
    for name in sources:
        actors |= {records["source"][name].get(key) for key in ("actor", "country")}
    for one in records["lens"].values():
        actors |= {*one["view"].get("bloc", {}).get("countries", ())}
    for name in [one for one in actors if one]:
        actors |= {one["country"] for one in records["actor"][name].get("affiliations", ())}
        actors |= {*records["actor"][name].get("members", ())}
    kept = {"actor": actors, "source": sources}
    return {
        noun: {name: one for name, one in found.items() if name in kept.get(noun, found)}
        for noun, found in records.items()
    }


def put(page: Page, records: Records, *, waiting: Mapping[str, Collection[str]] = NOBODY) -> None:
    """Put records on record; what is named by others comes first. Those whose names wait in the
    inbox are accepted there."""
    for noun, fields in _FIELDS.items():
        found = records.get(noun, {})
        for name in sorted(found, key=lambda one: found[one].get("kind") != "state"):
            if name in waiting.get(noun, ()):
                _accept(page, noun, name, fields(found[name]))
            else:
                add(page, noun, fields(found[name]))


def _accept(page: Page, noun: str, name: str, fields: Fields) -> None:
    page.goto("/admin/desk/claim/inbox/")
    for waiting in page.locator(".desk-proposed").all():
        # The text may spell the name otherwise.
        if name_key(waiting.locator("h3").inner_text()) == name_key(f"{name} {noun}"):
            waiting.get_by_role("link", name="Add it as a new").click()
            _save(page, fields, says="is accepted")
            return
    raise AssertionError(f"no {noun} {name} waits in the inbox")


def describe_source(page: Page, name: str, one: Record) -> None:
    """Describe a source on record again, with its grade."""
    page.goto("/admin/desk/source/")
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("link", name="Describe again or grade").click()
    _save(page, _source(one), says="The new description is on record.")


def add(page: Page, noun: str, fields: Mapping[str, str]) -> None:
    """Put a record on record by its form; fields by their labels."""
    page.goto(f"/admin/desk/{noun}/add/")
    _save(page, fields, says="is on record")


def _save(page: Page, fields: Mapping[str, str], *, says: str) -> None:
    for label, value in fields.items():
        field = page.get_by_label(label, exact=True)
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.get_by_role("button", name="Save").click()
    page.get_by_text(says).wait_for()


def _collection(one: Record) -> Fields:
    said = {"Name": one["name"], "Entered by": one["coding"]}
    return said | {"Description": one["description"]}


def _actor(one: Record) -> Fields:
    first, *others = one["names"]
    said = {"Kind": one["kind"], "Name": first["text"]}
    said["Language of that name"] = first.get("language", "")
    said["Names in other languages"] = _lines(f"{it['language']} {it['text']}" for it in others)
    said["Aliases"] = _lines(one.get("aliases", ()))
    said |= {"Code": one.get("code", ""), "Wikidata id": one.get("wikidata", "")}
    for voice in one.get("affiliations", ()):
        said |= {"Speaks for": voice["country"], "From which sector": voice["sector"]}
        said |= {"Speaks for it from": voice.get("since", "")}
        said |= {"Until before": voice.get("until", "")}
    return said | {"Members": _lines(one.get("members", ()))}


def _source(one: Record) -> Fields:
    said = {"Kind": one["kind"], "Name": one.get("name", "")}
    said |= {"It is this actor": one.get("actor", ""), "Country": one.get("country", "")}
    said["Ownership"] = one.get("ownership", "")
    for rating in one["ratings"]:
        said |= {"Reliability": rating["reliability"], "In force from": rating["since"]}
        said["Why this grade"] = rating["reason"]
    return said


def _document(one: Record) -> Fields:
    return {
        "Published by": one["source"],
        "Title": one["title"],
        "Authors": _lines(one["authors"]),
        "Date": one["date"],
        "Language": one["language"],
        "Note": one["note"],
    }


def _lens(one: Record) -> Fields:
    bloc = one["view"].get("bloc", {})
    return {
        "Name": one["name"],
        "Collections": _lines(one["view"].get("collections", ())),
        "Bloc: roots in these countries": _lines(bloc.get("countries", ())),
        "The bloc's rule": bloc.get("rule", "only"),
        "Model": one["model"],
        "Parameters": json.dumps(one["parameters"]),
        "Description": one["description"],
    }


# In this order, since records name others.
_FIELDS: Mapping[str, Callable[[Record], Fields]] = {
    "collection": _collection,
    "actor": _actor,
    "source": _source,
    "document": _document,
    "lens": _lens,
}


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(texts)
