"""The home page of the desk, read as a visitor reads it."""

from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client

HOME = "/admin/"


def as_role(role):
    user = User.objects.create_user(f"a-{role}", is_staff=True)
    user.groups.set(Group.objects.filter(name=role))
    client = Client()
    client.force_login(user)
    return client


def number(client, title):
    """The number of a section, with a plus if there are more."""
    [found] = [one for one in client.get(HOME).context["sections"] if one.title == title]
    return found.number


def sleep_in_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(1)")
