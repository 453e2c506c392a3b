"""Benchmarks, each a program that ends with a machine-readable line. Sets up Django for all."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()
