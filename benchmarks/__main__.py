"""Runs benchmarks and prints their lines: `python -m benchmarks [NAME …]`.

After the lines of each benchmark that measures time, a line `bench` has its seconds and the load of
the machine before and after it. The last line of `validity` is its own.
"""

import sys
import time
import traceback
from collections.abc import Callable, Sequence

from benchmarks import (
    api,
    append,
    cluster,
    courtesy,
    density,
    desk,
    freshness,
    growth,
    import_rate,
    pages,
    processes,
    reading,
    reading_clock,
    rebuild,
    scale,
    seal,
    search,
    slow_clients,
    templates,
    validity,
)
from benchmarks.figures import load, note, print_line
from benchmarks.options import Options, Skipped, parse
from tracker.log import appended

VALIDITY = "validity"
BENCHMARKS: dict[str, Callable[[Options], None]] = {
    "append": append.run,
    "freshness": freshness.run,
    "growth": growth.run,
    "api": api.run,
    "pages": pages.run,
    "search": search.run,
    "seal": seal.run,
    "desk": desk.run,
    "drip": slow_clients.run,
    "rebuild": rebuild.run,
    "import": import_rate.run,
    "courtesy": courtesy.run,
    "cluster": cluster.run,
    "scale": scale.run,
    "reading": reading.run,
    "reading-clock": reading_clock.run,
    "density": density.run,
    VALIDITY: validity.run,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmarks. Returns 1 if one failed, or if one that was named was skipped."""
    names, options = parse(arguments, list(BENCHMARKS))
    # The workers of this server are not those of a benchmark.
    appended.disconnect(dispatch_uid="workers")
    try:
        with templates.session():
            failed = [name for name in names or BENCHMARKS if not _succeeds(name, options, names)]
    except templates.Busy as problem:
        failed = [str(problem)]
    if failed:
        note(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


def _succeeds(name: str, options: Options, required: Sequence[str]) -> bool:
    """Run a benchmark. Print its problem, so that the others run anyway."""
    try:
        _run(name, options)
    except Skipped as reason:
        note(f"skipped: {name}: {reason}")
        return name not in required
    except Exception:  # noqa: BLE001 # whatever it is
        traceback.print_exc()
        return False
    return True


def _run(name: str, options: Options) -> None:
    before, started = load(), time.monotonic()
    try:
        BENCHMARKS[name](options)
    finally:
        processes.end_processes()
    if name == VALIDITY:
        return
    print_line(
        "bench",
        name=name,
        claims=options.claims,
        seconds=f"{time.monotonic() - started:.0f}",
        load_before=f"{before:.2f}",
        load_after=f"{load():.2f}",
    )


if __name__ == "__main__":
    sys.exit(main())
