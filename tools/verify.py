"""Verifies the log of an Entente site, also after the site is gone.

It needs this folder's checkout of Entente, Python 3.12 or newer and `cryptography`; no database, no
Django, and for files no network:

    python3 tools/verify.py event events.ndjson 361.tlog-proof --key KEY
    python3 tools/verify.py score scores.proof.json --key KEY
    python3 tools/verify.py log https://news.example --key KEY --state last-checkpoint

`event` verifies an event in a download of the log (`log/events.ndjson`) by its proof. `score`
verifies that the events of a citable score are in the log, and computes it again from them. `log`
fetches the checkpoint of a site and verifies that the log continues the one in the file of
`--state`, in which it keeps the new one. KEY is the log's public key, from a source that you trust.
A refusal begins with its name, and the exit status is 1; it is 2 if a file or the site cannot be
read.
"""

import argparse
import sys
import urllib.request
from collections.abc import Sequence
from http.client import HTTPException
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tracker.domain.proofs import notes, scores, tiles, tlog_proof, verifying
from tracker.domain.proofs.refusals import Reason, Refused
from tracker.domain.proofs.verifying import SignedCheckpoint

TIMEOUT_SECONDS = 30
LARGEST_BYTES = 1_000_000


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    try:
        keys = [notes.parse_verifier_key(text) for text in options.key]
        if options.command == "event":
            proof = options.proof.read_text(encoding="utf-8")
            position = tlog_proof.parse(proof).leaf_index + 1
            signed = verifying.verify_event(_line(options.events, position), proof, keys)
            text = f"event {position} is in the log"
        elif options.command == "score":
            kept = options.score.read_text(encoding="utf-8", errors="surrogateescape")
            found = scores.verify(kept, keys)
            signed, text = found.signed, scores.described(found.cited)
        else:
            signed, text = _verify_log(options.site.rstrip("/"), keys, options.state)
    except Refused as problem:
        sys.stderr.write(f"refused: {problem}\n")
        return 1
    except (OSError, UnicodeDecodeError, HTTPException) as problem:
        sys.stderr.write(f"cannot be verified: {problem}\n")
        return 2
    origin, size, _ = signed.checkpoint
    sys.stdout.write(f"{text}\nthe log is {origin}, with {size} events\n")
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Verify the log of an Entente site.")
    commands = parser.add_subparsers(dest="command", required=True)
    event = commands.add_parser("event", help="that an event is in the log")
    event.add_argument("events", type=Path, help="a download of the log, NDJSON")
    event.add_argument("proof", type=Path, help="the event's .tlog-proof")
    score = commands.add_parser("score", help="that a score follows from the log")
    score.add_argument("score", type=Path, help="the scores.proof.json of a pair")
    log = commands.add_parser("log", help="that the log of a site only grew")
    log.add_argument("site", help="the address of the site")
    log.add_argument("--state", type=Path, required=True, help="where the checkpoint is kept")
    for one in (event, score, log):
        one.add_argument("--key", action="append", required=True, help="the log's public key")
    return parser.parse_args(arguments)


def _line(events: Path, position: int) -> str:
    """The line of the download for an event."""
    start = f'{{"position":{position},'
    with events.open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith(start):
                return line.rstrip("\n")
    raise Refused(Reason.MALFORMED, f"the download has no event {position}")


def _verify_log(
    site: str, keys: Sequence[notes.VerifierKey], state: Path
) -> tuple[SignedCheckpoint, str]:
    note = _fetch(f"{site}/log/checkpoint").decode()
    signed = verifying.verify_checkpoint(note, keys)
    text = "the checkpoint is signed; there is none to compare it with yet"
    if state.exists():
        before = verifying.verify_checkpoint(state.read_text(), keys).checkpoint
        size = signed.checkpoint.size

        def read(level: int, number: int) -> bytes:
            width = tiles.width(level, number, size)
            return _fetch(f"{site}/log/tile/{tiles.path(level, number, width)}")

        verifying.verify_growth(before, signed.checkpoint, tiles.subtrees(read))
        text = f"the log continues the one with {before.size} events"
    draft = state.with_name(f"{state.name}.new")
    draft.write_text(note)
    draft.replace(state)
    return signed, text


def _fetch(address: str) -> bytes:
    if not address.startswith(("https://", "http://")):
        raise OSError(f"{address} is not a web address")
    with urllib.request.urlopen(address, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
        found: bytes = answer.read(LARGEST_BYTES)
        return found


if __name__ == "__main__":
    sys.exit(main())
