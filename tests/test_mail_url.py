"""The address of the mail server."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.mail import EmailMessage

from config import mail_url
from config.mail_url import BadMailUrl
from tracker.mail import private_files
from tracker.mail.private_files import EmailBackend

FOLDER = Path("/tmp/mail")  # noqa: S108 # nothing is written


def read(url):
    return mail_url.read(url, folder=FOLDER)


class TestFiles:
    def test_are_in_a_folder_that_only_this_account_can_read(self, settings, tmp_path):
        settings.EMAIL_BACKEND = "tracker.mail.private_files.EmailBackend"
        settings.EMAIL_FILE_PATH = str(tmp_path / "mail")

        EmailMessage("A subject", "Words.", to=["ann@example.org"]).send()

        [file] = (tmp_path / "mail").iterdir()
        assert "To: ann@example.org" in file.read_text()
        assert (tmp_path / "mail").stat().st_mode & 0o777 == 0o700

    def test_make_an_older_folder_private(self, tmp_path):
        tmp_path.chmod(0o755)

        EmailBackend(file_path=str(tmp_path))

        assert tmp_path.stat().st_mode & 0o777 == 0o700

    def test_are_deleted_after_some_days(self, settings, tmp_path):
        settings.EMAIL_FILE_PATH = str(tmp_path)
        old, new = tmp_path / "old.log", tmp_path / "new.log"
        now = datetime.now(UTC)
        for file, age in ((old, timedelta(days=7, minutes=1)), (new, timedelta(days=6))):
            file.touch()
            os.utime(file, times=((now - age).timestamp(),) * 2)

        private_files.forget(before=now - timedelta(days=7))

        assert [*tmp_path.iterdir()] == [new]


class TestMailUrl:
    def test_is_files_by_default(self):
        found = read("")

        assert found.backend == "tracker.mail.private_files.EmailBackend"
        assert found.folder == "/tmp/mail"  # noqa: S108

    def test_can_be_off_or_the_console(self):
        assert read("off").backend == ""
        assert read("console:").backend.endswith("console.EmailBackend")

    @pytest.mark.parametrize(
        ("url", "port", "ssl", "starttls"),
        [
            ("smtp://localhost", 25, False, False),
            ("smtp://mail.example:587", 587, False, True),
            ("smtp://u:p@mail.example", 587, False, True),
            ("smtps://u:p@mail.example", 465, True, False),
        ],
    )
    def test_is_encrypted_where_a_password_is_sent(self, url, port, ssl, starttls):
        found = read(url)

        assert (found.port, found.ssl, found.starttls) == (port, ssl, starttls)

    def test_has_name_and_password_decoded(self):
        found = read("smtps://ann%40example:a%2Fb@mail.example")

        assert (found.user, found.password) == ("ann@example", "a/b")

    @pytest.mark.parametrize(
        "url", ["mail.example", "http://mail.example", "smtp://:25", "smtp://a:b"]
    )
    def test_is_refused_without_repeating_the_password(self, url):
        with pytest.raises(BadMailUrl) as problem:
            read(url)

        assert url not in str(problem.value)
