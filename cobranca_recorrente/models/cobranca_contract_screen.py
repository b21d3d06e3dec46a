from odoo import api, fields, models
from odoo.tools.misc import format_date


class CobrancaContractScreen(models.AbstractModel):
    """What the screen of a contract shows beside its own fields, and the buttons that open its wizards."""

    _name = "cobranca.contract.screen"
    _description = "Screen of a Billing Contract"
    _inherit = ["cobranca.contract.amendment", "cobranca.contract.closing", "cobranca.contract.effect"]

    warnings = fields.Text(compute="_compute_warnings", groups="cobranca_recorrente.cobranca_group_collector")
    preview_html = fields.Html(
        string="Next charges",
        compute="_compute_preview_html",
        groups="cobranca_recorrente.cobranca_group_collector",
    )
    has_billed = fields.Boolean(
        string="Was billed", compute="_compute_has_billed", groups="cobranca_recorrente.cobranca_group_collector"
    )
    has_backlog = fields.Boolean(
        string="Has a backlog to confirm",
        compute="_compute_has_backlog",
        groups="cobranca_recorrente.cobranca_group_collector",
    )
    has_open_items = fields.Boolean(
        string="Has open one-off items",
        compute="_compute_has_open_items",
        groups="cobranca_recorrente.cobranca_group_collector",
    )
    is_due = fields.Boolean(
        string="Due for billing", compute="_compute_is_due", groups="cobranca_recorrente.cobranca_group_collector"
    )
    has_usage = fields.Boolean(
        string="Bills usage", compute="_compute_has_usage", groups="cobranca_recorrente.cobranca_group_collector"
    )
    minimum_until = fields.Date(
        string="Minimum term until",
        compute="_compute_minimum_until",
        groups="cobranca_recorrente.cobranca_group_collector",
    )
    status_note = fields.Char(
        string="Remark", compute="_compute_status_note", groups="cobranca_recorrente.cobranca_group_collector"
    )
    renewal_note = fields.Char(compute="_compute_renewal_note", groups="cobranca_recorrente.cobranca_group_collector")

    # === COMPUTE METHODS === #

    @api.depends(
        "state",
        "partner_id.vat",
        "partner_id.email",
        "termination_fee",
        "line_ids.tax_ids",
        "line_ids.account_id",
        "next_issue_date",
    )
    def _compute_warnings(self):
        for contract in self:
            shown = contract.partner_id and contract.state in ("draft", "active")
            contract.warnings = "\n".join(contract._get_warnings()) if shown else False

    @api.depends(
        "state",
        "date_start",
        "date_end",
        "trial_end",
        "interval_count",
        "interval_unit",
        "billing_day",
        "due_mode",
        "due_day",
        "payment_term_id",
        "issue_lead_days",
        "billed_until",
        "arrears_billed_until",
        "postponed_due_date",
        "postponed_part",
        "pause_ids",
        "period_ids.state",
        "line_ids.price_total",
        "line_ids.name",
        "line_ids.recurrence",
        "line_ids.billing_timing",
        "line_ids.date_start",
        "line_ids.date_end",
        "line_ids.invoice_apart",
    )
    def _compute_preview_html(self):
        for contract in self:
            charges = contract._get_preview(12) if contract.line_ids else []
            contract.preview_html = self.env["ir.qweb"]._render(
                "cobranca_recorrente.contract_next_charges", {"contract": contract, "charges": charges}
            )

    @api.depends("period_ids.state")
    def _compute_has_billed(self):
        for contract in self:
            contract.has_billed = contract._has_billed()

    @api.depends("state", "next_issue_date", "catch_up_until", "company_id")
    def _compute_has_backlog(self):
        taken = self._get_taken()
        for contract in self:
            allowed = contract.catch_up_until and contract.catch_up_until >= (
                contract.next_issue_date or contract.catch_up_until
            )
            most = contract.company_id.cobranca_max_catch_up
            waits = contract.is_due and not allowed
            dates = contract._iter_dates(taken[contract._origin.id])
            contract.has_backlog = waits and contract._count_backlog(dates) > most

    @api.depends("state", "line_ids.recurrence", "period_ids.state")
    def _compute_has_open_items(self):
        taken = self._get_taken()
        for contract in self:
            waiting, apart = contract._get_once_lines(taken[contract._origin.id])
            contract.has_open_items = contract.state == "active" and bool(waiting | apart)

    @api.depends("state", "next_issue_date", "company_id")
    def _compute_is_due(self):
        for contract in self:
            today = (contract.company_id or self.env.company)._cobranca_today()
            day = contract.next_issue_date
            contract.is_due = contract.state == "active" and bool(day) and day <= today

    @api.depends("line_ids.recurrence", "usage_ids")
    def _compute_has_usage(self):
        for contract in self:
            metered = any(line.recurrence == "usage" for line in contract.line_ids)
            contract.has_usage = metered or bool(contract.usage_ids)

    @api.depends("date_start", "minimum_months")
    def _compute_minimum_until(self):
        for contract in self:
            is_known = contract.date_start and 0 < contract.minimum_months <= 600
            contract.minimum_until = contract._get_minimum_until() if is_known else False

    @api.depends("state", "park_reason", "hold_reason", "is_paused", "close_reason_id")
    def _compute_status_note(self):
        """What a colour alone would not tell."""
        for contract in self:
            notes = [
                contract.park_reason and self.env._("Pending issue"),
                contract.hold_reason and self.env._("Held for checking"),
                contract.is_paused and self.env._("Paused"),
                contract.close_reason_id and self.env._("Ending"),
            ]
            contract.status_note = " · ".join(filter(None, notes)) if contract.state == "active" else False

    @api.depends("state", "date_end", "renewal", "renewal_notice_days", "issue_lead_days", "close_reason_id")
    def _compute_renewal_note(self):
        """Empty until the end comes near, or someone ended the contract."""
        for contract in self:
            contract.renewal_note = contract._get_renewal_note()

    def _get_renewal_note(self):
        self.ensure_one()
        if self.state != "active" or not self.date_end:
            return False
        day = format_date(self.env, self.date_end)
        if self.close_reason_id:
            return self.env._("Ends on %(day)s: %(reason)s.", day=day, reason=self.close_reason_id.name)
        today = self.company_id._cobranca_today()
        if today < self._get_renewal_alert_day():
            return False
        return {
            "auto": self.env._("Runs until %(day)s and renews itself.", day=day),
            "notice": self.env._("Runs until %(day)s and ends unless you renew it.", day=day),
            "none": self.env._("Runs until %(day)s and is not renewed.", day=day),
        }[self.renewal]

    # === ACTIONS === #

    def action_amend(self):
        """Open the change of prices and items."""
        action = self._open_wizard("cobranca.contract.amend", self.env._("Change prices or items"))
        return {**action, "context": {**action["context"], "dialog_size": "extra-large"}}

    def action_pause(self):
        """Open the pause."""
        return self._open_wizard("cobranca.contract.suspend", self.env._("Pause"), mode="pause")

    def action_resume(self):
        """Open the end of a pause."""
        return self._open_wizard("cobranca.contract.suspend", self.env._("Resume"), mode="resume")

    def action_terminate(self):
        """Open the end of the contract."""
        return self._open_wizard("cobranca.contract.terminate", self.env._("End contract"))

    def action_reschedule(self):
        """Open the change of due dates."""
        return self._open_wizard("cobranca.contract.reschedule", self.env._("Change due date"))

    def action_renew(self):
        """Renew these contracts now, each by its own term."""
        for contract in self:
            contract._renew()
            contract.activity_unlink(["cobranca_recorrente.mail_activity_renewal"])
        return True

    def action_do_not_renew(self):
        """Let these contracts end on their last day."""
        for contract in self:
            contract._stop_renewal()
        return True

    def action_reopen(self):
        """Take back the end of these contracts: they go on as they were agreed before."""
        for contract in self:
            contract._reactivate()
        return True

    def _open_wizard(self, model, title, **defaults):
        self.ensure_one()
        context = {f"default_{name}": value for name, value in defaults.items()}
        return {
            "type": "ir.actions.act_window",
            "name": f"{title} · {self.name}",
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {**context, "default_contract_id": self.id, "dialog_size": "large"},
        }
