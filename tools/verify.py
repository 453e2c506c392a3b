"""Verifies the log of an Entente site, also after the site is gone.

This one file is all of it but one thing: `score` also recomputes the score, with the program's own
method, for which it needs a checkout of Entente around it. It needs Python 3.12 or newer and the
package `cryptography`, and for files no network. docs/trust.md says what is verified, and how:

    python3 tools/verify.py event events.ndjson 361.tlog-proof --key KEY
    python3 tools/verify.py event events.ndjson 118.tlog-proof --erasure 412.tlog-proof --key KEY
    python3 tools/verify.py score scores.proof.json --key KEY
    python3 tools/verify.py log https://news.example --key KEY --state last-checkpoint
    python3 tools/verify.py log https://news.example --key KEY --continues 3.txt
    python3 tools/verify.py log https://news.example --key KEY --continues 3.txt \\
        --events events.ndjson --reopening 412.tlog-proof

A refusal begins with `refused:` and its name, and the exit status is 1; it is 2 if a file or the
site cannot be read. It shares no code with the site, so that a fault of the one is not one of the
other.
"""

import sys

# This part can be read by older versions too.
if sys.version_info < (3, 12):  # noqa: UP036
    sys.stderr.write("verify.py needs Python 3.12 or newer: run it with python3.12 or later\n")
    sys.exit(2)

import argparse
import hashlib
import json
import re
import urllib.request
from base64 import b64decode, b64encode
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any, NamedTuple

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    sys.stderr.write("verify.py needs the package cryptography: pip install cryptography\n")
    sys.exit(2)

LOG_KEY, WITNESS_KEY = 1, 4
HASH_SIZE, WIDTH, HEIGHT = 32, 256, 8
TIMEOUT_SECONDS, LARGEST_BYTES = 30, 1_000_000
# The kinds of events that can be erased.
ERASABLE = {
    *("ClaimAsserted", "ClaimCorrected", "ClaimRetracted", "ClaimReinstated"),
    *("CitationAdded", "VerdictGiven", "ClaimReviewed", "ForecastResolved"),
}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Event = dict[str, Any]
Hashes = Sequence[bytes]
ReadTile = Callable[[int, int], bytes]
Options = argparse.Namespace


class Refused(ValueError):
    """Why something is not shown; `reason` is the name of the refusal."""

    def __init__(self, reason: str, says: str) -> None:
        super().__init__(f"{reason}: {says}")
        self.reason = reason


class Key(NamedTuple):
    """A public key (C2SP signed-note): of a log, or of a witness, which signs a time as well."""

    name: str
    type: int
    public: bytes


# Of `Key`, or of what has its fields.
Keys = Iterable[Any]


class Checkpoint(NamedTuple):
    """The tree of the log `origin` at a size."""

    origin: str
    size: int
    root: bytes


class Signed(NamedTuple):
    """A checkpoint whose signature by its log is right; `witnesses` give a POSIX time each."""

    checkpoint: Checkpoint
    witnesses: dict[str, int | None]


class Erasure(NamedTuple):
    """Where an erasure is recorded, by which account, and by whose order."""

    position: int
    by: str
    authority: str
    reason: str


# Bytes as text, and JSON.


def from_base64(text: str) -> bytes:
    try:
        data = b64decode(text, validate=True)
    except ValueError:
        data = b""
    if b64encode(data).decode() != text:
        raise Refused("malformed", "a part of it is not base64")
    return data


def from_hex(text: str) -> bytes:
    """A hash of 32 bytes."""
    try:
        data = bytes.fromhex(text)
    except (TypeError, ValueError):
        data = b""
    if len(data) != HASH_SIZE or data.hex() != text:
        raise Refused("malformed", "a hash is not 64 hex digits")
    return data


def from_json(text: str, what: str) -> Event:
    """A JSON object. A key that stands twice is refused: others may read the other value."""
    try:
        value = json.loads(text.encode(), object_pairs_hook=with_each_key_once)
    except Refused:
        raise
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise Refused("malformed", f"this is not {what}")
    return value


def with_each_key_once(pairs: list[tuple[str, Any]]) -> Event:
    found: Event = {}
    for key, value in pairs:
        if key in found:
            raise Refused("malformed", f"the key {key!r} stands twice")
        found[key] = value
    return found


