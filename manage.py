#!/usr/bin/env python
"""Django's command line for this project."""

import os
import sys

from django.core.management import execute_from_command_line

# Commands that change tables connect as their owner, all others as web and workers do.
OWNER_COMMANDS = {"grants", "migrate", "rebuild", "log import"}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if OWNER_COMMANDS.intersection([*sys.argv[1:2], " ".join(sys.argv[1:3])]):
        os.environ["DATABASE_AS_OWNER"] = "1"
    execute_from_command_line(sys.argv)
