from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Datetime
from odoo.tests import freeze_time, tagged

from odoo.addons.cobranca_negociacao.tools import one_time_code

from .paper_common import PaperCommon, make_pdf, sha256

NOW = "2026-11-24 15:00:00"
PAPER = make_pdf("offer")
OTHER = make_pdf("another offer")


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestAcceptanceCode(PaperCommon):
    """Six digits to the registered contact: once, for one paper, ten minutes, five tries."""

    def verify(self, typed, content=PAPER, partner=None, company=None):
        debtor = partner or self.customer
        return self.Code.with_user(self.portal)._verify(company or self.company, debtor, sha256(content), typed)

    def at(self, **later):
        return freeze_time(Datetime.to_datetime(NOW) + timedelta(**later))

    # === SENDING === #

    def test_goes_to_the_registered_address(self):
        code, digits = self.send_code(PAPER)
        [message] = self.messages
        self.assertIn("ana.lindoso@example.com", message["To"])
        self.assertEqual(message["Subject"], "Escola Aurora Ltda: your code")
        self.assertNotIn(digits, message["Subject"])
        self.assertRegex(digits, "^[0-9]{6}$")
        self.assertEqual((code.contact, code.channel, code.tries), ("a***@example.com", "email", 0))
        self.assertEqual(code.purpose, sha256(PAPER))
        self.assertEqual(code.expires_at, Datetime.to_datetime("2026-11-24 15:10:00"))

    def test_message_names_the_creditor(self):
        self.send_code(PAPER)
        text = self.messages[0].get_body(("plain",)).get_content()
        for part in ("Escola Aurora Ltda", "11.222.333/0001-81", "Rua do Amparo, 10", "+55 11 3333-4444"):
            self.assertIn(part, " ".join(text.split()))

    def test_who_pays_receives_it(self):
        self.env["res.partner"].create(
            {"name": "Rui", "parent_id": self.customer.id, "cobranca_role": "pays", "email": "rui@example.com"}
        )
        code, _digits = self.send_code(PAPER)
        self.assertIn("rui@example.com", self.messages[0]["To"])
        self.assertEqual(code.contact, "r***@example.com")

    def test_digits_are_kept_nowhere(self):
        before = self.env["mail.message"].search_count([])
        code, digits = self.send_code(PAPER)
        self.assertEqual(self.env["mail.message"].search_count([]), before)
        self.assertFalse(self.env["mail.mail"].search([("body_html", "ilike", digits)]))
        self.env.flush_all()
        # Not the row as such: the fractions of seconds in its dates may happen to be the digits.
        query = (
            "SELECT (to_jsonb(kept) - '{create_date,write_date}'::text[])::text"
            " FROM cobranca_acceptance_code kept WHERE id = %s"
        )
        self.env.cr.execute(query, [code.id])
        row = self.env.cr.fetchone()[0].replace(code.sudo().digest, "").replace(code.sudo().salt, "")
        self.assertNotIn(digits, row.replace(code.purpose, ""))

    def test_staff_cannot_read_what_is_kept(self):
        code, _digits = self.send_code(PAPER)
        for user in (self.collector, self.manager):
            seen = code.with_user(user)
            self.assertEqual(seen.contact, "a***@example.com")
            for name in ("digest", "salt"):
                with self.assertRaises(AccessError):
                    seen.read([name])
        with self.assertRaises(AccessError):
            code.with_user(self.stranger).read(["contact"])

    def test_ways_are_masked(self):
        self.assertEqual(
            self.Code._get_ways(self.company, self.customer), [{"code": "email", "label": "a***@example.com"}]
        )
        self.company.cobranca_code_by_sms = True
        self.assertEqual(self.Code._get_ways(self.company, self.customer)[1:], [{"code": "sms", "label": "***21"}])
        self.customer.write({"email": False, "phone": "+55 11 3333-4444"})
        self.assertEqual(self.Code._get_ways(self.company, self.customer), [], "a fixed line takes no SMS")

    def test_not_elsewhere(self):
        with self.assertRaisesRegex(UserError, "Choose where"):
            self.send_code(PAPER, channel="sms")
        self.customer.email = False
        with self.assertRaisesRegex(UserError, "Choose where"):
            self.send_code(PAPER)

    def test_mail_that_does_not_leave(self):
        def fail(mail, **_options):
            mail.state = "exception"

        failing = patch.object(type(self.env["mail.mail"]), "send", fail)
        with failing, self.assertRaisesRegex(UserError, "could not be sent by e-mail"):
            self.Code._send(self.company, self.customer, sha256(PAPER), "email")
        self.assertFalse(self.env["mail.mail"].search([("subject", "=", "Escola Aurora Ltda: your code")]))

    def test_by_sms(self):
        self.company.cobranca_code_by_sms = True
        seen = []

        def send(sms, **_options):
            seen.append((sms.number, sms.body))
            sms.state = "pending"

        with patch.object(type(self.env["sms.sms"]), "send", send):
            code = self.Code._send(self.company, self.customer, sha256(PAPER), "sms")
        [(number, body)] = seen
        self.assertEqual((number, code.contact), ("+5511987654321", "***21"))
        self.assertIn("Escola Aurora Ltda (CNPJ 11.222.333/0001-81)", body)
        [digits] = [word for word in body.replace(".", " ").split() if word.isdecimal() and len(word) == 6]
        self.assertFalse(self.env["sms.sms"].search([("body", "ilike", digits)]))
        self.assertEqual(self.verify(digits).code, code)

    def test_sms_that_does_not_leave(self):
        self.company.cobranca_code_by_sms = True
        failing = patch.object(type(self.env["sms.sms"]), "send", lambda sms, **_options: sms.write({"state": "error"}))
        with failing, self.assertRaisesRegex(UserError, "by SMS"):
            self.Code._send(self.company, self.customer, sha256(PAPER), "sms")

    # === HOW OFTEN === #

    def test_three_an_hour(self):
        for minutes in (0, 20, 40):
            with self.at(minutes=minutes):
                self.send_code(PAPER)
        with self.at(minutes=59, seconds=59), self.assertRaisesRegex(UserError, "3 codes already"):
            self.send_code(OTHER)
        # Of one customer of one company; the others have their own.
        self.send_code(PAPER, self.business)
        with self.at(minutes=60):
            self.send_code(PAPER)
        with self.at(minutes=79), self.assertRaisesRegex(UserError, "3 codes already"):
            self.send_code(PAPER)

    def test_ten_a_day(self):
        for hours in range(10):
            with self.at(hours=2 * hours):
                self.send_code(PAPER)
        with self.at(hours=23), self.assertRaisesRegex(UserError, "10 codes already"):
            self.send_code(PAPER)
        with self.at(hours=24, seconds=1):
            self.send_code(PAPER)

    # === VERIFYING === #

    def test_right_code_once(self):
        code, digits = self.send_code(PAPER)
        verdict = self.verify(f" {digits[:3]} {digits[3:]} ")
        self.assertEqual((verdict.code, verdict.error), (code, ""))
        self.assertEqual(code.verified_at, Datetime.to_datetime(NOW))
        self.assertFalse(code.sudo().digest, "nothing is left to try codes at")
        again = self.verify(digits)
        self.assertFalse(again.code)
        self.assertIn("does not hold any more", again.error)

    def test_wrong_code_is_counted(self):
        code, digits = self.send_code(PAPER)
        wrong = f"{(int(digits) + 1) % 10**6:06}"
        for left in (4, 3, 2, 1, 0):
            verdict = self.verify(wrong)
            self.assertFalse(verdict.code)
            self.assertEqual(verdict.left, left)
        self.env.cr.execute("SELECT tries FROM cobranca_acceptance_code WHERE id = %s", [code.id])
        self.assertEqual(self.env.cr.fetchone()[0], 5)
        self.assertFalse(self.verify(digits).code, "the right one comes too late")
        self.assertFalse(code.verified_at)

    def test_brute_force_ends_after_five(self):
        """Of a million codes five are tried: whoever goes through them all meets the right one too late."""
        code, digits = self.send_code(PAPER)
        tried = 0
        for number in range(200):
            typed = f"{(int(digits) - 100 + number) % 10**6:06}"
            with patch.object(one_time_code, "matches", wraps=one_time_code.matches) as judged:
                self.assertFalse(self.verify(typed).code, typed)
            tried += judged.call_count
        self.assertEqual(tried, 5)
        self.assertFalse(code.verified_at)

    def test_no_code_at_all_costs_no_try(self):
        code, _digits = self.send_code(PAPER)
        for typed in ("", "12345", "abcdef", "1234567", None):
            verdict = self.verify(typed)
            self.assertEqual((verdict.left, bool(verdict.error)), (5, True))
        self.assertEqual(code.tries, 0)

    def test_ten_minutes(self):
        _code, digits = self.send_code(PAPER)
        with self.at(minutes=10):
            self.assertFalse(self.verify(digits).code)
        with self.at(minutes=9, seconds=59):
            self.assertTrue(self.verify(digits).code)

    def test_new_code_replaces(self):
        _first, old = self.send_code(PAPER)
        with patch.object(one_time_code, "new_code", return_value=f"{(int(old) + 1) % 10**6:06}"):
            second, new = self.send_code(PAPER)
        self.assertFalse(self.verify(old).code)
        self.assertEqual(self.verify(new).code, second)

    def test_bound_to_its_paper(self):
        code, digits = self.send_code(PAPER)
        self.assertFalse(self.verify(digits, OTHER).code)
        other, _digits = self.send_code(OTHER)
        other.sudo().write({"digest": code.sudo().digest, "salt": code.sudo().salt})
        self.assertFalse(self.verify(digits, OTHER).code, "what is kept holds for no other paper")
        self.assertTrue(self.verify(digits, PAPER).code)

    def test_bound_to_customer_and_company(self):
        _code, digits = self.send_code(PAPER)
        company = self.env["res.company"].create({"name": "Other", "cobranca_tz": "America/Sao_Paulo"})
        self.assertFalse(self.verify(digits, partner=self.business).code)
        self.assertFalse(self.verify(digits, company=company).code)
        self.assertTrue(self.verify(digits).code)

    def test_a_person_of_the_customer_is_the_customer(self):
        child = self.env["res.partner"].create({"name": "Bia", "parent_id": self.customer.id})
        _code, digits = self.send_code(PAPER, child)
        self.assertTrue(self.verify(digits, partner=child).code)

    # === REGISTER === #

    def test_unused_ones_are_forgotten(self):
        used = self.verified_code(PAPER)
        unused, _digits = self.send_code(OTHER)
        with self.at(days=31):
            self.Code._gc_codes()
        self.assertFalse(unused.exists())
        self.assertTrue(used.exists())
        with self.assertRaisesRegex(UserError, "an acceptance rests on them"):
            used.unlink()

    def test_companies_are_apart(self):
        code, _digits = self.send_code(PAPER)
        company = self.env["res.company"].create({"name": "Other", "cobranca_tz": "America/Sao_Paulo"})
        self.collector.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        self.assertFalse(self.Code.with_user(self.collector).search([("id", "=", code.id)]))
