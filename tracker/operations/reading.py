"""Reads an article for a person: what is on record is brought to the reader. The text is not kept."""

from uuid import UUID

from tracker.domain.problems import Invalid, Problem
from tracker.domain.reading import proposals
from tracker.domain.reading.proposals import Context, Reading
