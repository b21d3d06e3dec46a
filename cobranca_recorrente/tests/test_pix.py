from decimal import Decimal
from itertools import product
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..tools import pix
from .pix_common import KEY, PixCommon


@tagged("post_install", "-at_install")
class TestPixAccount(PixCommon):
    """Which account receives Pix, who may change that, and what a key may be."""

    def test_cnpj_with_letters_is_a_key(self):
        account = self.make_account("12.ABC.345/01DE-35", "br_cpf_cnpj")
        self.company.cobranca_pix_bank_id = account
        self.assertEqual(pix.parse(self.Pix._get_code(self.make_quote())).key, "12ABC34501DE35")

    def test_wrong_keys_are_refused_with_words(self):
        for kind, key, words in (
            ("br_cpf_cnpj", "12.ABC.345/01DE-36", "check digits"),
            ("br_cpf_cnpj", "111.111.111-11", "check digits"),
            ("mobile", "(11) 3333-4444", "mobile number"),
            ("email", "caixa", "no e-mail"),
            ("br_random", "abc", "random key"),
            ("br_random", False, "Fill in the Pix key"),
        ):
            with self.subTest(key), self.assertRaisesRegex(ValidationError, words):
                self.make_account(key, kind)
            with self.subTest(key), self.assertRaisesRegex(ValidationError, words):
                self.account.write({"proxy_type": kind, "proxy_value": key})

    def test_form_shows_the_key_as_banks_have_it(self):
        account = self.Bank.new(
            {"partner_id": self.company.partner_id.id, "proxy_type": "mobile", "proxy_value": "(11) 98765-4321"}
        )
        account._onchange_cobranca_pix_key()
        self.assertEqual(account.proxy_value, "+5511987654321")

    def test_accounts_abroad_are_odoos(self):
        partner = self.env["res.partner"].create({"name": "Abroad", "country_id": self.env.ref("base.sg").id})
        self.assertTrue(self.make_account("anything", "mobile", partner))

    def test_first_account_with_a_key_receives(self):
        self.assertEqual(self.company._cobranca_get_pix_account(), self.account)
        other = self.make_account("outra@aurora.example", sequence=1)
        self.assertEqual(self.company._cobranca_get_pix_account(), other)
        self.company.cobranca_pix_bank_id = self.account
        self.assertEqual(self.company._cobranca_get_pix_account(), self.account)
        self.assertIn(KEY, self.company._cobranca_get_pix_words()[1])

    def test_nobody_pays_to_an_account_that_nobody_vouched_for(self):
        thief = new_test_user(self.env, "thief", "base.group_user,base.group_partner_manager")
        values = {"sequence": -1, "acc_number": "99-9", "partner_id": self.company.partner_id.id}
        added = self.Bank.with_user(thief).create(
            {**values, "proxy_type": "email", "proxy_value": "thief@example.com", "allow_out_payment": True}
        )
        self.assertFalse(added.allow_out_payment)
        self.assertEqual(self.company._cobranca_get_pix_account(), self.account)
        self.account.active = False
        self.assertFalse(self.company._cobranca_get_pix_account())
        self.assertIn("Choose the account", self.company._cobranca_get_pix_words()[1])
        self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        ).bank_account_id = added
        self.assertEqual(self.company._cobranca_get_pix_account(), added)

    def test_key_of_a_receiving_account_is_not_everybodys(self):
        clerk = new_test_user(self.env, "clerk", "base.group_user,base.group_partner_manager")
        account = self.account.with_user(clerk)
        with self.assertRaisesRegex(AccessError, "Customers pay to this account"):
            account.proxy_value = "clerk@example.com"
        account.write({"proxy_value": KEY})  # nothing changed
        other = self.make_account("livre@aurora.example", partner=self.customer, allow_out_payment=False)
        other.with_user(clerk).proxy_value = "outra@example.com"
        mine = self.make_account("livre@aurora.example", allow_out_payment=False)
        mine.with_user(clerk).proxy_value = "outra@example.com"
        self.company.cobranca_pix_bank_id = mine
        with self.assertRaises(AccessError):
            mine.with_user(clerk).write({"proxy_type": "mobile", "proxy_value": "+5511987654321"})
        self.manager.group_ids |= self.env.ref("base.group_partner_manager")
        mine.with_user(self.manager).proxy_value = "nova@aurora.example"

    def test_changed_keys_stay_written(self):
        account = self.account.with_context(tracking_disable=False, mail_notrack=False)
        account.proxy_value = "nova@aurora.example"
        account.env.flush_all()
        found = self.env["mail.tracking.value"].search([("field_id.name", "=", "proxy_value")])
        self.assertIn((KEY, "nova@aurora.example"), [(row.old_value_char, row.new_value_char) for row in found])

    def test_what_is_missing_is_said(self):
        for change, words in (
            (lambda: self.company.partner_id.write({"city": "–"[:0]}), "no city"),
            (lambda: self.account.write({"currency_id": self.env.ref("base.USD").id}), "reais"),
            (lambda: self.account.write({"proxy_type": "none"}), "no Pix key"),
            (lambda: self.company.partner_id.write({"country_id": self.env.ref("base.pt").id, "vat": False}), "Brazil"),
        ):
            with self.subTest(words), self.env.cr.savepoint() as savepoint:
                change()
                self.assertFalse(self.company._cobranca_get_pix_account())
                is_possible, said = self.company._cobranca_get_pix_words()
                self.assertFalse(is_possible)
                self.assertIn(words, said)
                self.assertEqual(self.Pix._get_code(self.make_quote()), "")
                with self.assertRaises(ValidationError):
                    self.company.cobranca_pix_bank_id = self.account
                savepoint.rollback()
            self.env.invalidate_all()

    def test_removed_keys(self):
        self.company.cobranca_pix_bank_id = self.account
        quote = self.make_quote()
        self.assertTrue(self.Pix._get_code(quote))
        self.account.write({"proxy_type": "none", "proxy_value": False})
        self.assertEqual(self.Pix._get_code(quote), "")
        self.account.active = False
        self.assertIn("archived", self.company._cobranca_get_pix_words()[1])
        self.company.cobranca_pix_bank_id = False
        self.assertIn("No Pix key yet", self.company._cobranca_get_pix_words()[1])

    def test_only_an_own_account_is_chosen(self):
        foreign = self.make_account("outra@example.com", partner=self.business.copy({"country_id": 31, "vat": False}))
        with self.assertRaisesRegex(ValidationError, "an account of its own"):
            self.company.cobranca_pix_bank_id = foreign

    def test_managers_choose_in_the_settings(self):
        dialog = self.env["cobranca.settings"].with_user(self.manager).create({})
        self.assertTrue(dialog.cobranca_pix_possible)
        self.assertIn(KEY, dialog.cobranca_pix_words)
        dialog.cobranca_pix_bank_id = self.account
        dialog.action_save()
        self.assertEqual(self.company.cobranca_pix_bank_id, self.account)
        self.assertEqual(dialog.action_pix_accounts()["res_model"], "res.partner.bank")
        with self.assertRaises(AccessError):
            self.company.with_user(self.supervisor)._cobranca_write_settings({"cobranca_pix_bank_id": False})
        settings = self.env["res.config.settings"].create({})
        self.assertTrue(settings.cobranca_pix_possible)
        self.assertEqual(settings.action_cobranca_pix_accounts()["domain"][0][2], self.company.partner_id.id)

    def test_portal_users_see_no_account(self):
        user = new_test_user(self.env, "portal", "base.group_portal")
        fields = self.company.with_user(user).fields_get()
        self.assertNotIn("cobranca_pix_bank_id", fields)


