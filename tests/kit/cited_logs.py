"""A log in memory with its tree and its key, and scores that are cited from it."""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from tests.kit import builders
from tests.kit.domain_builders import (
    COLLECTION,
    a_country,
    a_document,
    an_id,
    an_outlet,
)
from tracker.domain import events as e
from tracker.domain.claims import Claim
from tracker.domain.codec import canonical
from tracker.domain.lenses import Lens, View
from tracker.domain.proofs import leaves, merkle, notes, scores
from tracker.domain.proofs.checkpoints import Checkpoint
from tracker.domain.proofs.leaves import LeafFields
from tracker.domain.proofs.notes import SigningKey
from tracker.domain.proofs.scores import CitedEvent, CitedScore
from tracker.domain.recomputing import Question, recompute
from tracker.domain.state import Entry

LOG_ID = UUID("01a2245c-a7c6-7b7e-904a-ddbbe41b4458")
BEGAN = datetime(2022, 5, 25, tzinfo=UTC)
SALT = b"s" * 16
DAY = date(2022, 5, 24)
LENS = an_id("lens")


class MemoryLog:
    """Events that ann recorded, one a second."""

    def __init__(self) -> None:
        self.key = SigningKey(f"news.example/log/{LOG_ID}", bytes(32))
        self.entries: list[Entry] = []
        self.cited: list[CitedEvent] = []
        self._leaves: list[bytes] = []

    def add(self, stream: str | UUID, event: e.Event) -> int:
        """Record an event in the stream of a name; return its position."""
        stream = an_id(stream) if isinstance(stream, str) else stream
        position = len(self.entries) + 1
        version = 1 + sum(one.stream == stream for one in self.entries)
        self.entries.append(Entry(stream, position, event))
        self._seal(position, stream, version, event)
        return position

    def _seal(self, position: int, stream: UUID, version: int, event: e.Event) -> None:
        kind, schema, body, words = e.encode(event)
        text = canonical(words) if words else None
        bound = hashlib.sha256(SALT + text.encode()).digest() if text else None
        at = BEGAN + timedelta(seconds=position)
        fields = LeafFields(stream, version, kind, schema, "ann", canonical(body).encode(), bound)
        prefix, micros = leaves.leaf_prefix(LOG_ID), leaves.microseconds(at)
        own = leaves.leaf(prefix, position, micros, leaves.leaf_parts(fields))
        nonce = hashlib.sha256(position.to_bytes(8)).digest()
        self._leaves.append(leaves.blinded(nonce, own))
        line = {
            "position": position,
            "stream": str(stream),
            "version": version,
            "kind": kind,
            "schema": schema,
            "recorded_at": at.isoformat().replace("+00:00", "Z"),
            "recorded_by": "ann",
            "body": body,
            "words": words or None,
            "withheld": False,
            "salt": SALT.hex() if text else None,
            "text_sha256": bound and bound.hex(),
            "leaf_hash": own.hex(),
        }
        dumped = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
        self.cited.append(CitedEvent(line=dumped, nonce=nonce.hex()))

    def subtree(self, height: int, index: int) -> bytes:
        hashes = self._leaves[index << height : (index + 1) << height]
        while len(hashes) > 1:
            hashes = merkle.hash_pairs(hashes)
        return hashes[0]

    def cite(self, *claims: str, without: Collection[int] = (), **given: object) -> CitedScore:
        """The score that follows from all events, but those at some positions, with its proof."""
        size = len(self.entries)
        kept = [one for one in self.entries if one.position not in without]
        asked: dict[str, object] = {
            "lens": LENS,
            "version": 1,
            "direction": "KAZ-RUS",
            "day": DAY,
            "position": size,
            "claims": tuple(sorted(map(an_id, claims))),
        }
        question = Question(**{**asked, **given})  # type: ignore[arg-type]
        answer = recompute(question, kept)
        return self.proven(
            CitedScore(
                format=scores.FORMAT,
                pair=question.pair,
                direction=question.direction,
                lens_id=question.lens,
                day=question.day,
                as_of=question.position,
                **scores.figures(answer, question.claims),
                events=(),
                root_hash="",
                consistency=(),
                inclusion=(),
                checkpoint="",
            ),
            [one.position for one in kept],
        )

    def proven(self, cited: CitedScore, positions: Iterable[int]) -> CitedScore:
        """A score with the proof of the events at some positions."""
        size, wanted = len(self.entries), [*positions]
        text = Checkpoint(self.key.name, size, merkle.root(size, self.subtree)).text()
        consistency = merkle.prove_consistency(cited.as_of, size, self.subtree)
        inclusion = merkle.prove_inclusions([one - 1 for one in wanted], size, self.subtree)
        return replace(
            cited,
            events=tuple(self.cited[one - 1] for one in wanted),
            root_hash=merkle.root(cited.as_of, self.subtree).hex(),
            consistency=tuple(one.hex() for one in consistency),
            inclusion=tuple(one.hex() for one in inclusion),
            checkpoint=notes.write(text, [self.key.sign(text)]),
        )


def a_log(*claims: Claim, model: str = "standing", **lens: object) -> MemoryLog:
    """Two countries, an article in a newsletter graded C, a lens, and the claims "one", "two"…"""
    log = MemoryLog()
    for code in ("KAZ", "RUS", "CHN"):
        log.add(code, e.ActorDescribed(actor=a_country(code)))
    log.add("newsletter", e.SourceDescribed(source=an_outlet().source))
    log.add("newsletter", e.SourceRated(reliability="C", since=date(2000, 1, 1), reason="so far"))
    log.add("article", e.DocumentDescribed(document=a_document("newsletter")))
    log.add("curated", e.CollectionDescribed(collection=COLLECTION))
    log.add("lens", e.LensDefined(lens=a_lens(model, **lens)))
    for name, claim in zip(("one", "two", "three"), claims, strict=False):
        log.add(name, e.ClaimAsserted(claim=claim))
    return log


def a_lens(model: str = "standing", **given: object) -> Lens:
    view = View(method="1", collections=(an_id("curated"),))
    return builders.a_lens(model, **{"view": view, **given})


def link(log: MemoryLog, kind: e.LinkType, one: str, other: str) -> UUID:
    """Link two claims; return the stream of the link."""
    ends = an_id(one), an_id(other)
    stream = e.link_id(kind, *ends)
    log.add(stream, e.ClaimsLinked(type=kind, from_=ends[0], to=ends[1]))
    return stream
