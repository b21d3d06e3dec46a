from datetime import date

from odoo.tests import freeze_time

from .debt_common import DebtCommon

TODAY = date(2026, 11, 24)
KEY = "caixa@aurora.example"


class PixCommon(DebtCommon):
    """A company in São José dos Campos with an account that receives Pix; 24 November 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time("2026-11-24 15:00:00")
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.company.write(
            {
                "name": "Escola Ação & Cidadania – Unidade Norte Ltda.",
                "vat": "11.222.333/0001-81",
                "street": "Rua das Flores, 10",
                "city": "São José dos Campos",
                "zip": "12200-000",
                "cobranca_pix_bank_id": False,
            }
        )
        cls.company.partner_id.bank_ids.active = False
        cls.Bank = cls.env["res.partner.bank"]
        cls.account = cls.make_account(KEY)
        cls.Pix = cls.env["cobranca.pix"]
        cls.Quote = cls.env["cobranca.payment.quote"]
        cls.line = cls.owe(318.0, "2026-12-10")

    @classmethod
    def make_account(cls, key, kind="email", partner=None, **values):
        return cls.Bank.create(
            {
                "acc_number": f"{cls.Bank.with_context(active_test=False).search_count([])}-0",
                "partner_id": (partner or cls.company.partner_id).id,
                "proxy_type": kind,
                "proxy_value": key,
                "allow_out_payment": True,
                **values,
            }
        )

    @classmethod
    def make_quote(cls, line=None, **values):
        line = cls.line if line is None else line
        return cls.Quote._make(cls.company, line.partner_id.commercial_partner_id, line, **values)
