"""The format of all logs: lines for people, or with `LOG_FORMAT=json` a JSON object for each line.

Neither prints the values of variables, such as the text of an article.
"""

import logging
import os
import sys
from collections.abc import Callable
from typing import Any

import structlog

# Loggers whose lines structlog writes too, with the id of the request or task.
REPEATING = ("django.request", "celery.app.trace")
_BEFORE: list[Callable[..., Any]] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.StackInfoRenderer(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
_JSON: list[Callable[..., Any]] = [
    # Tracebacks without the values of variables.
    structlog.processors.format_exc_info,
    structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
]


def is_json() -> bool:
    """Whether the environment asks for JSON."""
    return os.environ.get("LOG_FORMAT") == "json"


def _level() -> str:
    given = os.environ.get("LOG_LEVEL", "")
    return given if given in logging.getLevelNamesMapping() else "WARNING"


def configure() -> dict[str, Any]:
    """Configure structlog, and return the setting LOGGING for the loggers of libraries."""
    if is_json():
        logging.captureWarnings(capture=True)
        processors = [*_BEFORE, *_JSON]
    else:
        processors = [
            *structlog.get_config()["processors"][:-1],
            structlog.dev.ConsoleRenderer(
                colors=sys.stdout.isatty(),
                # The other format of errors prints the values of variables.
                exception_formatter=structlog.dev.plain_traceback,
            ),
        ]
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[_level()]
        ),
    )
    handler: dict[str, Any] = {"class": "logging.StreamHandler"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": json_formatter}},
        "handlers": {"console": handler | ({"formatter": "json"} if is_json() else {})},
        "loggers": {name: {"level": "CRITICAL"} for name in REPEATING},
        "root": {"handlers": ["console"], "level": _level()},
    }


def json_formatter() -> logging.Formatter:
    """The format of lines that libraries write: as of our own, and the name of the logger."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_BEFORE, structlog.stdlib.add_logger_name],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_JSON],
    )
