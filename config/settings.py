"""All settings, by topic. Values come from the environment and have safe defaults."""

import logging
import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF

from config import (
    api_settings,
    desk_settings,
    embedded,
    logs,
    mail_url,
    redis_tls,
    template_settings,
)
from config.database import database_settings
from workers import schedule

BASE_DIR = Path(__file__).resolve().parent.parent


def _flag(name: str, default: str = "") -> bool:
    return (os.environ.get(name) or default).lower() in {"1", "true", "yes"}


def _proxies() -> int:
    """The number of reverse proxies in front: `BEHIND_PROXY`, a number; yes means one."""
    text = os.environ.get("BEHIND_PROXY", "")
    return int(text) if text.isdecimal() else int(_flag("BEHIND_PROXY"))


def _words(name: str, default: str = "") -> list[str]:
    return os.environ.get(name, default).split()


# The servers that this process connects to.
SERVERS = embedded.addresses(os.environ)
# manage.py sets DATABASE_AS_OWNER for commands that change tables. Not a setting, since it contains
# a password.
_database_url = (
    embedded.owner_url(os.environ) if _flag("DATABASE_AS_OWNER") else SERVERS.database_url
)
# The database role of web and workers.
DATABASE_APP = unquote(urlsplit(SERVERS.database_url).username or "")

DEBUG = _flag("DEBUG")
# `SECRET_KEY` signs sessions; what was signed with a fallback stays valid.
SECRET_KEY = SERVERS.secret_key
SECRET_KEY_FALLBACKS = _words("SECRET_KEY_FALLBACKS")
# The links of mail are signed with this key, and addresses that want no more mail are hashed with
# it; without it, with `SECRET_KEY`.
MAIL_KEY = os.environ.get("MAIL_KEY", "")
MAIL_KEY_FALLBACKS = _words("MAIL_KEY_FALLBACKS")
# The secrets of webhooks are derived from this key; without it, from `SECRET_KEY`.
WEBHOOK_KEY = os.environ.get("WEBHOOK_KEY", "")
WEBHOOK_KEY_FALLBACKS = _words("WEBHOOK_KEY_FALLBACKS")
# The password of the first administrator, and the files in which `make run` keeps secrets and a
# token.
ADMIN_PASSWORD = embedded.admin_password()
SECRETS_FILE = embedded.SECRETS
TOKEN_FILE = embedded.TOKEN
_hosts = re.findall(
    r"(\S+?)(?::([0-9]+))?(?=\s|$)", os.environ.get("ALLOWED_HOSTS", "localhost 127.0.0.1 [::1]")
)
ALLOWED_HOSTS = [name for name, _ in _hosts]
# Ports of this site beside 80, 443 and, without a proxy, that of the web server.
ALLOWED_PORTS = [port for _, port in _hosts if port]
CSRF_TRUSTED_ORIGINS = _words("CSRF_TRUSTED_ORIGINS")
PROXIES = _proxies()
# Returns the client address under which a request is counted.
CLIENT_ADDRESS = "config.client_address.client_address"

DATABASES = {"default": database_settings.of(_database_url)}
# Seconds that one statement of a web process may take; 0: no limit but that of the role.
WEB_STATEMENT_SECONDS = float(os.environ.get("WEB_STATEMENT_SECONDS") or 30)
# A standby that web processes read from, for pages and reads of the API.
_read_url = os.environ.get("DATABASE_READ_URL", "")
if _read_url:
    DATABASES["reads"] = database_settings.of(_read_url)
# Seconds that a read waits for the position in `min_position`, at most 10.
MIN_POSITION_SECONDS = min(float(os.environ.get("MIN_POSITION_SECONDS") or 2), 10)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def _of_process(name: str) -> dict[str, object]:
    backend = "django.core.cache.backends.locmem.LocMemCache"
    return {"BACKEND": backend, "LOCATION": name, "TIMEOUT": 3_600, "OPTIONS": {"MAX_ENTRIES": 200}}


CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Recent responses, separate for each process: at most about 50 MB.
    "answers": _of_process("answers"),
    # Responses that were compressed lately: about 10 MB.
    "compressed": _of_process("compressed"),
    # Counters shared by all processes, with short timeouts.
    "shared": {
        "BACKEND": "config.caches.SharedCache",
        "LOCATION": SERVERS.redis_url,
        "KEY_PREFIX": "entente",
        "OPTIONS": {"socket_timeout": 0.1, "socket_connect_timeout": 0.1},
    },
}

