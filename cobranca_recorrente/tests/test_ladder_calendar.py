from datetime import date, datetime, timedelta

from odoo.fields import Date
from odoo.tests import freeze_time, tagged

from .dunning_common import DunningCommon

# (day, state, hour of the ladder) -> the hour there at which the message leaves, or why none is made. The ladder takes
# its steps on that very day, so that it is the law alone that speaks. Thursday 19 November 2026 is an ordinary day.
MOMENTS = (
    # SP 15.426/2014: Monday to Friday 8 to 20, Saturday 8 to 14
    ("2026-11-19", "SP", 9, "09:00"),
    ("2026-11-19", "SP", 7, "08:00"),
    ("2026-11-19", "SP", 0, "08:00"),
    ("2026-11-19", "SP", 8.5, "08:30"),
    ("2026-11-19", "SP", 19.75, "19:45"),
    ("2026-11-19", "SP", 20, "hours"),
    ("2026-11-19", "SP", 22, "hours"),
    ("2026-11-21", "SP", 9, "09:00"),
    ("2026-11-21", "SP", 7.5, "08:00"),
    ("2026-11-21", "SP", 13.75, "13:45"),
    ("2026-11-21", "SP", 14, "hours"),
    ("2026-11-22", "SP", 9, "hours"),
    # AL 7.782/2016: the same
    ("2026-11-19", "AL", 19.5, "19:30"),
    ("2026-11-19", "AL", 20, "hours"),
    ("2026-11-21", "AL", 13, "13:00"),
    ("2026-11-21", "AL", 15, "hours"),
    # RJ 7.868/2018: Monday to Friday 9 to 19, never at a weekend
    ("2026-11-19", "RJ", 8, "09:00"),
    ("2026-11-19", "RJ", 9, "09:00"),
    ("2026-11-19", "RJ", 18.5, "18:30"),
    ("2026-11-19", "RJ", 19, "hours"),
    ("2026-11-21", "RJ", 10, "hours"),
    ("2026-11-22", "RJ", 10, "hours"),
    # ES 10.626/2017: Monday to Friday 8 to 19
    ("2026-11-19", "ES", 7, "08:00"),
    ("2026-11-19", "ES", 18.75, "18:45"),
    ("2026-11-19", "ES", 19, "hours"),
    ("2026-11-21", "ES", 9, "hours"),
    # AM 306/2016: until 19, by the clock of Manaus
    ("2026-11-19", "AM", 8, "08:00"),
    ("2026-11-19", "AM", 18.5, "18:30"),
    ("2026-11-19", "AM", 19, "hours"),
    ("2026-11-21", "AM", 9, "hours"),
    # States without a law of their own, and no state at all: as in São Paulo, by their own clocks
    ("2026-11-19", "MG", 7, "08:00"),
    ("2026-11-19", "MG", 20, "hours"),
    ("2026-11-21", "MG", 13, "13:00"),
    ("2026-11-19", "AC", 8, "08:00"),
    ("2026-11-19", "AC", 19.5, "19:30"),
    ("2026-11-21", "AC", 14, "hours"),
    ("2026-11-19", "MT", 9, "09:00"),
    ("2026-11-19", "PE", 9, "09:00"),
    ("2026-11-19", None, 9, "09:00"),
    ("2026-11-22", None, 9, "hours"),
    # Holidays of the whole country, whatever the day of the week; banks closed at Carnival
    ("2026-11-20", "SP", 9, "hours"),
    ("2026-12-25", "MG", 9, "hours"),
    ("2026-10-12", "AC", 9, "hours"),
    ("2026-02-17", "PE", 9, "hours"),
    ("2026-02-18", "PE", 9, "09:00"),
    ("2026-12-24", "SP", 9, "09:00"),
    # Of a state: where it holds and where it does not (São Jorge in Rio, Autonomia in Acre on 15 June)
    ("2026-04-23", "RJ", 9, "hours"),
    ("2026-04-23", "SP", 9, "09:00"),
    ("2026-06-15", "AC", 9, "hours"),
    ("2026-06-15", "AM", 9, "09:00"),
    # Of the company's city (São Paulo, 25 January): customers may be written to
    ("2027-01-25", "RJ", 9, "09:00"),
)
# Hours that the clocks of a state are behind UTC.
BEHIND = {"AC": 5, "AM": 4, "MT": 4}

