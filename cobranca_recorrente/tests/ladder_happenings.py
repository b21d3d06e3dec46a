"""What happens in the random worlds of the ladder, drawn one by one and done in the oracle's world."""

from datetime import timedelta

EARLY, BETWEEN, EVENING = "early", "between", "evening"
KINDS = {
    EARLY: "pay part part promise promise promise cancel hold hold court end end dispute decide decide refuse contact"
    " data block",
    BETWEEN: "pay pay pay part hold court promise dispute refuse data",
    EVENING: "approve done call call",
}
PROMISE_DAYS = 6


def apply(facts, event, today):
    """One event in the oracle's world."""
    kind, *arguments = event
    if kind in ("pay", "promise", "cancel_promise", "dispute", "decide_dispute", "contact"):
        getattr(facts, kind)(*arguments, today)
    elif kind == "hold":
        debtor, line, days, reason = arguments
        facts.hold(debtor, line, today, days is not None and today + timedelta(days=days) or None, reason)
    elif kind == "end_hold":
        facts.end([facts.holds[arguments[0]]], today)
    elif kind == "refuse":
        facts.debtors[arguments[0]].refused = set(arguments[1])
    elif kind == "data":
        setattr(facts.debtors[arguments[0]], *arguments[1:])
    elif kind == "policy":
        facts.policies[arguments[0]].state = arguments[1]
    elif kind == "block":
        facts.lines[arguments[0]].blocked = arguments[1]
    else:
        raise ValueError(kind)


def touched(facts, events):
    """The debtors of whose debts something happened."""
    found = set()
    for kind, *arguments in events:
        if kind == "hold":
            found.add(arguments[0])
        elif kind in ("pay", "promise", "dispute"):
            line = {"pay": 0, "promise": 1, "dispute": 1}[kind]
            first = arguments[line][0] if kind == "promise" else arguments[line]
            found.add(facts.lines[first].debtor)
    return sorted(found)


class Happenings:
    """Draws events that are possible at a moment: `self.facts` is the world as it is then."""

    def add_events(self, events, day, phase, count):
        """Payments come first, then what people do."""
        kinds = [self.random.choice(KINDS[phase].split()) for _number in range(count)]
        for kind in sorted(kinds, key=lambda kind: kind not in ("pay", "part")):
            event = getattr(self, f"draw_{kind}")(day)
            if event:
                events.append(event)
                if phase != EVENING:
                    apply(self.facts, event, day)

    def draw_line(self, day):
        """A line that is open, or nearly: people speak of what is late."""
        lines = [line for line in self.facts.asked_lines(day) if line.due <= day + timedelta(days=3)]
        return self.random.choice(lines) if lines else None

    def draw_pay(self, day):
        line = self.draw_line(day)
        return line and ("pay", line.id, line.residual)

    def draw_part(self, day):
        line = self.draw_line(day)
        return line and ("pay", line.id, max(1, line.residual * self.random.choice([2, 5, 9]) // 10))

    def draw_promise(self, day):
        line = self.draw_line(day)
        if not line or self.facts.open_promise(line.id):
            return None
        promised = day + timedelta(days=self.random.randint(0, PROMISE_DAYS))
        return (
            "promise",
            len(self.facts.promises) + 1,
            [line.id],
            line.residual // self.random.choice([1, 1, 2]),
            promised,
        )

    def draw_cancel(self, day):
        numbers = [number for number, promise in self.facts.promises.items() if promise.state == "open"]
        return ("cancel_promise", self.random.choice(numbers)) if numbers else None

    def draw_hold(self, day):
        line = self.draw_line(day)
        whole = self.random.random() < 0.4
        return line and ("hold", line.debtor, None if whole else line.id, self.random.randint(0, 6), "vacation")

    def draw_court(self, day):
        line = self.draw_line(day)
        return line and ("hold", line.debtor, line.id, None, "court")

    def draw_end(self, day):
        numbers = [
            number
            for number, hold in enumerate(self.facts.holds)
            if hold.reason in ("court", "vacation") and hold.ended is None and (hold.last is None or hold.last >= day)
        ]
        return ("end_hold", self.random.choice(numbers)) if numbers else None

    def draw_dispute(self, day):
        line = self.draw_line(day)
        disputed = {hold.line for holds in self.facts.disputes.values() for hold in holds}
        number = len(self.facts.holds)
        return ("dispute", number, line.id) if line and line.id not in disputed else None

    def draw_decide(self, day):
        numbers = sorted(self.facts.disputes)
        return ("decide_dispute", self.random.choice(numbers)) if numbers else None

    def draw_debtor(self):
        return self.random.randrange(self.count)

    def draw_refuse(self, day):
        return "refuse", self.draw_debtor(), self.random.choice([["email"], ["sms"], ["email", "call"], []])

    def draw_contact(self, day):
        return "contact", self.draw_debtor()

    def draw_data(self, day):
        """A new address, mostly a good one; or one is taken away."""
        number = self.draw_debtor()
        email = f"new{number}.{day:%m%d}@example.com"
        values = [
            ("email", email),
            ("email", email),
            ("email", None),
            ("phone", f"119{91230000 + number}"),
            ("street", "Rua 2"),
        ]
        return "data", number, *self.random.choice(values)

    def draw_block(self, day):
        line = self.draw_line(day)
        return line and ("block", line.id, not line.blocked)

    def draw_approve(self, day):
        return "approve", self.draw_debtor()

    def draw_done(self, day):
        return "done", self.draw_debtor()

    def draw_call(self, day):
        return "call", self.draw_debtor()
