from decimal import Decimal

from .agency_common import TODAY, AgencyCommon
from .agency_oracle import AgencyOracle


class AgencyMoneyCommon(AgencyCommon):
    """What happens to placed debts, told to Odoo and to second books at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Ledger = cls.env["cobranca.agency.receipt"]
        cls.Receipt = cls.env["cobranca.receipt"]
        cls.Placement = cls.env["cobranca.placement"]
        cls.bank = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
        )
        cls.oracle = None

    def setUp(self):
        super().setUp()
        self.oracle = AgencyOracle()
        self.names = {self.agency: "one", self.rival: "two"}

    # --- what happens, here and in the second books ---

    def place_both(self, lines=None, agency=None, percent=15, day=TODAY):
        lines, agency = lines or self.lines, agency or self.agency
        with self.on(day):
            placement = self.place(agency, lines)
        self.oracle.place(self.names[agency], lines.ids, percent, day)
        return placement

    def end_both(self, placement, reason, day):
        lines = placement.line_ids.filtered("is_live").line_id
        with self.on(day):
            placement._end(reason)
        self.env.flush_all()
        self.oracle.end(self.names[placement.agency_id], lines.ids, day, reason)

    def receive(self, lines, amount, day):
        """A payment that `_receive` shares out: charges first."""
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_id": lines.partner_id.id,
                "amount": amount,
                "date": day,
                "journal_id": self.bank.id,
            }
        )
        payment.action_post()
        credit = payment.move_id._cobranca_get_credits()
        with self.on(day):
            self.Receipt._receive(credit, lines, day)
        return credit

    def receive_both(self, line, amount, day):
        credit = self.receive(line, float(amount), day)
        self.oracle.pay(credit.id, line.id, amount, day)
        return credit

    def check(self, day=TODAY):
        """Collect on a day; the same again adds nothing, and both books agree."""
        with self.on(day):
            added = self.Ledger._collect(self.company)
            self.assertFalse(self.Ledger._collect(self.company))
        found = {}
        for row in self.Ledger.search([("company_id", "=", self.company.id)]):
            key = self.names[row.agency_id], row.line_id.id
            amount, earned = found.get(key, (Decimal(0), Decimal(0)))
            found[key] = amount + Decimal(str(row.amount)), earned + Decimal(str(row.commission))
        self.assertEqual({key: value for key, value in found.items() if any(value)}, self.oracle.get_ledger())
        return added

    def state_both(self, day, until):
        """The statements of a month that is made on a day."""
        with self.on(day):
            statements = self.env["cobranca.agency.statement"]._prepare_month(self.company, until)
        for agency, name in self.names.items():
            expected = self.oracle.state(name, until)
            own = statements.filtered(lambda statement, agency=agency: statement.agency_id == agency)
            found = own.receipt_count, own.amount_received, own.amount_commission
            self.assertEqual(found, (expected[0], float(expected[1]), float(expected[2])), name)
        return statements


__all__ = ["TODAY", "AgencyMoneyCommon"]
