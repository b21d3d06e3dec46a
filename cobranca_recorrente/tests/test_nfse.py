from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import file_open

from .common import OTHER_CPF, DeliveryCommon

LINK = "https://nfse.example.gov.br/nota/1234"


@tagged("post_install", "-at_install")
@freeze_time("2026-01-05 15:00:00")
class TestNfse(DeliveryCommon):
    def setUp(self):
        super().setUp()
        self.company.cobranca_nfse_required = True
        self.move = self.bill()

    def test_contract_invoices_wait_for_their_note(self):
        self.assertEqual(self.move.cobranca_nfse_state, "pending")
        self.company.cobranca_nfse_required = False
        self.assertFalse(self.bill(reference="2").cobranca_nfse_state)

    def test_also_those_that_are_not_sent(self):
        self.assertEqual(self.bill(send_invoices=False).cobranca_nfse_state, "pending")

    def test_issued(self):
        values = {"number": " 1234 ", "code": "AB-1", "link": f" {LINK} ", "date": "2026-01-04"}
        self.assertTrue(self.move.with_user(self.supervisor)._cobranca_set_nfse("issued", values))
        self.assertRecordValues(
            self.move,
            [
                {
                    "cobranca_nfse_state": "issued",
                    "cobranca_nfse_number": "1234",
                    "cobranca_nfse_code": "AB-1",
                    "cobranca_nfse_link": LINK,
                    "cobranca_nfse_date": date(2026, 1, 4),
                }
            ],
        )
        self.assertIn("1234", self.move.message_ids[0].body)
        log = len(self.move.message_ids)
        self.assertFalse(self.move._cobranca_set_nfse("issued", values), "the same again changes nothing")
        self.assertEqual(len(self.move.message_ids), log)

    def test_day_of_the_note_is_the_company_s_today(self):
        with freeze_time("2026-01-06 02:00:00"):
            self.move._cobranca_set_nfse("issued", {"number": "1"})
        self.assertEqual(self.move.cobranca_nfse_date, date(2026, 1, 5))

    def test_life_of_a_note(self):
        self.move._cobranca_set_nfse("requested")
        self.move._cobranca_set_nfse("refused", {"reason": "CNAE missing"})
        self.assertEqual(self.move.cobranca_nfse_reason, "CNAE missing")
        self.move._cobranca_set_nfse("requested")
        self.assertFalse(self.move.cobranca_nfse_reason)
        self.move._cobranca_set_nfse("issued", {"number": "7"})
        self.move._cobranca_set_nfse("cancelled")
        self.assertEqual(self.move.cobranca_nfse_number, "7")
        self.move._cobranca_set_nfse("pending")
        self.assertFalse(self.move.cobranca_nfse_number)

    def test_steps_that_cannot_be(self):
        self.move._cobranca_set_nfse("issued", {"number": "7"})
        for state in ("pending", "requested", "refused", "not_needed"):
            with self.assertRaisesRegex(UserError, "is Issued"):
                self.move._cobranca_set_nfse(state, {"reason": "x"})
        with self.assertRaisesRegex(UserError, "no state"):
            self.move._cobranca_set_nfse("printed")

    def test_values_that_cannot_be_right(self):
        for values, message in (
            ({}, "has a number"),
            ({"number": "  "}, "has a number"),
            ({"number": "1", "link": "http://example.com"}, "https://"),
            ({"number": "1", "link": "javascript:alert(1)"}, "https://"),
            ({"number": "1", "date": "2026-01-06"}, "in the future"),
        ):
            with self.subTest(values=values), self.assertRaisesRegex(UserError, message):
                self.move._cobranca_set_nfse("issued", values)
        with self.assertRaisesRegex(UserError, "Say why"):
            self.move._cobranca_set_nfse("refused")
        with self.assertRaisesRegex(ValueError, "unknown values"):
            self.move._cobranca_set_nfse("issued", {"number": "1", "state": "paid"})
        self.assertEqual(self.move.cobranca_nfse_state, "pending")

    def test_draft_and_vendor_bill_have_no_note(self):
        self.move.button_draft()
        with self.assertRaisesRegex(UserError, "no posted customer invoice"):
            self.move._cobranca_set_nfse("issued", {"number": "1"})

    def test_note_of_a_cancelled_invoice_can_be_cancelled(self):
        self.move._cobranca_set_nfse("issued", {"number": "7"})
        self.move.button_draft()
        self.move.button_cancel()
        self.move._cobranca_set_nfse("cancelled")
        self.assertEqual(self.move.cobranca_nfse_state, "cancelled")

    def test_one_note_for_one_customer(self):
        self.move._cobranca_set_nfse("issued", {"number": "7"})
        same = self.bill(reference="2")
        same._cobranca_set_nfse("issued", {"number": "7"})
        other = self.bill(partner_id=self.make_customer("Caio Nogal", OTHER_CPF).id)
        with self.assertRaisesRegex(UserError, "another customer"):
            other._cobranca_set_nfse("issued", {"number": "7"})

    def test_rights(self):
        move = self.move.with_user(self.collector)
        with self.assertRaises(AccessError):
            move._cobranca_set_nfse("issued", {"number": "1"})
        with self.assertRaises(AccessError):
            move.action_cobranca_nfse_not_needed()
        with self.assertRaises(AccessError):
            move.env["cobranca.nfse.register"].create({"invoice_number": move.name, "number": "1"})

    def test_buttons(self):
        move = self.move.with_user(self.supervisor)
        move.action_cobranca_nfse_not_needed()
        self.assertEqual(move.cobranca_nfse_state, "not_needed")
        move.action_cobranca_nfse_needed()
        self.assertEqual(move.cobranca_nfse_state, "pending")
        context = move.action_cobranca_register_nfse()["context"]
        form = Form(self.env["cobranca.nfse.register"].with_user(self.supervisor).with_context(**context))
        self.assertEqual(form.invoice_number, move.name)
        form.number = "99"
        form.save()
        self.assertEqual((move.cobranca_nfse_state, move.cobranca_nfse_number), ("issued", "99"))

    def test_import_by_invoice_number(self):
        other = self.bill(reference="2")
        Register = self.env["cobranca.nfse.register"].with_user(self.supervisor)
        columns = ["invoice_number", "number", "code", "date", "link"]
        rows = [
            [self.move.name, "1", "A", "2026-01-04", LINK],
            [other.name, "2", "", "", ""],
        ]
        result = Register.load(columns, rows)
        self.assertEqual([m["message"] for m in result["messages"]], [])
        self.assertEqual((self.move | other).mapped("cobranca_nfse_number"), ["1", "2"])
        self.assertFalse(Register.load(columns, [])["messages"])

    def test_shipped_file_in_odoo_s_import_screen(self):
        with file_open("cobranca_recorrente/static/import/modelo_notas.csv") as file:
            text = file.read().replace("FATC/2026/00001", self.move.name)
        screen = (
            self.env["base_import.import"]
            .with_user(self.supervisor)
            .with_context(lang="pt_BR")
            .create(
                {
                    "res_model": "cobranca.nfse.register",
                    "file": text.encode(),
                    "file_name": "notas.csv",
                    "file_type": "text/csv",
                }
            )
        )
        options = {"quoting": '"', "has_headers": True, "separator": "", "encoding": "utf-8"}
        preview = screen.parse_preview(options)
        proposed = ["/".join(preview["matches"].get(number, [])) for number in range(len(preview["headers"]))]
        self.assertEqual(proposed, ["invoice_number", "number", "code", "date", "link"])
        result = screen.execute_import(proposed, preview["headers"], preview["options"])
        self.assertFalse(result["messages"])
        self.assertEqual(
            (self.move.cobranca_nfse_state, self.move.cobranca_nfse_number, self.move.cobranca_nfse_date),
            ("issued", "1234", date(2025, 12, 31)),
        )

    def test_import_tells_each_bad_row(self):
        result = (
            self.env["cobranca.nfse.register"]
            .with_user(self.supervisor)
            .load(["invoice_number", "number", "link"], [["FATC/1999/1", "1", ""], [self.move.name, "2", "http://x"]])
        )
        messages = " ".join(message["message"] for message in result["messages"])
        self.assertIn("no posted invoice FATC/1999/1", messages)
        self.assertIn("https://", messages)
        self.assertEqual(self.move.cobranca_nfse_state, "pending", "all or nothing")

    def test_registered_row_is_not_changed(self):
        Register = self.env["cobranca.nfse.register"].with_user(self.supervisor)
        row = Register.create({"invoice_number": self.move.name, "number": "1"})
        with self.assertRaisesRegex(UserError, "registered already"):
            row.write({"number": "2"})

    def test_delivery_waits_for_the_number(self):
        self.company.cobranca_send_with_nfse = True
        for state, values in ((None, {}), ("requested", {}), ("refused", {"reason": "x"})):
            if state:
                self.move._cobranca_set_nfse(state, values)
            self.run_cron()
            self.assert_delivery(self.move, "to_send")
            self.assertIn("NFS-e", self.move.cobranca_delivery_status)
        self.move._cobranca_set_nfse("issued", {"number": "1234", "link": LINK})
        self.run_cron()
        self.assert_delivery(self.move, "sent")
        body = self.mails_of(self.move).body_html
        self.assertIn("1234", body)
        self.assertIn(LINK, body)

    def test_delivery_does_not_wait_for_a_note_that_is_not_needed(self):
        self.company.cobranca_send_with_nfse = True
        self.move._cobranca_set_nfse("not_needed")
        self.run_cron()
        self.assert_delivery(self.move, "sent")

    def test_without_the_rule_nothing_waits(self):
        self.run_cron()
        self.assert_delivery(self.move, "sent")
        self.assertNotIn("NFS-e", self.mails_of(self.move).body_html)
