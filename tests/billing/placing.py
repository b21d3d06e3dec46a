"""What the tests of placements add inside of a worker (see `Worker.inject`): calls with ids instead of records."""

from datetime import timedelta

from odoo import Command

from odoo.addons.cobranca_negociacao.models.cobranca_agency import CobrancaAgency
from odoo.addons.cobranca_negociacao.models.cobranca_placement import CobrancaPlacement
from odoo.addons.cobranca_negociacao.models.cobranca_placement_page_forms import CobrancaPlacementPageForms


def add_to_placements():
    """Give agencies and placements methods that a test can call from another process."""
    CobrancaAgency.make_for_test = make
    CobrancaPlacement.place_for_test = place
    CobrancaPlacementPageForms.take_for_test = take


def make(self):
    """:return: ids of two agencies that may work"""
    today = self.env.company._cobranca_today()
    names = ("Pontefirme Assessoria", "Outra Assessoria")
    return self.create(
        [
            {
                "partner_id": self.env["res.partner"].create({"name": name, "is_company": True}).id,
                "operator_signed_on": today,
                "operator_until": today + timedelta(days=1000),
                "commission_ids": [Command.create({"days_from": 0, "percent": 15})],
            }
            for name in names
        ]
    ).ids


def place(self, line_ids, agency_id):
    """A placement of some debts of a customer, that runs since today.

    :return: its id
    """
    lines = self.env["account.move.line"].browse(line_ids)
    debts = lines._cobranca_read_debts(self.env.company._cobranca_today())
    placement = self.create(
        {
            "company_id": self.env.company.id,
            "agency_id": agency_id,
            "partner_id": lines.partner_id.id,
            "currency_id": lines.currency_id.id,
            "line_ids": [
                Command.create(
                    {
                        "company_id": self.env.company.id,
                        "currency_id": line.currency_id.id,
                        "line_id": line.id,
                        "due": debt.due,
                        "percent": 15,
                    }
                )
                for line, debt in debts.items()
            ],
        }
    )
    placement._activate()
    return placement.ids


def take(self, method, placement_id, form):
    """What a browser sends of a placement."""
    getattr(self, method)(self.env["cobranca.placement"].browse(placement_id), form)