@tagged("post_install", "-at_install")
class TestPixCode(PixCommon):
    """What a code says: Odoo's text, kept within what banks take."""

    def test_code_of_a_quote(self):
        quote = self.make_quote()
        found = pix.parse(self.Pix._get_code(quote))
        self.assertEqual((found.key, found.amount, found.txid), (KEY, Decimal("318.00"), quote.txid))
        self.assertEqual((found.name, found.city), ("ESCOLA ACAO & CIDADANIA -", "SAO JOSE DOS CA"))

    def test_reference_comes_whether_the_account_includes_it_or_not(self):
        for included, reference in product((True, False), ("a" * 35, "A-1 é", "–")):
            self.account.include_reference = included
            with self.subTest(included=included, reference=reference):
                currency = self.company.currency_id
                account = self.account.with_context(cobranca_pix_reference=True)
                text = account._get_qr_vals("emv_qr", 1.5, currency, self.customer, reference, "")
                self.assertEqual(pix.parse(text).txid, pix.txid(reference))
                text = self.account._get_qr_vals("emv_qr", 1.5, currency, self.customer, reference, "")
                self.assertEqual(pix.parse(text).txid, pix.txid(reference) if included else "***")

    def test_a_part_and_a_late_debt(self):
        self.charge_by(self.make_policy("all", interest_percent=1.0))
        late = self.owe(100.0, "2026-10-25")
        quote = self.make_quote(late)
        self.assertEqual(pix.parse(self.Pix._get_code(quote)).amount, Decimal(str(quote.amount)))
        part = self.make_quote(amount=Decimal("10.01"))
        self.assertEqual(pix.parse(self.Pix._get_code(part)).amount, Decimal("10.01"))

    def test_no_code_without_amount_or_in_other_money(self):
        quote = self.make_quote()
        quote.write({"amount": 0.0})
        self.assertEqual(self.Pix._get_code(quote), "")
        quote.write({"amount": 318.0, "currency_id": self.env.ref("base.USD").id})
        self.assertEqual(self.Pix._get_code(quote), "")
        self.assertEqual(self.Pix._get_codes(self.Quote.browse()), {})

    def test_a_code_that_says_something_else_is_not_shown(self):
        quote = self.make_quote()
        Bank = type(self.Bank)
        right = self.Pix._get_code(quote)
        wrong = pix.build(pix.BrCode(KEY, "Escola", "Recife", Decimal("1.00"), quote.txid))
        for text in (f"{right}0", right.lower(), wrong, ""):
            with (
                self.subTest(text),
                mute_logger("odoo.addons.cobranca_recorrente.models.cobranca_pix"),
                patch.object(Bank, "_get_qr_vals", lambda *_arguments, text=text: text),
            ):
                self.assertEqual(self.Pix._get_code(quote), "")

    def test_many_codes_by_few_queries(self):
        partners = self.env["res.partner"].create([{"name": f"Customer {number}"} for number in range(200)])
        lines = self.post_lines("2026-11-01", [(partner, 100, "2026-12-10") for partner in partners])
        quotes = self.Quote.union(*[self.make_quote(line) for line in lines])
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            codes = self.Pix._get_codes(quotes)
        self.assertEqual(len(set(codes.values())), 200)

    def test_picture(self):
        code = self.Pix._get_code(self.make_quote())
        svg = str(self.Pix._get_svg(code))
        self.assertTrue(svg.startswith("<svg ") and 'role="img"' in svg and "aria-label" in svg)
        self.assertLess(len(svg), 30000)
        self.assertEqual(self.Pix._get_svg(""), "")
        self.assertTrue(self.Pix._get_picture(code).startswith("data:image/svg+xml;base64,"))

    def test_picture_is_that_of_another_maker(self):
        qrcode = self.import_qrcode()
        code = self.Pix._get_code(self.make_quote())
        paths = set()
        for mask in range(8):  # makers differ in which of the eight patterns is easiest to read
            other = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0, mask_pattern=mask)
            other.add_data(code, optimize=0)
            other.make()
            paths.add(pix.svg_path(other.get_matrix()))
        self.assertTrue(any(f'd="{path}"' in self.Pix._get_svg(code) for path in paths))

    def import_qrcode(self):
        try:
            import qrcode  # noqa: PLC0415 - not there on every machine
        except ImportError:
            self.skipTest("qrcode is not installed")
        return qrcode


