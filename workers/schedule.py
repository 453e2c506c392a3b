"""Every scheduled job, keyed by the reason it runs, and the queue of each."""

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, object]] = {
    "a hint was lost: follow": {
        "task": "follow",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "a hint was lost: score": {
        "task": "score",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "an import's tick was lost, or its worker": {
        "task": "ingest",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "a score moved, or a day began: shifts": {
        "task": "watch",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "something may have happened: tell the webhooks": {
        "task": "deliver",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "every score ages by a day": {
        "task": "age",
        "schedule": crontab(hour=0, minute=1),
        "options": {"expires": 3600},
    },
    "a day may have begun while nothing ran": {
        "task": "age",
        "schedule": crontab(minute=31),
        "options": {"expires": 1800},
    },
    "a day ended: its edition": {
        "task": "edition",
        "schedule": crontab(minute=11),
        "options": {"expires": 1800},
    },
    "trust: a sample": {
        "task": "audit_sample",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "trust: everything, nightly": {
        "task": "audit_all",
        "schedule": crontab(hour=2, minute=7),
        "options": {"expires": 3600},
    },
    "housekeeping": {
        "task": "tidy",
        "schedule": crontab(minute=17),
        "options": {"expires": 1800},
    },
}

ROUTES: dict[str, dict[str, str]] = {
    "follow": {"queue": "follow"},
    "score": {"queue": "score"},
    "ingest": {"queue": "ingest"},
    "watch": {"queue": "maintain"},
    "deliver": {"queue": "maintain"},
    "age": {"queue": "maintain"},
    "edition": {"queue": "maintain"},
    "audit_sample": {"queue": "maintain"},
    "audit_all": {"queue": "maintain"},
    "tidy": {"queue": "maintain"},
    "nothing": {"queue": "follow"},
    "answer": {"queue": "follow"},
}
