from odoo import api, fields, models
from odoo.exceptions import UserError


class CobrancaOfferPolicy(models.Model):
    """What a company concedes to customers who negotiate; its rules are versions, each valid from a day on.

    One policy of a company is in force, the others are archived.
    """

    _name = "cobranca.offer.policy"
    _description = "Offer Policy"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "company_id, active desc, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(string="In force", default=lambda self: self._default_active(), copy=False, tracking=True)
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, default=lambda self: self.env.company
    )
    version_ids = fields.One2many(
        comodel_name="cobranca.offer.policy.version", inverse_name="policy_id", string="Versions", copy=True
    )
    current_version_id = fields.Many2one(
        comodel_name="cobranca.offer.policy.version", string="Rules of today", compute="_compute_current_version_id"
    )
    warning = fields.Text(compute="_compute_warning")

    _uniq_in_force = models.UniqueIndex(
        "(company_id) WHERE active",
        "The company has a policy in force: archive that one first, or use “Put in force” of this one.",
    )

    def _default_active(self):
        """A further policy of a company waits until somebody puts it in force."""
        return not self.search_count([("company_id", "=", self.env.company.id), ("active", "=", True)], limit=1)

    # === COMPUTE METHODS === #

    @api.depends("version_ids.date_from")
    def _compute_current_version_id(self):
        for policy in self:
            today = (policy.company_id or self.env.company)._cobranca_today()
            policy.current_version_id = policy.version_ids._of_day(today)

    @api.depends("active", "version_ids.date_from", "version_ids.warning", "version_ids.rule_ids")
    @api.depends_context("lang")
    def _compute_warning(self):
        for policy in self:
            version = policy.current_version_id
            if policy.active and not version.rule_ids:
                policy.warning = self.env._("No rules are valid today: nothing may be conceded to anybody.")
            else:
                policy.warning = version.warning

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        # A row is inserted at once: one that was just archived must be written first.
        self.flush_model(["active"])
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self.version_ids._get_used():
            raise UserError(
                self.env._("Offers were made by this policy: archive it, so that they can still be explained.")
            )

    # === ACTIONS === #

    def action_put_in_force(self):
        """Let this policy apply from now on, in place of the one that the company had."""
        self.ensure_one()
        self.check_access("write")
        self.search([("company_id", "=", self.company_id.id), ("id", "!=", self.id)]).action_archive()
        # The index is checked row by row: the former one must be gone first.
        self.flush_model(["active"])
        self.action_unarchive()
        return True

    def action_open_current(self):
        """Open the rules that apply today."""
        self.ensure_one()
        return self.current_version_id.action_open()

    def action_new_version(self):
        """Copy the newest rules into a version of a later day, and open it."""
        self.ensure_one()
        self.check_access("write")
        newest = self.version_ids._newest()
        if not newest:
            return newest.create({"policy_id": self.id}).action_open()
        today = self.company_id._cobranca_today()
        day = fields.Date.add(max(today, newest.date_from or today), days=1)
        return newest.copy({"date_from": day}).action_open()

    # === BUSINESS METHODS === #

    @api.model
    def _get_version(self, company, date):
        """The rules of a company on a day.

        :return: cobranca.offer.policy.version, empty where the company has none
        """
        return self.search([("company_id", "=", company.id)]).version_ids._of_day(date)