@tagged("post_install", "-at_install")
class TestPixMeans(PixCommon):
    """The way to pay on the page."""

    def means(self, quote):
        public = self.env["cobranca.payment.method"].with_user(self.env.ref("base.public_user"))
        return [
            mean
            for mean in public._get_means(
                quote,
                {"path": "/my/pagamentos", "is_link": True, "company": quote.company_id, "debtor": quote.partner_id},
            )
            if mean["code"] == "pix"
        ]

    def render(self, mean):
        return str(self.env["ir.qweb"]._render(mean["template"], mean["values"]))

    def test_a_visitor_gets_code_and_picture(self):
        quote = self.make_quote()
        [mean] = self.means(quote)
        page = self.render(mean)
        code = self.Pix._get_code(quote)
        self.assertIn(code, page.replace("&amp;", "&"))
        self.assertLess(page.index("<button"), page.index("<svg"), "copy comes before the picture")
        for expected in (
            "R$\xa0318.00",
            "until today, 11:59 pm",
            "Escola Ação &amp; Cidadania – Unidade Norte Ltda</span> receives it",
            'aria-labelledby="payments_pix"',
            'for="payments_pix_code"',
            "min-height: 48px",
        ):
            self.assertIn(expected, page)

    def test_names_are_never_markup(self):
        self.company.partner_id.name = "<img src=x onerror=alert(1)>"
        [mean] = self.means(self.make_quote())
        self.assertNotIn("<img", self.render(mean))

    def test_nothing_without_a_key(self):
        self.account.active = False
        self.assertEqual(self.means(self.make_quote()), [])

    def test_nothing_open_is_an_error_of_the_quote(self):
        self.pay(self.line, 318.0, "2026-11-20")
        with self.assertRaises(UserError):
            self.make_quote()
