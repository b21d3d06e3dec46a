from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date

from .cobranca_invoice_fast import FAST, FORMATS, GIVEN_IN_MOVE, ON

# Computed columns of items that `cobranca.invoice.fast` gives at once.
GIVEN_IN_LINE = """amount_residual amount_residual_currency analytic_distribution credit date debit invoice_date
    no_followup parent_state payment_id price_subtotal price_total reconciled ref statement_id
    statement_line_id""".split()


class AccountMove(models.Model):
    _name = "account.move"
    # Before Odoo's own: what the mixins refuse is refused first.
    _inherit = [
        "cobranca.beneficiary.guard",
        "cobranca.fast.company.check",
        "cobranca.move.delivery",
        "cobranca.move.delivery.actions",
        "cobranca.move.delivery.status",
        "cobranca.move.nfse",
        "cobranca.reply.thread",
        "cobranca.move.online",
        "cobranca.move.receipt",
        "cobranca.move.debt",
        "cobranca.move.reminders",
        "cobranca.move.pix",
        "account.move",
    ]

    cobranca_period_ids = fields.One2many(
        comodel_name="cobranca.contract.period",
        inverse_name="move_id",
        string="Billed periods",
        groups="cobranca_recorrente.cobranca_group_collector",
    )
    cobranca_contract_count = fields.Integer(
        string="Contract count",
        compute="_compute_cobranca_contract_count",
        groups="cobranca_recorrente.cobranca_group_collector",
    )

    cobranca_debt_total = fields.Monetary(
        string="To pay today",
        compute="_compute_cobranca_debt",
        currency_field="company_currency_id",
        groups="cobranca_recorrente.cobranca_group_collector",
    )

    @api.depends("cobranca_period_ids")
    def _compute_cobranca_contract_count(self):
        for move in self:
            move.cobranca_contract_count = len(move.cobranca_period_ids.contract_id)

    @api.model_create_multi
    def create(self, vals_list):
        moves = super().create(vals_list)
        if self.env.context.get(FAST) is ON:
            moves._cobranca_keep_given()
        return moves

    def _cobranca_keep_given(self):
        """The amounts came with the INSERT: there is nothing to compute."""
        for name in GIVEN_IN_MOVE:
            self.env.remove_to_compute(self._fields[name], self)
        lines = self.line_ids
        for name in GIVEN_IN_LINE:
            self.env.remove_to_compute(lines._fields[name], lines)

    def _get_next_sequence_format(self):
        """Look up the format of numbers once for a batch; lock and unique index remain as they are."""
        formats = self.env.context.get(FORMATS)
        if formats is None:
            return super()._get_next_sequence_format()
        key = (self.journal_id, self.move_type, self.date, self.l10n_latam_document_type_id)
        if key not in formats:
            formats[key] = super()._get_next_sequence_format()
        template, values = formats[key]
        return template, dict(values)

    def _post(self, soft=True):
        self._cobranca_check_not_billed_again()
        return super()._post(soft=soft)

    def _cobranca_check_not_billed_again(self):
        """Refuse to bring back an invoice whose period was reopened: the next run bills it, or has billed it."""
        Period = self.env["cobranca.contract.period"].sudo()  # sudo: whoever posts, the ledger decides
        for period in Period.search([("move_id", "in", self.ids), ("state", "=", "reopened")]):
            if again := period._get_live_twin():
                raise UserError(
                    self.env._(
                        "The period %(period)s was reopened and billed by %(invoice)s: this invoice cannot be posted.",
                        period=period.display_name,
                        invoice=again.move_id.display_name,
                    )
                )
            raise UserError(
                self.env._(
                    "The period %(period)s was reopened and gets a new invoice: this one cannot be posted. Bill the "
                    "contract instead.",
                    period=period.display_name,
                )
            )

    def action_cobranca_postpone(self):
        """Open the change of the due date of this invoice."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change due date · %(invoice)s", invoice=self.name),
            "res_model": "cobranca.contract.reschedule",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_move_id": self.id, "default_mode": "invoice"},
        }

    def _cobranca_postpone(self, due, reason):
        """Give an open invoice a later due date.

        :param date due: new due date
        :param str reason: kept in the history of the invoice
        :raise AccessError: for who is no supervisor
        :raise UserError: unless the invoice is open, with one due date, earlier than the new one
        """
        self.ensure_one()
        if not self.env.user.has_group("cobranca_recorrente.cobranca_group_supervisor"):
            raise AccessError(self.env._("Only a supervisor of Cobrança changes the due date of an invoice."))
        self.check_access("write")
        self.lock_for_update()
        term = self._cobranca_get_line_to_postpone(due)
        before = self.invoice_date_due
        # The amounts stay: Odoo must not draw up the receivable line anew.
        term.with_context(skip_invoice_sync=True).date_maturity = due
        self.with_context(skip_invoice_sync=True, tracking_disable=True).invoice_date_due = due
        self.cobranca_period_ids.sudo().date_due = due  # sudo: nobody writes the ledger but its own methods
        self.message_post(
            body=self.env._(
                "Due date moved from %(before)s to %(after)s: %(reason)s",
                before=format_date(self.env, before),
                after=format_date(self.env, due),
                reason=reason or "–",
            )
        )

    def _cobranca_get_line_to_postpone(self, due):
        is_open = self.payment_state in ("not_paid", "partial")
        if self.move_type != "out_invoice" or self.state != "posted" or not is_open:
            raise UserError(self.env._("Only an open customer invoice can get another due date."))
        terms = self.line_ids.filtered(lambda line: line.display_type == "payment_term")
        if len(terms) != 1:
            raise UserError(
                self.env._("This invoice has several installments: change their due dates in its journal items.")
            )
        if not due or due <= self.invoice_date_due:
            raise UserError(
                self.env._(
                    "The due date is %(due)s: choose a later one.", due=format_date(self.env, self.invoice_date_due)
                )
            )
        return terms

    def _cobranca_get_reply_context(self):
        """Answers to customer invoices come from the debtor, and are about what is open of the invoice."""
        if self.move_type != "out_invoice":
            return super()._cobranca_get_reply_context()
        lines = self.line_ids.filtered(lambda line: line.display_type == "payment_term")
        return self.commercial_partner_id, self.company_id, lines

    def action_cobranca_register(self):
        """Open the register of a contact about this invoice."""
        self.ensure_one()
        action = self.commercial_partner_id.with_company(self.company_id).action_cobranca_register()
        return {**action, "context": {**action["context"], "default_move_id": self.id}}

    def action_view_cobranca_contract(self):
        """Open the contract, or the contracts, that this invoice bills."""
        self.ensure_one()
        contracts = self.cobranca_period_ids.contract_id
        action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_recorrente.cobranca_contract_action")
        if len(contracts) == 1:
            return {**action, "views": [(False, "form")], "res_id": contracts.id}
        return {**action, "domain": [("id", "in", contracts.ids)]}
