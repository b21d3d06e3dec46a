"""What must be true of the demo's late customers: computed by hand here, beside the product's own reading."""

from collections import defaultdict
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
FINE, INTEREST = Decimal("0.02"), Decimal("0.01")


def by_hand(principal, due, today, holidays):
    """2 % once and 1 % a month by days, from the business day on which it had to be paid.

    :return: Decimal, the amount of today
    """
    start = due
    while start.weekday() > 4 or start in holidays:
        start += timedelta(days=1)
    if start >= today:
        return principal
    fine = (principal * FINE).quantize(CENT, ROUND_HALF_UP)
    interest = (principal * INTEREST * (today - start).days / 30).quantize(CENT, ROUND_HALF_UP)
    return principal + fine + interest


def check(demo):
    """:raise ValueError: with all that is wrong"""
    problems = [*_wrong_debts(demo), *_settled_promises(demo), *_unbalanced(demo)]
    problems += [*demo.story.desk.negotiation.check(), *demo.story.desk.agencies.check()]
    if problems:
        raise ValueError("the demo is wrong:\n  " + "\n  ".join(problems))


def _wrong_debts(demo):
    """Cases that do not say what their invoices amount to by hand; those paid in part are left out."""
    holidays = demo.story.payments.days.holidays
    cases = demo.env["cobranca.case"].search([("state", "=", "open"), ("is_training", "=", False)])
    checked = 0
    for case in cases:
        lines = case._get_lines()
        is_plain = all(line.amount_residual == line.balance for line in lines)
        if not is_plain or lines.move_id.cobranca_period_ids.contract_id.charge_policy_id:
            continue
        total = sum(by_hand(Decimal(f"{line.balance:.2f}"), line.date_maturity, demo.today, holidays) for line in lines)
        checked += 1
        if Decimal(f"{case.amount:.2f}") != total:
            yield f"{case.partner_id.name}: {case.amount:.2f} instead of {total}"
    if checked < 10:
        yield f"only {checked} late customers could be checked"


def _settled_promises(demo):
    for promise in demo.env["cobranca.promise"].search([("state", "=", "open")]):
        if promise.move_ids.filtered(lambda move: not move.amount_residual):
            yield f"{promise.display_name}: open though its invoice is paid"


def _unbalanced(demo):
    """Entries, and the charges that were paid: what was received for them is in the books once."""
    demo.env.flush_all()
    demo.env.cr.execute(
        "SELECT move_id, sum(balance) FROM account_move_line"
        " WHERE parent_state = 'posted' GROUP BY 1 HAVING sum(balance) <> 0"
    )
    yield from (f"entry {number} is unbalanced by {amount}" for number, amount in demo.env.cr.fetchall())
    booked = defaultdict(Decimal)
    for charge in demo.env["cobranca.charge"].search([("state", "=", "paid"), ("kind", "!=", "discount")]):
        booked[charge.item_id] += Decimal(f"{charge.amount:.2f}")
    for item, amount in booked.items():
        # An agreement takes charges over as income; all others are an item of the customer that was paid.
        is_agreed = item.move_id.cobranca_agreement_id and Decimal(f"{-item.balance:.2f}") == amount
        if not is_agreed and (Decimal(f"{item.balance:.2f}") != amount or not item.reconciled):
            yield f"{item.move_id.name}: {item.balance:.2f} booked for charges of {amount}"
