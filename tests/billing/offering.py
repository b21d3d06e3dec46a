"""What the tests of agencies that negotiate add inside of a worker (see `Worker.inject`)."""

from odoo import Command

from odoo.addons.cobranca_negociacao.models.cobranca_agency import CobrancaAgency
from odoo.addons.cobranca_negociacao.models.cobranca_negotiation_page import Wish
from odoo.addons.cobranca_negociacao.models.cobranca_placement import CobrancaPlacement

AUTHORITY = {"role": "agency", "fine_percent": 100, "max_count": 5, "min_installment": 50, "free_count": 3}
AUTHORITY |= {"max_first_days": 10, "validity_days": 5}


def add_to_placements():
    """Give agencies and placements methods that a test can call from another process."""
    CobrancaAgency.add_people_for_test = add_people
    CobrancaPlacement.offer_for_test = offer
    CobrancaPlacement.ask_for_test = ask
    CobrancaPlacement.recall_for_test = recall


def add_people(self):
    """Let an agency negotiate.

    :return: id of somebody who works there
    """
    self.authority_ids = [Command.create(AUTHORITY)]
    group = self.env.ref("cobranca_negociacao.cobranca_group_agency")
    values = {"name": "Davi", "login": "davi", "group_ids": [Command.set(group.ids)]}
    worker = self.env["res.users"].create(values)
    worker.partner_id.parent_id = self.partner_id
    return worker.id


def offer(self):
    shown = self.env["cobranca.placement.page"]._get_negotiation(self.sudo(), Wish(plan="short"))
    return self._offer(Wish(plan="short", seen=shown["seen"]), "call").ids


def ask(self):
    return self._ask_offer(Wish(monthly="60,00"), "Lost his shop", "call").ids


def recall(self):
    return self._recall("The customer came back to us").ids
