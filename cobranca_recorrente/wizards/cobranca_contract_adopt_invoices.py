from odoo import Command, fields, models
from odoo.exceptions import UserError


class CobrancaContractAdoptInvoices(models.TransientModel):
    """Shows which invoices of the system used before stand for which periods, before anything is written."""

    _name = "cobranca.contract.adopt.invoices"
    _description = "Link Invoices of the System Used Before"

    contract_ids = fields.Many2many(comodel_name="cobranca.contract", string="Contracts", readonly=True)
    is_searched = fields.Boolean(string="Searched", readonly=True)
    with_paid = fields.Boolean(string="Paid invoices too")
    line_ids = fields.One2many(
        comodel_name="cobranca.contract.adopt.invoices.line", inverse_name="wizard_id", string="Proposals"
    )
    unmatched_ids = fields.Many2many(comodel_name="account.move", string="Invoices without a period", readonly=True)

    # === ACTIONS === #

    def action_search(self):
        """Propose anew."""
        self._search_matches()
        return self._get_action()

    def action_confirm(self):
        """Link the chosen invoices.

        :return: action that shows the contracts
        :raise UserError: when none is chosen, or one is not possible any more
        """
        self.ensure_one()
        chosen = self.line_ids.filtered("is_chosen")
        if not chosen:
            raise UserError(self.env._("Choose the invoices to link."))
        contracts = chosen.contract_id
        contracts._adopt_invoices(chosen.mapped("key"), self.with_paid)
        action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_recorrente.cobranca_contract_action")
        return {**action, "domain": [("id", "in", contracts.ids)], "context": {}}

    # === BUSINESS METHODS === #

    def _search_matches(self):
        self.ensure_one()
        contracts = self.contract_ids or self.env["cobranca.contract"].search([("state", "in", ("draft", "active"))])
        matches, unmatched = contracts._get_invoices_to_adopt(self.with_paid)
        lines = [Command.create(self.line_ids._prepare_values(match)) for match in matches]
        self.write({"line_ids": [Command.clear(), *lines], "unmatched_ids": [Command.set(unmatched.ids)]})
        self.is_searched = True

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Link open invoices"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }
