from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .cobranca_contract_billing import BATCH_SIZE
from .cobranca_contract_period import LIVE_STATES


class CobrancaContract(models.Model):
    _name = "cobranca.contract"
    _description = "Billing Contract"
    _inherit = [
        "cobranca.customer.mixin",
        "cobranca.contract.schedule",
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
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Salesperson",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        tracking=True,
        check_company=True,
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
    amount_total = fields.Monetary(string="Amount per period", compute="_compute_amount_total", store=True)
    next_period_index = fields.Integer(
        compute="_compute_next_period",
        store=True,
        aggregator=None,
        groups="cobranca_recorrente.cobranca_group_collector",
    )
    next_issue_date = fields.Date(string="Next invoice", compute="_compute_next_period", store=True, copy=False)
    next_due_date = fields.Date(string="Next due date", compute="_compute_next_period", store=True, copy=False)
    park_reason = fields.Text(
        string="Pending issue",
        readonly=True,
        copy=False,
        groups="cobranca_recorrente.cobranca_group_collector",
        help="Why this contract could not be billed. It waits until the cause is mended.",
    )
    invoice_count = fields.Integer(
        compute="_compute_invoice_count", groups="cobranca_recorrente.cobranca_group_collector"
    )
    note = fields.Html(string="Internal notes", groups="cobranca_recorrente.cobranca_group_collector")

    _uniq_name = models.UniqueIndex("(company_id, name)", "Another contract of the company has this number.")
    _due_idx = models.Index("(next_issue_date, id) WHERE state = 'active' AND park_reason IS NULL")

    # === COMPUTE METHODS === #

    @api.depends("company_id")
    def _compute_journal_id(self):
        for contract in self:
            contract.journal_id = contract.company_id.cobranca_contract_journal_id

    @api.depends("line_ids.price_total")
    def _compute_amount_total(self):
        for contract in self:
            contract.amount_total = sum(contract.line_ids.mapped("price_total"))

    @api.depends(
        "date_start",
        "date_end",
        "interval_count",
        "interval_unit",
        "due_day",
        "issue_lead_days",
        "billed_until",
        "period_ids.state",
        "period_ids.index",
    )
    def _compute_next_period(self):
        live_indexes = self._get_live_indexes()
        for contract in self:
            index = contract._get_first_index()
            while index in live_indexes.get(contract._origin.id, ()):
                index += 1
            period = contract._prepare_period(index)
            contract.next_period_index = index
            is_over = not period or (contract.date_end and period["date_start"] > contract.date_end)
            contract.next_issue_date = False if is_over else period["date_issue"]
            contract.next_due_date = False if is_over else period["date_due"]

    def _get_live_indexes(self):
        """{contract id: set of the indexes of its billed periods}, read in one query."""
        rows = self.env["cobranca.contract.period"]._read_group(
            [("contract_id", "in", self._origin.ids), ("state", "in", LIVE_STATES)],
            ["contract_id"],
            ["index:array_agg"],
        )
        return {contract.id: set(indexes) for contract, indexes in rows}

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

    @api.constrains("date_start", "interval_count", "interval_unit", "company_id")
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
        values = self._prepare_period(period.index)
        return bool(values) and values["date_start"] == period.date_start and values["date_end"] == period.date_end

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

    # === ACTIONS === #

    def action_activate(self):
        """Start billing these contracts, after checking that they are complete.

        :raise UserError: with all gaps of all contracts in one message
        """
        gaps = [
            f"{contract.name} ({contract.partner_id.display_name}): {gap}"
            for contract in self.filtered(lambda c: c.state == "draft")
            for gap in contract._get_gaps() + contract._get_gaps_before_first_billing()
        ]
        if gaps:
            raise UserError("\n".join(gaps))
        self._update_state(("draft",), "active")
        return True

    def action_close(self):
        """End contracts: what was billed stays, nothing more is billed."""
        self._update_state(("active",), "closed")
        return True

    def action_cancel(self):
        """Give up contracts that never billed anything."""
        if billed := self.filtered(lambda c: any(p.state in LIVE_STATES for p in c.period_ids)):
            raise UserError(self.env._("%(contract)s was billed: close it instead.", contract=billed[:1].name))
        self._update_state(("draft", "active"), "cancelled")
        return True

    def action_draft(self):
        """Return cancelled contracts, or active ones not billed yet, to draft."""
        if billed := self.filtered(lambda c: any(p.state in LIVE_STATES for p in c.period_ids)):
            raise UserError(self.env._("%(contract)s was billed and cannot return to draft.", contract=billed[:1].name))
        self._update_state(("active", "cancelled"), "draft")
        return True

    def action_bill(self):
        """Bill what is due of these contracts now, at most one period of each.

        :return: action that shows the new invoices
        :raise UserError: when nothing of them is due
        """
        Billing = self.env["cobranca.contract.billing"]
        domain = Billing._get_contracts_to_bill_domain(self.company_id)
        contracts = self.try_lock_for_update().filtered_domain(domain)
        if not contracts:
            raise UserError(self._explain_nothing_due())
        moves = self.env["account.move"]
        if len(contracts) > BATCH_SIZE:
            # One transaction bills one batch; the cron goes on with the rest at once.
            self.env.ref("cobranca_recorrente.ir_cron_cobranca_contract_billing")._trigger()
        for company, of_company in contracts[:BATCH_SIZE].grouped("company_id").items():
            moves |= Billing.with_company(company)._bill(of_company.with_company(company))
        if not moves and len(self) == 1:
            return True
        return self._get_invoices_action(moves)

    def action_unpark(self):
        """Try again with contracts that were set aside."""
        self.check_access("write")
        self.filtered("park_reason").sudo().park_reason = False  # sudo: a guarded field, after the access check
        return True

    def action_view_invoices(self):
        """Open the invoices of this contract."""
        self.ensure_one()
        return self._get_invoices_action(self.period_ids.move_id)

    def _get_invoices_action(self, moves):
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_move_out_invoice_type")
        if len(moves) == 1:
            return {**action, "views": [(False, "form")], "res_id": moves.id, "domain": []}
        return {**action, "domain": [("id", "in", moves.ids)], "context": {"create": False}}

    # === BUSINESS METHODS === #

    def _update_state(self, allowed, target):
        """The one place where a contract changes its state.

        :param allowed: states from which it may come; others are left as they are
        :return: the contracts that changed
        """
        self.check_access("write")
        changed = self.filtered(lambda contract: contract.state in allowed)
        changed.sudo().state = target  # sudo: a guarded field, after the access check
        return changed

    def _park(self, reason):
        """Take a contract out of the billing queue, with the reason where people see it."""
        self.ensure_one()
        self.check_access("write")
        self.sudo().park_reason = reason  # sudo: a guarded field, after the access check
        self.message_post(body=self.env._("Could not be billed: %(reason)s", reason=reason))

    def _get_next_period(self):
        return self._prepare_period(self.next_period_index)
