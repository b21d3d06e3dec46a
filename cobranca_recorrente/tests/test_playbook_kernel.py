import re

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranca_recorrente.tools import playbook, script_text

SITUATIONS = [None, "first", "retry"]
RULES = st.builds(
    playbook.Rule,
    key=st.integers(1, 99),
    company=st.sampled_from([None, 1, 2]),
    situation=st.sampled_from(SITUATIONS),
    is_consumer=st.sampled_from([None, True, False]),
    min_days=st.sampled_from([0, 0, 5, 30]),
    max_days=st.sampled_from([0, 0, 30, 60]),
    segments=st.frozensets(st.integers(1, 3), max_size=2),
)
FACTS = st.builds(
    playbook.Facts,
    company=st.sampled_from([1, 2]),
    situation=st.sampled_from(SITUATIONS),
    is_consumer=st.booleans(),
    days_late=st.sampled_from([0, 4, 5, 29, 30, 31, 60, 61]),
    segment=st.sampled_from([None, 1, 2, 3]),
)


def expected_choice(rules, facts):
    """The same choice the long way: points are counted criterion by criterion, one that fails rules a script out."""
    winner, most = None, -1
    for rule in rules:
        points = 0
        verdicts = []
        if rule.company is not None:
            verdicts.append(rule.company == facts.company)
        if rule.situation is not None:
            verdicts.append(rule.situation == facts.situation)
        if rule.is_consumer is not None:
            verdicts.append(bool(rule.is_consumer) is bool(facts.is_consumer))
        if rule.min_days or rule.max_days:
            last = rule.max_days or 10**6
            verdicts.append(facts.days_late in range(rule.min_days, last + 1))
        if rule.segments:
            verdicts.append(any(facts.segment == segment for segment in rule.segments))
        if False in verdicts:
            continue
        points = len(verdicts)
        if points > most:
            winner, most = rule.key, points
    return winner


@tagged("post_install", "-at_install")
class TestPlaybookKernel(BaseCase):
    @settings(derandomize=True, max_examples=400, deadline=None)
    @given(st.lists(RULES, max_size=8), FACTS)
    def test_choice(self, rules, facts):
        self.assertEqual(playbook.choose(rules, facts), expected_choice(rules, facts))

    @settings(derandomize=True, max_examples=300, deadline=None)
    @given(st.lists(st.sampled_from(["{me}", "{days}", "{nome}", "{", "}", "{}", "word ", "{ me }", "é"]), max_size=8))
    def test_what_passes_the_check_is_filled_completely(self, parts):
        text = "".join(parts)
        values = {name: f"<{name}>" for name in script_text.NAMES}
        filled = script_text.fill(text, values)
        if script_text.mistakes(text):
            return
        self.assertNotRegex(filled, r"[{}]")
        self.assertEqual(filled, re.sub(r"\{(\w+)\}", r"<\1>", text))

    @settings(derandomize=True, max_examples=200, deadline=None)
    @given(st.text(alphabet="{}me days", max_size=20))
    def test_braces_are_all_looked_at(self, text):
        rest = text
        for name in script_text.NAMES:
            rest = rest.replace(f"{{{name}}}", "\0")
        # Once the known words are gone, any brace that is left is a mistake, and only those are.
        if "{" not in rest and "}" not in rest:
            self.assertFalse(script_text.mistakes(text))
        else:
            self.assertTrue(script_text.mistakes(text))
