"""The lock files, against what pyproject.toml asks for."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.kit.processes import CHECKOUT

LOCKS = [f"requirements{of}.txt" for of in ("", "-dev", "-parquet", "-uv")]
WAY_OUT = "make lock"


@cache
def pins(lock: str) -> dict[str, str]:
    """Give the versions that a lock file names, by the packages' canonical names."""
    found = re.findall(r"^([\w.-]+)==(\S+)", (CHECKOUT / lock).read_text(), re.M)
    return {canonicalize_name(name): version for name, version in found}


def wanted(*groups: str) -> list[Requirement]:
    """Give what pyproject.toml asks for, the program's own and that of groups."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
    named = {"": project["project"]["dependencies"], **project["dependency-groups"]}

    def lines(group: str) -> Iterator[str]:
        for one in named[group]:
            yield from lines(one["include-group"]) if isinstance(one, dict) else [one]

    return [Requirement(line) for group in groups for line in lines(group)]


class TestLocks:
    @pytest.mark.parametrize(
        ("lock", "groups"), [(LOCKS[0], ("",)), (LOCKS[1], ("", "dev")), (LOCKS[2], ("parquet",))]
    )
    def test_satisfy_what_the_project_asks_for(self, lock: str, groups: tuple[str, ...]) -> None:
        unmet = [
            str(requirement)
            for requirement in wanted(*groups)
            if not requirement.specifier.contains(
                pins(lock).get(canonicalize_name(requirement.name), "0"), prereleases=True
            )
            or canonicalize_name(requirement.name) not in pins(lock)
        ]

        assert unmet == [], WAY_OUT

    @pytest.mark.parametrize("lock", [LOCKS[0], LOCKS[2]])
    def test_test_the_versions_that_run(self, lock: str) -> None:
        run, tried = pins(lock), pins(LOCKS[1])

        assert run.items() <= tried.items(), WAY_OUT

    @pytest.mark.parametrize("lock", LOCKS)
    def test_have_a_digest_for_every_package_and_name_no_host(self, lock: str) -> None:
        text = (CHECKOUT / lock).read_text()
        entries = re.split(r"^(?=[\w.-]+==)", text, flags=re.M)[1:]

        assert entries
        assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
        assert "://" not in text