def canonical(value: object) -> bytes:
    """RFC 8785, which is this for values without floats and keys in ASCII."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


# Keys and signed checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature).


def parse_key(text: str) -> Key:
    name, _, rest = text.strip().partition("+")
    key_id, _, material = rest.partition("+")
    data = from_base64(material)
    if not name or len(data) != 1 + HASH_SIZE or data[0] not in (LOG_KEY, WITNESS_KEY):
        raise Refused("malformed", "this is not an Ed25519 key of a log or a witness")
    key = Key(name, data[0], data[1:])
    if id_of(key).hex() != key_id:
        raise Refused("malformed", f"the key of {name} has the id of another")
    return key


def id_of(key: Key) -> bytes:
    return sha256(key.name.encode() + b"\n" + bytes([key.type]) + key.public)[:4]


def parse_checkpoint(text: str) -> Checkpoint:
    match = re.fullmatch(r"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([^\n]+)\n(?:[^\n]+\n)*", text)
    root = from_base64(match[3]) if match else b""
    if match is None or len(root) != HASH_SIZE:
        raise Refused("malformed", "a checkpoint has an origin, a size and a root")
    return Checkpoint(match[1], int(match[2]), root)


def verify_checkpoint(note: str, keys: Keys, *, quorum: int = 0) -> Signed:
    """Verify that a log signed a checkpoint, and at least `quorum` of the witnesses among the
    keys. Signatures of other keys are not looked at."""
    text, separator, lines = note.rpartition("\n\n")
    if not separator or not lines.endswith("\n") or any(c < " " and c != "\n" for c in note):
        raise Refused("malformed", "a note has a text, an empty line and signatures")
    text += "\n"
    found = parse_checkpoint(text)
    known = {(key.name, id_of(key)): key for key in keys}
    times = {}
    for line in lines[:-1].split("\n"):
        match = re.fullmatch(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})", line)
        data = from_base64(match[2]) if match else b""
        if match is None or len(data) <= 4:
            raise Refused("malformed", "this is not a signature of a note")
        if key := known.get((match[1], data[:4])):
            times[key] = verify_signature(key, text, data[4:])
    if not any(key.type == LOG_KEY and key.name == found.origin for key in times):
        raise Refused("signature", f"no key that you trust signed this as {found.origin}")
    signed = {key: time for key, time in times.items() if key.type == WITNESS_KEY}
    # A key with two names is one witness.
    count = len({key.public for key in signed})
    if count < quorum:
        raise Refused("witnesses", f"{count} of your witnesses signed this, not {quorum}")
    return Signed(found, {key.name: time for key, time in signed.items()})


def verify_signature(key: Key, text: str, value: bytes) -> int | None:
    """Verify a signature, and return the time that a witness gives."""
    time = None
    if key.type == WITNESS_KEY:
        time, value = int.from_bytes(value[:8]), value[8:]
        text = f"cosignature/v1\ntime {time}\n{text}"
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(value, text.encode())
    except InvalidSignature:
        raise Refused("signature", f"the signature of {key.name} is wrong") from None
    return time


def log_id_of(origin: str) -> str:
    """The id of a log: what follows /log/, without the incarnation of one that was reopened."""
    found = re.fullmatch(r".+/log/([0-9a-f-]{36})(?:/[0-9a-f-]{36})?", origin)
    if found is None:
        raise Refused("origin", f"{origin} does not name a log of Entente")
    return found[1]


# The Merkle tree (RFC 6962 §2.1, RFC 9162 §2.1.3 and 2.1.4; C2SP tlog-tiles).


def hash_node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right)


def check_hashes(*hashes: bytes) -> None:
    if any(len(one) != HASH_SIZE for one in hashes):
        raise Refused("malformed", "a hash has not 32 bytes")


def split(size: int) -> int:
    """The largest power of two below a size."""
    return 1 << (size - 1).bit_length() - 1


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Hashes, root: bytes) -> None:
    """Verify that a tree has a leaf, its hash in the tree, at an index from 0."""
    check_hashes(leaf, root, *proof)
    inner = (index ^ (size - 1)).bit_length() if 0 <= index < size else -1
    if inner < 0 or len(proof) != inner + (index >> inner).bit_count():
        raise Refused("inclusion", "the proof does not fit the size of the tree")
    for level, one in enumerate(proof):
        is_right = level >= inner or index >> level & 1
        leaf = hash_node(one, leaf) if is_right else hash_node(leaf, one)
    if leaf != root:
        raise Refused("inclusion", "the leaf does not lead to the root")


def verify_inclusions(leaves: dict[int, bytes], size: int, proof: Hashes, root: bytes) -> None:
    """Verify that a tree has several leaves, by index. The proof has the hashes of the largest
    parts of the tree without them, from left to right."""
    check_hashes(root, *leaves.values(), *proof)
    indices, rest = sorted(leaves), iter(proof)
    if not indices or indices[0] < 0 or indices[-1] >= size:
        raise Refused("inclusion", f"a tree of {size} leaves does not have these")

    def part(first: int, last: int) -> bytes:
        if bisect_left(indices, first) == bisect_left(indices, last):
            return next(rest, b"")
        if last - first == 1:
            return leaves[first]
        middle = first + split(last - first)
        return hash_node(part(first, middle), part(middle, last))

    if part(0, size) != root or next(rest, None) is not None:
        raise Refused("inclusion", "the leaves do not lead to the root")


def verify_consistency(old: int, new: int, proof: Hashes, old_root: bytes, new_root: bytes) -> None:
    """Verify that a tree begins with all leaves of an older one, which is not empty."""
    check_hashes(old_root, new_root, *proof)
    if not 0 < old <= new:
        raise Refused("consistency", f"a tree of {new} events does not continue one of {old}")
    if old == new:
        if proof or old_root != new_root:
            raise Refused("consistency", "two trees of the same size have different roots")
        return
    shift = (old & -old).bit_length() - 1
    path = [old_root, *proof] if old == 1 << shift else list(proof)
    index, inner = (old - 1) >> shift, ((old - 1) ^ (new - 1)).bit_length() - shift
    if len(path) != 1 + inner + (index >> inner).bit_count():
        raise Refused("consistency", "the proof does not fit the sizes")
    older = newer = path[0]
    for level, one in enumerate(path[1:]):
        if level >= inner or index >> level & 1:
            older, newer = hash_node(one, older), hash_node(one, newer)
        else:
            newer = hash_node(newer, one)
    if (older, newer) != (old_root, new_root):
        raise Refused("consistency", "the proof does not lead to both roots")


def consistency_of(old: int, new: int, read: ReadTile) -> list[bytes]:
    """The proof that a tree of `new` leaves begins with one of `old`, from its tiles: `read` gives
    the hashes of a tile, by level and number."""

    def proof(first: int, last: int) -> list[bytes]:
        if last == old:
            return [hash_of(first, last, read)] if first else []
        middle = first + split(last - first)
        if old <= middle:
            return [*proof(first, middle), hash_of(middle, last, read)]
        return [*proof(middle, last), hash_of(first, middle, read)]

    return proof(0, new)


def hash_of(first: int, last: int, read: ReadTile) -> bytes:
    """The hash of the leaves from one to before another, as a part of a tree."""
    size = last - first
    if size & (size - 1):
        middle = first + split(size)
        return hash_node(hash_of(first, middle, read), hash_of(middle, last, read))
    level, within = divmod(size.bit_length() - 1, HEIGHT)
    number, begin = divmod(first >> HEIGHT * level, WIDTH)
    data = read(level, number)[HASH_SIZE * begin : HASH_SIZE * (begin + (1 << within))]
    if len(data) != HASH_SIZE << within:
        raise Refused("malformed", f"tile {tile_path(level, number, WIDTH)} is too short")
    row = [data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE)]
    while len(row) > 1:
        row = [hash_node(*pair) for pair in zip(row[::2], row[1::2], strict=True)]
    return row[0]


def tile_path(level: int, number: int, width: int) -> str:
    text = f"{number % 1000:03}"
    while number >= 1000:
        number //= 1000
        text = f"x{number % 1000:03}/{text}"
    return f"{level}/{text}" + (f".p/{width}" if width < WIDTH else "")


def verify_growth(before: Checkpoint, now: Checkpoint, read: ReadTile) -> None:
    """Verify by its tiles that a log only grew."""
    if before.origin != now.origin:
        raise Refused("origin", f"the checkpoint is of {now.origin}, not of {before.origin}")
    if before.size > now.size:
        raise Refused("consistency", f"the log has {now.size} events, but it had {before.size}")
    if before.size:
        proof = consistency_of(before.size, now.size, read)
        verify_consistency(before.size, now.size, proof, before.root, now.root)


# Events.


def verified_line(line: str, *, origin: str) -> tuple[Event, bytes]:
    """The columns of a line of the download, and the leaf hash that they have."""
    event = from_json(line, "a line of a download of the log")
    try:
        found = leaf_hash_of(event, log_id_of(origin))
        stated = from_hex(event["leaf_hash"])
    except Refused:
        raise
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as problem:
        raise Refused("malformed", f"this is not an event: {problem}") from None
    if found != stated:
        raise Refused("event", f"event {event['position']} is not what was recorded")
    return event, found


def leaf_hash_of(event: Event, log_id: str) -> bytes:
    if type(event["position"]) is not int:
        raise Refused("malformed", "the position of an event is a number")
    if event["body"] is None and event["leaf_hash"] is None:
        raise Refused("malformed", "the event is withheld: download it with a token")
    check_words(event, event["text_sha256"] and from_hex(event["text_sha256"]))
    moment = datetime.fromisoformat(event["recorded_at"])
    # Python reads other forms of the same moment too, such as another letter than T.
    if moment.isoformat().replace("+00:00", "Z") != event["recorded_at"]:
        raise Refused("malformed", "a time is written as 2022-05-25T00:00:01Z")
    at = (moment - EPOCH) // timedelta(microseconds=1)
    names = ("position", "stream", "version", "kind", "schema")
    columns = [log_id, *(event[name] for name in names), at, event["recorded_by"]]
    columns += [sha256(canonical(event["body"])).hex(), event["text_sha256"] or ""]
    return sha256(b"\0" + canonical(columns))


def check_words(event: Event, bound: bytes | None) -> None:
    words, position, salt = event["words"], event["position"], event["salt"]
    if event["withheld"] is not (bool(bound) and words is None):
        raise Refused("words", f"event {position} says otherwise whether its words are withheld")
    if words is None and salt is not None:
        raise Refused("words", f"event {position} has a salt without words")
    if words is None:
        return
    data = bytes.fromhex(salt or "")
    if data.hex() != salt or sha256(data + canonical(words)) != bound:
        raise Refused("words", f"the words of event {position} were changed")


def parse_proof(text: str) -> tuple[int, list[bytes], str, bytes | None]:
    """The index, the hashes, the signed checkpoint and the nonce of a C2SP tlog-proof."""
    match = re.fullmatch(
        r"c2sp\.org/tlog-proof@v1\n(?:extra ([^\n]+)\n)?index (0|[1-9][0-9]{0,18})\n"
        r"((?:[^\n]+\n){0,63})\n(.+)",
        text,
        re.DOTALL,
    )
    if match is None:
        raise Refused("malformed", "this is not a proof of C2SP tlog-proof")
    hashes = [from_base64(line) for line in match[3].split("\n")[:-1]]
    check_hashes(*hashes)
    return int(match[2]), hashes, match[4], from_base64(match[1]) if match[1] else None


def verify_event(line: str, proof: str, keys: Keys, *, quorum: int = 0) -> Signed:
    """Verify that an event is in the log whose checkpoint is in the proof."""
    index, hashes, note, nonce = parse_proof(proof)
    signed = verify_checkpoint(note, keys, quorum=quorum)
    event, leaf_hash = verified_line(line, origin=signed.checkpoint.origin)
    if event["body"] is None:
        raise Refused("erased", f"event {event['position']} says nothing any more")
    if nonce is None:
        says = "the proof has no nonce: ask with a token, or download the log again"
        raise Refused("malformed", says)
    if index != event["position"] - 1:
        raise Refused("inclusion", "the proof is of another position")
    _, size, root = signed.checkpoint
    verify_inclusion(tree_leaf(nonce, leaf_hash), index, size, hashes, root)
    return signed


def tree_leaf(nonce: bytes, leaf_hash: bytes) -> bytes:
    return sha256(b"\0entente/leaf/v1\n" + nonce + leaf_hash)


def verify_erasure(
    line: str, record: str, proof: str, keys: Keys, *, quorum: int = 0
) -> tuple[Signed, Erasure]:
    """Verify that an event is erased, and that its other columns are those that were recorded, by
    the line of its `BodyErased` and the proof of that."""
    signed = verify_event(record, proof, keys, quorum=quorum)
    erased, leaf_hash = verified_line(line, origin=signed.checkpoint.origin)
    act, _ = verified_line(record, origin=signed.checkpoint.origin)
    body = act["body"]
    bound = (act["kind"], act["stream"], body.get("position"), body.get("leaf_hash"))
    columns = ("BodyErased", erased["stream"], erased["position"], leaf_hash.hex())
    if erased["body"] is not None or erased["kind"] not in ERASABLE or bound != columns:
        says = f"event {act['position']} is not the erasure of this event"
        raise Refused("erased", says)
    return signed, Erasure(act["position"], act["recorded_by"], body["authority"], body["reason"])


# A score with everything that it follows from.


def verify_score(text: str, keys: Keys, *, quorum: int = 0) -> tuple[Signed, str]:
    """Verify that the events of a citable score are in the log, and that it follows from them.
    Returns the signed checkpoint and what the file says."""
    cited = from_json(text, "a score of Entente")
    try:
        signed, events = verify_cited_events(cited, keys, quorum)
    except (AttributeError, KeyError, TypeError) as problem:
        raise Refused("malformed", f"this is not a score of Entente: {problem}") from None
    recompute(text, events)
    ends = cited.get("low"), cited.get("high")
    interval = f" (90 % interval {ends[0]} to {ends[1]})" if all(ends) else ""
    return signed, (
        f"{cited['direction']} on {cited['day']} under {cited['lens']}: {cited['value']}"
        f"{interval}\n"
        f"it follows from {len(cited['claims'])} claims by {len(events)} events, which are in"
        f" the log; as known at position {cited['as_of']}"
    )


def verify_cited_events(cited: Event, keys: Keys, quorum: int) -> tuple[Signed, list[Event]]:
    signed = verify_checkpoint(cited["checkpoint"], keys, quorum=quorum)
    origin, size, root = signed.checkpoint
    consistency = [from_hex(one) for one in cited["consistency"]]
    verify_consistency(cited["as_of"], size, consistency, from_hex(cited["root_hash"]), root)
    events: list[Event] = []
    leaves: dict[int, bytes] = {}
    versions: dict[str, int] = {}
    for one in cited["events"]:
        event, leaf_hash = verified_line(one["line"], origin=origin)
        position, stream = event["position"], event["stream"]
        if events and position <= events[-1]["position"]:
            raise Refused("malformed", "the events are not in the order of the log")
        versions[stream] = versions.get(stream, 0) + 1
        if event["version"] != versions[stream]:
            raise Refused("score", f"before event {position}, one of its record is left out")
        if position > cited["as_of"] and stream != cited["lens_id"]:
            raise Refused("score", f"event {position} is later than position {cited['as_of']}")
        events.append(event)
        leaves[position - 1] = tree_leaf(from_hex(one["nonce"]), leaf_hash)
    inclusion = [from_hex(one) for one in cited["inclusion"]]
    verify_inclusions(leaves, size, inclusion, root)
    return signed, events


def recompute(text: str, events: list[Event]) -> None:
    """Compute the score again from its events. Only this uses the program of the checkout."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    try:
        from tracker.domain.proofs import refusals, scores  # noqa: PLC0415
    except ImportError as problem:
        says = "score needs a checkout of Entente around this file, to compute the score again"
        raise OSError(f"{says} ({problem})") from None
    try:
        scores.check(text, events)
    except refusals.Refused as problem:
        raise Refused(str(problem.reason), str(problem).partition(": ")[2]) from None


