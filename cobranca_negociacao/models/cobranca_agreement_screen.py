from odoo import api, fields, models
from odoo.tools.misc import format_date


class CobrancaAgreementScreen(models.AbstractModel):
    """What screens show of agreements, and the dialogs that they open."""

    _name = "cobranca.agreement.screen"
    _description = "Screens of Agreements"

    late_count = fields.Integer(string="Late installments", compute="_compute_amounts")
    next_due = fields.Date(string="Next due date", compute="_compute_amounts")
    payments_text = fields.Char(string="Payments", compute="_compute_payments_text")
    end_text = fields.Char(string="How it ended", compute="_compute_end_text")
    warning_text = fields.Char(string="Announced break", compute="_compute_warning_text")
    entry_count = fields.Integer(compute="_compute_entry_count")

    # === COMPUTE METHODS === #

    @api.depends("installment_ids.amount_open", "installment_ids.state", "before", "agreed", "total")
    def _compute_amounts(self):
        for agreement in self:
            items = agreement.installment_ids
            coming = items.filtered(lambda item: item.state in ("open", "late"))
            agreement.amount_open = sum(coming.mapped("amount_open"))
            agreement.amount_settled = sum(item.amount - item.amount_open for item in items if item.state != "void")
            agreement.amount_given = agreement.before - agreement.agreed
            agreement.late_count = len(items.filtered(lambda item: item.state == "late"))
            agreement.next_due = min(coming.mapped("due"), default=False)

    @api.depends("installment_ids.number", "installment_ids.amount")
    def _compute_payments_text(self):
        for agreement in self:
            items = agreement.installment_ids.sorted("number")
            count = len(items.filtered("number"))
            parts = [agreement.currency_id.format(items[0].amount)] if items and not items[0].number else []
            if count:
                parts.append(f"{count} × {agreement.currency_id.format(items[-1].amount)}")
            agreement.payments_text = " + ".join(parts)

    @api.depends("state", "ended_on", "end_reason", "ended_by_id")
    def _compute_end_text(self):
        for agreement in self:
            agreement.end_text = agreement.ended_on and self.env._(
                "On %(day)s by %(user)s: %(reason)s",
                day=format_date(self.env, agreement.ended_on),
                user=agreement.ended_by_id.name,
                reason=agreement.end_reason,
            )

    @api.depends_context("lang")
    @api.depends("warned_on", "state", "installment_ids.amount_open", "installment_ids.state")
    def _compute_warning_text(self):
        for agreement in self:
            is_announced = agreement.warned_on and agreement.state == "active"
            agreement.warning_text = agreement._get_overdue_text() if is_announced else ""

    @api.depends("entry_ids")
    def _compute_entry_count(self):
        for agreement in self:
            agreement.entry_count = len(agreement.sudo()._get_items().move_id)  # sudo: only how many there are

    # === ACTIONS === #

    def action_break(self):
        """Open the break of an agreement."""
        return self._open_dialog("cobranca.agreement.break", self.env._("Break agreement"))

    def action_cancel(self):
        """Open the cancellation of an agreement."""
        action = self._open_dialog("cobranca.agreement.break", self.env._("Cancel agreement"))
        return {**action, "context": {**action["context"], "default_is_cancelled": True}}

    def action_restore(self):
        """Open the restoring of a broken agreement."""
        return self._open_dialog("cobranca.agreement.restore", self.env._("Restore agreement"))

    def action_settle(self):
        """Open the early pay-off of an agreement."""
        return self._open_dialog("cobranca.agreement.settle", self.env._("Pay off agreement"))

    def action_renegotiate(self):
        """Open the simulation over all that is open of an agreement."""
        self.ensure_one()
        lines = self.installment_ids._get_open().sorted("due").line_id
        return self.env["cobranca.proposal.desk"]._get_action(self.partner_id, lines)

    def action_view_move(self):
        """Open the document of an agreement."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "views": [(False, "form")],
        }

    def action_view_entries(self):
        """Open all entries of an agreement."""
        self.ensure_one()
        self.check_access("read")
        moves = self.sudo()._get_items().move_id  # sudo: which ones there are; the list shows what one may see
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Entries · %(agreement)s", agreement=self.name),
            "res_model": "account.move",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", moves.ids)],
        }

    # === BUSINESS METHODS === #

    def _open_dialog(self, model, title):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": f"{title} · {self.name}",
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_agreement_id": self.id},
        }

    def _get_action(self):
        """The screen of these agreements.

        :return: action
        """
        action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_negociacao.cobranca_agreement_action")
        if len(self) == 1:
            return {**action, "views": [(False, "form")], "res_id": self.id}
        return {**action, "domain": [("id", "in", self.ids)], "context": {}}
