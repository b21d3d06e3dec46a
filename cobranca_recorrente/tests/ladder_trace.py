"""What a ladder did, in a form that two of them can be compared by."""

from collections import Counter
from datetime import timedelta

# No message waits longer than that, nor changes any more, nor do the claims behind it.
KEPT_DAYS = 12


def since(day):
    return day - timedelta(days=KEPT_DAYS)


def of_run(day, planned, left_out, notices):
    """What day D claimed, and why each other debtor with a step heard nothing."""
    return {
        "planned": {
            (m.debtor, m.currency): (m.level.id, m.channel, m.send_at, tuple(sorted(m.lines.items()))) for m in planned
        },
        "left_out": {key: reason for key, reason in left_out.items() if reason != "no_step"},
        "notices": {key: notice for key, notice in notices.items() if notice[0] >= since(day)},
    }


def of_messages(day, messages):
    """How the messages stand: {(debtor, currency, day, channel, number): …}."""
    rows = [
        (
            (m.debtor, m.currency, m.day, m.channel),
            (
                m.level.id,
                m.state,
                m.reason if m.state in ("cancelled", "undelivered") else None,
                m.sent_on,
                tuple(sorted(m.asked.items())) if m.sent_on else (),
            ),
        )
        for m in messages
        if m.day >= since(day)
    ]
    return {"messages": numbered(rows)}


def numbered(rows):
    """A second attempt of a day by the same channel has a number of its own."""
    found, counts = {}, Counter()
    for key, facts in rows:
        counts[key] += 1
        found[(*key, counts[key])] = facts
    return found


class Trace(list):
    """[(day, when, {part: {key: what}})] in the order in which it happened."""

    def note(self, day, when, parts):
        self.append((day, when, parts))

    def watch(self, oracle, day, when, outcome):
        """To be handed to `ladder_script.play`."""
        if outcome:
            self.note(day, when, of_run(day, outcome[0], outcome[1], oracle.notices))
        else:
            self.note(day, when, of_messages(day, oracle.messages))


def difference(one, other):
    """The first thing in which two traces differ, in words; None when there is nothing."""
    for (day, when, parts), (other_day, other_when, other_parts) in zip(one, other, strict=True):
        if (day, when, parts.keys()) != (other_day, other_when, other_parts.keys()):
            return f"{day} {when} {sorted(parts)} / {other_day} {other_when} {sorted(other_parts)}"
        for part, found in parts.items():
            expected = other_parts[part]
            keys = [key for key in {**found, **expected} if found.get(key) != expected.get(key)]
            if keys:
                told = [f"{key}: {found.get(key)} / {expected.get(key)}" for key in keys[:5]]
                return f"{day} {when} {part} ({len(keys)}): " + "; ".join(told)
    return None
