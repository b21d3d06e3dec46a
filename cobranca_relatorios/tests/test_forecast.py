from datetime import date, timedelta
from random import Random

from odoo.tests import BaseCase

from ..tools import forecast, forecast_check
from ..tools.forecast import Habits, Part, Past, Title
from .payers import draw_book, open_on

TODAY = date(2026, 6, 30)
TOMORROW = date(2026, 7, 1)
ALONE = (0.0, 0.0, 0.0, 0.0)


def past(payer, due, paid=None, amount=100.0, kind="invoice"):
    parts = () if paid is None else (Part(due + timedelta(days=paid), amount, True),)
    return Past(payer, kind, due - timedelta(days=40), due, amount, parts)


def title(payer, due, amount=100.0, kind="invoice", **values):
    return Title((payer, due), payer, kind, "open", due, amount, **values)


def look_back(book, today=date(2026, 6, 30)):
    """Forecasts of the last six month ends of a made-up book, beside what came.

    :return: list of tools.forecast_check.Week
    """
    paid = {key: [(part.day, part.amount) for part in past.parts] for key, past in book.items()}
    weeks = []
    for month in range(1, 7):
        first = date(2026, month, 1)
        cutoff = first - timedelta(days=1)
        titles = open_on(book, cutoff)
        said = forecast.forecast(Habits(book.values(), cutoff), titles, first)
        plain = forecast_check.baseline(titles, *forecast_check.mean_delays(book.values(), cutoff), first)
        weeks += forecast_check.compare(cutoff, said, forecast_check.came(titles, paid, first), plain, today)
    return weeks


