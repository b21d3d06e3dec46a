from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import proration
from .cobranca_contract_period import LIVE_STATES


class CobrancaContract(models.Model):
    _name = "cobranca.contract"
    _description = "Billing Contract"
    _inherit = [
        "cobranca.customer.mixin",
        "cobranca.beneficiary.guard",
        "cobranca.contract.people",
        # Before the mixins whose methods it extends.
        "cobranca.contract.cancellation",
        "cobranca.contract.terms",
        "cobranca.contract.charge.policy",
        "cobranca.contract.origin",
        "cobranca.contract.schedule",
        "cobranca.contract.charge",
        "cobranca.contract.conference",
        "cobranca.contract.invoice",
        "cobranca.contract.preview",
        "cobranca.contract.settlement",
        "cobranca.contract.lifecycle",
        "cobranca.contract.due",
        "cobranca.contract.indexation",
        "cobranca.contract.screen",
        "cobranca.contract.actions",
        "cobranca.contract.checks",
        "cobranca.contract.delivery",
        "cobranca.contract.guard",
        "cobranca.contract.portal",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _rec_names_search = ["name", "reference", "partner_id"]
    _check_company_auto = True

    name = fields.Char(
        string="Number", readonly=True, copy=False, index="trigram", default=lambda self: self.env._("New")
    )
    reference = fields.Char(size=64, help="The customer's own number for this contract; printed on his invoices.")
    state = fields.Selection(
        selection=[("draft", "Draft"), ("active", "Active"), ("closed", "Closed"), ("cancelled", "Cancelled")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        tracking=True,
    )
    journal_id = fields.Many2one(
        comodel_name="account.journal",
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        domain="[('type', '=', 'sale'), ('l10n_latam_use_documents', '=', False)]",
        check_company=True,
        groups="cobranca_recorrente.cobranca_group_collector",
    )
    line_ids = fields.One2many(
        comodel_name="cobranca.contract.line", inverse_name="contract_id", string="Lines", copy=True
    )
    period_ids = fields.One2many(
        comodel_name="cobranca.contract.period", inverse_name="contract_id", string="Billed periods", copy=False
    )
    pause_ids = fields.One2many(
        comodel_name="cobranca.contract.pause", inverse_name="contract_id", string="Pauses", copy=False
    )
    change_ids = fields.One2many(
        comodel_name="cobranca.contract.change",
        inverse_name="contract_id",
        string="Changes",
        copy=False,
        groups="cobranca_recorrente.cobranca_group_collector",
    )
    usage_ids = fields.One2many(
        comodel_name="cobranca.contract.usage",
        inverse_name="contract_id",
        copy=False,
        groups="cobranca_recorrente.cobranca_group_collector",
    )
    date_signed = fields.Date(string="Signed on", tracking=True, copy=False)
    close_reason_id = fields.Many2one(
        comodel_name="cobranca.close.reason", readonly=True, copy=False, tracking=True, index="btree_not_null"
    )
    amount_total = fields.Monetary(
        string="Amount per period",
        compute="_compute_amounts",
        store=True,
        help="The recurring items that hold now, with taxes.",
    )
    monthly_amount = fields.Monetary(
        compute="_compute_amounts",
        store=True,
        groups="cobranca_recorrente.cobranca_group_collector",
        help="The recurring items that hold now, in a month, before taxes that are added.",
    )
    is_paused = fields.Boolean(string="Paused", compute="_compute_amounts", store=True)
    next_issue_date = fields.Date(string="Next invoice", compute="_compute_next_period", store=True, copy=False)
    next_due_date = fields.Date(string="Next due date", compute="_compute_next_period", store=True, copy=False)
    park_reason = fields.Text(
        string="Pending issue",
        readonly=True,
        copy=False,
        groups="cobranca_recorrente.cobranca_group_collector",
        help="Why this contract could not be billed. It waits until the cause is mended.",
    )
    is_park_checkable = fields.Boolean(
        string="Found by a check", readonly=True, copy=False, groups="cobranca_recorrente.cobranca_group_collector"
    )
    catch_up_until = fields.Date(
        string="Backlog allowed until",
        readonly=True,
        copy=False,
        tracking=True,
        groups="cobranca_recorrente.cobranca_group_collector",
    )
    invoice_count = fields.Integer(
        compute="_compute_invoice_count", groups="cobranca_recorrente.cobranca_group_collector"
    )
    note = fields.Html(string="Internal notes", groups="cobranca_recorrente.cobranca_group_collector")

    _uniq_name = models.UniqueIndex("(company_id, name)", "Another contract of the company has this number.")
    # Without the reasons to wait: Odoo asks for an empty text as "empty or NULL", which no `IS NULL` here would serve.
    _due_idx = models.Index("(next_issue_date, id) WHERE state = 'active'")

    # === COMPUTE METHODS === #

    @api.depends("company_id")
    def _compute_journal_id(self):
        for contract in self:
            contract.journal_id = contract.company_id.cobranca_contract_journal_id

    @api.depends("company_id")
    def _compute_currency_id(self):
        for contract in self:
            contract.currency_id = contract.currency_id or contract.company_id.currency_id

    @api.depends(
        "line_ids.price_total",
        "line_ids.recurrence",
        "line_ids.date_start",
        "line_ids.date_end",
        "pause_ids.date_start",
        "pause_ids.date_end",
        "state",
        "date_start",
        "date_end",
        "trial_end",
        "interval_count",
        "interval_unit",
        "currency_id",
    )
    def _compute_amounts(self):
        """As they are today; `_cron_maintain` computes them again when a day changes them."""
        for contract in self:
            day = contract._get_day_that_counts()
            lines = contract._get_lines_on(day)
            contract.amount_total = contract._get_total([line._prepare_base_line() for line in lines])
            contract.is_paused = any(proration.overlap((day, day), *span) for span in contract._get_pause_spans())
            contract.monthly_amount = contract._get_monthly_amount(day) if contract._has_valid_terms() else 0.0

    @api.depends(
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
        "line_ids.recurrence",
        "line_ids.billing_timing",
        "line_ids.date_start",
        "line_ids.display_type",
        "line_ids.invoice_apart",
        "period_ids.state",
        "period_ids.index",
    )
    def _compute_next_period(self):
        taken = self._get_taken()
        for contract in self:
            charge = next(contract._iter_postponed_dates(taken[contract._origin.id]), None)
            contract.next_issue_date = charge and charge.issue
            contract.next_due_date = charge and charge.due

    def _compute_invoice_count(self):
        counts = dict(
            self.env["cobranca.contract.period"]._read_group(
                [("contract_id", "in", self.ids), ("move_id", "!=", False)],
                ["contract_id"],
                ["move_id:count_distinct"],
            )
        )
        for contract in self:
            contract.invoice_count = counts.get(contract, 0)

    # === CONSTRAINTS === #

    @api.constrains("date_start", "trial_end", "interval_count", "interval_unit", "billing_day", "company_id")
    def _check_terms_before_billing(self):
        """The periods are counted from these: once one is billed they stand."""
        for contract in self:
            if any(period.state in LIVE_STATES and not contract._fits(period) for period in contract.period_ids):
                raise ValidationError(
                    self.env._(
                        "%(contract)s has billed periods: its start and periodicity can no longer be changed. "
                        "Close it and make a new contract.",
                        contract=contract.name,
                    )
                )

    def _fits(self, period):
        """Do the terms still have this billed period, with the same days?"""
        schedule = self._get_schedule()
        if period.kind != "recurring" or not schedule:
            return period.kind != "recurring"
        first, last = schedule.period(period.index)
        return max(first, schedule.start) == period.date_start and (last - first).days + 1 == period.of_days

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._prepare_contract_values(values) for values in vals_list])

    @api.model
    def _prepare_contract_values(self, values):
        """The values of a new contract with its number; those given are left as they are."""
        self._refuse_guarded_fields(set(values) - {"state"} if values.get("state") == "draft" else set(values))
        company = self.env["res.company"].browse(values.get("company_id")) or self.env.company
        if not values.get("journal_id"):
            company._cobranca_require_journal()
        number = values.get("name") or self.env["ir.sequence"].with_company(company).next_by_code("cobranca.contract")
        return {**values, "name": number}

    def write(self, vals):
        self._refuse_guarded_fields(set(vals))
        self._refuse_other_party(vals)
        return super().write(vals)

    @api.model
    def get_import_templates(self):
        """The CSV file offered by the import screen."""
        return [
            {
                "label": self.env._("Import template for contracts"),
                "template": "/cobranca_recorrente/static/import/modelo_contratos.csv",
            }
        ]

    @api.ondelete(at_uninstall=False)
    def _unlink_only_unbilled(self):
        for contract in self:
            if contract.state == "active" or contract.period_ids:
                raise UserError(
                    self.env._("%(contract)s is active or was billed: close it instead.", contract=contract.name)
                )
