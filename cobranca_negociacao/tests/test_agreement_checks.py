from datetime import date

import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .agreement_common import HALF, SIGNED, TODAY, AgreementCommon

LATER = date(2026, 9, 1)


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestAgreementChecks(AgreementCommon):
    """What cannot be agreed is refused, and says what to do."""

    def test_debts_that_changed_since_the_proposal(self):
        lines = self.debts()
        plan = self.plan(lines)
        self.pay(lines[0], 100.0)
        with self.assertRaisesRegex(UserError, "make the proposal anew"):
            self.Agreement._sign(self.company, self.customer, plan, lines, SIGNED)

    def test_plan_of_another_day(self):
        lines = self.debts()
        plan = self.plan(lines)
        with self.assertRaisesRegex(UserError, "make the proposal anew"):
            self.Agreement._sign(self.company, self.customer, plan, lines, date(2026, 4, 7))

    def test_debt_of_another_agreement(self):
        lines = self.debts()
        third = self.invoice(50.0)
        plan = self.plan(lines[0], down=None)
        agreement = self.worked(lines)
        with self.assertRaisesRegex(UserError, "not open any more"):
            self.Agreement._sign(self.company, self.customer, plan, lines[0], SIGNED)
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            other = self.sign(third, down=None, count=1)
            other.origin_ids.sudo().line_id = lines[0]
            self.env.flush_all()
        self.assertEqual(self.env["cobranca.agreement.origin"]._get_of_lines(lines).agreement_id, agreement)

    def test_debts_of_two_customers(self):
        lines = self.invoice(100.0) | self.invoice(100.0, partner=self.other)
        plan = self.plan(lines, down=None)
        with self.assertRaisesRegex(UserError, "one customer"):
            self.Agreement._sign(self.company, self.customer, plan, lines, SIGNED)

    def test_paid_debt(self):
        line = self.invoice(100.0)
        plan = self.plan(line, down=None)
        self.pay(line, 105.0)
        with self.assertRaisesRegex(UserError, "not open any more"):
            self.Agreement._sign(self.company, self.customer, plan, line, SIGNED)

    def test_foreign_currency(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        line = self.invoice(100.0, currency_id=dollar.id)
        self.assertIn("USD", self.Agreement._get_refusal(self.company, self.customer, line, SIGNED))

    def test_taxes_due_on_payment(self):
        line = self.invoice(100.0)
        tax = self.env["account.tax"].create(
            {
                "name": "On payment",
                "amount": 5.0,
                "type_tax_use": "sale",
                "tax_exigibility": "on_payment",
                "cash_basis_transition_account_id": self.company.cobranca_transit_account_id.id,
            }
        )
        taxed = self.invoice(
            100.0,
            invoice_line_ids=[
                Command.create(
                    {
                        "name": "Fee",
                        "price_unit": 100.0,
                        "account_id": self.company.cobranca_service_account_id.id,
                        "tax_ids": [Command.set(tax.ids)],
                    }
                )
            ],
        )
        self.assertFalse(self.Agreement._get_refusal(self.company, self.customer, line, SIGNED))
        with self.assertRaisesRegex(UserError, "taxes that fall due when it is paid"):
            self.sign(taxed, down=None)

    def test_dispute_claim_and_court(self):
        line, other = self.invoice(100.0), self.invoice(80.0)
        claim = self.env["cobranca.payment.claim"]._record(other, SIGNED, "pix")
        with self.assertRaisesRegex(UserError, "says that .* is paid"):
            self.sign(other, down=None)
        self.assertTrue(claim)
        hold = self.env["cobranca.hold"]._start(self.company, self.customer, "court", SIGNED, None)
        with self.assertRaisesRegex(UserError, "suspended"):
            self.sign(line, down=None)
        hold._end()
        dispute = (
            self.env["cobranca.dispute"]
            .sudo()
            .create(
                {
                    "company_id": self.company.id,
                    "partner_id": self.customer.id,
                    "move_id": line.move_id.id,
                    "line_id": line.id,
                    "currency_id": self.company.currency_id.id,
                    "amount": 100.0,
                    "amount_open": 100.0,
                    "reason": "amount",
                    "date": SIGNED,
                    "deadline": LATER,
                    "user_id": self.collector.id,
                }
            )
        )
        with self.assertRaisesRegex(UserError, "disputed"):
            self.sign(line, down=None)
        dispute.state = "rejected"
        self.assertTrue(self.sign(line, down=None))

    def test_money_that_is_not_matched_yet(self):
        line, other = self.invoice(100.0), self.invoice(60.0)
        values = {"journal_id": self.bank.id, "amount": 100.0, "date": SIGNED, "payment_ref": "PIX"}
        money = self.env["account.bank.statement.line"].create({**values, "partner_id": self.customer.id})
        with self.assertRaisesRegex(UserError, "match it first"):
            self.sign(line, down=None)
        for model in ("cobranca.proposal.desk", "cobranca.negotiation.page"):
            reasons = self.env[model]._get_reasons(self.company, line | other)
            self.assertEqual(list(reasons), [line])
            self.assertIn("match it first", reasons[line])
        # Many may owe what came from nobody known.
        money.partner_id = False
        self.assertTrue(self.sign(line, down=None))

    def test_card_is_not_charged_on_an_old_day(self):
        """Neither while the agreement has the debt, nor when it broke."""
        line, card = self.invoice(100.0), self.card()
        row = self.refused_charge(card, line)
        select = self.env["cobranca.card.selection"]._select
        self.assertEqual(select(self.company, LATER, card), {card: line})
        agreement = self.sign(line, down=None, count=1, method="none", rate="0")
        self.assertFalse(row.next_on)
        with freeze_time(f"{LATER} 15:00:00"):
            agreement.with_user(self.supervisor)._break(LATER, "Not paid")
            self.assertEqual(line.amount_residual, 100.0)
            self.assertFalse(select(self.company, LATER, card))

    def card(self):
        """An authorisation of the customer to charge his card."""
        self.company.cobranca_statement_guard = "never"
        provider = self.env["payment.provider"].create({"name": "Test", "code": "none", "state": "test"})
        method = self.env["payment.method"].create({"name": "Card", "code": "test_card"})
        token = {"provider_id": provider.id, "payment_method_id": method.id, "provider_ref": "card"}
        return self.env["cobranca.card.mandate"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.customer.id,
                "token_id": self.env["payment.token"].create({**token, "partner_id": self.customer.id}).id,
                "card_name": "4242",
                "date_from": date(2026, 1, 1),
                "text": "Yes",
                "text_version": 1,
                "text_hash": "0",
                "accepted_at": "2026-01-01 12:00:00",
                "accepted_by_id": self.env.uid,
            }
        )

    def refused_charge(self, mandate, line):
        """A charge of a debt that is tried again on a later day."""
        charge = self.env["cobranca.card.charge"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.customer.id,
                "currency_id": self.company.currency_id.id,
                "mandate_id": mandate.id,
                "date": SIGNED,
                "amount": 100.0,
                "state": "refused",
                "claimed_at": "2026-04-06 12:00:00",
            }
        )
        values = {"charge_id": charge.id, "line_id": line.id, "amount": 100.0, "attempt": 1, "is_live": False}
        return self.env["cobranca.card.charge.line"].create({**values, "first_on": SIGNED, "next_on": LATER})

    def test_closed_books(self):
        lines = self.debts()
        self.company.sudo().hard_lock_date = SIGNED
        with self.assertRaisesRegex(UserError, "closed until"):
            self.worked(lines)

    def test_first_due_date_before_the_agreement(self):
        with self.assertRaisesRegex(UserError, "from the day of the agreement on"):
            self.sign(self.debts(), first=date(2026, 4, 1))

    def test_only_people_of_cobranca(self):
        lines = self.debts()
        accountant = new_test_user(self.env, "accountant", "account.group_account_invoice")
        with self.assertRaisesRegex(AccessError, "people of Cobrança"):
            self.sign(lines, user=accountant)
        agreement = self.sign(lines, percents=HALF)
        with self.assertRaises(AccessError):
            agreement.with_user(self.manager).write({"total": 1.0})
        with self.assertRaises(AccessError):
            agreement.installment_ids.with_user(self.manager).write({"amount": 1.0})
        with self.assertRaisesRegex(UserError, "stay in the register"):
            agreement.sudo().unlink()

    def test_promise_gives_way(self):
        lines = self.debts()
        promise = self.env["cobranca.promise"]._record(lines, date(2026, 4, 10), 500.0)
        agreement = self.worked(lines)
        self.assertEqual(promise.state, "cancelled")
        holds = self.env["cobranca.hold"].search([("line_id", "in", lines.ids), ("state", "=", "active")])
        self.assertEqual(holds.mapped("reason"), ["agreement", "agreement"])
        self.assertEqual(set(holds.mapped("res_id")), {agreement.id})
        with self.assertRaisesRegex(UserError, "keeps this pause"):
            holds.with_user(self.supervisor).action_end()

    def test_what_belongs_to_an_agreement_stays(self):
        lines = self.debts()
        agreement = self.worked(lines)
        for move in (agreement.move_id, agreement.transfer_id, lines[1].move_id):
            with self.assertRaisesRegex(UserError, "break or cancel the agreement"):
                move.button_draft()
            with self.assertRaisesRegex(UserError, "break or cancel the agreement"):
                move._reverse_moves()
        with self.assertRaisesRegex(UserError, "settled by the agreement"):
            lines[1].remove_move_reconcile()
        self.assertTrue(lines[1].reconciled)

    def test_sales_are_not_counted_twice(self):
        agreement = self.worked()
        self.env.flush_all()
        Report = self.env["account.invoice.report"]
        self.assertFalse(Report.search([("move_id", "=", agreement.move_id.id)]))
        self.assertTrue(Report.search([("move_id", "in", agreement.origin_ids.move_id.ids)]))

    def test_histories_tell(self):
        lines = self.debts()
        agreement = self.worked(lines)
        for record in (agreement, *lines.move_id):
            body = record.message_ids[:1].body
            self.assertIn(agreement.name, body)
            self.assertIn("forgiven", body)
        self.assertEqual(self.customer.cobranca_agreement_count, 1)
        self.assertEqual(lines[0].move_id.action_view_cobranca_agreement()["res_id"], agreement.id)

    def test_installments_are_not_written_off(self):
        agreement = self.worked()
        Loss = self.env["cobranca.loss"].with_user(self.supervisor)
        late, day = self.installment(agreement, 1).line_id, date(2027, 1, 10)
        with freeze_time("2027-01-10 15:00:00"):
            self.assertNotIn(late, Loss._get_candidates(self.company, day))
            with self.assertRaisesRegex(UserError, "break the agreement .* first"):
                Loss._write_off(late.with_user(self.supervisor), day)
            agreement.with_user(self.supervisor)._break(day, "Not paid")
            debts = agreement.origin_ids.line_id
            self.assertEqual(set(debts), set(Loss._get_candidates(self.company, day)) & set(debts))
            self.assertTrue(Loss._write_off(debts.with_user(self.supervisor), day))
