"""TLS to the broker: `rediss://…?ssl_ca_certs=/etc/ssl/own.pem`."""

import ssl
from typing import Any
from urllib.parse import parse_qs, urlsplit

FILES = ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile")


def broker_options(url: str) -> dict[str, Any] | None:
    """Celery's setting for a broker at an address; None without TLS. The certificate must be valid
    for the name of the host, by the authority in `ssl_ca_certs` or those of the system."""
    parts = urlsplit(url)
    if parts.scheme != "rediss":
        return None
    given = {name: values[-1] for name, values in parse_qs(parts.query).items() if name in FILES}
    return {"ssl_cert_reqs": ssl.CERT_REQUIRED, "ssl_check_hostname": True, **given}
