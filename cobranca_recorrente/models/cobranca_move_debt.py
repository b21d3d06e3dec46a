from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

COLLECTOR = "cobranca_recorrente.cobranca_group_collector"


class CobrancaMoveDebt(models.AbstractModel):
    """What an invoice amounts to today, with fine, interest, correction and discount."""

    _name = "cobranca.move.debt"
    _description = "Debt of an Invoice"

    cobranca_debt_html = fields.Html(string="Updated debt", compute="_compute_cobranca_debt", groups=COLLECTOR)
    cobranca_has_debt = fields.Boolean(compute="_compute_cobranca_debt", groups=COLLECTOR)
    cobranca_prescription_date = fields.Date(
        string="Prescribed on",
        compute="_compute_cobranca_prescription",
        groups=COLLECTOR,
        help="From this day on the oldest open amount may not be demanded any more (Código Civil, art. 205 and 206).",
    )
    cobranca_is_prescribed = fields.Boolean(
        string="Prescribed",
        compute="_compute_cobranca_prescription",
        search="_search_cobranca_is_prescribed",
        groups=COLLECTOR,
        help="Too old to be demanded: it is not collected any more.",
    )
    cobranca_interruption_date = fields.Date(
        string="Prescription interrupted on",
        copy=False,
        tracking=True,
        groups=COLLECTOR,
        help="For example when the customer acknowledged the debt in writing. The law admits it once (Código Civil, "
        "art. 202): the term then counts anew from this day.",
    )

    # === COMPUTE METHODS === #

    @api.depends("line_ids.amount_residual", "line_ids.date_maturity", "state", "partner_id", "payment_state")
    @api.depends_context("lang")
    def _compute_cobranca_debt(self):
        for move in self:
            shown = move._cobranca_get_debt_page()
            move.cobranca_has_debt = bool(shown)
            move.cobranca_debt_total = shown.get("amount", 0.0)
            move.cobranca_debt_html = (
                self.env["ir.qweb"]._render("cobranca_recorrente.debt_explained", {"shown": shown}) if shown else False
            )

    @api.depends("line_ids.amount_residual", "line_ids.date_maturity", "state", "cobranca_interruption_date")
    def _compute_cobranca_prescription(self):
        days = self._origin._cobranca_get_receivables()._cobranca_get_prescriptions()
        by_move = {}
        for line, day in days.items():
            by_move[line.move_id] = min(day, by_move.get(line.move_id, day))
        for move in self:
            day = by_move.get(move._origin, False)
            move.cobranca_prescription_date = day
            move.cobranca_is_prescribed = bool(day) and day <= move.company_id._cobranca_today()

    @api.model
    def _search_cobranca_is_prescribed(self, operator, value):
        if operator != "in":
            return NotImplemented
        lines = self.env["account.move.line"]
        for company in self.env.companies:
            lines |= lines._cobranca_search_prescribed(company, company._cobranca_today())
        if set(value) == {True}:
            return [("id", "in", lines.move_id.ids)]
        return [("id", "not in", lines.move_id.ids)] if set(value) == {False} else []

    # === CRUD METHODS === #

    def write(self, vals):
        if "cobranca_interruption_date" in vals:
            self._cobranca_check_interruption(fields.Date.to_date(vals["cobranca_interruption_date"]))
        return super().write(vals)

    def _cobranca_check_interruption(self, day):
        """:raise UserError: for a second interruption, one before the debt and one to come"""
        if not self.env.su and not self.env.user.has_group("cobranca_recorrente.cobranca_group_supervisor"):
            raise AccessError(self.env._("Only a supervisor of Cobrança registers an interruption."))
        # Methods of the system take back only what they wrote.
        is_manager = self.env.su or self.env.user.has_group("cobranca_recorrente.cobranca_group_manager")
        for move in self:
            before = move.cobranca_interruption_date
            if before and before != day and not is_manager:
                raise UserError(
                    self.env._(
                        "The prescription of %(invoice)s was interrupted already, and the law admits it once (Código "
                        "Civil, art. 202). A manager may correct the date.",
                        invoice=move.name,
                    )
                )
            if day and not (move.invoice_date or move.date) <= day <= move.company_id._cobranca_today():
                raise UserError(
                    self.env._("The interruption lies between the date of the invoice and today: correct the date.")
                )

    # === ACTIONS === #

    def action_cobranca_simulate(self):
        """Open what this invoice amounts to on a day."""
        self.ensure_one()
        return self.env["cobranca.debt.simulate"]._open(move=self)

    def action_cobranca_receive_charges(self):
        """Open the receipt of what stayed open of charges when these invoices were paid."""
        lines = self._cobranca_get_receivables()
        today = self.company_id[:1]._cobranca_today()
        return self.env["cobranca.charge"]._search_memos(self.company_id, today, lines=lines).action_receive()

    # === BUSINESS METHODS === #

    def _cobranca_has_payment_page(self):
        """Is this paid on the page of open payments?"""
        self.ensure_one()
        return self.company_id._cobranca_has_payment_page()

    def _cobranca_is_open_invoice(self):
        """Is anything of this customer invoice to be paid?"""
        self.ensure_one()
        states = ("not_paid", "partial")
        return self.move_type == "out_invoice" and self.state == "posted" and self.payment_state in states

    def _cobranca_get_receivables(self):
        """The lines of these invoices that customers owe.

        :return: account.move.line
        """
        return self.filtered(lambda move: move.state == "posted" and move.move_type == "out_invoice").line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable" and not line.account_id.non_trade
        )

    def _cobranca_get_debt_page(self, date=None):
        """What is to be paid for this invoice on a day, in words; the customer may read it.

        :param date date: today when empty
        :return: dict for the template `debt_explained`, empty when there is nothing to pay
        """
        self.ensure_one()
        date = date or self.company_id._cobranca_today()
        lines = self._origin._cobranca_get_receivables()
        memos = self.env["cobranca.charge"]
        if lines:
            memos = memos._search_memos(self.company_id, date, lines=lines)
        # A part that was paid is told by its charges alone.
        lines = lines - memos.line_id if self.payment_state in ("not_paid", "partial") else lines.browse()
        shown = lines._cobranca_explain_debts(date, memos) if lines or memos else {}
        return shown if shown and shown["lines"] else {}
