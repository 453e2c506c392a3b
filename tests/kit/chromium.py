"""Finds a Chromium for the browser tests; run as a program it fetches one where there is none.

A test marked `browser` takes the fixture `chromium`, the arguments for Playwright's `launch`.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, TypedDict

import pytest

# The shell has no windows of its own to draw, so tests with it are faster.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
MISSING = "no Chromium is to be had"
WAY_OUT = "install Debian's chromium, or set ENTENTE_CHROMIUM to the path of one"
# It tests pages of this machine, and asks nothing of any other.
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--disable-gpu",
    "--no-first-run",
)


class Launch(TypedDict):
    """The arguments for `playwright.chromium.launch`."""

    executable_path: str
    args: list[str]


@pytest.fixture(scope="session")
def chromium() -> Launch:
    """Give the arguments that launch a Chromium here, or skip the test."""
    path = find()
    if path is None:
        pytest.skip(f"{MISSING}: {WAY_OUT}")
    return launch(path)


def launch(path: str) -> Launch:
    """Give the arguments that launch the Chromium at a path."""
    # Root's Chromium refuses its own sandbox.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return Launch(executable_path=path, args=[*QUIET, *sandbox])


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say at the end, where it is read, that the browser tests did not run."""
    if count := _unrun(terminalreporter):
        line = f"{count} BROWSER TESTS DID NOT RUN: {MISSING}; {WAY_OUT}"
        terminalreporter.write_line(line, red=True, bold=True)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail where nobody reads the end."""
    reporter = session.config.pluginmanager.getplugin("terminalreporter")
    if os.environ.get("CI") == "true" and reporter and _unrun(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _unrun(reporter: Any) -> int:
    return sum(MISSING in str(report.longrepr) for report in reporter.stats.get("skipped", ()))


def find() -> str | None:
    """Give the path of a Chromium that starts."""
    named = [os.environ.get("ENTENTE_CHROMIUM"), *(shutil.which(name) for name in NAMES)]
    browsers = os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "~/.cache/ms-playwright")
    fetched = Path(browsers).expanduser().glob("chromium-*/chrome-*/chrome")
    candidates = [*named, *(str(path) for path in sorted(fetched, reverse=True))]
    return next((path for path in candidates if path and _starts(path)), None)


def fetch() -> None:
    """Try to get one: Debian's as root, else Playwright's own."""
    release = Path("/etc/os-release")
    root = os.geteuid() == 0
    if root and release.exists() and "\nID=debian\n" in f"\n{release.read_text()}":
        install = ("apt-get", "-qy", "--no-install-recommends", "install", "fonts-liberation")
        _run("apt-get", "-q", "update")
        _run(*install, "chromium-headless-shell")
        if find() is None:
            _run(*install, "chromium")
    if find() is None:
        _run(sys.executable, "-m", "playwright", "install", *["--with-deps"] * root, "chromium")


def _run(*command: str) -> None:
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, check=False, env=environ, stdin=subprocess.DEVNULL)


def _starts(path: str) -> bool:
    try:
        trial = subprocess.run([path, "--version"], check=False, capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return trial.returncode == 0


if __name__ == "__main__":
    if find() is None:
        print("entente | fetching a Chromium for the browser tests")  # noqa: T201
        fetch()
    if find() is None:
        print(f"entente | {MISSING}: their tests will be skipped")  # noqa: T201
