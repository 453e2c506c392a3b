"""Runs lines of `manage.py` one after the other in one process, which spares a start for each."""

import contextlib
import io
import json
import shlex
import sys
import traceback

from django.core.management import ManagementUtility


def run(line: str) -> tuple[int, str]:
    """Run a line; give the status it ends with and what it said."""
    raw = io.BytesIO()
    said = io.TextIOWrapper(raw, encoding="utf-8", write_through=True)
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            ManagementUtility(shlex.split(line)).execute()
        except SystemExit as ended:
            return int(ended.code or 0), raw.getvalue().decode()
        except Exception:  # noqa: BLE001 # whatever it is, the line did not end well
            return 1, raw.getvalue().decode() + traceback.format_exc()
    return 0, raw.getvalue().decode()


def main() -> None:
    lines = json.load(sys.stdin)
    sys.stdout.write(json.dumps({line: run(line) for line in lines}))


if __name__ == "__main__":
    main()