# Applications.
INSTALLED_APPS = [
    "unfold",
    # The desk is registered in config/urls.py: commands and workers start without it.
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_standardized_errors",
    "django_structlog",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "csp",
    "corsheaders",
    "django.contrib.postgres",
    "tracker",
    "tracker.admin",
    "workers",
]
MIDDLEWARE = [
    "config.measuring.counted",
    "config.request_ids.identified",
    # Before all that answers or fails: every answer has their headers.
    "config.security_headers.SecurityHeaders",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tracker.admin.csp.DeskPolicyMiddleware",
    "config.unusable.refused",
    "django.middleware.security.SecurityMiddleware",
    "config.static_files.hashed_files",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.compression.compressed",
    # What follows asks the database that the answer is read from.
    "config.reading_database.from_standby",
    "config.rate_limit.CountedCors",
    "config.min_position.waited_for",
    # Cached responses need no session and no log entry.
    "tracker.api.reading.answer_from_cache",
    "config.rate_limit.cached_pages",
    "config.size_limit.SizeLimit",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "config.rate_limit.limited",
    "django.contrib.messages.middleware.MessageMiddleware",
    "config.request_ids.RequestMiddleware",
    "tracker.admin.secondfactor.SecondFactorMiddleware",
    "axes.middleware.AxesMiddleware",
    "tracker.api.throttling.headers",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = template_settings.TEMPLATES

# Language, time, static files.
LANGUAGE_CODE = "en-gb"
# The languages of the public pages, each by its own name. All but the first have an address of
# their own, such as /ru/.
LANGUAGES = [("en-gb", "English"), ("ru", "Русский"), ("kk", "Қазақша"), ("zh-hans", "简体中文")]
FORMAT_MODULE_PATH = "config.formats"
LOCALE_PATHS = [BASE_DIR / "tracker" / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / ".run" / "static"
STATICFILES_DIRS = [BASE_DIR / "tracker" / "pages" / "static"]
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static_files.HashedNames"},
}

# Authentication.
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
# Failed logins lock one user name at an address, and the address for all user names.
# `AXES_HANDLER` counts both, in this order.
AXES_CLIENT_IP_CALLABLE = CLIENT_ADDRESS
AXES_HANDLER = "tracker.admin.access.LoginLimits"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "ip_address"]
AXES_FAILURE_LIMIT = 10
ADDRESS_FAILURE_LIMIT = 50
AXES_COOLOFF_TIME = 1
AXES_LOCKOUT_TEMPLATE = "desk/locked.html"
# Values of a failed login that are not stored, in addition to the password.
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code", "csrfmiddlewaretoken"]

# Require a second factor at the desk for all accounts.
REQUIRE_MFA = _flag("REQUIRE_MFA")
OTP_TOTP_ISSUER = "Entente"

SESSION_ENGINE = "config.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _flag("HTTPS")
SECURE_SSL_REDIRECT = _flag("HTTPS")
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
# Only behind a proxy that sets the header; otherwise clients could forge it.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
SECURE_HSTS_SECONDS = 31_536_000 if _flag("HTTPS") else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
CORS_ALLOWED_ORIGINS = _words("CORS_ALLOWED_ORIGINS")
CORS_URLS_REGEX = r"^/api/.*$"

_own = ("script-src", "style-src", "img-src", "font-src", "connect-src", "form-action")
_nobody = ("default-src", "base-uri", "frame-ancestors")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {name: [NONE] for name in _nobody} | {name: [SELF] for name in _own}
}

# The desk.
UNFOLD = desk_settings.UNFOLD
# Do not allow users to accept their own claims in review.
FOUR_EYES = _flag("FOUR_EYES")

# Reading articles.
# Allow article texts to be sent to this site. They are read and forgotten.
READING = _flag("READING", default="1")

# The API.
# Allow reads without a token.
ANONYMOUS_READERS = _flag("ANONYMOUS_READERS")
# The authority in the ids of feed entries, so that ids stay the same if the address of the site
# changes. Default: the host of the request.
FEED_AUTHORITY = os.environ.get("FEED_AUTHORITY", "")
# Private networks that webhooks can reach, such as 10.1.0.0/16; http is allowed there.
WEBHOOK_NETWORKS = _words("WEBHOOK_NETWORKS")
# Requests per minute to the API and the pages, for each account, or for each address without an
# account; 0: no limit.
RATE_LIMIT = int(os.environ.get("RATE_LIMIT") or 1_200)
REST_FRAMEWORK = api_settings.REST_FRAMEWORK
DRF_STANDARDIZED_ERRORS = api_settings.DRF_STANDARDIZED_ERRORS
KNOX_TOKEN_MODEL = api_settings.KNOX_TOKEN_MODEL
REST_KNOX = api_settings.REST_KNOX
SPECTACULAR_SETTINGS = api_settings.SPECTACULAR_SETTINGS