# (day of the step, rule) -> day on which the line takes it. The company is in São Paulo; Friday 20 November is a
# national holiday, Monday 25 January 2027 one of the city.
STEPS = (
    ("2026-11-19", "next", "2026-11-19"),
    ("2026-11-20", "next", "2026-11-23"),
    ("2026-11-21", "next", "2026-11-23"),
    ("2026-11-22", "next", "2026-11-23"),
    ("2026-11-20", "previous", "2026-11-19"),
    ("2026-11-21", "previous", "2026-11-19"),
    ("2026-11-22", "previous", "2026-11-19"),
    ("2026-11-23", "previous", "2026-11-23"),
    ("2026-11-21", "same", "2026-11-21"),
    ("2026-11-20", "same", "2026-11-21"),  # nobody may be written to on the holiday, on Saturday they may
    ("2027-01-25", "next", "2027-01-26"),
    ("2027-01-25", "previous", "2027-01-22"),
    ("2027-01-25", "same", "2027-01-25"),
    ("2026-12-25", "next", "2026-12-28"),
    ("2027-01-01", "previous", "2026-12-31"),
    ("2027-02-08", "next", "2027-02-10"),  # Carnival
)

# A message for 9:00 of Thursday the 19th, and when the delivery comes late to it: (state, moment there) -> leaves?
LATE = (
    ("SP", "2026-11-19 08:59", False),
    ("SP", "2026-11-19 09:00", True),
    ("SP", "2026-11-19 19:59", True),
    ("SP", "2026-11-19 20:00", False),
    ("SP", "2026-11-20 10:00", False),
    ("SP", "2026-11-21 08:00", True),
    ("SP", "2026-11-21 14:00", False),
    ("SP", "2026-11-22 10:00", False),
    ("SP", "2026-11-23 07:59", False),
    ("SP", "2026-11-23 08:00", True),
    ("RJ", "2026-11-19 18:59", True),
    ("RJ", "2026-11-19 19:00", False),
    ("RJ", "2026-11-21 10:00", False),
    ("RJ", "2026-11-23 08:30", False),
    ("ES", "2026-11-19 19:00", False),
    ("ES", "2026-11-23 08:30", True),
    ("AM", "2026-11-19 08:59", False),
    ("AM", "2026-11-19 18:59", True),
    ("AM", "2026-11-19 19:00", False),
    ("AC", "2026-11-19 08:59", False),
    ("AC", "2026-11-19 19:59", True),
    ("AC", "2026-11-19 20:00", False),
    ("AC", "2026-11-22 12:00", False),
    ("AL", "2026-11-21 13:59", True),
    ("AL", "2026-11-21 14:00", False),
)


