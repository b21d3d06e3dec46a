from datetime import date

from odoo.tests import freeze_time, tagged

from .agreement_common import FIRST_DUE, SIGNED, TODAY, AgreementCommon

PROMISED, LIMIT = date(2026, 3, 2), date(2026, 3, 10)


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestAgreementFigures(AgreementCommon):
    """Whoever judges payers and steps takes what an agreement closed for no payment, and installments for debts."""

    def behavior(self, day):
        """(invoices, late ones, average delay, last payment, overdue amount) of the customer on a day."""
        with freeze_time(f"{day} 15:00:00"):
            self.env["cobranca.behavior"]._refresh(self.company, self.customer)
        row = self.env["cobranca.behavior"].search([("partner_id", "=", self.customer.id)])
        return (row.invoice_count, row.late_count, row.average_delay, row.last_payment, row.overdue_amount)

    def bars(self, day):
        with freeze_time(f"{day} 15:00:00"):
            return [bar["days"] for bar in self.customer._cobranca_get_bars()]

    def test_payers(self):
        lines, coming = self.debts(), self.invoice(90.0, date(2026, 4, 30))
        # 170.00 in time, 1,000.00 90 days late and 585.00 45 days late; what was not due yet tells nothing.
        late = (2, 2, 66.3, FIRST_DUE)
        self.assertEqual(self.behavior(SIGNED), (*late, 1585.0))
        agreement = self.sign(lines | coming, down="300", count=3, method="none", rate="0")
        self.assertEqual(
            self.behavior(date(2026, 5, 4)), (3, 3, *self.behavior(date(2026, 5, 4))[2:3], FIRST_DUE, 300.0)
        )
        self.assertEqual(self.behavior(SIGNED), (*late, 0.0))
        self.pay(self.installment(agreement, 0).line_id, 300.0)
        row = self.env["cobranca.behavior"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual(self.behavior(date(2026, 5, 4))[:2], (3, 2), "the down payment was paid in time")
        self.assertEqual((self.behavior(date(2026, 5, 4))[3], row.alone_percent), (SIGNED, 0.0))
        self.assertEqual(self.bars(date(2026, 5, 4)), [90, 45, 0], "the debt that was not due yet has none")
        with freeze_time("2026-05-20 15:00:00"):
            agreement.with_user(self.supervisor)._break(date(2026, 5, 20), "Not paid")
        # All three debts are overdue. No installment is one any more, not even the down payment that was paid: its
        # money paid the first debt.
        self.assertEqual(self.behavior(date(2026, 5, 20))[:2], (3, 3))
        self.assertEqual(self.behavior(date(2026, 5, 20))[3:], (SIGNED, 750.0 + 585.0 + 90.0))
        # 170.00 in time; 250.00 of the down payment paid the first debt after 90 days; 750.00 are 134 days late,
        # 585.00 89, 90.00 20: 176,865 / 1,845.
        self.assertEqual(self.behavior(date(2026, 5, 20))[2], 95.9)
        self.assertEqual(self.bars(date(2026, 5, 20)), [134, 89, 20])
        with freeze_time("2026-05-20 15:00:00"):
            agreement.with_user(self.supervisor)._restore("By mistake")
        self.assertEqual(self.behavior(date(2026, 5, 4))[:2], (3, 2), "in force again, as if it never had ended")
        self.assertEqual(self.bars(date(2026, 5, 4)), [90, 45, 0])

    def leave_out(self, lines):
        """Debts of a control group.

        :return: cobranca.dunning.level, the step that they are left out of
        """
        level = self.env["cobranca.dunning.level"].search([("company_id", "=", self.company.id)], limit=1)
        self.env["cobranca.dunning.notice"].sudo().create(
            [
                {
                    "line_id": line.id,
                    "level_id": level.id,
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "date": SIGNED,
                    "is_control": True,
                }
                for line in lines
            ]
        )
        return level

    def test_steps_contracts_and_bureaus(self):
        lines = self.debts()
        level = self.leave_out(lines)
        contract = self.make_contract(activate=False)
        domain = contract._get_invoices_to_adopt_domain(with_paid=True)
        Listing = self.env["cobranca.bureau.listing"]
        agreement = self.sign(lines[0], down=None, count=0, method="none", rate="0")
        self.pay(lines[1], 585.0)
        with freeze_time("2026-05-20 15:00:00"):
            self.assertEqual(level._get_effects()[level.id][1], (2, 1))
            verdicts = {line: verdict.kind for line, verdict in Listing._get_verdicts(self.company, lines).items()}
        self.assertEqual(verdicts, {lines[0]: "agreed", lines[1]: "paid"})
        found = self.env["account.move"].search(domain)
        self.assertEqual((lines.move_id - found, agreement.move_id & found), (agreement.move_id.browse(),) * 2)

    def test_step_of_a_paid_installment(self):
        """The step did its work, though the agreement broke later and the money counts on the debts since then."""
        agreement = self.sign(self.debts(), down="300", count=3, method="none", rate="0")
        paid, unpaid = self.installment(agreement, 0).line_id, self.installment(agreement, 1).line_id
        level = self.leave_out(paid | unpaid)
        self.pay(paid, 300.0)
        with freeze_time("2026-05-20 15:00:00"):
            self.assertEqual(level._get_effects()[level.id][1], (2, 1))
            agreement.with_user(self.supervisor)._break(date(2026, 5, 20), "Not paid")
            self.assertTrue(paid.reconciled and unpaid.reconciled)
            self.assertEqual(level._get_effects()[level.id][1], (2, 1), "closed by the break is not paid")

    def promise(self, line, day, amount):
        Promise = self.env["cobranca.promise"].with_user(self.collector)
        return Promise._record(line.with_env(Promise.env), day, amount).with_env(self.env)

    def test_promises(self):
        line = self.invoice(1000.0)
        with freeze_time("2026-03-02 15:00:00"):
            promise = self.promise(line, LIMIT, 1000.0)
            self.receipt._receive(self.money(300.0, PROMISED), line, PROMISED, charges={line: {}})
        promise._decide()
        self.assertEqual((promise.state, promise.amount_paid), ("broken", 300.0))
        second = self.invoice(500.0)
        kept = self.promise(second, date(2026, 4, 20), 100.0)
        self.receipt._receive(self.money(100.0), second, SIGNED, charges={second: {}})
        self.assertEqual((kept.state, kept.amount_paid), ("kept", 100.0))
        self.company.sudo().cobranca_agreement_imputation = "principal"
        agreement = self.sign(line | second, down="400", count=2, method="none", rate="0")
        (promise | kept)._decide()
        self.assertEqual((kept.state, kept.amount_paid), ("kept", 100.0), "its charges were agreed on, not paid")
        self.assertEqual((promise.state, promise.amount_paid), ("broken", 300.0), "closed by an agreement, not paid")
        self.pay(self.installment(agreement, 0).line_id, 400.0)
        own = self.promise(self.installment(agreement, 1).line_id, date(2026, 5, 6), 100.0)
        with freeze_time("2026-04-20 15:00:00"):
            agreement.with_user(self.supervisor)._break(date(2026, 4, 20), "Not paid")
            promise._decide()
            self.assertEqual((promise.state, own.state), ("broken", "cancelled"))
            again = self.promise(line, date(2026, 4, 22), 300.0)
            self.assertEqual(again.promise_line_ids.paid_before, 700.0, "what came for the agreement was paid")
            agreement.with_user(self.supervisor)._restore("By mistake")
            self.assertEqual(again.state, "cancelled")
