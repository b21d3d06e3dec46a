from datetime import date

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time, new_test_user, tagged

from .agreement_common import SIGNED, TODAY, AgreementCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestAgreementScreen(AgreementCommon):
    """What people see and do on the screen of agreements, with the lowest rights that it takes."""

    def dialog(self, action, user):
        """A dialog as it opens for a user."""
        return Form(self.env[action["res_model"]].with_user(user).with_context(**action["context"]))

    def test_collector_reads(self):
        agreement = self.worked().with_user(self.collector)
        views = agreement.get_views([(False, "list"), (False, "form"), (False, "search")])
        self.assertEqual(set(views["views"]), {"list", "form", "search"})
        self.assertEqual(agreement.payments_text.replace("\xa0", " "), "R$ 289.18 + 5 × R$ 238.33")
        self.assertEqual((agreement.amount_settled, agreement.amount_given), (0.0, 209.59))
        self.assertEqual(agreement.next_due, SIGNED)
        self.assertEqual(agreement.entry_count, 2)
        self.assertEqual(len(agreement.action_view_entries()["domain"][0][2]), 2)
        labels = agreement.installment_ids.sorted("number").mapped("display_name")
        self.assertEqual(labels[:2], [f"{agreement.name} · Down payment", f"{agreement.name} · Installment 1 of 5"])

    def test_as_many_queries_for_many(self):
        """Each list takes as long for many agreements as for one."""
        agreements = self.worked()
        for _number in range(2):
            agreements |= self.sign(self.invoice(300.0), down=None, count=3, method="none", rate="0")
        for agreement in agreements:
            self.pay(agreement.installment_ids.sorted("due").line_id, round(agreement.total / 2, 2))
        arch = agreements.get_view(view_type="list")["arch"]
        listed = [field.get("name") for field in etree.fromstring(arch).iter("field")]
        items = agreements.installment_ids
        for one, many, names in (
            (agreements[0], agreements, listed),
            (agreements[0].installment_ids, items, ["display_name", "state", "paid_on", "amount_open"]),
        ):
            counts = []
            # The first time what is kept for all is read too.
            for some in (many, one, many):
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                some.browse(some.ids).with_user(self.collector).read(names)
                counts.append(self.cr.sql_log_count - before)
            self.assertEqual(counts[1], counts[2], one._name)

    def test_late_on_the_day_after(self):
        agreement = self.worked()
        item = self.installment(agreement, 0)
        self.assertEqual((item.state, agreement.late_count), ("open", 0))
        with freeze_time("2026-04-07 15:00:00"):
            agreement.invalidate_recordset()
            item.invalidate_recordset()
            self.assertEqual((item.state, agreement.late_count), ("late", 1))
        self.pay(item.line_id, 289.18)
        self.assertEqual((item.state, item.paid_on, item.amount_open), ("paid", SIGNED, 0.0))

    def test_break_and_restore(self):
        agreement = self.worked()
        form = self.dialog(agreement.action_break(), self.supervisor)
        self.assertEqual(form.warning_text, "The customer was not warned.")
        form.reason = "Not paid"
        form.save().action_break()
        self.assertEqual((agreement.state, agreement.end_reason), ("broken", "Not paid"))
        form = self.dialog(agreement.action_restore(), self.supervisor)
        form.reason = "By mistake"
        form.save().action_restore()
        self.assertEqual((agreement.state, agreement.restored_on), ("active", SIGNED))
        form = self.dialog(agreement.action_cancel(), self.supervisor)
        form.reason = "Wrong customer"
        form.save().action_break()
        self.assertEqual(agreement.state, "cancelled")

    def test_renegotiate(self):
        agreement = self.worked()
        self.pay(self.installment(agreement, 0).line_id, 289.18)
        action = agreement.with_user(self.collector).action_renegotiate()
        rest = agreement.installment_ids.filtered("number").sorted("due").line_id
        self.assertEqual(action["params"]["line_ids"], rest.ids, "what is paid is not negotiated")
        params = [action["params"][name] for name in ("partner_id", "line_ids", "counter_of_id")]
        facts = self.env["cobranca.proposal.desk"].with_user(self.collector).simulate_open(*params)
        self.assertEqual(facts["values"]["line_ids"], rest.ids)
        self.assertFalse(any(debt["reason"] for debt in facts["debts"]))

    def test_collector_breaks_nothing(self):
        agreement = self.worked()
        for action in (agreement.action_break(), agreement.action_restore(), agreement.action_settle()):
            with self.assertRaises(AccessError):
                self.env[action["res_model"]].with_user(self.collector).create({"agreement_id": agreement.id})

    def test_postpone(self):
        item = self.installment(self.worked(), 1)
        form = self.dialog(item.action_postpone(), self.collector)
        form.due, form.reason = date(2026, 5, 10), "Salary"
        form.save().action_postpone()
        self.assertEqual(item.due, date(2026, 5, 10))

    def test_invoice_as_an_accountant_sees_it(self):
        """Who does not work with Cobrança opens renegotiated invoices and makes new ones."""
        agreement = self.worked()
        accountant = new_test_user(self.env, "accountant", "account.group_account_invoice")
        move = agreement.origin_ids[0].move_id.with_user(accountant)
        self.assertEqual(Form(move).record.cobranca_agreement_status, "renegotiated")
        with Form(self.env["account.move"].with_user(accountant).with_context(default_move_type="out_invoice")) as form:
            form.partner_id = self.customer
        self.assertFalse(form.record.cobranca_agreement_status)

    def test_companies_are_kept_apart(self):
        agreement = self.worked()
        company = self.env["res.company"].create({"name": "Another"})
        stranger = new_test_user(
            self.env,
            "stranger",
            "cobranca_recorrente.cobranca_group_manager",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        for records in (agreement, agreement.origin_ids, agreement.installment_ids):
            self.assertFalse(records.with_user(stranger).search([("id", "in", records.ids)]))
        self.assertEqual(self.customer.with_user(self.collector).cobranca_agreement_count, 1)
