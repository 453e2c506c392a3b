"""The breadcrumbs of a page of the desk, and the heading of pages that come from the admin."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils.text import capfirst

from tracker.admin import menu
from tracker.admin.menu import Crumb

register = template.Library()


@register.simple_tag(takes_context=True)
def page_heading(context: Context) -> str:
    """What a page is called: a list by what it lists, others by their title and subtitle."""
    if cl := context.get("cl"):
        return capfirst(str(cl.opts.verbose_name_plural))
    parts = [str(context.get(name) or "") for name in ("title", "subtitle")]
    return ": ".join(filter(None, parts))


@register.simple_tag(takes_context=True)
def breadcrumbs(context: Context) -> list[Crumb]:
    """The way to the page, the first page first; empty on the first page."""
    opts: Any = context.get("opts")
    noun = capfirst(str(opts.verbose_name)) if opts else ""
    return menu.crumbs(context["request"].path, title=page_heading(context), noun=noun)
