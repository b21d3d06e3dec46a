import re
from datetime import date

from odoo.tests import tagged
from odoo.tools import mute_logger

from .link_common import ATTACK, DIGITS, ODD, PDF, LinkCommon
from .record_common import TODAY


@tagged("post_install", "-at_install")
class TestDebtLinkPage(LinkCommon):
    """A link shows those payments of that customer to who knows his digits, and tells nobody anything else."""

    # --- what is shown ---

    def test_only_these_payments(self):
        page = self.enter(self.path())
        self.assertIn("500.00", page)
        self.assertIn(self.invoice.name, page)
        self.assertIn("Hello, Ana.", page.replace("<span>", "").replace("</span>", ""))
        self.assertHidden(page, (self.later.name, "300.00", self.foreign.name, "111.00"))
        self.assertIn("valid until 12/03/2026", page)
        for text in ("11.222.333/0001-81", "cobranca@example.org", "+55 11 3333-4444", self.company.name):
            self.assertIn(text, page)

    def test_amount_of_today_is_explained(self):
        policy = self.env["cobranca.charge.policy"].create(
            {
                "name": "Test",
                "audience": "all",
                "version_ids": [(0, 0, {"fine_percent": 2.0, "interest_percent": 1.0})],
            }
        )
        self.charge_by(policy)
        page = self.enter(self.path(self.line | self.later_line))
        charges = self.line._cobranca_get_debts(TODAY)[self.line]
        self.assertGreater(charges.total, 500)
        self.assertIn(self.company.currency_id.format(float(charges.total)), page)
        self.assertIn("Fine of 2%", page.replace("2.0%", "2%").replace("2 %", "2%"))
        total = sum(debt.total for debt in (self.line | self.later_line)._cobranca_get_debts(TODAY).values())
        self.assertIn(self.company.currency_id.format(float(total)), page)

    def test_what_is_paid_is_gone(self):
        path = self.path(self.line | self.later_line)
        self.pay(self.invoice, 500.0, TODAY)
        page = self.enter(path)
        self.assertNotIn(f"/fatura/{self.line.id}", page)
        self.assertIn(f"/recibo/{self.line.id}", page)
        self.pay(self.later, 300.0, TODAY)
        page = self.get(path).text
        self.assertIn("o_cobranca_settled", page)
        self.assertNotIn("ja-paguei", page)
        self.assertEqual(self.get(f"{path}/ja-paguei").status_code, 303)

    def test_neutral(self):
        """Nothing in title, preview or words tells of a debt; nobody keeps, frames or indexes the page."""
        path = self.path()
        self.authenticate(None, None)
        for page in (self.get(path), self.get(path + "x"), self.get(self.path(expires=date(2026, 11, 1)))):
            self.assertIn("noindex", page.headers["X-Robots-Tag"])
            self.assertIn("no-store", page.headers["Cache-Control"])
            self.assertEqual(page.headers["X-Content-Type-Options"], "nosniff")
            self.assertEqual(page.headers["X-Frame-Options"], "DENY")
        page = self.enter(path)
        self.assertIn("<title>Open payments</title>", re.sub(r">\s+|\s+<", lambda found: found[0].strip(), page))
        self.assertIn('name="robots"', page)
        head = page.partition("</head>")[0]
        for word in ("og:", "500.00", self.invoice.name, "Ana", "twitter:"):
            self.assertNotIn(word, head)
        self.customer.lang = "pt_BR"
        words = self.get(path).text.casefold()
        for word in ("devedor", "inadimpl", "dívida", "529.982"):
            self.assertNotIn(word, words)

    def test_hostile_texts_are_inert(self):
        self.customer.name = ATTACK
        self.company.write({"street": ATTACK, "phone": '"><script>alert(1)</script>'})
        self.invoice.invoice_line_ids.name = ATTACK
        path = self.path()
        page = self.enter(path)
        form = self.get(f"{path}/ja-paguei").text
        answer = self.claim(path, quando="2027-01-01", observacao=ATTACK, valor='"><script>alert(1)</script>')
        self.assertEqual(answer.status_code, 200)
        for text in (page, form, answer.text):
            self.assertNotIn("<img src=x", text)
            self.assertNotIn("<script>alert", text)
            self.assertIn("&lt;img src=x", text)

    def test_pdf_of_these_payments_only(self):
        path = self.path()
        self.enter(path)
        self.env["ir.attachment"].create(
            {
                "name": "FAT.pdf",
                "raw": PDF,
                "mimetype": "application/pdf",
                "res_model": "account.move",
                "res_id": self.invoice.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        self.invoice.invalidate_recordset()
        answer = self.get(f"{path}/fatura/{self.line.id}")
        self.assertEqual((answer.status_code, answer.headers["Content-Type"]), (200, "application/pdf"))
        self.assertEqual(answer.content, PDF)
        self.assertIn("no-store", answer.headers["Cache-Control"])
        for other in (self.later_line.id, self.foreign_line.id, 0, 2**31, 2**63, 2**80):
            self.assertEqual(self.get(f"{path}/fatura/{other}").status_code, 404, other)
        for other in ("-1", "abc", "1e3"):
            self.assertEqual(self.url_open(f"{path}/fatura/{other}").status_code, 404, other)
        self.authenticate(None, None)
        self.assertNotIn(b"%PDF", self.get(f"{path}/fatura/{self.line.id}").content)

    # --- who may see it ---

    def test_digits_first(self):
        path = self.path()
        self.authenticate(None, None)
        for page in (self.get(path), self.get(f"{path}/ja-paguei"), self.get(f"{path}/fatura/{self.line.id}")):
            self.assertIn("question_digits", page.text)
            self.assertHidden(page.text, (self.invoice.name, "500.00", self.customer.name))
        answer = self.claim(path)
        self.assertIn("question_digits", answer.text)
        self.assertFalse(self.claims())
        wrong = self.post(path, digitos="1234")
        self.assertEqual(wrong.status_code, 200)
        self.assertIn("question_error", wrong.text)
        self.assertEqual(self.post(path, digitos="529.9").status_code, 303)
        self.assertIn("500.00", self.get(path).text)

    def test_digits_lead_on_to_what_was_asked_for(self):
        """Where the link of a message leads is where its reader comes to, also after a mistake; and nowhere else."""
        path = self.path()
        self.authenticate(None, None)
        self.assertNotIn('name="pagina"', self.get(path).text)
        self.assertIn('name="pagina" value="/ja-paguei"', self.get(f"{path}/ja-paguei").text)
        self.assertIn('name="pagina" value="/ja-paguei"', self.post(path, digitos="1234", pagina="/ja-paguei").text)
        elsewhere = ("//evil.example", "@evil.example", ".evil.example", "/../x", "/a//b", "/a\r\nX: 1", "/ja-paguei\n")
        for wanted in (*elsewhere, "/ja-paguei?x=1", "/JA", "x" * 200, ""):
            answer = self.post(path, digitos=DIGITS, pagina=wanted)
            self.assertTrue(answer.headers["Location"].endswith(path), wanted)
        answer = self.post(path, digitos=DIGITS, pagina="/ja-paguei")
        self.assertTrue(answer.headers["Location"].endswith(f"{path}/ja-paguei"))

    def test_digits_are_guessed_five_times(self):
        path, other = self.path(), self.path(self.later_line)
        self.authenticate(None, None)
        for guess in range(5):
            self.assertEqual(self.post(path, digitos=f"000{guess}").status_code, 200)
        for digits in ("0009", DIGITS):
            self.assertEqual(self.post(path, digitos=digits).status_code, 429)
        self.assertEqual(self.get(path).status_code, 429)
        self.assertEqual(self.post(other, digitos=DIGITS).status_code, 429, "of the customer, not of the link")
        foreign = self.path(self.foreign_line, self.stranger)
        self.assertEqual(self.post(foreign, digitos="1114").status_code, 303)
        with self.on(date(2026, 11, 20), hour=16):
            self.assertEqual(self.post(path, digitos=DIGITS).status_code, 303)

    def test_odd_digits(self):
        path = self.path()
        self.authenticate(None, None)
        for text in ODD[:4]:
            self.assertEqual(self.post(path, digitos=text).status_code, 200, text)
        self.assertEqual(self.post(path).status_code, 200)
        self.assertEqual(self.post(path, digitos=DIGITS).status_code, 429)

    def test_digits_of_one_open_only_his(self):
        self.enter(self.path())
        self.assertIn("question_digits", self.get(self.path(self.foreign_line, self.stranger)).text)
        with self.on(date(2026, 11, 21)):
            self.assertIn("question_digits", self.get(self.path()).text, "asked again the next day")

    def test_companies_are_not_asked(self):
        self.company.cobranca_link_asks_document = False
        self.authenticate(None, None)
        self.assertIn("500.00", self.get(self.path()).text)

    # --- guesses ---

    @mute_logger("odoo.http")
    def test_a_thousand_guesses(self):
        """Nothing but the same page, then 429; the real link opens all the same."""
        good = self.path().rpartition("/")[2]
        start = good[:-5] + ("A" if good[-5] != "A" else "B")  # none of the guesses is the right one
        self.authenticate(None, None)
        seen = set()
        for number in range(40):
            guess = f"{start}{number:04d}"
            answer = self.get(f"/my/pagamentos/{guess}")
            self.assertEqual(answer.status_code, 404 if number < 30 else 429)
            self.assertHidden(answer.text, (self.invoice.name, "500.00", self.customer.name))
            seen.add(re.sub(r"csrf_token: \"[^\"]*\"", "", answer.text.replace(guess, "")))
        self.assertEqual(len(seen), 2)
        self.assertEqual(self.get(f"/my/pagamentos/{good}").status_code, 200)
        opened = [self.Link._open(f"{start}{number:04d}") for number in range(1000)]
        self.assertFalse(any(opened))

    @mute_logger("odoo.http")
    def test_odd_tokens(self):
        good = self.path().rpartition("/")[2]
        self.authenticate(None, None)
        tokens = (good.upper(), good.lower(), good[:-1], good + "A", good[::-1], good + "=", *ODD[1:])
        for token in tokens:
            for suffix in ("", "/ja-paguei", f"/fatura/{self.line.id}"):
                self.env.cr.execute("DELETE FROM cobranca_attempt")
                answer = self.get(f"/my/pagamentos/{token}{suffix}")
                self.assertIn(answer.status_code, (404, 400), token)
                self.assertHidden(answer.text, (self.invoice.name, "500.00"))
            for suffix in ("", "/ja-paguei", "/novo-link"):
                answer = self.post(f"/my/pagamentos/{token}{suffix}", digitos=DIGITS)
                self.assertIn(answer.status_code, (404, 400, 405), token)
        answer = self.get("/my/pagamentos/")
        self.assertIn(answer.status_code, (301, 303, 404, 308))

    def test_revoked_link(self):
        path = self.path()
        self.enter(path)
        self.customer.with_user(self.supervisor).action_cobranca_revoke_links()
        for suffix in ("", "/ja-paguei", f"/fatura/{self.line.id}"):
            answer = self.get(path + suffix)
            self.assertEqual(answer.status_code, 404)
            self.assertHidden(answer.text, (self.company.name + "X", "500.00", self.customer.name))

    def test_expired_link(self):
        path = self.path(expires=date(2026, 11, 18))
        self.authenticate(None, None)
        for suffix in ("", "/ja-paguei", f"/fatura/{self.line.id}"):
            answer = self.get(path + suffix)
            self.assertEqual(answer.status_code, 410)
            self.assertIn("novo-link", answer.text)
            self.assertHidden(answer.text, (self.invoice.name, "500.00", self.customer.name))
        self.assertEqual(self.claim(path).status_code, 410)
        self.assertFalse(self.claims())

    def test_new_link_says_the_same_to_all(self):
        Mail = self.env["mail.mail"]
        paths = (
            self.path(expires=date(2026, 11, 18)),
            self.path(self.foreign_line, self.stranger, expires=date(2026, 11, 18)),
        )
        self.stranger.email = False
        answers = set()
        self.authenticate(None, None)
        for path in paths:
            for _time in range(5):
                answer = self.post(f"{path}/novo-link")
                self.assertEqual(answer.status_code, 200)
                text = answer.text.replace(path, "")
                answers.add(re.sub(r"csrf_token: \"[^\"]*\"|value=\"[0-9a-f]{40}o[0-9]+\"", "", text))
        self.assertEqual(len(answers), 1)
        self.assertEqual(len(Mail.search([("recipient_ids", "=", self.customer.id)])), 3)
        valid = self.path()
        self.assertEqual(self.post(f"{valid}/novo-link").status_code, 303)

    @mute_logger("odoo.http")
    def test_forms_need_the_token_of_the_page(self):
        path = self.path()
        self.enter(path)
        for suffix in ("", "/ja-paguei", "/novo-link"):
            answer = self.post(path + suffix, csrf=False, pagamento=f"{self.line.id}", quando="2026-11-18", como="pix")
            self.assertEqual(answer.status_code, 400)
        self.assertFalse(self.claims())

    # --- who is logged in ---

    def test_all_of_the_customer(self):
        user = self.make_portal_user("portal_ana", self.customer)
        self.authenticate(user.login, user.login)
        page = self.url_open("/my/pagamentos").text
        for text in (self.invoice.name, self.later.name, "500.00", "300.00", "800.00"):
            self.assertIn(text, page)
        self.assertHidden(page, (self.foreign.name,))
        self.assertIn('<li class="breadcrumb-item active">Open payments</li>', page)
        self.assertEqual(self.claim("/my/pagamentos", self.line | self.foreign_line).status_code, 303)
        self.assertEqual(self.claims().claim_line_ids.line_id, self.line)
        said = self.env["cobranca.interaction"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual(said.user_id, user)
        self.assertEqual(self.url_open(f"/my/pagamentos/fatura/{self.foreign_line.id}").status_code, 404)
        counters = self.make_jsonrpc_request("/my/counters", {"counters": ["cobranca_payment_count"]})
        self.assertEqual(counters["cobranca_payment_count"], 2)

    @mute_logger("odoo.http")
    def test_everybody_else(self):
        student = {"name": "Student", "parent_id": self.customer.id, "type": "other"}
        beneficiary = self.env["res.partner"].create(student)
        self.make_contract(beneficiary_id=beneficiary.id)
        self.make_portal_user("portal_student", beneficiary)
        self.make_portal_user("portal_visitor", self.env["res.partner"].create({"name": "Visitor"}))
        for login in (None, "portal_student", "portal_visitor", "collector"):
            self.authenticate(login, login)
            for path in ("/my/pagamentos", "/my/pagamentos/ja-paguei", f"/my/pagamentos/fatura/{self.line.id}"):
                answer = self.url_open(path, allow_redirects=False)
                if "/en" in answer.headers.get("Location", ""):
                    answer = self.url_open(f"/en{path}", allow_redirects=False)
                self.assertEqual(answer.status_code, 404 if login else 303, (login, path))
                self.assertNotIn("500.00", answer.text)
            if login:
                self.assertEqual(self.claim("/my/pagamentos").status_code, 404)
        self.assertFalse(self.claims())
