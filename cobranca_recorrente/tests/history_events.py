from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from odoo.exceptions import UserError, ValidationError

from .billing_common import BillingCommon

USAGE_PRICE = 2


class HistoryEvents(BillingCommon):
    """What may happen to a contract, each done to it and told to the oracle (`facts`)."""

    def do_bill(self, contract, facts, times):
        for _time in range(times):
            self.billing._bill(contract, allow_credit=True)
            self.assertFalse(contract.park_reason)

    def do_settle(self, contract, facts):
        try:
            self.billing._settle_now(contract)
        except UserError as nothing_open:
            self.assertRegex(str(nothing_open), "is settled")

    # --- items ---

    def do_change(self, contract, facts, day, pick, cents, more, credit):
        line = self.pick_line(contract, facts, day, pick)
        if not line:
            return
        known = line.next_line_ids
        with self.watch_paid(contract, facts, credit):
            contract._change_items(day, [(line, {"price_unit": cents / 100, **more})], credit=credit)
            full = self.get_full(cents, {"quantity": line.quantity, "discount": line.discount, **more})
            facts.replace(line.id, day, max((line.next_line_ids - known).ids, default=line.id), full)

    def get_full(self, cents, terms):
        """Cents of a whole period."""
        exact = Decimal(cents) * int(terms["quantity"]) * (100 - int(terms["discount"])) / 100
        return int(exact.quantize(Decimal(1), ROUND_HALF_UP))

    def do_change_next(self, contract, facts, pick, cents):
        self.do_change(contract, facts, contract._get_next_effective_date(), pick, cents, {}, True)

    def do_add(self, contract, facts, day, group, cents):
        if self.is_inside(contract, facts, day):
            values = {"product_id": self.product.id, "name": "More", "price_unit": cents / 100, "billing_timing": group}
            before = contract.line_ids
            contract._change_items(day, [(None, values)])
            line = (contract.line_ids - before).filtered(lambda line: line.recurrence == "recurring")
            facts.add(line.id, group, cents, day)

    def do_end_line(self, contract, facts, day, pick, credit):
        if line := self.pick_line(contract, facts, day, pick):
            with self.watch_paid(contract, facts, credit):
                line_id = line.id
                contract._change_items(day, [(line, None)], credit=credit)
                facts.replace(line_id, day, None, None)
                if not line.exists():  # it never held
                    del facts.versions[line_id]

    def do_once(self, contract, facts, day, cents, apart):
        if self.is_inside(contract, facts, day):
            values = {"product_id": self.product.id, "name": "Once", "recurrence": "once", "invoice_apart": apart}
            contract._change_items(day, [(None, {**values, "price_unit": cents / 100})])
            facts.once += cents

    def do_use(self, contract, facts, day, quantity):
        if day >= contract.date_start:
            try:
                with self.env.cr.savepoint():
                    row = self.use(contract, day, quantity, key=f"{len(facts.readings)}")
            except ValidationError as never_billed:
                self.assertRegex(str(never_billed), "would never be billed")
                self.assertTrue(facts.end)
                return
            facts.readings.append((day, quantity, row))

    # --- days ---

    def do_pause(self, contract, facts, first, length):
        last = first + timedelta(days=length) if length else None
        if self.is_inside(contract, facts, first) and facts.can_pause(first, last):
            contract._pause(first, last, "trip")
            facts.pauses.append([first, last])

    def do_resume(self, contract, facts, day):
        if facts.is_paused(day):
            contract._resume(day)
            facts.resume(day)

    def do_renew(self, contract, facts):
        if facts.end:
            contract._renew()
            # One month, its last day by the day after the old end.
            following = facts.end + timedelta(days=1)
            self.assertGreater(contract.date_end, facts.end + timedelta(days=26))
            self.assertLess(contract.date_end, following + timedelta(days=31))
            facts.end = contract.date_end

    def do_end(self, contract, facts, day, credit, fee):
        if day >= contract.date_start:
            with self.watch_paid(contract, facts, credit):
                contract._end(day, self.reason, credit=credit, fee=fee / 100, fee_product=self.product)
                facts.end, facts.fee = day, fee
            self.leave_behind(facts)

    def do_reactivate(self, contract, facts):
        if contract.close_reason_id:
            with self.watch_paid(contract, facts, True):
                contract._reactivate()
                # The end agreed before comes back, unless that is past.
                self.assertTrue(not contract.date_end or contract.date_end >= contract.company_id._cobranca_today())
                facts.end, facts.fee = contract.date_end or None, 0

    def do_new_end(self, contract, facts, day):
        if day is None or day >= contract.date_start:
            contract.with_user(self.supervisor).date_end = day
            facts.end, facts.fee = day, facts.fee if day else 0
            self.leave_behind(facts)

    def leave_behind(self, facts):
        facts.left_behind |= {row for _day, _quantity, row in facts.readings if not row.period_id}

    # --- invoices ---

    def do_reopen(self, contract, facts, pick):
        """The invoice of some period is cancelled and everything on it is billed anew."""
        moves = contract.period_ids.filtered(lambda p: p.state == "billed").move_id.sorted("id")
        if moves:
            move = moves[pick % len(moves)]
            rows = move.cobranca_period_ids
            self.cancel(move)
            rows.action_reopen()

    def do_postpone(self, contract, facts, days):
        if contract.next_due_date:
            try:
                contract._postpone_next(contract.next_due_date + timedelta(days=days))
            except UserError as too_far:
                self.assertRegex(str(too_far), "after it is due|choose a later one")

    def do_due_day(self, contract, facts, day):
        if not facts.weeks:
            contract._change_due_day(day)

    # --- which ---

    def is_inside(self, contract, facts, day):
        return contract.date_start <= day and (not facts.end or day <= facts.end)

    def pick_line(self, contract, facts, day, pick):
        if not self.is_inside(contract, facts, day):
            return None
        lines = [line_id for line_id in facts.versions if facts.can_change(line_id, day)]
        return self.env["cobranca.contract.line"].browse(lines[pick % len(lines)]) if lines else None
