from datetime import date

from odoo.fields import Date
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from .debt_common import DebtCommon


@freeze_time("2026-03-10 15:00:00")
@tagged("post_install", "-at_install")
class TestOpenLine(DebtCommon):
    def found(self, asked=True, day="2026-03-10", partner=None):
        return (
            self.env["account.move.line"]
            .with_user(self.collector)
            ._cobranca_search_open_lines(
                self.company,
                Date.to_date(day),
                SQL("partner.id = %s", (partner or self.customer).id),
                asked=asked,
            )
        )

    def test_what_is_open_and_what_may_be_asked_for(self):
        line = self.owe(100, "2026-02-05")
        [credit] = self.post_lines(date(2026, 3, 1), [(self.customer, 40, date(2026, 3, 1))], sign=-1)
        paid = self.owe(50, "2026-02-01")
        self.pay(paid, 50, "2026-02-20")
        draft = self.env["account.move"].create({"move_type": "out_invoice", "partner_id": self.customer.id})
        self.assertEqual((self.found(), self.found(asked=False)), (line, line + credit))
        self.assertFalse(draft.line_ids & self.found(asked=False))
        self.assertFalse(self.found(day="2026-01-01"))
        self.assertFalse(self.found(partner=self.business))

    def test_by_the_commercial_partner(self):
        contact = self.env["res.partner"].create({"name": "Contact", "parent_id": self.business.id})
        line = self.owe(100, "2026-02-05", partner=contact)
        self.assertEqual(self.found(partner=self.business), line)

    def test_taxes_and_till_are_left_out(self):
        line = self.owe(100, "2026-02-05")
        self.receivable.non_trade = True
        self.assertFalse(self.found())
        self.receivable.non_trade = False
        self.company.account_default_pos_receivable_account_id = self.receivable
        self.assertFalse(self.found())
        self.company.account_default_pos_receivable_account_id = False
        self.assertEqual(self.found(), line)

    def test_what_is_on_its_way_is_not_asked_for(self):
        line = self.owe(100, "2026-02-05")
        for state in ("in_payment", "blocked", "reversed"):
            self.env.flush_all()
            self.env.cr.execute("UPDATE account_move SET payment_state = %s WHERE id = %s", [state, line.move_id.id])
            self.assertFalse(self.found(), state)
            self.assertEqual(self.found(asked=False), line)

    def test_archived_customers_stay(self):
        line = self.owe(100, "2026-02-05", partner=self.business)
        self.business.active = False
        self.assertEqual(self.found(partner=self.business), line)

    def test_the_index_serves_the_query(self):
        self.env.cr.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'account_move_line_cobranca_open_idx'")
        [(definition,)] = self.env.cr.fetchall()
        self.assertIn("(company_id, date_maturity)", definition)
        self.assertIn("amount_residual <>", definition)

    # === OF A CUSTOMER === #

    def summary(self, day="2026-03-10", partner=None):
        return (partner or self.customer).with_user(self.collector)._cobranca_get_debt_summary(Date.to_date(day))

    def test_summary(self):
        late, later = self.owe(100, "2026-02-05"), self.owe("200.50", "2026-04-06")
        [credit] = self.post_lines(date(2026, 3, 1), [(self.customer, 40, date(2026, 3, 1))], sign=-1)
        found = self.summary()
        figures = {name: float(found[name]) for name in ("open", "overdue", "charges", "total", "credit")}
        self.assertEqual(figures, {"open": 300.5, "overdue": 100, "charges": 3.1, "total": 303.6, "credit": 40})
        self.assertEqual((found["oldest_due"], found["days_late"]), (date(2026, 2, 5), 33))
        self.assertEqual((found["lines"], found["credits"]), (late + later, credit))
        self.assertEqual(self.summary("2026-04-07")["days_late"], 61)

    def test_summary_of_who_owes_nothing(self):
        found = self.summary(partner=self.business)
        self.assertEqual((found["total"], found["days_late"], found["lines"].ids), (0, 0, []))
        self.post_lines(date(2026, 3, 1), [(self.business, 40, date(2026, 3, 1))], sign=-1)
        self.assertEqual(self.summary(partner=self.business)["credit"], 40)

    def test_many_customers_by_a_few_queries(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number}", "is_company": True} for number in range(40)]
        )
        self.post_lines(date(2026, 1, 2), [(partner, 10, date(2026, 2, 5)) for partner in partners])

        def queries(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = some._cobranca_get_debt_summaries(date(2026, 3, 10))
            self.assertEqual(len(found), len(some))
            return self.env.cr.sql_log_count - before

        queries(partners)
        self.assertEqual(queries(partners[:5]), queries(partners))

    def test_amount_on_the_customer(self):
        self.owe(100, "2026-02-05")
        self.owe(100, "2026-04-06")
        partner = self.customer.with_user(self.collector)
        self.assertEqual(partner.cobranca_debt_total, 103.1)
