from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import TransactionCase, tagged

from ..tools import card

DAYS = st.lists(st.integers(1, 30), unique=True, max_size=5).map(sorted)
FIRST = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@tagged("post_install", "-at_install")
class TestCardKernel(TransactionCase):
    """Retries of a refused card, against rules told in other words."""

    @settings(max_examples=200, derandomize=True, deadline=None)
    @given(FIRST, DAYS, st.lists(st.sampled_from(card.CLASSES), max_size=9), st.integers(0, 9), st.integers(0, 3))
    def test_life_of_a_debt(self, first, days, answers, month_limit, delay):
        """Played day by day: never after a hard refusal, one try more without a reason, never oftener than planned."""
        day, played = first, []
        for tries, answer in enumerate(answers, start=1):
            played.append((day, answer))
            following = card.next_try(first, day, tries, answer, days, month_limit - tries)
            if following is None:
                break
            self.assertGreater(following, day)
            self.assertNotEqual(answer, "hard")
            day = following + timedelta(days=delay)
        self.assertLessEqual(len(played), 1 + len(days))
        self.assertLessEqual(len(played), max(1, month_limit))
        unknown = [place for place, (_day, answer) in enumerate(played) if answer == "unknown" and place >= 1]
        self.assertTrue(all(place == len(played) - 1 for place in unknown))
        for place, (when, _answer) in enumerate(played[1:]):
            self.assertGreaterEqual(when, first + timedelta(days=days[place]))

    def test_lists_of_days(self):
        self.assertEqual(card.parse_days("2;5 , 9"), (2, 5, 9))
        for text in ("0", "-1", "2,2", "31", "a", "1.5", "1,2,3,4,5,6"):
            with self.subTest(text), self.assertRaises(ValueError):
                card.parse_days(text)

    def test_expiry_as_typed(self):
        self.assertEqual(card.last_day(*card.parse_expiry("2/28")), date(2028, 2, 29))
        for text in ("0/27", "13/27", "08-27", "8/7", "ab/27", "08/1999", "123/27", "8/20270"):
            with self.subTest(text), self.assertRaises(ValueError):
                card.parse_expiry(text)
