"""gunicorn's own lines in the format of all others."""

from typing import Any

from gunicorn.glogging import Logger

from config import logs


class GunicornLogger(Logger):
    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        if logs.is_json():
            for handler in (*self.error_log.handlers, *self.access_log.handlers):
                handler.setFormatter(logs.json_formatter())
