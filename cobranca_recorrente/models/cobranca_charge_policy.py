from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

HIGH_FINE = 10


class CobrancaChargePolicy(models.Model):
    """What a late payment costs and what an early one saves; its terms are versions, each valid from a day on."""

    _name = "cobranca.charge.policy"
    _description = "Charge Policy"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        comodel_name="res.company", index="btree_not_null", tracking=True, help="Empty: for all companies."
    )
    audience = fields.Selection(
        selection=[("all", "All customers"), ("consumers", "Consumers"), ("companies", "Companies only")],
        string="For",
        default="all",
        required=True,
        tracking=True,
        help="A consumer pays at most 2 % of fine (CDC, art. 52, § 1º) and 1 % of interest a month. Only among "
        "companies may more be agreed.",
    )
    version_ids = fields.One2many(
        comodel_name="cobranca.charge.policy.version",
        inverse_name="policy_id",
        string="Terms",
        copy=True,
        default=lambda self: [fields.Command.create({})],
    )
    change_ids = fields.One2many(
        comodel_name="cobranca.charge.policy.change", inverse_name="policy_id", string="Formerly of"
    )
    current_version_id = fields.Many2one(
        comodel_name="cobranca.charge.policy.version", string="Current terms", compute="_compute_current"
    )
    terms_text = fields.Text(string="In words", compute="_compute_current")
    warning = fields.Text(compute="_compute_warning")
    is_in_use = fields.Boolean(compute="_compute_is_in_use")

    # === COMPUTE METHODS === #

    @api.depends("version_ids.date_from", "version_ids.terms_text")
    @api.depends_context("lang", "company")
    def _compute_current(self):
        for policy in self:
            today = (policy.company_id or self.env.company)._cobranca_today()
            policy.current_version_id = policy._get_version(today)
            policy.terms_text = policy.current_version_id.terms_text

    @api.depends("audience", "version_ids.fine_percent")
    def _compute_warning(self):
        for policy in self:
            high = policy.audience == "companies" and max(policy.version_ids.mapped("fine_percent"), default=0)
            texts = [
                self.env._(
                    "A fine above %(percent)s %% is often reduced by judges (Código Civil, art. 413).",
                    percent=HIGH_FINE,
                )
                if high > HIGH_FINE
                else "",
                self.env["account.payment.term"]._cobranca_get_tax_warning(policy.company_id or self.env.company),
            ]
            policy.warning = "\n".join(filter(None, texts))

    def _compute_is_in_use(self):
        for policy in self:
            policy.is_in_use = bool(policy._get_last_invoice_date())

    # === CONSTRAINTS === #

    @api.constrains("audience", "version_ids")
    def _check_consumers(self):
        for policy in self.filtered(lambda policy: policy.audience != "companies"):
            policy.version_ids._check_lawful_for_consumers()

    @api.constrains("version_ids")
    def _check_has_terms(self):
        for policy in self:
            if not policy.version_ids:
                raise ValidationError(self.env._("%(policy)s needs terms: add them.", policy=policy.name))

    @api.constrains("audience")
    def _check_assigned_consumers(self):
        for policy in self.filtered(lambda policy: policy.audience == "companies"):
            for company, contracts in policy._get_contracts().grouped("company_id").items():
                policy.with_company(company)._check_for(contracts.commercial_partner_id)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_assigned(self):
        for policy in self:
            if holder := policy._get_holder():
                raise UserError(
                    self.env._(
                        "%(policy)s is used by %(holder)s: archive it instead.", policy=policy.name, holder=holder
                    )
                )

    # === ACTIONS === #

    def action_change_terms(self):
        """Open new terms, filled with those that hold now and valid from tomorrow or later."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change terms · %(policy)s", policy=self.name),
            "res_model": "cobranca.charge.policy.version",
            "views": [(False, "form")],
            "target": "new",
            "context": self._prepare_next_terms(),
        }

    def _prepare_next_terms(self):
        """Context with the defaults of a next version."""
        today = (self.company_id or self.env.company)._cobranca_today()
        latest = self.version_ids.sorted(lambda version: version.date_from or fields.Date.to_date("1900-01-01"))[-1:]
        values = latest.copy_data({"policy_id": self.id, "date_from": fields.Date.add(today, days=1)})[0]
        return {f"default_{name}": value for name, value in values.items()}

    # === BUSINESS METHODS === #

    def _get_version(self, day):
        """The terms that are valid for an invoice of a day.

        :param date day: date of the invoice
        :return: cobranca.charge.policy.version, empty before the first one
        """
        self.ensure_one()
        begun = self.version_ids.filtered(lambda version: not version.date_from or version.date_from <= day)
        return begun.sorted(lambda version: (bool(version.date_from), version.date_from or day))[-1:]

    def _get_last_invoice_date(self):
        """The date of the last invoice that may be charged by this policy; False while it holds for none."""
        if not self.ids or not self._get_holder():
            return False
        domain = Domain("move_type", "in", ("out_invoice", "out_receipt")) & Domain("state", "=", "posted")
        if self.company_id:
            domain &= Domain("company_id", "=", self.company_id.id)
        # sudo: whether there are any, whoever writes the terms
        [(last,)] = self.env["account.move"].sudo()._read_group(domain, [], ["invoice_date:max"])
        return last or False

    def _get_holder(self):
        """The name of a company, a contract or a customer that has this policy, or had it; empty when none did."""
        env = self.sudo().env  # sudo: looks at all companies, only a name goes out
        if company := env["res.company"].search([("cobranca_charge_policy_id", "in", self.ids)], limit=1):
            return company.name
        former = env["cobranca.charge.policy.change"].search([("policy_id", "in", self.ids)], limit=1)
        return self._get_contracts()[:1].name or self._get_customer_name() or former.holder

    def _get_customer_name(self):
        """A customer with this policy, in whatever company."""
        self.env["res.partner"].flush_model(["name", "cobranca_charge_policy_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT name FROM res_partner
                 WHERE EXISTS (
                     SELECT FROM jsonb_each_text(cobranca_charge_policy_id) AS given
                      WHERE given.value = ANY(%s)
                 )
                 LIMIT 1
                """,
                [str(policy_id) for policy_id in self.ids],
            )
        )
        return rows[0][0] if rows else ""

    def _get_contracts(self):
        Contract = self.env["cobranca.contract"].sudo()  # sudo: contracts of all companies, for checks only
        return Contract.search([("charge_policy_id", "in", self.ids)])

    def _check_for(self, partners):
        """May these customers be given this policy?

        :raise ValidationError: for a consumer, when it is for companies only
        """
        consumers = partners.commercial_partner_id.filtered(lambda partner: partner._cobranca_is_consumer())
        if self.audience == "companies" and consumers:
            raise ValidationError(
                self.env._(
                    "%(policy)s is for companies only and %(customer)s is a consumer: the fine may not exceed 2 %% "
                    "(CDC, art. 52, § 1º) nor the interest 1 %% a month. Choose another policy.",
                    policy=self.name,
                    customer=consumers[0].display_name,
                )
            )

    def _check_company_of(self, company):
        """:raise ValidationError: for the policy of another company"""
        for policy in self:
            if policy.company_id and policy.company_id != company:
                raise ValidationError(
                    self.env._(
                        "%(policy)s belongs to another company: choose one of %(company)s or a shared one.",
                        policy=policy.name,
                        company=company.name,
                    )
                )

    def _get_since(self, day):
        return format_date(self.env, day) if day else self.env._("the beginning")
