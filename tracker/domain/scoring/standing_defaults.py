"""The parameters of `standing`, as a lens has them that gives none."""

from collections.abc import Mapping
from typing import Any

DEFAULTS: Mapping[str, Any] = {
    "top": 9,
    "steps": [
        ["-10", "-6"],
        ["-9", "-4"],
        ["-8", "-1.5"],
        ["-7", "-0.7"],
        ["0", "0"],
        ["10", "0.6"],
    ],
    "omega": "0.03",
    "conflict_drift": "0.009868421052631579",  # per day and unit of R: .3 in a month of 30.4 days
    "conflict_fade": "0.99810276875159463",  # per day: half in 365 days
    "start_sd": "4",
    "situation_days": 30,
    "situation_fade": "0.99615658722057522",  # per day: half in 180 days
    "situation_steps": "2",
    "habituation_fade": "0.99726402359685929",  # per day: e^(−1/365)
    "shared_days": 180,
}
