from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_date

# Which column names the holder of a policy, for each kind of holder.
HOLDERS = {
    "res.company": SQL("line.company_id"),
    "res.partner": SQL("contact.commercial_partner_id"),
    "cobranca.contract": SQL("period.contract_id"),
}


class CobrancaChargePolicyChange(models.Model):
    """Which policy a company, a contract or a customer had before another one was given.

    Invoices keep the terms of their day: the former policy goes on for those dated before the change.
    Written by the changes themselves, never by hand.
    """

    _name = "cobranca.charge.policy.change"
    _description = "Former Charge Policy"
    _order = "valid_before desc, id desc"

    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    contract_id = fields.Many2one(comodel_name="cobranca.contract", readonly=True, ondelete="cascade")
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    policy_id = fields.Many2one(
        comodel_name="cobranca.charge.policy",
        string="Former policy",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: none of its own.",
    )
    valid_before = fields.Date(
        string="For invoices before",
        required=True,
        readonly=True,
        help="Invoices of this day and later ones have the next policy.",
    )
    holder = fields.Char(string="Of", compute="_compute_holder")

    _check_holder = models.Constraint(
        "CHECK (contract_id IS NULL OR partner_id IS NULL)", "A policy is of a contract or of a customer, not of both."
    )
    _company_idx = models.Index("(company_id, valid_before) WHERE contract_id IS NULL AND partner_id IS NULL")
    _contract_idx = models.Index("(contract_id, valid_before) WHERE contract_id IS NOT NULL")
    _customer_idx = models.Index("(partner_id, company_id, valid_before) WHERE partner_id IS NOT NULL")

    # === COMPUTE METHODS === #

    @api.depends("company_id", "contract_id", "partner_id")
    def _compute_holder(self):
        for change in self:
            change.holder = (change.contract_id or change.partner_id or change.company_id).display_name

    @api.depends("holder", "valid_before")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for change in self:
            day = format_date(self.env, change.valid_before)
            change.display_name = self.env._("%(holder)s, invoices before %(day)s", holder=change.holder, day=day)

    # === BUSINESS METHODS === #

    @api.model
    def _keep(self, company, former):
        """Remember what was given before, for the invoices that were issued under it.

        Where an invoice of today or of a later day is issued already, the new policy begins after it.
        Holders without invoices have nothing to remember.

        :param company: res.company, in which the policy was given
        :param dict former: {res.company | res.partner | cobranca.contract: former cobranca.charge.policy},
            all of one model
        :return: cobranca.charge.policy.change, the new rows
        """
        values = []
        today = company._cobranca_today()
        for holder, last in self._get_last_days(company, list(former)).items():
            first = max(today, fields.Date.add(last, days=1))
            row = {
                "company_id": company.id,
                "contract_id": holder.id if holder._name == "cobranca.contract" else False,
                "partner_id": holder.id if holder._name == "res.partner" else False,
            }
            # A policy that was given and taken on the same day was never used.
            known = [(name, "=", value) for name, value in row.items()] + [("valid_before", ">=", first)]
            # sudo: the register is written by this method only, by whoever may give policies
            if not self.sudo().search_count(known, limit=1):
                values.append({**row, "policy_id": former[holder].id, "valid_before": first})
        return self.sudo().create(values)  # sudo: the register is written by this method only

    @api.model
    def _get_last_days(self, company, holders):
        """The date of the last debt of each holder in a company.

        :param list holders: records of one model
        :return: {holder: date}, without those that have none
        """
        if not holders:
            return {}
        column = HOLDERS[holders[0]._name]
        of_contracts = SQL("JOIN cobranca_contract_period period ON period.move_id = move.id")
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT %(column)s, max(COALESCE(move.invoice_date, line.date))
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                  JOIN account_account account ON account.id = line.account_id
                  LEFT JOIN res_partner contact ON contact.id = line.partner_id
                  %(more)s
                 WHERE line.company_id = %(company)s AND line.parent_state = 'posted' AND line.balance > 0
                   AND account.account_type = 'asset_receivable' AND %(column)s = ANY(%(ids)s)
                 GROUP BY %(column)s
                """,
                column=column,
                more=of_contracts if holders[0]._name == "cobranca.contract" else SQL(),
                company=company.id,
                ids=[holder.id for holder in holders],
            )
        )
        by_id = {holder.id: holder for holder in holders}
        return {by_id[holder]: last for holder, last in rows}

    @api.model
    def _is_any(self):
        """Was any policy ever changed? Where not, nobody pays for looking."""
        self.flush_model()
        [[found]] = self.env.execute_query(SQL("SELECT EXISTS (SELECT FROM cobranca_charge_policy_change)"))
        return found

    @api.model
    def _get_join(self, alias, condition):
        """SQL that finds the former policy which a line still has.

        :param str alias: of the row that is joined; its columns are `id` and `policy_id`
        :param SQL condition: on the columns of `change`, which holder
        :return: SQL, for a query with `line` (account_move_line) and `move`
        """
        return SQL(
            """
            LEFT JOIN LATERAL (
                SELECT change.id, change.policy_id
                  FROM cobranca_charge_policy_change change
                 WHERE %s AND change.valid_before > COALESCE(move.invoice_date, line.date)
                 ORDER BY change.valid_before, change.id
                 LIMIT 1
            ) %s ON TRUE
            """,
            condition,
            SQL.identifier(alias),
        )