@tagged("post_install", "-at_install")
class TestLadderCalendar(DunningCommon):
    """Hours and days of the laws, written out by hand: what the engine plans, and what it lets leave.

    Each case has a customer of its own with one line, which reaches the step D+5 on the day of the case.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        city = cls.env["res.city"].search([("name", "=", "São Paulo"), ("country_id.code", "=", "BR")], limit=1)
        cls.company.partner_id.write({"state_id": city.state_id.id, "city_id": city.id, "city": city.name})
        cls.env["cobranca.holiday"].create(
            [
                {"name": "São Jorge", "date": "2026-04-23", "scope": "state", "state_id": cls.state("RJ").id},
                {"name": "Autonomia", "date": "2026-06-15", "scope": "state", "state_id": cls.state("AC").id},
                {"name": "Aniversário", "date": "2027-01-25", "scope": "municipal", "city_id": city.id},
            ]
        )
        cls.ladder.active = False

    @classmethod
    def state(cls, code):
        return cls.env.ref(f"base.state_br_{code.lower()}") if code else cls.env["res.country.state"]

    def make_cases(self, days_and_states):
        """Customers who live in a state, with a line each that reaches D+5 on a day."""
        people = self.env["res.partner"].create(
            [
                {"name": f"Customer {number}", "email": f"c{number}@example.com", "state_id": self.state(code).id}
                for number, (_day, code) in enumerate(days_and_states)
            ]
        )
        due = [Date.to_date(day) - timedelta(days=5) for day, _code in days_and_states]
        self.post_lines(Date.to_date("2026-01-02"), [(one, 100, day) for one, day in zip(people, due, strict=True)])
        return people

    def there(self, code, moment):
        return moment - timedelta(hours=BEHIND.get(code, 3))

    def utc(self, code, moment):
        return datetime.fromisoformat(moment) + timedelta(hours=BEHIND.get(code, 3))

    def test_planned_moment(self):
        ladder = self.make_ladder(steps=(5,), business_day_rule="same")
        self.assertGreaterEqual(len(MOMENTS), 50)
        people = self.make_cases([case[:2] for case in MOMENTS])
        for partner, (day, code, hour, expected) in zip(people, MOMENTS, strict=True):
            with self.subTest(day=day, state=code, hour=hour), freeze_time(f"{day} 04:00:00"):
                ladder.send_hour = hour
                plan = self.select(day, partner)
                message = self.engine._claim(self.company, Date.to_date(day), partner)
                if expected == "hours":
                    self.assertEqual([item.reason for item in plan.left_out], ["hours"])
                    self.assertFalse(message)
                else:
                    self.assertEqual((plan.left_out, message.channel), ([], "email"))
                    self.assertEqual(self.there(code, message.send_at), datetime.fromisoformat(f"{day} {expected}"))

    def test_day_of_a_step(self):
        for rule in ("next", "previous", "same"):
            cases = [case for case in STEPS if case[1] == rule]
            people = self.make_cases([(step, "SP") for step, _rule, _day in cases])
            tag = self.env["res.partner.category"].create({"name": rule})
            people.category_id = tag
            self.make_ladder(steps=(5,), business_day_rule=rule, category_ids=tag.ids)
            for partner, (step, _rule, expected) in zip(people, cases, strict=True):
                with self.subTest(step=step, rule=rule):
                    first = Date.to_date(step) - timedelta(days=4)
                    days = [first + timedelta(days=number) for number in range(12)]
                    sending = [day for day in days if self.select(day, partner).messages]
                    self.assertEqual(sending[0], Date.to_date(expected))

    def test_looked_at_again_when_it_leaves(self):
        """0 messages leave outside the hours, whenever the delivery comes to them."""
        self.make_ladder(steps=(5,), send_hour=9)
        people = self.make_cases([("2026-11-19", code) for code, _moment, _leaves in LATE])
        with freeze_time("2026-11-19 04:00:00"):
            made = self.engine._run(self.company, date(2026, 11, 19)).grouped("partner_id")
        for partner, (code, moment, leaves) in zip(people, LATE, strict=True):
            with self.subTest(state=code, moment=moment):
                message = made[partner]
                self.assertEqual(self.there(code, message.send_at), datetime(2026, 11, 19, 9))
                self.assertEqual(self.deliver_at(self.utc(code, moment), message), int(leaves))
                self.assertEqual(message.state, "sent" if leaves else "queued")
                if not leaves:  # what waits leaves at the next lawful moment, of which the other cases tell
                    self.assertEqual(self.deliver_at(message.send_at, message), 1)
                    self.assertGreater(message.sent_at, self.utc(code, moment))

    def deliver_at(self, moment, message):
        """:return: number of mails that the server took"""
        with freeze_time(moment), self.mail_server() as taken:
            self.engine._deliver(message)
        return len(taken)
