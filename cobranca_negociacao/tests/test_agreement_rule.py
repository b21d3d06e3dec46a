from datetime import date
from unittest.mock import patch

import psycopg2

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.cobranca_recorrente.tests.common import lost_races

from .agreement_common import SIGNED, TODAY, AgreementCommon

CRON = "cobranca_negociacao.ir_cron_cobranca_agreement_follow"


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestAgreementRule(AgreementCommon):
    """Agreements break by the rule of their signing, announced before, and never of who may have paid."""

    def setUp(self):
        super().setUp()
        self.company.sudo().write(
            {
                "cobranca_agreement_break_days": 15,
                "cobranca_agreement_break_count": 2,
                "cobranca_agreement_warn_days": 3,
            }
        )
        self.agreement = self.worked()
        self.pay(self.installment(self.agreement, 0).line_id, 289.18)

    def run_on(self, day):
        with freeze_time(f"{day} 15:00:00"), self.enter_registry_test_mode():
            self.env.ref(CRON).method_direct_trigger()
        self.env.invalidate_all()

    def bring_statement(self, day, amount=1.0, partner=None):
        """The bank's file until a day, with money of a customer."""
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "amount": amount,
                "date": day,
                "payment_ref": "PIX",
                "partner_id": (partner or self.other).id,
            }
        )
        self.env["account.bank.statement"].create({"name": day, "line_ids": [Command.set(line.ids)]})

    def tasks(self):
        kind = self.env.ref("cobranca_negociacao.mail_activity_agreement")
        return self.env["mail.activity"].search([("activity_type_id", "=", kind.id), ("res_id", "=", self.customer.id)])

    def test_too_long(self):
        """Due on 6 May: the 16th day late is 22 May; it is announced three days before."""
        self.run_on("2026-05-18")
        self.assertFalse(self.agreement.warned_on)
        self.run_on("2026-05-19")
        self.assertEqual((self.agreement.state, self.agreement.warned_on), ("active", date(2026, 5, 19)))
        self.assertIn("Tell him by phone", self.tasks().note)
        self.assertIn("05/21/2026", self.tasks().note)
        self.run_on("2026-05-21")
        self.assertEqual(self.agreement.state, "active")
        self.run_on("2026-05-22")
        self.assertEqual((self.agreement.state, self.agreement.ended_on), ("broken", date(2026, 5, 22)))
        self.assertIn("Late installments: 1, ", self.agreement.end_reason)

    def test_somebody_pays_at_that_moment(self):
        """A lost race costs neither a company its day nor a batch."""
        with lost_races(type(self.agreement), "_follow") as calls:
            self.run_on("2026-05-19")
        self.assertGreaterEqual(len(calls), 2)
        self.assertEqual(self.agreement.warned_on, date(2026, 5, 19))
        with lost_races(type(self.agreement), "_break_by_rule") as calls:
            self.run_on("2026-05-22")
        self.assertEqual([batch.ids for (batch,) in calls], [self.agreement.ids] * 2)
        self.assertEqual(self.agreement.state, "broken")

    def test_too_many(self):
        self.agreement.sudo().break_days = 0
        self.company.partner_id.lang = "pt_BR"
        # The second one is due on a Saturday: it is late from Tuesday on.
        self.run_on("2026-06-05")
        self.assertFalse(self.agreement.warned_on)
        self.run_on("2026-06-06")
        self.assertTrue(self.agreement.warned_on)
        self.run_on("2026-06-08")
        self.assertEqual(self.agreement.state, "active")
        self.run_on("2026-06-09")
        self.assertEqual(self.agreement.state, "broken")
        reason = self.agreement.end_reason
        self.assertIn("Parcelas em atraso: 2, ", reason, "a job writes for the company's people")

    def test_never_unannounced(self):
        self.run_on("2026-05-30")
        self.assertEqual((self.agreement.state, self.agreement.warned_on), ("active", date(2026, 5, 30)))
        self.run_on("2026-06-02")
        self.assertEqual(self.agreement.state, "broken")

    def test_paid_after_the_announcement(self):
        self.run_on("2026-05-19")
        with freeze_time("2026-05-20 15:00:00"):
            self.pay(self.installment(self.agreement, 1).line_id, 244.21, date(2026, 5, 20))
        self.run_on("2026-05-20")
        self.assertFalse(self.agreement.warned_on)
        self.run_on("2026-05-25")
        self.assertEqual(self.agreement.state, "active")

    def test_paid_after_it_was_chosen(self):
        """A long list is worked off in batches: who pays meanwhile is not broken."""
        self.run_on("2026-05-19")
        with freeze_time("2026-05-22 15:00:00"):
            chosen = self.env["cobranca.agreement"]._follow(self.company)
            self.assertEqual(chosen, self.agreement)
            self.pay(self.installment(self.agreement, 1).line_id, 260.0, date(2026, 5, 22))
            chosen._break_by_rule()
        self.assertEqual(self.agreement.state, "active")

    def test_statement_tells_of_the_last_day(self):
        """Until 21 May he may pay: a statement of before does not tell whether he did."""
        self.company.sudo().cobranca_statement_guard = "auto"
        self.other._increase_rank("customer_rank")
        self.bring_statement("2026-05-19")
        self.run_on("2026-05-19")
        self.bring_statement("2026-05-20")
        self.run_on("2026-05-23")
        self.assertEqual((self.agreement.state, self.agreement.warned_on), ("active", date(2026, 5, 19)))
        with freeze_time("2026-05-25 15:00:00"):
            self.agreement._break_by_rule()
        self.assertEqual(self.agreement.state, "active", "looked at again at the moment of the break")
        self.bring_statement("2026-05-21")
        with self.cr.savepoint() as unpaid:
            self.run_on("2026-05-25")
            self.assertEqual(self.agreement.state, "broken")
            unpaid.rollback()
        self.env.invalidate_all()
        self.bring_statement("2026-05-21", 244.29, self.customer)
        self.run_on("2026-05-25")
        self.assertEqual((self.agreement.state, self.agreement.warned_on), ("active", False), "he paid on the last day")

    def test_announced_anew_after_a_renegotiation(self):
        self.run_on("2026-05-19")
        lines, day = self.agreement.installment_ids._get_open().sorted("due").line_id, date(2026, 5, 20)
        terms = {"down": None, "count": 2, "method": "none", "rate": "0", "first": date(2026, 6, 20)}
        with freeze_time("2026-05-20 15:00:00"):
            child = self.sign(lines, day, **terms)
            child.with_user(self.supervisor)._break(day, "He has lost his work")
        self.assertEqual((self.agreement.state, self.agreement.warned_on), ("active", False))
        self.run_on("2026-05-25")
        self.assertEqual((self.agreement.state, self.agreement.warned_on), ("active", date(2026, 5, 25)))

    def test_announced_anew_after_a_bounce(self):
        self.run_on("2026-05-19")
        lines, day = self.agreement.installment_ids._get_open().sorted("due").line_id, date(2026, 5, 20)
        with freeze_time("2026-05-20 15:00:00"):
            credit = self.pay(lines, 1200.0, day)
        self.assertEqual((self.agreement.state, self.agreement.warned_on), ("paid", False))
        with freeze_time("2026-05-25 15:00:00"):
            credit.payment_id.action_draft()
        self.run_on("2026-05-25")
        self.assertEqual((self.agreement.state, self.agreement.warned_on), ("active", date(2026, 5, 25)))

    def test_one_day_at_least(self):
        with self.assertRaises(psycopg2.errors.CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.company.sudo().cobranca_agreement_warn_days = 0
            self.env.flush_all()
        self.env.invalidate_all()
        with patch.object(type(self.company), "cobranca_agreement_warn_days", 0):
            self.run_on("2026-05-22")
            self.assertEqual(self.agreement.state, "active")
            self.run_on("2026-05-23")
            self.assertEqual(self.agreement.state, "broken")

    def test_rules_of_the_signing(self):
        self.company.sudo().cobranca_agreement_break_days = 1
        self.run_on("2026-05-12")
        self.assertFalse(self.agreement.warned_on)

    def test_no_rule(self):
        self.agreement.sudo().write({"break_days": 0, "break_count": 0})
        self.run_on("2026-09-01")
        self.run_on("2026-09-20")
        self.assertEqual((self.agreement.state, self.agreement.warned_on), ("active", False))

    def test_who_may_have_paid(self):
        """Money that fits has come and is not matched yet."""
        with freeze_time("2026-05-06 15:00:00"):
            self.money(238.33, date(2026, 5, 6))
        self.run_on("2026-05-19")
        self.run_on("2026-05-25")
        self.assertEqual((self.agreement.state, self.agreement.warned_on), ("active", False))

    def test_paused(self):
        line = self.installment(self.agreement, 1).line_id
        self.env["cobranca.hold"]._start(self.company, self.customer, "other", SIGNED, date(2026, 5, 31), lines=line)
        self.run_on("2026-05-25")
        self.assertFalse(self.agreement.warned_on)
        self.run_on("2026-06-01")
        self.assertTrue(self.agreement.warned_on)

    def test_one_that_fails_does_not_stop_the_others(self):
        other = self.sign(self.invoice(300.0), down=None, count=2, method="none", rate="0", first=date(2026, 5, 4))
        self.run_on("2026-05-19")
        self.assertTrue(other.warned_on)
        refusal = "No account for this"
        Agreement = type(self.env["cobranca.agreement"])
        end = Agreement._end

        def fail(agreement, *arguments):
            if agreement == self.agreement:
                raise UserError(refusal)
            return end(agreement, *arguments)

        with patch.object(Agreement, "_end", fail):
            self.run_on("2026-05-22")
        self.assertEqual((self.agreement.state, other.state), ("active", "broken"))
        self.assertEqual(self.agreement.follow_error, refusal)
        self.run_on("2026-05-23")
        self.assertEqual((self.agreement.state, self.agreement.follow_error), ("broken", False))
