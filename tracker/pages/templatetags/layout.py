"""A tag that joins lines of a template whose output must be one line."""

import re

from django import template
from django.template.base import Node, NodeList, Parser, TextNode, Token
from django.template.context import Context
from django.utils.safestring import SafeString

register = template.Library()

# A line break with the whitespace around it.
_BREAK = r"[ \t]*\n\s*"
_BESIDE_TAG = re.compile(rf"\A{_BREAK}|{_BREAK}\Z|(?<=>){_BREAK}|{_BREAK}(?=<)")
_BETWEEN_WORDS = re.compile(_BREAK)


class _OneLine(Node):
    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        return self.nodelist.render(context)


@register.tag
def oneline(parser: Parser, _token: Token) -> Node:
    """Drop line breaks beside HTML and template tags, so that "{% if x %}, {{ x }}{% endif %}" can
    stand on its own line without a space before the comma. Between two words, or two attributes, a
    line break becomes a space. This happens once, when the template is compiled. Included templates
    are not changed."""
    nodes = parser.parse(("endoneline",))
    parser.delete_first_token()
    for node in nodes.get_nodes_by_type(TextNode):
        if isinstance(node, TextNode):
            node.s = _BETWEEN_WORDS.sub(" ", _BESIDE_TAG.sub("", node.s))
    return _OneLine(nodes)
