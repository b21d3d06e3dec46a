from odoo import api, fields, models

from ..models.cobranca_company_policy import CHOICES, WITH_CHARGES


class AccountPaymentRegister(models.TransientModel):
    """The dialog of payments: of customers' debts it proposes what they amount to on the day of the payment.

    Other currencies, payments to others and amounts typed by hand stay as Odoo has them.
    """

    _inherit = "account.payment.register"

    cobranca_choice = fields.Selection(
        selection=CHOICES,
        string="Amount proposed",
        compute="_compute_cobranca_choice",
        store=True,
        readonly=False,
        groups="base.group_user",
        help="With charges: what is due on the day of the payment, with fine, interest and correction, less the "
        "punctuality discount. Principal only: the charges stay open, to be asked for later or waived.",
    )
    cobranca_applied = fields.Char(
        string="Proposal applied",
        compute="_compute_cobranca_choice",
        store=True,
        readonly=False,
        groups="base.group_user",
    )
    cobranca_debts = fields.Binary(
        compute="_compute_cobranca_debts", export_string_translation=False, groups="base.group_user"
    )
    cobranca_parts_html = fields.Html(
        string="On this day", compute="_compute_cobranca_parts_html", groups="base.group_user"
    )

    # === COMPUTE METHODS === #

    @api.depends("company_id")
    def _compute_cobranca_choice(self):
        for wizard in self:
            company = wizard.company_id or self.env.company
            wizard.cobranca_choice = company.cobranca_payment_choice or WITH_CHARGES
            wizard.cobranca_applied = wizard.cobranca_choice

    @api.depends("line_ids", "payment_date", "currency_id")
    def _compute_cobranca_debts(self):
        """{id of a line: tools.debt.Debt} of the lines whose charges this payment can pay; read once for the dialog."""
        for wizard in self:
            lines = wizard.line_ids._origin
            is_home = wizard.currency_id == wizard.company_currency_id
            debts = lines._cobranca_get_payable(wizard.payment_date) if wizard.payment_date and is_home else {}
            wizard.cobranca_debts = {line.id: debt for line, debt in debts.items()}

    @api.depends("cobranca_choice")
    def _compute_amount(self):
        """As Odoo does, with another total; see `_get_total_amounts_to_pay`."""
        return super()._compute_amount()

    @api.depends("cobranca_debts", "amount", "installments_mode")
    def _compute_cobranca_parts_html(self):
        for wizard in self:
            lines = wizard.line_ids._origin.filtered(lambda line, debts=wizard.cobranca_debts: line.id in debts)
            if lines and wizard.installments_mode in ("next", "overdue", "before_date"):
                lines &= wizard._get_total_amounts_to_pay(wizard.batches)["lines"]
            debts = [wizard.cobranca_debts[line.id] for line in lines]
            shown = lines._cobranca_get_payable_page(debts, wizard.payment_date, wizard.amount) if lines else {}
            template = "cobranca_recorrente.payment_parts"
            wizard.cobranca_parts_html = self.env["ir.qweb"]._render(template, {"shown": shown}) if shown else False

    @api.onchange("cobranca_choice")
    def _onchange_cobranca_choice(self):
        """Who chooses another proposal wants its amount, whatever he typed before."""
        if self.cobranca_choice == self.cobranca_applied:
            return
        self.cobranca_applied = self.cobranca_choice
        if self.can_edit_wizard and self.cobranca_debts:
            self.custom_user_amount = self.custom_user_currency_id = False
            self.amount = self._get_total_amounts_to_pay(self.batches)["amount_by_default"]

    # === BUSINESS METHODS === #

    def _cobranca_get_extra(self, lines):
        """What the proposal adds to the open amount of some lines; less than zero for a discount.

        :param lines: account.move.line
        :return: float
        """
        if self.cobranca_choice != WITH_CHARGES:
            return 0.0
        debts = [self.cobranca_debts[line.id] for line in lines if line.id in self.cobranca_debts]
        return float(sum(debt.charges.charges - debt.discount for debt in debts))

    def _get_total_amounts_to_pay(self, batch_results):
        """The totals of Odoo with what the day of the payment adds to them."""
        totals = super()._get_total_amounts_to_pay(batch_results)
        if totals["epd_applied"]:
            return totals
        by_default = self._cobranca_get_extra(totals["lines"])
        every = self.env["account.move.line"].union(*(batch["lines"] for batch in batch_results))
        full = self._cobranca_get_extra(every)
        for name, extra in (("amount", by_default), ("full_amount", full)):
            for key in (f"{name}_by_default", f"{name}_for_difference", name):
                if extra and key in totals:
                    totals[key] = self.currency_id.round(totals[key] + extra)
        return totals

    def _create_payment_vals_from_batch(self, batch_result):
        """Each payment of several takes what its own debts amount to."""
        values = super()._create_payment_vals_from_batch(batch_result)
        extra = self._cobranca_get_extra(batch_result["lines"])
        if extra and not values["write_off_line_vals"]:
            values["amount"] = self.company_currency_id.round(values["amount"] + extra)
        return values

    def _reconcile_payments(self, to_process, edit_mode=False):
        """Charges first: what Odoo would put on the principal alone is shared out by the conditions of each debt.

        What is left is reconciled as Odoo does. A rate given by hand is of another currency: Odoo's as well.
        """
        for values in to_process:
            if "rate" not in values:
                oldest_first = values["to_reconcile"].sorted(lambda line: (line.date_maturity or line.date, line.id))
                values["payment"]._cobranca_receive(oldest_first)
        return super()._reconcile_payments(to_process, edit_mode=edit_mode)
