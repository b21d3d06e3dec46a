import csv
import io
import json
import zipfile
from datetime import datetime
from unittest.mock import patch

import openpyxl

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..models import cobranca_agency_portfolio as portfolio
from ..tools.agency_file import PORTFOLIO
from .agency_common import SECRET, TODAY, AgencyCommon

NAMES = [column.name for column in PORTFOLIO]


@tagged("post_install", "-at_install")
class TestAgencyPortfolio(AgencyCommon):
    """What leaves for an agency's own system: its own, the listed columns, counted; and by which key."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.placement = cls.place()
        cls.Portfolio = cls.env["cobranca.agency.portfolio"].with_user(cls.admin)

    # --- portfolio ---

    def test_portfolio_shows_the_listed_columns_and_no_more(self):
        self.placement.customer_name = "=cmd|' /C calc'!A0"
        self.bakery.comment = "PRIVATE-NOTE"
        self.place(self.rival, self.foreign)
        name, content = self.Portfolio._export(self.agency, "csv")
        self.assertEqual(name, "carteira-2026-11-19.csv")
        text = content.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
        self.assertEqual(list(rows[0]), NAMES)
        self.assertEqual(len(rows), 3)
        oldest = rows[0]
        self.assertEqual(oldest["cliente"], "'=cmd|' /C calc'!A0")
        self.assertEqual(
            (oldest["vencimento"], oldest["dias_atraso"], oldest["valor_original"]), ("15/09/2026", "65", "1290,00")
        )
        self.assertEqual(
            (oldest["telefone"], oldest["sms"], oldest["email"]), ("5581955550173", "", "padaria@example.com")
        )
        self.assertEqual(
            (oldest["comissao_percentual"], oldest["documento"]), ("15,00", self.bakery.cobranca_masked_document)
        )
        for secret in SECRET:
            self.assertNotIn(secret, text)
        _name, book = self.Portfolio._export(self.agency, "xlsx")
        with zipfile.ZipFile(io.BytesIO(book)) as packed:
            sheet = packed.read("xl/worksheets/sheet1.xml")
        self.assertNotIn(b"<f>", sheet)
        self.assertNotIn(b"hyperlink", sheet)
        values = list(openpyxl.load_workbook(io.BytesIO(book)).active.values)
        self.assertEqual(list(values[0]), NAMES)
        self.assertEqual((values[1][2], values[1][9]), ("=cmd|' /C calc'!A0", datetime(2026, 9, 15)))

    def test_channels_that_are_not_allowed_or_refused(self):
        self.agency.may_email = False
        self.env["cobranca.opt.out"]._set_refused(self.bakery, ["call"])
        rows, _following = self.Portfolio._get_page(self.agency, 0)
        self.assertEqual((rows[0]["telefone"], rows[0]["email"], rows[0]["whatsapp"]), ("", "", "5581955550173"))

    def test_what_leaves_is_counted(self):
        Log = self.env["cobranca.access.log"]
        self.Portfolio._export(self.agency, "csv")
        log = Log.search([("action", "=", "agency_export")])
        self.assertEqual((log.partner_id, log.user_id), (self.bakery, self.admin))
        [kept] = self.env["cobranca.agency.file"].search([])
        self.assertEqual((kept.way, kept.row_count, kept.user_id), ("out", 1, self.admin))
        with patch.object(portfolio, "FILES_A_DAY", 1), self.assertRaisesRegex(UserError, "tomorrow"):
            self.Portfolio._export(self.agency, "csv")
        self.assertEqual(Log.search_count([("action", "=", "agency_export")]), 1)
        self.placement._end("recalled")
        self.assertEqual(self.Portfolio._get_page(self.agency, 0), ([], 0))

    def test_pages_follow_one_another(self):
        other = self.place(lines=self.foreign)
        with patch.object(portfolio, "PAGE", 1):
            first, after = self.Portfolio._get_page(self.agency, 0)
            second, after_that = self.Portfolio._get_page(self.agency, after)
        self.assertEqual(({row["distribuicao"] for row in first}, after), ({self.placement.name}, self.placement.id))
        self.assertEqual([row["distribuicao"] for row in second], [other.name])
        self.assertEqual(after_that, other.id)
        foreign = self.Portfolio.with_user(self.outsider)
        self.assertEqual(foreign._get_page(self.agency, 0), ([], 0), "the rights of who asks decide")
        json.dumps(first)

    # --- keys and outbound calls ---

    def test_a_key_is_of_the_agency_and_shown_once(self):
        Key = self.env["cobranca.agency.key"].with_user(self.manager)
        values = {"name": "System", "agency_id": self.agency.id}
        for user in (self.outsider, self.manager):
            with self.assertRaises(ValidationError):
                Key.create({**values, "user_id": user.id})
        key = Key.create({**values, "user_id": self.worker.id})
        before = key.sudo().secret
        shown = key.action_new_secret()["context"]["default_secret"]
        self.assertEqual(key.sudo().secret, shown)
        self.assertNotEqual(before, shown)
        for forbidden in (
            lambda: key.read(["secret"]),
            lambda: key.write({"secret": "x"}),
            lambda: key.search([("secret", "=", "x")]),
        ):
            with self.assertRaises(AccessError):
                forbidden()
        with self.assertRaises(AccessError):
            key.with_user(self.supervisor).read(["name"])
        self.assertTrue(Key._search_of(key.identifier))
        key.action_revoke()
        self.assertFalse(Key._search_of(key.identifier))
        self.assertNotEqual(key.sudo().secret, shown)
        with self.assertRaisesRegex(UserError, "revoked"):
            key.action_new_secret()

    def told(self, endpoint):
        return [json.loads(event.body) for event in endpoint.event_ids.sorted("id")]

    def test_the_system_of_the_agency_is_told_its_own(self):
        Endpoint = self.env["cobranca.webhook.endpoint"]
        own, ours, theirs = Endpoint.create(
            [
                {"name": "Agency", "url": "https://a.example.com", "agency_id": self.agency.id},
                {"name": "ERP", "url": "https://b.example.com"},
                {"name": "Rival", "url": "https://c.example.com", "agency_id": self.rival.id},
            ]
        )
        self.assertEqual(Endpoint._search_of_company(self.company), ours, "the ladder tells no agency")
        placed = self.place(lines=self.foreign)
        self.pay(self.foreign, 100.0, TODAY)
        placed._end("recalled", "PRIVATE-NOTE")
        placed_call, paid_call, ended_call = self.told(own)
        self.assertEqual(
            [call["event"] for call in self.told(own)], ["placement.placed", "placement.paid", "placement.ended"]
        )
        facts = {"placement": placed.name, "ends_on": "2027-02-17", "currency": "BRL", "days_late": 94}
        self.assertEqual(
            placed_call["placements"],
            [{**facts, "amount": f"{placed.amount_placed:.2f}", "debts": placed.line_ids.ids}],
        )
        [payment] = paid_call["placements"][0]["payments"]
        self.assertEqual((payment["debt"], payment["date"]), (placed.line_ids.id, "2026-11-19"))
        self.assertEqual(ended_call["placements"], [{"placement": placed.name, "reason": "recalled"}])
        self.assertFalse(self.told(ours) + self.told(theirs))
        for secret in (*SECRET, "Caio"):
            self.assertNotIn(secret, str(self.told(own)))

    def test_only_money_is_told_as_a_payment(self):
        endpoint = self.env["cobranca.webhook.endpoint"].create(
            {"name": "Agency", "url": "https://a.example.com", "agency_id": self.agency.id}
        )
        invoice = self.lines[0].move_id
        credit = invoice._reverse_moves([{"invoice_date": TODAY, "date": TODAY}])
        credit.action_post()
        self.assertTrue(self.lines[0].reconciled)
        self.assertFalse(self.told(endpoint))
        payment = self.pay(self.lines[1], 1290.0, TODAY)
        self.assertEqual([call["event"] for call in self.told(endpoint)], ["placement.paid"])
        self.lines[1].matched_credit_ids.unlink()
        self.assertEqual(
            [call["event"] for call in self.told(endpoint)], ["placement.paid", "placement.payment_undone"]
        )
        self.assertTrue(payment)
