"""Brings files over the API as a program does."""

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.kit.api_client import V1, Api

SAMPLES = Path(__file__).resolve().parents[2] / "fixtures" / "samples"


def a_file(data: bytes, name: str = "x.CSV") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def send(api: Api, data: bytes | None, *, name: str = "x.CSV", key: str = "", **more: Any) -> Any:
    """Upload a file with other fields, and give the answer itself."""
    file = {} if data is None else {"file": a_file(data, name)}
    headers = {"Idempotency-Key": key} if key else {}
    return api.http.post(V1 + "imports/", file | more, format="multipart", headers=headers)


def bring(api: Api, data: bytes | None, expect: int = 202, **given: Any) -> Any:
    """Upload a file, and give the answer's JSON."""
    answer = send(api, data, **given)
    assert answer.status_code == expect, answer.content.decode()
    return answer.json()