class TestForecast(BaseCase):
    # --- chances ---

    def test_example_of_the_definitions(self):
        """1200 × 95 % + 800 × 60 % + 1500 × 15 % = 1,845, each payer by what he did himself."""
        old = date(2025, 6, 10)
        pasts = []
        for payer, of_twenty in (("good", 19), ("fair", 12), ("bad", 3)):
            pasts += [past(payer, old - timedelta(days=n), paid=20 if n < of_twenty else None) for n in range(20)]
        habits = Habits(pasts, TODAY, ALONE, half_life=None)
        titles = [title("good", TODAY, 1200.0), title("fair", TODAY, 800.0), title("bad", TODAY, 1500.0)]
        said = forecast.forecast(habits, titles, TOMORROW)
        self.assertEqual(forecast.money(sum(said.expected)), forecast.money(1845.0))
        # All of it twenty days after the due date: in the week of 20 July.
        self.assertEqual({week for (*_who, week) in said.cells if said.cells["good", "open", week][1]}, {3})

    def test_age_of_a_title_changes_its_chances(self):
        """Of ten, five are paid on the due day, two after 30 days: of one that is 10 days late, two fifths come."""
        pasts = [past("a", date(2025, 5, 5), paid=0 if n < 5 else 30 if n < 7 else None) for n in range(10)]
        habits = Habits(pasts, TODAY, ALONE, half_life=None)
        days = [TOMORROW, TOMORROW + timedelta(days=91)]
        self.assertAlmostEqual(habits.chances("a", "invoice", TOMORROW, days)[0], 0.7)
        self.assertAlmostEqual(habits.chances("a", "invoice", TOMORROW - timedelta(days=10), days)[0], 0.4)
        self.assertAlmostEqual(habits.chances("a", "invoice", TOMORROW - timedelta(days=31), days)[0], 0.0)

    def test_who_pays_before_the_due_date_is_expected_before_it(self):
        habits = Habits([past("a", date(2025, 5, n), paid=-5) for n in range(1, 21)], TODAY, ALONE, None)
        said = forecast.forecast(habits, [title("a", date(2026, 7, 18))], TOMORROW)
        # On Monday 13 July, in the week that ends with the due date.
        self.assertEqual({week: cell for (*_who, week), cell in said.cells.items()}, {2: [100.0, 100.0]})

    def test_half_a_title_paid_counts_as_half(self):
        due = date(2025, 5, 5)
        half = Past("a", "invoice", due, due, 100.0, (Part(due, 50.0, True),))
        habits = Habits([half] * 4, TODAY, ALONE, None)
        days = [TOMORROW, TOMORROW + timedelta(days=7)]
        self.assertAlmostEqual(habits.chances("a", "invoice", TOMORROW, days)[0], 0.5)

    def test_a_credit_note_is_no_payment_and_no_refusal(self):
        """Two of four titles are taken back before they are due: of those that remain, one of two is paid."""
        due = date(2025, 5, 5)
        gone = Past("a", "invoice", due, due, 100.0, (Part(due - timedelta(days=3), 100.0, False),))
        habits = Habits([gone, gone, past("a", due, paid=0), past("a", due)], TODAY, ALONE, None)
        days = [TOMORROW, TOMORROW + timedelta(days=7)]
        self.assertAlmostEqual(habits.chances("a", "invoice", TOMORROW, days)[0], 0.5)

    def test_nothing_is_known_of_the_time_after(self):
        pasts = [past("a", date(2026, 5, n), paid=5 + n) for n in range(1, 21)]
        later = [*pasts, past("b", date(2026, 7, 20), paid=0)]
        cut = [
            item._replace(parts=tuple(part for part in item.parts if part.day <= date(2026, 5, 31))) for item in pasts
        ]
        days = [date(2026, 6, 1), date(2026, 6, 8), date(2026, 6, 15)]
        one, two = (Habits(given, date(2026, 5, 31)) for given in (later, cut))
        self.assertEqual(*(habits.chances("a", "invoice", date(2026, 5, 28), days) for habits in (one, two)))

    def test_a_new_payer_is_taken_for_the_others(self):
        pasts = [past(payer, date(2025, 5, 5), paid=10) for payer in range(50)]
        habits = Habits(pasts, TODAY)
        days = [TOMORROW, TOMORROW + timedelta(days=28)]
        self.assertGreater(habits.chances("new", "invoice", TOMORROW, days)[0], 0.9)
        self.assertIsNone(habits.kind_of("new"))

    def test_without_any_history_something_is_expected(self):
        days = [TOMORROW, TOMORROW + timedelta(days=7), TOMORROW + timedelta(days=400)]
        first, later = Habits([], TODAY).chances("a", "invoice", TOMORROW, days)
        self.assertGreater(first, 0.5)
        self.assertLess(first + later, 1)

    def test_installments_are_paid_in_their_own_way(self):
        pasts = [past(n, date(2025, 5, 5), paid=0) for n in range(30)]
        pasts += [past(n, date(2025, 5, 5), kind="agreement") for n in range(30)]
        habits = Habits(pasts, TODAY)
        days = [TOMORROW, TOMORROW + timedelta(days=28)]
        self.assertGreater(habits.chances(99, "invoice", TOMORROW, days)[0], 0.8)
        self.assertLess(habits.chances(99, "agreement", TOMORROW, days)[0], 0.2)

    def test_what_is_very_old_is_not_expected(self):
        habits = Habits(draw_book(Random(3), 40, date(2024, 7, 1), 24).values(), TODAY)
        days = [TOMORROW, TOMORROW + timedelta(days=91)]
        self.assertLess(habits.chances("new", "invoice", TODAY - timedelta(days=500), days)[0], 0.1)
        self.assertEqual(habits.chances("new", "invoice", TODAY - timedelta(days=1000), days)[0], 0)

    def test_what_is_held_falls_due_and_is_not_expected(self):
        habits = Habits([past("a", date(2025, 5, 5), paid=0)] * 9, TODAY)
        said = forecast.forecast(habits, [title("a", TOMORROW, is_held=True)], TOMORROW)
        self.assertEqual(said.cells, {("a", "open", 0): [100.0, 0.0]})

    def test_random_chances_are_chances(self):
        """Never below zero, never more than the title, the same each time; 200 random books and titles."""
        random = Random(11)
        for _example in range(200):
            book = draw_book(random, 4, date(2025, 7, 1), 12)
            habits = Habits(book.values(), TODAY)
            titles = [
                title(random.randrange(6), TODAY - timedelta(days=random.randrange(-120, 900))) for _n in range(3)
            ]
            said = forecast.forecast(habits, titles, TOMORROW)
            chances = [habits.chances(one.payer, one.kind, one.due, said.weeks) for one in titles]
            self.assertTrue(all(chance >= 0 for row in chances for chance in row))
            self.assertTrue(all(sum(row) <= 1 + 1e-9 for row in chances))
            self.assertLessEqual(sum(said.expected), 300 + 1e-6)
            self.assertEqual(said, forecast.forecast(Habits(book.values(), TODAY), titles, TOMORROW))

    # --- how good it is ---

    def test_plain_rule(self):
        pasts = [past("a", date(2026, 5, 5), paid=10), past("a", date(2026, 4, 5), paid=20), past("b", TODAY)]
        means, mean = forecast_check.mean_delays(pasts, TODAY)
        self.assertEqual((means["a"], mean), (15, 15))
        titles = [title("a", TODAY), title("b", date(2026, 1, 1), 40.0)]
        found = forecast_check.baseline(titles, means, mean, TOMORROW)
        self.assertEqual({week: amount for week, amount in enumerate(found) if amount}, {0: 40, 2: 100})

    def test_only_weeks_that_are_over_are_compared(self):
        said = forecast.forecast(Habits([], TODAY), [title("a", TODAY)], TOMORROW)
        found = forecast_check.compare(TODAY, said, [0.0] * 13, [0.0] * 13, date(2026, 7, 13))
        self.assertEqual([(row.horizon, row.week) for row in found], [(1, date(2026, 6, 29)), (2, date(2026, 7, 6))])

    def test_beats_the_plain_rule(self):
        for seed in range(6):
            errors = forecast_check.errors(look_back(draw_book(Random(seed), 60, date(2024, 7, 1), 24)))
            self.assertLess(errors["week"], 0.5 * errors["week_baseline"], seed)
            self.assertLess(errors["month"], 0.3 * errors["month_baseline"], seed)
            self.assertLess(errors["month"], 25, seed)

    def test_beats_the_plain_rule_without_what_is_given_up(self):
        """Also when the plain rule forgets what should have come before: its error is not of never-payers alone."""
        ours, theirs = [], []
        for seed in range(4):
            book = draw_book(Random(seed), 60, date(2024, 7, 1), 24)
            paid = {key: [(part.day, part.amount) for part in past.parts] for key, past in book.items()}
            for month in range(1, 5):
                first = date(2026, month, 1)
                cutoff = first - timedelta(days=1)
                titles = open_on(book, cutoff)
                means, mean = forecast_check.mean_delays(book.values(), cutoff)
                fresh = [one for one in titles if one.due + timedelta(days=round(means.get(one.payer, mean))) >= first]
                came = forecast_check.came(titles, paid, first)
                said = forecast.forecast(Habits(book.values(), cutoff), titles, first).expected
                ours += zip(said, came, strict=True)
                theirs += zip(forecast_check.baseline(fresh, means, mean, first), came, strict=True)
        self.assertLess(forecast_check.wape(ours), 0.95 * forecast_check.wape(theirs))

    def test_ranges_hold_what_comes(self):
        """Nine tenths of what was expected lie in weeks above the low figure, nine tenths in weeks below the high."""
        weeks = look_back(draw_book(Random(1), 150, date(2024, 7, 1), 24))
        said = forecast.forecast(Habits([], TODAY), [title("a", TODAY)], TOMORROW)
        low, high = forecast_check.ranges(said, weeks)[0]
        total = sum(row.forecast for row in weeks)
        below = sum(row.forecast for row in weeks if row.actual < low * row.forecast) / total
        above = sum(row.forecast for row in weeks if row.actual > high * row.forecast) / total
        self.assertTrue(0.05 <= below <= 0.15 and 0.05 <= above <= 0.15, (below, above))

    def test_without_past_weeks_chance_makes_the_range(self):
        said = forecast.Forecast(TOMORROW, [TOMORROW], {("a", "open", 0): [0.0, 50.0]}, [100.0**2 * 0.25])
        [(low, high)] = forecast_check.ranges(said, [])
        self.assertEqual((low, round(high, 4)), (0.0, 2.2816))
