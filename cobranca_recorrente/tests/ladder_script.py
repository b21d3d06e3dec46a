"""Random worlds of the ladder: who owes what, by which rules, and what happens on each day. Nothing of the addon.

A script is plain data: the same one is played into Odoo and into the oracle. Debtors, levels and lines are numbers.
"""

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from . import ladder_calendar as cal
from .ladder_facts import Debtor, Facts, Level, Line, Policy
from .ladder_happenings import BETWEEN, EARLY, EVENING, Happenings, apply, touched

START = date(2026, 10, 22)  # Finados and Consciência Negra are ahead
STATES = ("SP", "SP", "RJ", "RJ", "ES", "AM", "AC", "AL", "MG", None)
TAGS = ("first", "chosen", "none")
CHANNELS = (("email", "sms", "letter"), ("email", "call"), ("email",), ("sms", "email"), ("call", "letter"), ("email",))
# A holiday of the city and days of states; in the weeks of the short form.
CITY_DAYS = (date(2026, 11, 5), date(2026, 12, 8))
STATE_DAYS = {"RJ": (date(2026, 11, 10),), "AM": (date(2026, 11, 12),), "SP": (date(2026, 10, 29),)}


@dataclass
class Script:
    seed: int
    first: date
    days: int
    policies: list
    debtors: list
    lines: list
    events: dict = field(default_factory=dict)  # {(day, phase): [(kind, …)]}
    down: set = field(default_factory=set)  # days on which no mail server answers
    asleep: set = field(default_factory=set)  # days on which nothing is delivered

    def facts(self):
        """A world of its own to play in."""
        facts = Facts([replace(policy) for policy in self.policies], CITY_DAYS + STATE_DAYS["SP"], STATE_DAYS)
        facts.debtors = {debtor.id: replace(debtor, refused=set(debtor.refused)) for debtor in self.debtors}
        for line in self.lines:
            facts.add_line(replace(line))
        return facts

    def addresses(self):
        """All e-mail addresses that customers have, had or will have."""
        changes = [
            event for events in self.events.values() for event in events if event[:1] + event[2:3] == ("data", "email")
        ]
        return {debtor.email for debtor in self.debtors} | {event[3] for event in changes}

    def each_day(self):
        return [self.first + timedelta(days=number) for number in range(self.days)]


