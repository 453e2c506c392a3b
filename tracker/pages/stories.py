"""Stories: records in files, which are shown where all their claims are on record."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from django.utils.translation import pgettext

from tracker import log
from tracker.operations.seed_files import Home
from tracker.queries.scores import lenses

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "stories"


class BadStory(ValueError):
    """A file is no story. The message names the file and the field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryStep:
    """A step: its heading and text, the pair and the day that it shows, and the claim that it
    quotes."""

    heading: str
    text: str
    pair: str
    day: date
    claim: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story. `name` is the end of its address; `countries` are the three of its triangle, and
    `lens` has its version ("standing@1")."""

    name: str
    title: str
    lead: str
    countries: tuple[str, str, str]
    lens: str
    steps: Sequence[StoryStep]


def position_of(story: Story) -> int | None:
    """Return the position of the log as of which a story is told: that at which the last of its
    claims and its lens were entered. None where one of them is not on record."""
    claims = {step.claim for step in story.steps}
    found = {first.stream: first.position for first in log.firsts(claims)}
    if found.keys() != claims:
        return None
    try:
        return max(lenses.defined_at(story.lens), *found.values())
    except lenses.NoSuchLens:
        return None


def on_record() -> list[tuple[Story, int]]:
    """Return the stories that can be told, each with its position, by name."""
    placed = ((story, position_of(story)) for story in stories())
    return [(story, position) for story, position in placed if position is not None]


def in_language(story: Story) -> Story:
    """Return a story with its texts in the language of the page, where they are translated."""
    steps = [
        replace(step, heading=pgettext("story", step.heading), text=pgettext("story", step.text))
        for step in story.steps
    ]
    title, lead = pgettext("story", story.title), pgettext("story", story.lead)
    return replace(story, title=title, lead=lead, steps=steps)


@cache
def stories() -> tuple[Story, ...]:
    """Return all stories, by name. They are read once.

    :raises BadStory:
    """
    return tuple(read(file) for file in sorted(FOLDER.glob("*.yaml")))


def read(file: Path) -> Story:
    """Read a story.

    :raises BadStory: if a field is missing or cannot be read.
    """
    try:
        body = yaml.safe_load(file.read_text(encoding="utf-8"))
        home = Home(body["collection"], body["document"])
        first, second, third = sorted(body["countries"])
        return Story(
            name=file.stem,
            title=body["title"],
            lead=body["lead"],
            countries=(first, second, third),
            lens=body["lens"],
            steps=[_step(step, home) for step in body["steps"]],
        )
    except KeyError as problem:
        raise BadStory(f"{file.name}: the field {problem.args[0]} is missing") from problem
    except (TypeError, ValueError, yaml.YAMLError) as problem:
        raise BadStory(f"{file.name}: {problem}") from problem


def _step(body: Any, home: Home) -> StoryStep:
    if not isinstance(body["day"], date):
        raise TypeError(f"day {body['day']!r} of a step is not a day (2022-05-24)")
    return StoryStep(
        heading=body["heading"],
        text=body["text"],
        pair="-".join(sorted(body["pair"].split("-"))),
        day=body["day"],
        claim=_claim(str(body["claim"]), home),
    )


def _claim(text: str, home: Home) -> UUID:
    """The id of a claim by its number in the document's list, or by its id."""
    return UUID(text) if "-" in text else home.claim_id(text)
