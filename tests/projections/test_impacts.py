"""Follows the log: which claims an event touches, and what is known from where on."""

import pytest

pytestmark = pytest.mark.django_db