class Author(Happenings):
    """Writes a script: lives the days with the facts alone, so that each event is possible when it comes."""

    def __init__(self, seed, debtors=25, days=30, pace=1.0):
        self.random = random.Random(seed)
        self.count, self.pace = debtors, pace
        # One ladder is only watched in the first days, another one stands still for some days.
        self.observed, self.halted = self.random.sample(range(4), 2)
        self.script = Script(seed, START, days, self.make_policies(), [], [])

    def compose(self):
        script = self.script
        script.debtors = [self.make_debtor(number) for number in range(self.count)]
        for debtor in script.debtors:
            self.make_debts(debtor)
        script.down = {day for day in script.each_day() if self.random.random() < 0.08}
        script.asleep = {day for day in script.each_day() if self.random.random() < 0.06}
        self.facts = script.facts()
        for day in script.each_day():
            self.facts.decide(day)
            for phase, share in ((EARLY, 0.12), (BETWEEN, 0.2), (EVENING, 0.3)):
                events = script.events[day, phase] = self.planned_events(day, phase)
                self.add_events(events, day, phase, self.how_many(share))
        return script

    def planned_events(self, day, phase):
        """One is paused after its messages of a day were made: they wait."""
        policies = {
            (5, EARLY): (self.observed, "active"),
            (12, BETWEEN): (self.halted, "paused"),
            (18, EARLY): (self.halted, "active"),
        }
        when = (day - self.script.first).days, phase
        return [("policy", *policies[when])] if when in policies else []

    def how_many(self, share):
        whole = share * self.count * self.pace
        return int(whole) + (self.random.random() < whole % 1)

    # --- who and what ---

    def make_policies(self):
        """Four ladders with terms of their own; the order of the terms is drawn."""
        draw = self.random
        rules = draw.sample(["next", "previous", "same", "next"], 4)
        hours = draw.sample([9.0, 8.0, 13.5, 18.75], 4)
        entries = ["current", *TAGS]
        policies = []
        for number, entry in enumerate(entries):
            levels = self.make_levels(number * 20)
            policies.append(
                Policy(
                    number,
                    levels,
                    state="observing" if number == self.observed else "active",
                    date_from=START - timedelta(days=draw.choice([0, 12])),
                    entry=entry,
                    entry_level=levels[3].id if entry == "chosen" else None,
                    tags=frozenset({entry}) if entry in TAGS else frozenset(),
                    min_days=draw.choice([2, 3, 4]),
                    max_week=draw.choice([1, 2, 2, 3]),
                    business=rules[number],
                    hour=hours[number],
                    sequence=number,
                )
            )
        # Above an amount the first ladder has a harder twin.
        twin = replace(policies[0], id=4, levels=self.make_levels(80), min_amount=150000, sequence=9, state="active")
        return [*policies, twin]

    def make_levels(self, start):
        draw = self.random
        days = sorted(draw.sample([-5, -3, -1, 0], 2)) + sorted(draw.sample([1, 2, 3, 5, 7, 10, 12, 15, 20, 30], 6))
        levels = [
            Level(
                start + number,
                when,
                channels=draw.choice(CHANNELS),
                min_amount=draw.choice([0, 0, 0, 20000]),
                control_percent=draw.choice([0, 0, 0, 40] if when > 0 else [0, 40]),
                control_seed=f"seed{start + number}",
                reviewed=draw.random() < 0.12,
            )
            for number, when in enumerate(days)
        ]
        return [*levels, Level(start + 19, None, channels=("email", "sms", "call"), trigger="broken_promise")]

    def make_debtor(self, number):
        draw = self.random
        kind = draw.random()
        email = f"{'dead' if kind < 0.2 else 'live'}{number}@example.com" if kind < 0.88 else None
        return Debtor(
            number,
            uf=draw.choice(STATES),
            email=email,
            phone=f"119{87650000 + number}" if draw.random() < 0.6 else None,
            street="Rua das Flores, 1" if draw.random() < 0.5 else None,
            tags=frozenset(draw.sample(TAGS, 1) if draw.random() < 0.7 else ()),
        )

    def make_debts(self, debtor):
        """Old debts at the start, a few of them prescribed; then new ones."""
        draw, script = self.random, self.script
        for _number in range(draw.randint(1, 3)):
            due = START + timedelta(days=draw.randint(-45, 20))
            self.add_line(debtor, due if draw.random() > 0.04 else due.replace(year=2021), START)
        for _number in range(max(1, script.days // 15)):
            booked = START + timedelta(days=draw.randrange(3, script.days, 6))
            self.add_line(debtor, booked + timedelta(days=draw.randint(0, 12)), booked)

    def add_line(self, debtor, due, booked):
        cents = self.random.choice([self.random.randint(5000, 30000), self.random.randint(5000, 90000)])
        lines, currency = self.script.lines, self.random.choice([1] * 9 + [0])
        lines.append(Line(len(lines), debtor.id, due, cents, booked=booked, currency=currency))


RUN_HOUR = 6
DELIVERIES = (9.75, 13.75, 19.5)
BOUNCE_HOUR = 20.5


def play(script, oracle_class, watch):
    """Let an oracle live through a script.

    :param watch: called with (oracle, day, moment's name) after the run and after each delivery
    """
    oracle = oracle_class(script.facts())
    for day in script.each_day():
        live_day(script, oracle, day, watch)
    return oracle


def live_day(script, oracle, day, watch):
    oracle.facts.decide(day)
    oracle.is_server_up = day not in script.down
    happen_all(script, oracle, day, EARLY)
    watch(oracle, day, "run", oracle.run(day, cal.utc("SP", day, RUN_HOUR)))
    happen_all(script, oracle, day, BETWEEN)
    if day not in script.asleep:
        for hour in DELIVERIES:
            oracle.deliver(cal.utc("SP", day, hour))
            watch(oracle, day, hour, None)
    evening(script, oracle, day)


def happen_all(script, oracle, day, phase):
    events = script.events[day, phase]
    for event in events:
        apply(oracle.facts, event, day)
        if event[0] == "contact":
            oracle.registered(event[1], day)
    oracle.look_again(touched(oracle.facts, events), day)


def evening(script, oracle, day):
    """People do what is left to them; what was sent to dead addresses comes back."""
    for kind, debtor in script.events[day, EVENING]:
        if kind == "approve":
            oracle.approve(debtor)
        elif kind == "done":
            oracle.done(debtor, day)
        elif oracle.is_to_be_called(debtor):
            oracle.facts.contact(debtor, day)
            oracle.registered(debtor, day)
    for debtor in oracle.facts.debtors.values():
        if (debtor.email or "").startswith("dead"):
            oracle.bounce(debtor.id, cal.utc("SP", day, BOUNCE_HOUR))