# A log that grows.


def verify_log(options: Options, keys: Keys, quorum: int) -> tuple[Signed, str]:
    """Verify that the log of a site continues an earlier checkpoint."""
    site, state = options.site.rstrip("/"), options.state
    note = fetch(f"{site}/log/checkpoint").decode()
    signed = verify_checkpoint(note, keys, quorum=quorum)
    now, before, text = signed.checkpoint, None, ""
    if options.continues or state.exists():
        before = earlier_checkpoint(options, keys)
    if before and before.origin != now.origin:
        text = verify_reopening(options, before, now, keys, quorum)
        before = before._replace(origin=now.origin)

    def read(level: int, number: int) -> bytes:
        left = (now.size >> HEIGHT * level) - number * WIDTH
        return fetch(f"{site}/log/tile/{tile_path(level, number, min(left, WIDTH))}")

    if before:
        verify_growth(before, now, read)
        text += f"the log continues the one with {before.size} events"
    if state:
        draft = state.with_name(f"{state.name}.new")
        draft.write_text(note, encoding="utf-8")
        draft.replace(state)
    return signed, text or "the checkpoint is signed; there is none to compare it with yet"


def earlier_checkpoint(options: Options, keys: Keys) -> Checkpoint:
    """A signed note, or the text of one that has a timestamp, which needs no signature."""
    text = (options.continues or options.state).read_text(encoding="utf-8")
    if options.continues and "\n\n" not in text:
        return parse_checkpoint(text)
    return verify_checkpoint(text, keys).checkpoint


