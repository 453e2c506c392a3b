"""In which order files are run, and which of them are traced for coverage."""

import pkgutil
import sys
from importlib import import_module
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
# Those that take longest come first, so that no process of pytest works on one alone in the end.
SLOW = (
    "cluster/test_cluster.py",
    "browser/test_article.py",
    "browser/test_article_read.py",
    "faults/test_imports.py",
    "browser/test_spreadsheets.py",
    "faults/test_slow_clients.py",
    "faults/test_forgotten_texts.py",
    "browser/test_desk_pages.py",
    "browser/test_desk_frame.py",
    "browser/test_every_page.py",
    "test_embedded.py",
    "faults/test_jobs.py",
    "faults/test_workers.py",
    "api/test_contract.py",
    "faults/test_migrations.py",
    "faults/test_ceilings.py",
    "faults/test_broker.py",
    "faults/test_limits_of_files.py",
    "faults/test_writers.py",
    "faults/test_rebuild.py",
    "importers/test_fuzz.py",
    "documentation/test_examples.py",
    "test_rights.py",
    "browser",
    "faults",
    "importers/test_linear.py",
    "domain/scoring/test_laws.py",
    "workers",
    "notebooks",
    "projections/test_laws.py",
    "exports/test_claims.py",
)
# Tests of these folders reach all that has to be covered; to trace the others takes as long again.
TRACED = ("domain", "log", "importers")
# Long laws that reach nothing more.
NOT_TRACED = (
    "domain/scoring/test_truths.py",
    "importers/test_linear.py",
    "importers/test_fuzz.py",
)
COVERED = ("tracker.domain", "tracker.log", "tracker.imports.formats")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.pluginmanager.getplugin("_cov"):
        _import_covered()
    items.sort(key=lambda item: _place(_inside(item)))
    for item in items:
        if _place(_inside(item)) < len(SLOW):
            item.add_marker(pytest.mark.slow)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> None:
    """Trace only what is to be covered, from the first fixture on."""
    plugin = item.config.pluginmanager.getplugin("_cov")
    traces = plugin.cov_controller if plugin else None
    inside = _inside(item)
    traced = inside.startswith(TRACED) and inside not in NOT_TRACED
    if traces and traces.started != traced:
        if traced:
            _clear_caches()
        (traces.resume if traced else traces.pause)()


def _import_covered() -> None:
    """Import what has to be covered while all is traced: some of it is imported when it is needed,
    which may be in a test that is not."""
    for name in COVERED:
        for one in pkgutil.walk_packages(import_module(name).__path__, f"{name}."):
            import_module(one.name)


def _clear_caches() -> None:
    """Let functions run again whose results a test that is not traced has cached."""
    for name, module in list(sys.modules.items()):
        if name.startswith(COVERED):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def _inside(item: pytest.Item) -> str:
    return item.path.relative_to(TESTS).as_posix()


def _place(path: str) -> int:
    return next((number for number, slow in enumerate(SLOW) if path.startswith(slow)), len(SLOW))
