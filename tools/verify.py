"""Verifies the log of an Entente site, also after the site is gone.

It needs this folder's checkout of Entente, Python 3.12 or newer and `cryptography`; no database, no
Django, and for files no network:

    python3 tools/verify.py event events.ndjson 361.tlog-proof --key KEY
    python3 tools/verify.py event events.ndjson 118.tlog-proof --erasure 412.tlog-proof --key KEY
    python3 tools/verify.py score scores.proof.json --key KEY
    python3 tools/verify.py log https://news.example --key KEY --state last-checkpoint
    python3 tools/verify.py log https://news.example --key KEY --continues 3.txt

`event` verifies an event in a download of the log (`log/events.ndjson`) by its proof; one that is
erased, by the proof of the event that recorded this. `score` verifies that the events of a citable
score are in the log, and computes it again from them. `log` fetches the checkpoint of a site and
verifies that the log continues the one in the file of `--state`, in which it keeps the new one; or
the one in the file of `--continues`, whose text needs no signature, since a timestamp is about it.
KEY is the log's public key, from a source that you trust. With `--witness KEY`, once for each
witness that you trust, a checkpoint is refused that not all of them signed, or not as many as
`--quorum` says. A refusal begins with its name, and the exit status is 1; it is 2 if a file or the
site cannot be read.
"""

import argparse
import json
import sys
import urllib.request
from collections.abc import Sequence
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tracker.domain.proofs import checkpoints, notes, scores, tiles, tlog_proof, verifying
from tracker.domain.proofs.checkpoints import Checkpoint
from tracker.domain.proofs.notes import KeyType, VerifierKey
from tracker.domain.proofs.refusals import Reason, Refused
from tracker.domain.proofs.verifying import SignedCheckpoint

TIMEOUT_SECONDS = 30
LARGEST_BYTES = 1_000_000


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    try:
        keys, quorum = _keys(options)
        if options.command == "event":
            signed, text = _verify_event(options, keys, quorum)
        elif options.command == "score":
            kept = options.score.read_text(encoding="utf-8", errors="surrogateescape")
            found = scores.verify(kept, keys, quorum=quorum)
            signed, text = found.signed, scores.described(found.cited)
        else:
            signed, text = _verify_log(options, keys, quorum)
    except Refused as problem:
        sys.stderr.write(f"refused: {problem}\n")
        return 1
    except (OSError, UnicodeDecodeError, HTTPException) as problem:
        sys.stderr.write(f"cannot be verified: {problem}\n")
        return 2
    origin, size, _ = signed.checkpoint
    sys.stdout.write(f"{text}\nthe log is {origin}, with {size} events\n")
    for name, seconds in signed.witnesses.items():
        sys.stdout.write(f"signed by the witness {name} at {_moment(seconds)}\n")
    return 0


def _keys(options: argparse.Namespace) -> tuple[list[VerifierKey], int]:
    """The keys of the log and its witnesses, and how many witnesses have to sign.

    :raises Refused:
    """
    witnesses = [notes.parse_verifier_key(text) for text in options.witness]
    for key in witnesses:
        if key.type is not KeyType.WITNESS:
            raise Refused(Reason.MALFORMED, f"the key of {key.name} is not one of a witness")
    quorum = len({key.public for key in witnesses}) if options.quorum is None else options.quorum
    return [*map(notes.parse_verifier_key, options.key), *witnesses], quorum


def _moment(seconds: int) -> str:
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (OverflowError, ValueError, OSError):
        return f"the second {seconds}"


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
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
    earlier.add_argument("--continues", type=Path, help="the text of a checkpoint with a timestamp")
    for one in (event, score, log):
        one.add_argument("--key", action="append", required=True, help="the log's public key")
        one.add_argument("--witness", action="append", default=[], help="a witness's public key")
        one.add_argument("--quorum", type=int, help="how many witnesses must sign; default: all")
    return parser.parse_args(arguments)


def _verify_event(
    options: argparse.Namespace, keys: Sequence[VerifierKey], quorum: int
) -> tuple[SignedCheckpoint, str]:
    proof = options.proof.read_text(encoding="utf-8")
    position = tlog_proof.parse(proof).leaf_index + 1
    line = _line(options.events, position)
    if not verifying.is_erased(line):
        signed = verifying.verify_event(line, proof, keys, quorum=quorum)
        return signed, f"event {position} is in the log"
    record = _erasure(options.events, position)
    if options.erasure is None:
        at = json.loads(record)["position"]
        says = f"event {position} was erased at {at}: add --erasure with the proof of event {at}"
        raise Refused(Reason.ERASED, says)
    proof = options.erasure.read_text(encoding="utf-8")
    signed, found = verifying.verify_erasure(line, record, proof, keys, quorum=quorum)
    return signed, (
        f"event {position} was erased at {found.position}, by {found.by}, by order of:"
        f" {found.authority}. Reason: {found.reason}"
    )


def _erasure(events: Path, position: int) -> str:
    """The line of the download for the erasure of an event."""
    with events.open(encoding="utf-8") as lines:
        for line in lines:
            if '"kind":"BodyErased"' in line and f'"position":{position},"reason":' in line:
                return line.rstrip("\n")
    raise Refused(Reason.ERASED, f"event {position} is erased, but the download does not say so")


def _line(events: Path, position: int) -> str:
    """The line of the download for an event."""
    start = f'{{"position":{position},'
    with events.open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith(start):
                return line.rstrip("\n")
    raise Refused(Reason.MALFORMED, f"the download has no event {position}")


def _verify_log(
    options: argparse.Namespace, keys: Sequence[VerifierKey], quorum: int
) -> tuple[SignedCheckpoint, str]:
    site, state = options.site.rstrip("/"), options.state
    note = _fetch(f"{site}/log/checkpoint").decode()
    signed = verifying.verify_checkpoint(note, keys, quorum=quorum)
    before = _before(options, keys)
    text = "the checkpoint is signed; there is none to compare it with yet"
    if before:
        size = signed.checkpoint.size

        def read(level: int, number: int) -> bytes:
            width = tiles.width(level, number, size)
            return _fetch(f"{site}/log/tile/{tiles.path(level, number, width)}")

        verifying.verify_growth(before, signed.checkpoint, tiles.subtrees(read))
        text = f"the log continues the one with {before.size} events"
    if state:
        draft = state.with_name(f"{state.name}.new")
        draft.write_text(note)
        draft.replace(state)
    return signed, text


def _before(options: argparse.Namespace, keys: Sequence[VerifierKey]) -> Checkpoint | None:
    """The checkpoint that the log has to continue."""
    if options.continues:
        return checkpoints.parse(options.continues.read_text())
    if options.state.exists():
        return verifying.verify_checkpoint(options.state.read_text(), keys).checkpoint
    return None


def _fetch(address: str) -> bytes:
    if not address.startswith(("https://", "http://")):
        raise OSError(f"{address} is not a web address")
    with urllib.request.urlopen(address, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
        found: bytes = answer.read(LARGEST_BYTES)
        return found


if __name__ == "__main__":
    sys.exit(main())