def verify_reopening(
    options: Options, before: Checkpoint, now: Checkpoint, keys: Keys, quorum: int
) -> str:
    """Verify that a log was reopened: another incarnation of the same log has another origin, and
    an event of the log that says so."""
    if log_id_of(before.origin) != log_id_of(now.origin):
        raise Refused("origin", f"the checkpoint is of {now.origin}, not of {before.origin}")
    if not (options.events and options.reopening):
        says = f"the log was reopened as {now.origin}: add --events with a download of the log and"
        raise Refused("origin", f"{says} --reopening with the proof of its event LogReopened")
    proof = options.reopening.read_text(encoding="utf-8")
    line = line_of(options.events, parse_proof(proof)[0] + 1)
    found = verify_event(line, proof, keys, quorum=quorum).checkpoint
    event, _ = verified_line(line, origin=found.origin)
    body = event["body"]
    incarnation = now.origin.rpartition("/")[2]
    named = (found.origin, event["kind"], body.get("incarnation"))
    if named != (now.origin, "LogReopened", incarnation):
        raise Refused(
            "origin", f"event {event['position']} does not reopen the log as {now.origin}"
        )
    lost = body.get("lost_from")
    if lost and before.size >= lost:
        says = f"the log was reopened at {event['position']}: from {lost} on events were lost"
        raise Refused("consistency", f"{says}, and the earlier checkpoint has {before.size}")
    why = f"{body['reason']} ({body['authority']})"
    return f"the log was reopened at position {event['position']}: {why}\n"


