"""Puts on record at the desk what the article's claims refer to, and the lenses, form by form."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from playwright.sync_api import Page

type Record = Mapping[str, Any]
type Records = Mapping[str, Mapping[str, Record]]
type Fields = dict[str, str]


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


def put(page: Page, records: Records) -> None:
    """Put records on record; what is named by others comes first."""
    actors = records["actor"].values()
    states = [one for one in actors if one["kind"] == "state"]
    others = [one for one in actors if one["kind"] != "state"]
    for noun, found, fields in (
        ("collection", records["collection"].values(), _collection),
        ("actor", [*states, *others], _actor),
        ("source", records["source"].values(), _source),
        ("document", records["document"].values(), _document),
        ("lens", records["lens"].values(), _lens),
    ):
        for one in found:
            add(page, noun, fields(one))


def accept(page: Page, noun: str, one: Record, *, name: str) -> None:
    """Put a record on record for a name that waits in the inbox."""
    page.goto("/admin/desk/claim/inbox/")
    page.get_by_role("link", name=re.compile(f"new {noun}.*{re.escape(name)}")).click()
    _save(page, {"actor": _actor, "source": _source}[noun](one), says=f"{name} is accepted")


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


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(texts)
