"""Wrong clocks for hosts, by Debian's libfaketime. They can be moved while programs run."""

from pathlib import Path

# Pauses last as long as they should. Without the second, each process that is killed would leave
# files behind.
_SAME = {"FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_DISABLE_SHM": "1"}


def wrong_clock(path: str, offset: str) -> dict[str, str]:
    """The environment of a program whose clock is off, such as by "+20d" or "-1h". Pauses last as
    long as they should."""
    return {**_preloaded(path), "FAKETIME": offset, **_SAME}


def moving_clock(path: str, file: Path) -> dict[str, str]:
    """The environment of a program whose clock is off by what a file says, read each second."""
    return {
        **_preloaded(path),
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_CACHE_DURATION": "1",
        **_SAME,
    }


def _preloaded(path: str) -> dict[str, str]:
    """The environment of a program that loads a library first. Its name stands without the folder,
    which may have spaces: they would separate two names."""
    library = Path(path)
    return {"LD_PRELOAD": library.name, "LD_LIBRARY_PATH": str(library.parent)}
