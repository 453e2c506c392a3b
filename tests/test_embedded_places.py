"""Where the private servers keep things, and what a process finds there."""

import os
import stat
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from config.embedded import addresses, owner_url
from config.embedded.lockfile import AlreadyLocked, hold
from config.embedded.places import LONGEST_SOCKET_FOLDER, BadPlace, ensure_private, socket_folder
from config.embedded.wheels import copied_programs, installed_programs

LONG = "x" * 60


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


class TestSocketFolder:
    @pytest.mark.parametrize("name", [LONG + LONG, "with blank", "with,comma", "größe", "it's"])
    def test_is_short_and_plain_wherever_the_clone_is(self, tmp_path: Path, name: str) -> None:
        folder = str(socket_folder(tmp_path / name))

        assert len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER
        assert folder.isascii()
        assert not set(" ,'") & set(folder)

    def test_differs_from_clone_to_clone(self) -> None:
        assert socket_folder(Path("/a b")) != socket_folder(Path("/b b"))

    def test_is_in_the_clone_where_that_is_possible(self) -> None:
        assert socket_folder(Path("/srv/entente/.run")) == Path("/srv/entente/.run/socket")


class TestPrivate:
    def test_lets_nobody_else_in(self, tmp_path: Path) -> None:
        ensure_private(tmp_path / "mine", owner=None)

        assert stat.S_IMODE((tmp_path / "mine").stat().st_mode) == 0o700

    def test_refuses_a_folder_that_others_may_enter(self, tmp_path: Path) -> None:
        (tmp_path / "theirs").mkdir()
        (tmp_path / "theirs").chmod(0o755)

        with pytest.raises(BadPlace, match="theirs"):
            ensure_private(tmp_path / "theirs", owner=None)

    def test_refuses_a_link_that_was_laid_in_its_place(self, tmp_path: Path) -> None:
        (tmp_path / "elsewhere").mkdir(mode=0o700)
        (tmp_path / "link").symlink_to(tmp_path / "elsewhere")

        with pytest.raises(BadPlace, match="link"):
            ensure_private(tmp_path / "link", owner=None)


class TestHold:
    def test_is_for_one_and_tells_the_others_who(self, tmp_path: Path) -> None:
        with hold(tmp_path / "lock", note="first"):
            with pytest.raises(AlreadyLocked) as held, hold(tmp_path / "lock", note="second"):
                pass
            assert held.value.note == "first"

    def test_can_be_had_again_afterwards(self, tmp_path: Path) -> None:
        for note in ("a long note", "short"):
            with hold(tmp_path / "lock", note=note):
                assert (tmp_path / "lock").read_text() == note


class TestPrograms:
    def test_are_in_the_wheels(self) -> None:
        programs = installed_programs()

        assert all(
            os.access(program, os.X_OK)
            for program in (programs.postgres / "postgres", programs.valkey)
        )

    def test_are_copied_once_however_many_need_them_at_once(self, tmp_path: Path) -> None:
        with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
            found = {programs.postgres for programs in pool.map(copied_programs, [tmp_path] * 4)}

        assert len(found) == 1
        assert len([*tmp_path.iterdir()]) == 1
