from odoo import Command
from odoo.exceptions import AccessError
from odoo.fields import Date
from odoo.tests import freeze_time, tagged

from .portal_common import INTERNAL, TODAY, PortalCommon

PAGE_KEYS = {
    *("url", "name", "reference", "status", "tone", "items", "next_due", "amount", "interval", "beneficiary", "start"),
    *("notes", "charges", "charges_note", "invoices", "history", "conditions", "creditor", "request", "can_ask"),
}
CHARGE_KEYS = {"due", "issue", "period", "is_free", "is_credit", "total", "taxes", "lines"}
INVOICE_KEYS = {"number", "url", "due", "total", "payment", "tone", "is_shared", "rows"}
PLAIN = (str, int, float, bool)


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPortalPage(PortalCommon):
    def page(self, contract=None, user=None):
        return (contract or self.contract).with_user(user or self.portal_user)._get_portal_page()

    def texts(self, value):
        """All plain values inside a value; anything else is a failure."""
        if isinstance(value, dict):
            return [text for key in value for text in self.texts(value[key])]
        if isinstance(value, list):
            return [text for item in value for text in self.texts(item)]
        self.assertIn(type(value), PLAIN)
        return [f"{value}"]

    # --- the whitelist ---

    def test_named_plain_values_only(self):
        page = self.page()
        self.assertEqual(set(page), PAGE_KEYS)
        self.assertEqual({key for charge in page["charges"] for key in charge}, CHARGE_KEYS)
        self.assertEqual(
            {key for charge in page["charges"] for line in charge["lines"] for key in line}, {"name", "amount"}
        )
        self.assertEqual({key for invoice in page["invoices"] for key in invoice}, INVOICE_KEYS)
        self.assertEqual({key for change in page["history"] for key in change}, {"day", "text", "reason"})
        self.assertEqual(set(page["creditor"]), {"name", "document", "address", "email", "phone"})
        self.assertHidden("\n".join(self.texts(page)), INTERNAL)

    def test_access_is_checked_first(self):
        for user in (self.users["portal_caio"], self.users["internal"]):
            for call in ("_get_portal_page", "_get_portal_summary"):
                with self.subTest(user=user.login, call=call), self.assertRaises(AccessError):
                    getattr(self.contract.with_user(user), call)()

    # --- what it says ---

    def test_next_charges_are_what_billing_does(self):
        charges = self.page()["charges"]
        self.assertEqual(len(charges), 12)
        april, may, june = charges[:3]
        self.assertEqual((april["due"], april["total"], april["is_free"]), ("04/10/2026", "R$\xa0350.00", False))
        self.assertEqual((may["due"], may["is_free"], may["lines"]), ("05/10/2026", True, []))
        self.assertFalse(june["is_free"])
        expected = [charge["total"] for charge in self.contract._get_preview(12)]
        self.assertEqual(
            [charge["total"] for charge in charges], [self.contract.currency_id.format(x) for x in expected]
        )
        self.contract.park_reason = False
        with freeze_time("2026-04-01 15:00:00"):
            move = self.env["cobranca.contract.billing"]._bill(self.contract)
        self.assertEqual(self.contract.currency_id.format(move.amount_total), april["total"])

    def test_usage_and_taxes_need_no_right_of_the_customer(self):
        tax = self.env["account.tax"].create(
            {"name": "T", "amount": 10, "amount_type": "percent", "type_tax_use": "sale"}
        )
        lines = [
            Command.create({"product_id": self.product.id, "price_unit": 100.0, "tax_ids": [Command.set(tax.ids)]}),
            Command.create({"product_id": self.product.id, "name": "Use", "recurrence": "usage", "price_unit": 2.0}),
        ]
        contract = self.make_contract(date_start="2026-03-01", line_ids=lines)
        values = {"contract_id": contract.id, "product_id": self.product.id, "date": "2026-03-03"}
        self.env["cobranca.contract.usage"].create({**values, "quantity": 3, "external_key": "a"})
        page = self.page(contract)
        self.assertEqual([charge["taxes"] for charge in page["charges"][:1]], ["R$\xa010.00"])
        self.assertIn("Use", "\n".join(self.texts(page["charges"][1])))
        self.assertTrue(page["charges_note"])
        self.assertEqual([item["amount"] for item in page["items"]], ["R$\xa0110.00", ""])

    def test_each_invoice_once(self):
        """Two groups of lines and another contract on one invoice: one entry, each row with its own amount."""
        self.customer.cobranca_group_invoices = True
        lines = [
            Command.create({"product_id": self.product.id, "price_unit": 100.0}),
            Command.create({"product_id": self.product.id, "price_unit": 30.0, "billing_timing": "arrears"}),
        ]
        with freeze_time("2025-12-05 15:00:00"):
            both = self.make_contract(date_start="2026-01-01", line_ids=lines)
            # Issued on 1 February, as what is charged in arrears for January.
            other = self.make_contract(date_start="2026-01-01", issue_lead_days=9)
        with freeze_time("2026-02-05 15:00:00"):
            for _month in range(2):
                self.env["cobranca.contract.billing"]._bill(both | other)
        move = both.period_ids.move_id.filtered(lambda m: m.amount_total == 480.0)
        self.assertTrue(move)
        entries = [entry for entry in self.page(both)["invoices"] if entry["number"] == move.name]
        self.assertEqual(len(entries), 1)
        self.assertEqual(entries[0]["total"], "R$\xa0480.00")
        self.assertTrue(entries[0]["is_shared"])
        self.assertEqual(sorted(row["amount"] for row in entries[0]["rows"]), ["R$\xa0100.00", "R$\xa030.00"])
        self.assertEqual(entries[0]["url"], f"/my/invoices/{move.id}")

    def test_payment_states_in_words(self):
        january, february, march = self.contract.period_ids.sorted("date_start").move_id
        self.env["account.payment.register"].with_context(active_model="account.move", active_ids=january.ids).create(
            {}
        )._create_payments()
        words = {entry["number"]: entry["payment"] for entry in self.page()["invoices"]}
        self.assertEqual(words, {january.name: "Paid", february.name: "Not paid yet", march.name: "To be paid"})
        with freeze_time("2026-03-10 15:00:00"):
            self.assertEqual(self.page()["invoices"][0]["payment"], "Due today")
        self.env["account.payment.register"].with_context(active_model="account.move", active_ids=february.ids).create(
            {"amount": 100.0, "payment_date": february.invoice_date_due}
        )._create_payments()
        march.button_draft()
        words = {entry["url"] or entry["due"]: entry["payment"] for entry in self.page()["invoices"]}
        self.assertEqual(words[february.access_url], "Paid in part: R$\xa0250.00 open")
        self.assertEqual(words["03/10/2026"], "Being prepared")
        self.assertEqual(
            (self.page()["invoices"][0]["total"], self.page()["invoices"][0]["rows"][0]["amount"]), ("", "")
        )
        march.button_cancel()
        self.assertEqual(self.page()["invoices"][0]["payment"], "Invoice cancelled")

    def test_statuses(self):
        contract = self.make_contract(date_start="2026-02-01", trial_days=45, activate=True)
        statuses = {
            "2026-01-20": "Begins on 02/01/2026",
            "2026-03-05": "In trial until 03/17/2026",
            "2026-03-18": "Active",
        }
        for day, status in statuses.items():
            with self.subTest(day=day), freeze_time(f"{day} 15:00:00"):
                self.assertEqual(self.page(contract)["status"], status)
        with freeze_time("2026-05-20 15:00:00"):
            self.assertEqual(self.page()["status"], "Paused until 05/31/2026")
        self.assertEqual(self.page()["notes"], ["Pause from 05/01/2026 to 05/31/2026."])
        for renewal, status in (
            ("auto", "Active, renews on 01/01/2027"),
            ("notice", "Active until 12/31/2026, goes on if you confirm"),
            ("none", "Active, ends on 12/31/2026"),
        ):
            self.contract.write({"date_end": "2026-12-31", "renewal": renewal})
            self.assertEqual(self.page()["status"], status)
        self.contract._pause(Date.to_date("2026-07-01"), None, "INTERNAL-PAUSE")
        with freeze_time("2026-07-20 15:00:00"):
            self.assertEqual(self.page()["status"], "Paused, without a day to resume")

    def test_ended(self):
        self.contract.park_reason = False
        self.contract._end(Date.to_date("2026-03-31"), self.env.ref("cobranca_recorrente.cobranca_close_reason_unpaid"))
        page = self.page()
        self.assertEqual((page["status"], page["can_ask"]), ("Active, ends on 03/31/2026", False))
        self.assertNotIn("Non-payment", "\n".join(self.texts(page)))
        self.assertNotIn("April", "\n".join(self.texts(page["charges"])))

    def test_prices_in_words(self):
        self.contract.park_reason = False
        self.contract._change_items(
            Date.to_date("2026-04-01"), [(self.contract.line_ids[:1], {"price_unit": 400.0})], reason="New plan"
        )
        history = self.page()["history"]
        self.assertEqual(
            [(change["day"], change["text"], change["reason"]) for change in history],
            [
                ("05/01/2026", "Charges paused", ""),
                ("04/01/2026", "Prices or items: from R$\xa0350.00 to R$\xa0400.00 per month", "New plan"),
                ("01/01/2026", "The contract began: R$\xa0350.00 per month", ""),
            ],
        )

    def test_conditions_in_words(self):
        conditions = {condition["label"]: condition["text"] for condition in self.page()["conditions"]}
        self.assertEqual(conditions["Due date"], "Day 10. The invoice is sent 10 days before.")
        self.assertEqual(conditions["Minimum term"], "Until 12/31/2026 (12 months).")
        self.assertIn("Leaving today would cost", conditions["If you leave earlier"])
        self.assertNotIn("Right to withdraw", conditions)
        new = self.make_contract(date_start="2026-03-05", is_distance_sale=True, due_day=31, issue_lead_days=0)
        conditions = {condition["label"]: condition["text"] for condition in self.page(new)["conditions"]}
        self.assertEqual(conditions["Due date"], "Last day of the month.")
        self.assertEqual(conditions["Minimum term"], "None: you may leave at any time.")
        self.assertIn("Until 03/12/2026", conditions["Right to withdraw"])

    def test_creditor(self):
        self.company.write({"vat": "11.444.777/0001-61", "email": "help@example.com", "phone": "+55 11 4002-8922"})
        creditor = self.page()["creditor"]
        self.assertEqual(creditor["document"], "11.444.777/0001-61")
        self.assertEqual(creditor["email"], "help@example.com")

    def test_quantity_and_discount(self):
        self.contract.line_ids.sudo().write({"quantity": 2.5, "discount": 10})
        for lang, detail in (
            ("en_US", "2.50 × R$\xa0350.00, discount of 10 %"),
            ("pt_BR", "2,50 × R$\xa0350,00"),
        ):
            item = self.contract.with_user(self.portal_user).with_context(lang=lang)._get_portal_page()["items"][0]
            self.assertTrue(item["detail"].startswith(detail), item["detail"])
            self.assertIn("787", item["amount"])

    def test_words_in_braces_are_filled(self):
        self.contract.line_ids.sudo().name = "Fee of {mes}/{ano}"
        self.assertEqual(self.page()["items"][0]["name"], "Fee of March/2026")
        self.log_in("portal_ana")
        for path in ("", f"/{self.contract.id}"):
            text = self.url_open(f"/my/contratos{path}").text
            self.assertIn("Fee of March/2026", text)
            self.assertNotIn("{mes}", text)

    def test_texts_are_escaped(self):
        attack = "<img src=x onerror=alert(1)>"
        self.contract.sudo().write({"reference": attack})
        self.contract.line_ids.sudo().name = attack
        self.log_in("portal_ana")
        for path in ("", f"/{self.contract.id}"):
            text = self.url_open(f"/my/contratos{path}").text
            self.assertNotIn("<img src=x", text)
            self.assertIn("&lt;img src=x", text)

    def test_title_is_neutral(self):
        self.log_in("portal_ana")
        for suffix in ("", "/cancelamento"):
            page = self.page_of(self.contract, suffix)
            title = page[page.index("<title>") : page.index("</title>")]
            for private in ("350", self.contract.name, "Ana"):
                self.assertNotIn(private, title)

    def test_page_without_javascript(self):
        """All that the page shows is in what the server sends."""
        self.log_in("portal_ana")
        page = self.page_of(self.contract)
        for text in ("04/10/2026", "No charge", "To be paid", "Leaving today would cost", "The contract began"):
            self.assertIn(text, page)
        self.assertHidden(page, INTERNAL)
