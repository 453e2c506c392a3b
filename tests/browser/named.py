"""The claims on record by names alone, so that those of two databases can be compared."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from tracker.domain import codec
from tracker.queries import claims, names
from tracker.queries.claims import Filed, Filters

MOST = 200
# What a claim refers to, where it is kept, and what its table called it are no words of it.
_OTHERS = ("collection", "key", "parties", "citations")


def named() -> list[dict[str, Any]]:
    """Every claim with names in the place of ids, by its sentence, with its verdicts and links."""
    labels = _labels()
    filed = claims.listing(Filters(), after=None, limit=MOST)
    said = {one.state.id: one.state.claim.summary for one in filed}
    return sorted((_named(one, labels, said) for one in filed), key=lambda one: one["summary"])


def write(path: str) -> None:
    """Write them to a file."""
    Path(path).write_text(json.dumps(named()), encoding="utf-8")


def _labels() -> dict[UUID, str]:
    found: dict[UUID, str] = {}
    for noun in ("actor", "source", "document"):
        found |= {one.id: one.name for one in names.directory(noun)}
    return found


def _named(filed: Filed, labels: Mapping[UUID, str], said: Mapping[UUID, str]) -> dict[str, Any]:
    claim = filed.state.claim
    plain = {key: value for key, value in codec.plain(claim).items() if key not in _OTHERS}
    plain["parties"] = [{**codec.plain(one), "actor": labels[one.actor]} for one in claim.parties]
    plain["citations"] = [
        {
            **codec.plain(one),
            "document": labels[one.document],
            "chain": [labels[link] for link in one.chain],
        }
        for one in claim.citations
    ]
    plain["verdicts"] = [(one.verdict, one.reason) for one in filed.state.verdicts]
    plain["links"] = sorted((link.type, said[link.from_], said[link.to]) for link in filed.links)
    out: dict[str, Any] = json.loads(json.dumps(plain, default=str))
    return {"summary": "", **out}
