from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..tools import bands

BEGINNING = date.min


class CobrancaOfferPolicyVersion(models.Model):
    """The rules of a policy from a day on. Those by which an offer was made are never changed."""

    _name = "cobranca.offer.policy.version"
    _description = "Version of an Offer Policy"
    _order = "policy_id, date_from desc nulls last, id desc"

    policy_id = fields.Many2one(comodel_name="cobranca.offer.policy", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    date_from = fields.Date(
        string="Valid from", help="For offers made on this day and later, until the next version. Empty: always."
    )
    rule_ids = fields.One2many(comodel_name="cobranca.offer.rule", inverse_name="version_id", string="Rules", copy=True)
    rule_count = fields.Integer(string="Number of rules", compute="_compute_rule_count")
    is_used = fields.Boolean(compute="_compute_is_used")
    warning = fields.Text(compute="_compute_warning")

    _uniq_start = models.UniqueIndex(
        "(policy_id, COALESCE(date_from, '0001-01-01'::date))",
        "The policy has rules from this day already: open those.",
    )

    # === COMPUTE METHODS === #

    @api.depends("policy_id.name", "date_from")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(policy)s, since %(day)s",
                policy=version.policy_id.name or "",
                day=version._get_since(),
            )

    @api.depends("rule_ids")
    def _compute_rule_count(self):
        for version in self:
            version.rule_count = len(version.rule_ids)

    def _compute_is_used(self):
        used = self._get_used()
        for version in self:
            version.is_used = version._origin in used

    @api.depends("rule_ids.warning")
    def _compute_warning(self):
        for version in self:
            version.warning = "\n".join(dict.fromkeys(filter(None, version.rule_ids.mapped("warning")))) or False

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        versions = super().create(vals_list)
        # What is shipped is no decision of a person.
        for version in versions if not self.env.context.get("mail_create_nolog") else ():
            version.policy_id._message_log(
                body=self.env._("Rules for offers from %(day)s on", day=version._get_since())
            )
        return versions

    def write(self, vals):
        if {"policy_id", "date_from"} & vals.keys():
            self._refuse_if_used()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._refuse_if_used()

    # === ACTIONS === #

    def action_open(self):
        """Open these rules on their own page.

        :raise UserError: where there are none
        """
        if not self:
            raise UserError(self.env._("No rules are valid today: use “Change rules” to make some."))
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "current",
        }

    def action_new_version(self):
        """Copy the newest rules of this policy into a version of a later day, and open it."""
        return self.policy_id.action_new_version()

    # === BUSINESS METHODS === #

    def _of_day(self, day):
        """Of these versions the newest one that had begun on a day."""
        return self.filtered(lambda version: not version.date_from or version.date_from <= day)._newest()

    def _newest(self):
        return self.sorted(lambda version: version.date_from or BEGINNING)[-1:]

    def _get_since(self):
        return format_date(self.env, self.date_from) if self.date_from else self.env._("the beginning")

    def _get_used(self):
        """Of these versions those by which somebody was offered something; extended where offers are kept.

        :return: cobranca.offer.policy.version
        """
        # sudo: whether there are any, whoever looks
        approvals = self.env["cobranca.offer.approval"].sudo().search([("version_id", "in", self._origin.ids)])
        # sudo: whether there are proposals, whoever looks
        Proposal = self.env["cobranca.proposal"].sudo()
        rows = Proposal._read_group([("rule_id", "in", self._origin.rule_ids.ids)], ["rule_id"])
        return self.browse({*approvals.version_id.ids, *(rule.version_id.id for (rule,) in rows)})

    def _refuse_if_used(self):
        """:raise UserError: what an offer was made by does not change"""
        if used := self._get_used()[:1]:
            raise UserError(
                self.env._(
                    "Offers were made by these rules (%(rules)s): they cannot change. Use “Change rules” to make "
                    "others for offers of a later day.",
                    rules=used.display_name,
                )
            )

    def _check_overlaps(self):
        """For each negotiation one rule counts.

        :raise ValidationError: with two rules between which nobody could decide
        """
        for version in self:
            for one, other in bands.overlaps([rule._get_band() for rule in version.rule_ids]):
                Rule = version.rule_ids
                raise ValidationError(
                    self.env._(
                        "These rules overlap, and nobody could say which one counts: “%(one)s” and “%(other)s”. Change "
                        "the days or the amounts of one of them.",
                        one=Rule.browse(one.key).display_name,
                        other=Rule.browse(other.key).display_name,
                    )
                )
        # Two who change the same rules at once do not see each other's: the database does.
        self.rule_ids.flush_recordset()
        for mode in (SQL("IMMEDIATE"), SQL("DEFERRED")):
            self.env.execute_query(SQL("SET CONSTRAINTS cobranca_offer_rule_no_overlap %s", mode))

    def _get_rules(self, situation):
        """The rules that hold for a situation, the one that counts first.

        :param tools.bands.Situation situation: what is negotiated, and with whom
        :return: cobranca.offer.rule
        """
        found = bands.fitting([rule._get_band() for rule in self.rule_ids], situation)
        return self.rule_ids.browse(band.key for band in found)