def fetch(address: str) -> bytes:
    if not address.startswith(("https://", "http://")):
        raise OSError(f"{address} is not a web address")
    with urllib.request.urlopen(address, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
        found: bytes = answer.read(LARGEST_BYTES)
        return found


# The commands.


def line_of(events: Path, position: int) -> str:
    """The line of a download for an event."""
    return find_line(events, lambda event: event["position"] == position, f"event {position}")


def find_line(events: Path, wanted: Callable[[Event], bool], name: str) -> str:
    found = [line for event, line in lines_of(events) if wanted(event)]
    if not found:
        raise Refused("malformed", f"the download has no {name}")
    return found[0]


def lines_of(events: Path) -> Iterator[tuple[Event, str]]:
    """The events of a download with their lines, in the order of the log. So each has one line."""
    last = 0
    with events.open(encoding="utf-8") as lines:
        for line in lines:
            event = from_json(line, "a line of a download of the log")
            position = event["position"]
            if type(position) is not int or position <= last:
                raise Refused("malformed", f"position {position!r} stands after {last}")
            last = position
            yield event, line.rstrip("\n")


def verify_event_file(options: Options, keys: Keys, quorum: int) -> tuple[Signed, str]:
    proof = options.proof.read_text(encoding="utf-8")
    position = parse_proof(proof)[0] + 1
    line = line_of(options.events, position)
    event = from_json(line, "a line of a download of the log")
    if event["body"] is not None or event["leaf_hash"] is None:
        signed = verify_event(line, proof, keys, quorum=quorum)
        return signed, f"event {position} is in the log"

    def erases(one: Event) -> bool:
        return bool(one["kind"] == "BodyErased" and one["body"]["position"] == position)

    record = find_line(options.events, erases, f"erasure of event {position}")
    if options.erasure is None:
        at = from_json(record, "a line")["position"]
        says = f"event {position} was erased at {at}: add --erasure with the proof of event {at}"
        raise Refused("erased", says)
    proof = options.erasure.read_text(encoding="utf-8")
    signed, found = verify_erasure(line, record, proof, keys, quorum=quorum)
    return signed, (
        f"event {position} was erased at {found.position}, by {found.by}, by order of:"
        f" {found.authority}. Reason: {found.reason}"
    )


def keys_of(options: Options) -> tuple[list[Key], int]:
    """The keys of the log and its witnesses, and how many witnesses have to sign."""
    witnesses = [parse_key(text) for text in options.witness]
    for key in witnesses:
        if key.type != WITNESS_KEY:
            raise Refused("malformed", f"the key of {key.name} is not one of a witness")
    number = len({key.public for key in witnesses})
    quorum = number if options.quorum is None else options.quorum
    if 0 < 2 * quorum <= number:
        says = f"{quorum} of {number} witnesses can sign one history, and {quorum} others another"
        sys.stderr.write(f"warning: {says}\n")
    return [*map(parse_key, options.key), *witnesses], quorum


def moment(seconds: int | None) -> str:
    try:
        return f"{datetime.fromtimestamp(seconds or 0, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (OverflowError, ValueError, OSError):
        return f"the second {seconds}"


def parse_options(arguments: Sequence[str] | None) -> Options:
    parser = argparse.ArgumentParser(description="Verify the log of an Entente site.")
    commands = parser.add_subparsers(dest="command", required=True)
    event = commands.add_parser("event", help="that an event is in the log")
    event.add_argument("events", type=Path, help="a download of the log, NDJSON")
    event.add_argument("proof", type=Path, help="the event's .tlog-proof")
    event.add_argument("--erasure", type=Path, help="the .tlog-proof of the erasure of the event")
    score = commands.add_parser("score", help="that a score follows from the log")
    score.add_argument("score", type=Path, help="the scores.proof.json of a pair")
    log = commands.add_parser("log", help="that the log of a site only grew")
    log.add_argument("site", help="the address of the site")
    earlier = log.add_mutually_exclusive_group(required=True)
    earlier.add_argument("--state", type=Path, help="where the checkpoint is kept")
    earlier.add_argument("--continues", type=Path, help="a checkpoint, or the text of one")
    log.add_argument("--events", type=Path, help="a download, after the log was reopened")
    log.add_argument("--reopening", type=Path, help="the .tlog-proof of the event LogReopened")
    for one in (event, score, log):
        one.add_argument("--key", action="append", required=True, help="the log's public key")
        one.add_argument("--witness", action="append", default=[], help="a witness's public key")
        one.add_argument("--quorum", type=int, help="how many witnesses must sign; default: all")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse_options(arguments)
    try:
        keys, quorum = keys_of(options)
        if options.command == "event":
            signed, text = verify_event_file(options, keys, quorum)
        elif options.command == "score":
            kept = options.score.read_text(encoding="utf-8", errors="surrogateescape")
            signed, text = verify_score(kept, keys, quorum=quorum)
        else:
            signed, text = verify_log(options, keys, quorum)
    except Refused as problem:
        sys.stderr.write(f"refused: {problem}\n")
        return 1
    except (OSError, UnicodeDecodeError, HTTPException) as problem:
        sys.stderr.write(f"cannot be verified: {problem}\n")
        return 2
    except (AttributeError, KeyError, TypeError, ValueError) as problem:
        sys.stderr.write(f"refused: malformed: a file is not what a site gives: {problem!r}\n")
        return 1
    origin, size, _ = signed.checkpoint
    sys.stdout.write(f"{text}\nthe log is {origin}, with {size} events\n")
    for name, seconds in signed.witnesses.items():
        sys.stdout.write(f"signed by the witness {name} at {moment(seconds)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
