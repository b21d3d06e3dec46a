from odoo import api, fields, models
from odoo.exceptions import UserError


class CobrancaMoveReceipt(models.AbstractModel):
    """Entries that carry money: what they had settled goes back when they do."""

    _name = "cobranca.move.receipt"
    _description = "Receipts of Entries"

    cobranca_charge_ids = fields.One2many(
        comodel_name="cobranca.charge",
        inverse_name="move_id",
        string="Late charges",
        groups="cobranca_recorrente.cobranca_group_collector",
    )
    cobranca_charge_count = fields.Integer(
        string="Charges",
        compute="_compute_cobranca_charge_count",
        groups="cobranca_recorrente.cobranca_group_collector",
    )

    # === COMPUTE METHODS === #

    @api.depends("cobranca_charge_ids")
    def _compute_cobranca_charge_count(self):
        for move in self:
            move.cobranca_charge_count = len(move.cobranca_charge_ids)

    # === ACTIONS === #

    def button_draft(self):
        """Take back the charges that this money paid; refuse to take back their entry alone.

        :raise UserError: for an entry of charges that are paid
        """
        # sudo: whether there are any, whoever resets
        charges = (
            self.env["cobranca.charge"].sudo().search([("entry_id", "in", self.ids), ("state", "=", "paid")], limit=1)
        )
        if charges:
            raise UserError(
                self.env._(
                    "%(entry)s books charges that were paid. Take back the payment instead: its charges go with it.",
                    entry=charges.entry_id.name,
                )
            )
        for moves in self.grouped("company_id").values():
            self.env["cobranca.receipt"]._undo(moves._cobranca_get_credits())
        return super().button_draft()

    def js_assign_outstanding_line(self, line_id):
        """Let money that the customer has with us pay this invoice: its charges, as of the day it came, included."""
        credit = self.env["account.move.line"].browse(line_id)
        lines = self._cobranca_get_debts_to_receive()
        receipt = self.env["cobranca.receipt"]
        if not lines or credit.move_id.move_type != "entry" or not receipt._can_receive(credit, lines):
            return super().js_assign_outstanding_line(line_id)
        return receipt._receive_as_of(credit, lines, credit.date)

    def action_cobranca_waive(self):
        """Open the waiver of what these invoices cost by their delay until today.

        :raise UserError: when none of them is open
        """
        lines = self._cobranca_get_debts_to_receive()
        if not lines:
            raise UserError(self.env._("Nothing to waive: choose posted invoices that are open."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Waive charges"),
            "res_model": "cobranca.charge.waive",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_line_ids": lines.ids},
        }

    def action_view_cobranca_charges(self):
        """Open the charges of these invoices, whatever became of them."""
        action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_recorrente.cobranca_charge_action")
        return {**action, "domain": [("move_id", "in", self.ids)], "context": {}}

    # === BUSINESS METHODS === #

    def _cobranca_get_credits(self):
        """What these entries credit on customers' accounts.

        :return: account.move.line
        """
        return self.line_ids.filtered(
            lambda item: item.account_id.account_type == "asset_receivable" and item.balance < 0
        )

    def _cobranca_get_debts_to_receive(self):
        """The open debts of posted customer invoices, the oldest first.

        :return: account.move.line
        """
        open_ones = self._cobranca_get_debt_lines().filtered(lambda item: not item.reconciled)
        return open_ones.sorted(lambda item: (item.date_maturity or item.date, item.id))

    def _cobranca_get_debt_lines(self):
        """The debts of posted customer invoices, paid or not.

        :return: account.move.line
        """
        return self.filtered(lambda move: move.state == "posted" and move.move_type == "out_invoice").line_ids.filtered(
            lambda item: item.account_id.account_type == "asset_receivable" and item.balance > 0
        )
