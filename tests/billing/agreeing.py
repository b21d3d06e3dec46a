"""What the tests of agreements add inside of a worker (see `Worker.inject`): calls with ids instead of records."""

from datetime import timedelta
from decimal import Decimal

from odoo import Command

from odoo.addons.cobranca_negociacao.models.cobranca_agreement import CobrancaAgreement
from odoo.addons.cobranca_negociacao.models.cobranca_proposal import CobrancaProposal
from odoo.addons.cobranca_negociacao.tools.plan import Terms, make_plan

SAID = {"channel": "call", "text": "Agreed by phone"}
COMMON = {"cobranca_agreement_break_days": 10, "cobranca_agreement_warn_days": 2}


def add_to_agreements():
    """Give agreements and proposals methods that a test can call from another process."""
    CobrancaAgreement.make_people_for_test = make_people
    CobrancaAgreement.make_debts_for_test = make_debts
    CobrancaAgreement.sign_for_test = sign
    CobrancaAgreement.break_for_test = break_
    CobrancaAgreement.receive_for_test = receive
    CobrancaProposal.offer_for_test = offer
    CobrancaProposal.ask_for_test = ask
    CobrancaProposal.accept_for_test = accept


def make_people(self):
    """:return: ids of a collector and of two managers; agreements break after ten days, announced two before"""
    self.env.company.write(COMMON)
    groups = [
        self.env.ref(f"cobranca_recorrente.cobranca_group_{name}") for name in ("collector", "manager", "manager")
    ]
    values = [
        {"name": f"Person {place}", "login": f"person{place}", "group_ids": [Command.link(group.id)]}
        for place, group in enumerate(groups)
    ]
    return self.env["res.users"].create(values).ids


def make_debts(self, amounts):
    """Invoices of a new customer that are 100 days late.

    :return: [id of the customer, ids of the lines]
    """
    company = self.env.company
    customer = self.env["res.partner"].create({"name": "Ana Lindoso"})
    due = company._cobranca_today() - timedelta(days=100)
    fee = {"name": "Fee", "tax_ids": [Command.clear()], "account_id": company.cobranca_service_account_id.id}
    moves = self.env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": customer.id,
                "invoice_date": due,
                "invoice_date_due": due,
                "invoice_line_ids": [Command.create({**fee, "price_unit": amount})],
            }
            for amount in amounts
        ]
    )
    moves.action_post()
    return [customer.id, moves.line_ids.filtered(lambda line: line.display_type == "payment_term").sorted("id").ids]


def sign(self, line_ids):
    """An agreement in three installments; over what was owed once, where somebody else was faster."""
    lines, today = self.env["account.move.line"].browse(line_ids), self.env.company._cobranca_today()
    parts = self._get_parts(lines, today)
    if not any(each.total for each in parts):
        parts = [each._replace(principal=Decimal(500)) for each in parts]
    plan = make_plan(parts, Terms({"fine": Decimal(100)}, None, 3, "none", Decimal(0), today))
    return self._sign(self.env.company, lines.partner_id, plan, lines, today)


def break_(self):
    return self._break(self.env.company._cobranca_today(), "Not paid").ids


def receive(self, line_ids, amount):
    """A payment of the bank for some debts."""
    lines = self.env["account.move.line"].browse(line_ids)
    today = self.env.company._cobranca_today()
    payment = self.env["account.payment"].create(
        {
            "payment_type": "inbound",
            "partner_id": lines.partner_id.id,
            "amount": amount,
            "date": today,
            "journal_id": self.env["account.journal"].search([("type", "=", "bank")], limit=1).id,
        }
    )
    payment.action_post()
    self.env["cobranca.receipt"]._receive(payment.move_id._cobranca_get_credits(), lines, today)


def offer(self, line_ids):
    """A proposal over some debts, told by phone: the first of those that are ready.

    :return: its id
    """
    desk = self.env["cobranca.proposal.desk"]
    values = desk.simulate_open(False, line_ids)["values"]
    desk.send(values, [0], "call")
    return self.search([], order="id desc", limit=1).ids


def ask(self, line_ids):
    """A proposal with smaller installments than the user may grant.

    :return: id of what is asked for
    """
    desk = self.env["cobranca.proposal.desk"]
    values = desk.simulate_open(False, line_ids)["values"]
    values = desk.fit(values, "60.00", str(self.env.company._cobranca_today()))["values"]
    desk.ask_approval(values, len(values["columns"]) - 1, "Loyal for ten years", "call")
    return self.search([], order="id desc", limit=1).approval_id.ids


def accept(self):
    return self._accept(SAID).ids
