from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.cobranca_loss_proof import NO_CONTACTS

LIMIT = 300


class CobrancaLossPropose(models.TransientModel):
    """The debts that the law admits as losses on a day: choose which ones are written off."""

    _name = "cobranca.loss.propose"
    _description = "Write off Debts"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(string="Written off on", required=True, default=lambda self: self.env.company._cobranca_today())
    line_ids = fields.One2many(
        comodel_name="cobranca.loss.propose.line",
        inverse_name="wizard_id",
        string="Debts",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    count = fields.Integer(string="Debts found", compute="_compute_totals")
    amount = fields.Monetary(string="To be written off", compute="_compute_totals")
    has_more = fields.Boolean(compute="_compute_totals")

    # === COMPUTE METHODS === #

    @api.depends("company_id", "date")
    def _compute_line_ids(self):
        for wizard in self:
            commands = [Command.clear()]
            if wizard.date:
                Loss = self.env["cobranca.loss"]
                found = Loss._get_candidates(wizard.company_id, wizard.date, limit=LIMIT)
                contacts = Loss._get_contacts(self.env["account.move.line"].union(*found), wizard.date)
                commands += [
                    Command.create(
                        {
                            "line_id": line.id,
                            "case": rule.case,
                            "needs": rule.proof,
                            "operation": amount,
                            **wizard._prepare_contact_values(rule, contacts.get(line, NO_CONTACTS)),
                        }
                    )
                    for line, (rule, amount) in found.items()
                ]
            wizard.line_ids = commands

    def _prepare_contact_values(self, rule, contacts):
        is_asked = rule.proof == "collection"
        return {
            "contact_count": contacts.count,
            "last_contact": contacts.last,
            "missing": is_asked and self.env["cobranca.loss"]._get_missing_text(contacts, self.date),
        }

    @api.depends("line_ids.is_chosen")
    def _compute_totals(self):
        for wizard in self:
            wizard.count = len(wizard.line_ids)
            wizard.amount = sum(wizard.line_ids.filtered("is_chosen").mapped("amount"))
            wizard.has_more = wizard.count >= LIMIT

    # === ACTIONS === #

    def action_write_off(self):
        """Book the losses that were chosen.

        :raise UserError: when none is, or when one lacks what the law wants
        """
        self.ensure_one()
        chosen = self.line_ids.filtered("is_chosen")
        if not chosen:
            raise UserError(self.env._("Choose the debts to write off."))
        Loss = losses = self.env["cobranca.loss"]
        for proof, lines in chosen.grouped(lambda line: (line.proof or "").strip()).items():
            losses |= Loss._write_off(lines.line_id, self.date, proof)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Losses"),
            "res_model": "cobranca.loss",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", losses.ids)],
        }
