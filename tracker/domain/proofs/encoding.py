"""Bytes as text in proofs: base64 (RFC 4648, §4), of which bytes have one form."""

from base64 import b64decode, b64encode

from tracker.domain.proofs.refusals import Reason, Refused


def encode(data: bytes) -> str:
    return b64encode(data).decode()


def decode(text: str) -> bytes:
    """
    :raises Refused: it is not the base64 of any bytes. The text is not quoted: it may be a key.
    """
    try:
        data = b64decode(text, validate=True)
    except ValueError:
        data = b""
    if encode(data) != text:
        raise Refused(Reason.MALFORMED, "a part of it is not base64")
    return data
