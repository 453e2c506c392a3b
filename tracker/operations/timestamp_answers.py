"""Requests to an authority of timestamps (RFC 3161), and the verification of its answers.

Imported where it is needed: the libraries take a tenth of the time in which a worker starts.
"""

from datetime import datetime

from cryptography.x509 import Certificate, load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    TimeStampRequest,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)


class NotVerified(ValueError):
    """Why an answer is refused."""


def read_certificates(data: bytes) -> list[Certificate]:
    """
    :raises ValueError: it has none in PEM format.
    """
    return load_pem_x509_certificates(data)


def request_for(text: bytes) -> TimeStampRequest:
    """A request for a timestamp of a text; it has the hash of the text."""
    return TimestampRequestBuilder().data(text).hash_algorithm(HashAlgorithm.SHA256).build()


def verify(
    data: bytes,
    text: bytes,
    trusted: list[Certificate],
    *,
    request: TimeStampRequest | None = None,
) -> datetime:
    """Verify an answer about a text, and that it is the one to a request; its time.

    :raises NotVerified:
    """
    verifier = VerifierBuilder.from_request(request) if request else VerifierBuilder()
    for certificate in trusted:
        verifier = _with(verifier, certificate)
    try:
        answer = decode_timestamp_response(data)
    except ValueError as problem:
        raise NotVerified("the answer is no timestamp") from problem
    try:
        verifier.build().verify_message(answer, text)
    except (VerificationError, ValueError) as problem:
        raise NotVerified(f"the answer does not verify: {problem}") from problem
    return answer.tst_info.gen_time


def _with(verifier: VerifierBuilder, certificate: Certificate) -> VerifierBuilder:
    if certificate.issuer == certificate.subject:
        return verifier.add_root_certificate(certificate)
    return verifier.add_intermediate_certificate(certificate)
