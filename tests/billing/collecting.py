"""What the tests of agencies' money add inside of a worker (see `Worker.inject`): calls with ids instead of records."""

from datetime import timedelta

from odoo import Command

from odoo.addons.cobranca_negociacao.models.cobranca_agency_receipt import CobrancaAgencyReceipt


def add_to_ledger():
    """Give the ledger methods that a test can call from another process."""
    CobrancaAgencyReceipt.make_placed_for_test = make_placed
    CobrancaAgencyReceipt.pay_for_test = pay
    CobrancaAgencyReceipt.collect_for_test = collect
    CobrancaAgencyReceipt.state_for_test = state


def make_placed(self, amounts):
    """A new customer's late invoices, placed with a new agency for 20 %.

    :return: [id of the agency, ids of the lines]
    """
    company = self.env.company
    today = company._cobranca_today()
    partner = self.env["res.partner"].create({"name": "Pontefirme", "is_company": True})
    agency = self.env["cobranca.agency"].create(
        {
            "partner_id": partner.id,
            "operator_signed_on": today,
            "operator_until": today + timedelta(days=365),
            "commission_ids": [Command.create({"days_from": 0, "percent": 20})],
        }
    )
    lines = self.env["account.move.line"].browse(self.env["cobranca.agreement"].make_debts_for_test(amounts)[1])
    values = {"company_id": company.id, "currency_id": company.currency_id.id}
    items = [
        Command.create({**values, "line_id": line.id, "due": line.date_maturity, "percent": 20.0}) for line in lines
    ]
    placement = self.env["cobranca.placement"].create(
        {**values, "agency_id": agency.id, "partner_id": lines.partner_id.id, "name": "D/1", "line_ids": items}
    )
    placement._activate()
    return [agency.id, lines.ids]


def pay(self, line_ids, amount):
    self.env["cobranca.agreement"].receive_for_test(line_ids, amount)


def collect(self):
    return self._collect(self.env.company).ids


def state(self):
    """The statements of this month."""
    company = self.env.company
    return self.env["cobranca.agency.statement"]._prepare_month(company, company._cobranca_today()).ids