# Mail to readers who follow pairs. MAIL: whether it is offered and sent.
# The files that were written before there was a server are deleted too.
EMAIL_FILE_PATH = str(BASE_DIR / ".run" / "mail")
_mail = mail_url.read(os.environ.get("MAIL_URL", ""), folder=Path(EMAIL_FILE_PATH))
MAIL, EMAIL_BACKEND = _mail.backend != "", _mail.backend
EMAIL_HOST, EMAIL_PORT, EMAIL_USE_SSL, EMAIL_USE_TLS = _mail[2:4] + _mail[6:]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD, EMAIL_TIMEOUT = _mail.user, _mail.password, 20
DEFAULT_FROM_EMAIL = os.environ.get("MAIL_FROM") or "Entente <entente@localhost>"
# Who runs this site, where to write, and the licence of its data.
ABOUT = {name: os.environ.get(name, "") for name in ("OPERATOR", "CONTACT", "DATA_LICENCE")}

# The seal of the log.
# The name of this site in checkpoints, such as news.example, and the folder of the key that signs
# them and of the last one that was signed. It belongs on another disk than the database.
AUTHORITY = os.environ.get("AUTHORITY", "")
SEAL_FOLDER = Path(os.environ.get("SEAL_FOLDER") or BASE_DIR / ".run" / "seal")
# Witnesses that sign checkpoints too: a public key and an address each, separated by commas.
WITNESSES = os.environ.get("WITNESSES", "")
# An outside authority that says once a day when a checkpoint existed (RFC 3161), and a file with
# the certificates of its roots.
TIMESTAMP_URL = os.environ.get("TIMESTAMP_URL", "")
TIMESTAMP_CERTIFICATES = os.environ.get("TIMESTAMP_CERTIFICATES", "")

# Metrics.
# Allows other hosts to read `/metrics`; this host may without it.
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")
# Where the processes of this host count. No other host may use the folder.
METRICS_FOLDER = Path(os.environ.get("METRICS_FOLDER") or BASE_DIR / ".run" / "metrics")
# A file that is written after each backup: its age is that of the last backup.
BACKUP_STAMP = Path(os.environ["BACKUP_STAMP"]) if os.environ.get("BACKUP_STAMP") else None

# Uploads.
# Web and workers must see the same folder.
SPOOL_FOLDER = Path(os.environ.get("SPOOL_FOLDER") or BASE_DIR / ".run" / "spool")
SPOOL_MOST_BYTES = int(os.environ.get("SPOOL_MOST_BYTES") or 2_000_000_000)
# A file is read in a separate process. Limits: additional memory, and CPU time per step.
IMPORT_MEMORY_MB = int(os.environ.get("IMPORT_MEMORY_MB") or 512)
IMPORT_SECONDS = int(os.environ.get("IMPORT_SECONDS") or 60)
# Days for which the files of a finished job are kept.
SPOOL_DAYS = int(os.environ.get("SPOOL_DAYS") or 14)

# Workers.
CELERY_BROKER_URL = SERVERS.redis_url
# kombu verifies no certificate unless it is told to; the shared cache does so by itself.
CELERY_BROKER_USE_SSL = redis_tls.broker_options(SERVERS.redis_url)
CELERY_TASK_IGNORE_RESULT = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_DEFAULT_QUEUE = "follow"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_TIME_LIMIT = 300
# No soft limit: it would look like an error of the current claim. A killed worker leaves nothing
# half done.
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Longer than the longest task.
    "visibility_timeout": 15_000,
    "socket_timeout": 2,
    "socket_connect_timeout": 1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# Tasks that cannot be sent are dropped: the schedule finds the work.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 0}
CELERY_TIMEZONE = "UTC"
# A new connection for each task would take longer than most tasks; see `workers.apps`.
CELERY_DB_REUSE_MAX = 100_000
CELERY_BEAT_SCHEDULE = schedule.BEAT
CELERY_TASK_ROUTES = schedule.ROUTES

# Logging.
LOGGING = logs.configure()
# It is the one that `config.request_ids.identified` has set.
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = True
# The id of a request is in the lines of the tasks that it wakes.
DJANGO_STRUCTLOG_CELERY_ENABLED = True
# A message that expired is nothing to warn of: the schedule finds the work.
DJANGO_STRUCTLOG_CELERY_TASK_RETRY_LOG_LEVEL = logging.INFO
