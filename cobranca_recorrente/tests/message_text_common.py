from decimal import Decimal

from odoo.fields import Date
from odoo.tests import freeze_time

from ..tools.debt import Agreed, Debt
from ..tools.late_charges import Charges
from .common import CobrancaCommon

CNPJ = "11.222.333/0001-81"
TODAY = "2026-11-19"
CODES = ("before", "before_automatic", "after_3", "after_7", "after_15", "after_30", "after_45", "after_60")
CODES += ("broken_promise", "bounced_payment", "returned_mail", "thanks")
AGREED = Agreed(Decimal(2), Decimal(1))


class MessageTextCommon(CobrancaCommon):
    """A company that may write to its customers, a person and a company that owe it; 19 November 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(f"{TODAY} 15:00:00")
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.env["res.lang"]._activate_lang("pt_BR")
        cls.Message = cls.env["cobranca.message"].sudo()
        cls.company.write(
            {
                "name": "Brumalva Serviços Ltda.",
                "vat": CNPJ,
                "street": "Rua das Jacarandás, 410",
                "street2": "Centro",
                "city": "São Paulo",
                "zip": "01000-000",
                "state_id": cls.env.ref("base.state_br_sp").id,
                "phone": "(11) 5555-0100",
                "email": "financeiro@brumalva.example",
                "cobranca_contact_name": "Nara",
                "cobranca_contact_hours": "seg. a sex., 9h às 18h",
            }
        )
        cls.customer.write({"name": "Ana Lindoso", "email": "ana@example.com"})
        cls.business = cls.make_customer("Marcenaria Cedrovivo Ltda.", "11.444.777/0001-61", is_company=True)
        cls.dollar = cls.env.ref("base.USD")
        cls.dollar.active = True
        cls.invoices = cls.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": cls.customer.id,
                    "invoice_date": f"2026-10-0{number + 1}",
                    "invoice_line_ids": [(0, 0, {"product_id": cls.product.id, "price_unit": 1700.0})],
                }
                for number in range(3)
            ]
        )
        cls.invoices.action_post()
        cls.lines = cls.invoices.line_ids.filtered(lambda line: line.account_type == "asset_receivable")

    @classmethod
    def make_message(cls, partner=None, lines=1, days_late=16, currency=None, channel="email", **values):
        """A message about the first invoices, each with 2 % and 1 % a month where it is late."""
        currency = currency or cls.company.currency_id
        is_charged = days_late > 0 and currency == cls.company.currency_id
        fine, interest = (34.0, 9.07) if is_charged else (0.0, 0.0)
        asked = [
            {
                "line_id": line.id,
                "name": line.move_id.name,
                "due": Date.subtract(Date.to_date(TODAY), days=days_late + number),
                "days_late": max(days_late + number, 0),
                "residual": 1700.0,
                "fine": fine,
                "interest": interest,
                "amount": 1700.0 + fine + interest,
            }
            for number, line in enumerate(cls.lines[:lines])
        ]
        partner = partner or cls.customer
        return cls.Message.create(
            {
                "send_at": f"{TODAY} 15:00:00",
                "company_id": cls.company.id,
                "currency_id": currency.id,
                "partner_id": partner.id,
                "recipient_id": partner.id,
                "date": TODAY,
                "channel": channel,
                "kind": "notice",
                "amount_on": TODAY,
                "amount_original": sum(row["residual"] for row in asked),
                "amount": sum(row["amount"] for row in asked),
                "line_ids": [(0, 0, row) for row in asked],
                **values,
            }
        )

    @classmethod
    def explain(cls, messages):
        """What the amounts of messages are explained by."""
        return {
            row.line_id: Debt(
                Charges(*(Decimal(str(part)) for part in (row.residual, 0, row.fine, row.interest))),
                row.due,
                AGREED,
                row.days_late,
            )
            for row in messages.line_ids
        }

    @classmethod
    def render(cls, messages, template):
        return messages._render_texts(cls.explain(messages), template)
