"""Readable templates that make tight pages."""

import pytest
from django.template import engines


def shown(text, **values):
    return engines["django"].from_string(text).render(values)


class TestOneLine:
    @pytest.mark.parametrize(("why", "text"), [("late", "so, late."), ("", "so.")])
    def test_drops_line_breaks_beside_tags(self, why, text):
        template = """{% oneline %}
            so
            {% if why %}, {{ why }}{% endif %}
            .
        {% endoneline %}"""

        assert shown(template, why=why) == text

    def test_drops_them_in_what_is_nested_too(self):
        template = """{% oneline %}
            {% for one in many %}
                <i>
                    {{ one }}
                </i>
                {% if not forloop.last %} and {% endif %}
            {% endfor %}
        {% endoneline %}"""

        assert shown(template, many="ab") == "<i>a</i> and <i>b</i>"

    def test_makes_a_space_of_one_between_words_or_attributes(self):
        template = """{% oneline %}
            <i class="a"
                id="b">
            one
            two
            </i>
        {% endoneline %}"""

        assert shown(template) == '<i class="a" id="b">one two</i>'

    def test_leaves_values_and_the_rest_of_the_template_alone(self):
        template = "a\n{% oneline %}\n<pre>\n{{ value }}\n</pre>\n{% endoneline %}\nb"

        assert shown(template, value="1\n  2") == "a\n<pre>1\n  2</pre>\nb"
