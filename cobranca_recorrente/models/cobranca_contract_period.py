import logging
from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# The unique index that a second live row of a period breaks.
GUARD = "cobranca_contract_period_uniq_live"
# A skipped period came to nothing (a pause, a trial): it is as final as a billed one.
LIVE_STATES = ("billed", "skipped")


class CobrancaContractPeriod(models.Model):
    """Ledger of what was billed: the guard against billing anything twice.

    A row is claimed before its invoice exists, in the same transaction. It keeps a state of
    its own: what later happens to the invoice (cancelled, deleted, credited) never makes a
    period billable again by itself.
    """

    _name = "cobranca.contract.period"
    _description = "Billed Period"
    _order = "date_start desc, id desc"
    _check_company_auto = True

    contract_id = fields.Many2one(
        comodel_name="cobranca.contract", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="contract_id.currency_id")
    partner_id = fields.Many2one(related="contract_id.partner_id", store=True, index=True)
    kind = fields.Selection(
        selection=[("recurring", "Period"), ("once", "One-off item")], default="recurring", required=True, readonly=True
    )
    line_group = fields.Char(
        default="advance",
        required=True,
        readonly=True,
        groups="cobranca_recorrente.cobranca_group_collector",
        help="Lines billed together; a contract may bill groups of lines over different periods.",
    )
    index = fields.Integer(string="Number", required=True, readonly=True, aggregator=None)
    date_start = fields.Date(string="First day", required=True, readonly=True)
    date_end = fields.Date(string="Last day", required=True, readonly=True)
    of_days = fields.Integer(
        string="Days of the whole period",
        readonly=True,
        aggregator=None,
        groups="cobranca_recorrente.cobranca_group_collector",
    )
    date_issue = fields.Date(string="Issue date", required=True, readonly=True)
    date_due = fields.Date(string="Due date", required=True, readonly=True)
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Invoice",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    amount = fields.Monetary(string="Amount billed", readonly=True, help="Before taxes that are added to prices.")
    amount_total = fields.Monetary(
        string="Total of the invoice", readonly=True, aggregator=None, help="As it was when it was billed."
    )
    details = fields.Json(
        readonly=True,
        groups="cobranca_recorrente.cobranca_group_supervisor",
        help="What each line of the contract has been charged for this period, later adjustments included; `usage` as "
        "the invoice charged it, `usage_now` as changes settled it.",
    )
    usage_ids = fields.One2many(
        comodel_name="cobranca.contract.usage",
        inverse_name="period_id",
        groups="cobranca_recorrente.cobranca_group_collector",
    )
    adjustment_ids = fields.One2many(
        comodel_name="cobranca.contract.line",
        inverse_name="adjusted_period_id",
        string="Adjustments",
        groups="cobranca_recorrente.cobranca_group_collector",
    )
    payment_state = fields.Selection(related="move_id.payment_state", string="Payment", compute_sudo=True)
    is_reopenable = fields.Boolean(
        string="Can be reopened",
        compute="_compute_is_reopenable",
        groups="cobranca_recorrente.cobranca_group_collector",
    )
    state = fields.Selection(
        selection=[("billed", "Billed"), ("skipped", "Without charge"), ("reopened", "Reopened")],
        default="billed",
        required=True,
        readonly=True,
        index=True,
    )

    # Every key column is required: a NULL in the key would disable the index.
    _uniq_live = models.UniqueIndex(
        "(contract_id, kind, line_group, date_start) WHERE state != 'reopened'",
        "This period of the contract is billed already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("contract_id.name", "date_start", "date_end")
    def _compute_display_name(self):
        for period in self:
            period.display_name = f"{period.contract_id.name} · {period._get_label()}"

    @api.depends("state", "move_id.state", "move_id.payment_state")
    def _compute_is_reopenable(self):
        for period in self:
            period.is_reopenable = period.state == "billed" and not period._has_valid_invoice()

    def _get_label(self):
        self.ensure_one()
        format_day = self.env["ir.qweb.field.date"].value_to_html
        return f"{format_day(self.date_start, {})} – {format_day(self.date_end, {})}"

    # === CONSTRAINTS === #

    @api.constrains("contract_id", "kind", "line_group", "date_start", "date_end", "state")
    def _check_no_overlap(self):
        """Two live periods never share a day; sound because the contract is locked while billed."""
        self.flush_model()
        overlapping = self.env.execute_query(
            SQL(
                """
                SELECT mine.id
                  FROM cobranca_contract_period mine
                  JOIN cobranca_contract_period other
                    ON other.contract_id = mine.contract_id
                   AND other.kind = mine.kind
                   AND other.line_group = mine.line_group
                   AND other.id != mine.id
                   AND other.state != 'reopened'
                   AND other.date_start <= mine.date_end
                   AND other.date_end >= mine.date_start
                 WHERE mine.id IN %s AND mine.state != 'reopened'
                 LIMIT 1
                """,
                tuple(self.ids),
            )
        )
        if overlapping:
            period = self.browse(overlapping[0])
            raise ValidationError(
                self.env._("%(period)s overlaps a period that is billed already.", period=period.display_name)
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A billed period stays in the ledger. To bill it again, reopen it."))

    # --- the index that guards the ledger ---

    def _register_hook(self):
        """Look for the index at each start: on rows that are double Odoo leaves it out with no more than a warning."""
        super()._register_hook()
        if not self._has_guard():
            _logger.critical(self._explain_missing_guard())

    @api.model
    def _has_guard(self):
        """Does the database refuse to bill a period twice?

        :return: bool
        """
        return bool(
            self.env.execute_query(
                SQL(
                    """
                    SELECT 1 FROM pg_index
                     WHERE indexrelid = to_regclass(%s) AND indisunique AND indisvalid AND indnkeyatts = 4
                    """,
                    GUARD,
                )
            )
        )

    @api.model
    def _explain_missing_guard(self):
        return self.env._(
            "The database has lost the index %(index)s, which keeps a period from being billed twice. Nothing is "
            "billed until the administrator has removed double rows of cobranca_contract_period and updated the module "
            "cobranca_recorrente.",
            index=GUARD,
        )

    # === ACTIONS === #

    def action_reopen(self):
        """Let periods be billed again, after their invoice was cancelled, credited or deleted.

        :raise UserError: while the invoice of a period is still good
        """
        for period in self:
            if period.state == "billed" and not period.is_reopenable:
                raise UserError(
                    self.env._(
                        "The invoice %(invoice)s of %(period)s is still valid. "
                        "Cancel it or issue a full credit note first.",
                        invoice=period.move_id.display_name,
                        period=period.display_name,
                    )
                )
        self.contract_id.check_access("write")
        reopened = self.filtered(lambda period: period.state == "billed")
        reopened.sudo()._take_back_adjustments()  # sudo: nobody writes the ledger but its own methods
        reopened.sudo().state = "reopened"  # sudo: as above
        for period in reopened:
            period.contract_id.message_post(
                body=self.env._(
                    "The period %(period)s was reopened and can be billed again.", period=period._get_label()
                )
            )
        return True

    def _take_back_adjustments(self):
        """The next bill of a reopened period knows all changes: what adjusted the old one must not count again."""
        for period in self:
            for adjustment in period.adjustment_ids:
                if adjustment.contract_id._is_line_billed(adjustment):
                    period.contract_id._add_adjustment(adjustment, -adjustment._get_full_amount(), self.browse())
                    adjustment.adjusted_period_id = False
                else:
                    adjustment.unlink()
            period.usage_ids.period_id = False

    def _get_live_twin(self):
        """The period that was billed in place of this reopened one, if any."""
        self.ensure_one()
        key = [(field, "=", self[field]) for field in ("kind", "line_group", "date_start")]
        return self.search([("contract_id", "=", self.contract_id.id), *key, ("state", "in", LIVE_STATES)], limit=1)

    def _get_charged(self):
        """{line id: Decimal} of what each line was charged for this period, with usage and what was not given back."""
        self.ensure_one()
        charged = defaultdict(Decimal)
        for amounts in (self._get_amounts("lines"), self._get_charged_usage(), self._get_kept()):
            for line_id, amount in amounts.items():
                charged[line_id] += amount
        return charged

    def _get_kept(self):
        """{id of an item's first version: Decimal} that was charged, is owed no more and was not given back."""
        return self._get_amounts("kept")

    def _get_charged_usage(self):
        """{line id: Decimal} of what each line was charged for usage, as changes of its price settled it."""
        return self._get_amounts("usage_now" if "usage_now" in (self.details or {}) else "usage")

    def _get_amounts(self, name):
        self.ensure_one()
        return {int(line_id): Decimal(amount) for line_id, amount in (self.details or {}).get(name, {}).items()}

    def _has_valid_invoice(self):
        self.ensure_one()
        return bool(self.move_id) and self.move_id.state != "cancel" and self.move_id.payment_state != "reversed"

    def _is_settled_here(self):
        """Do changes of the contract settle this period? One whose invoice is gone is billed anew instead."""
        self.ensure_one()
        return self.state == "skipped" or (self.state == "billed" and self._has_valid_invoice())

    def action_view_invoice(self):
        """Open the invoice of this period."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "views": [(False, "form")],
        }
