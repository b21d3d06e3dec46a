from decimal import Decimal

from odoo import api, models, tools
from odoo.tools import SQL

from ..tools import ladder

# What each criterion weighs when several ladders fit: the most specific one wins.
WEIGHTS = {"partner_ids": 32, "category_ids": 16, "template_ids": 8, "payment": 4, "segment_ids": 2}
WEIGHTS |= {"amounts": 1, "audience": 1}
# Letters of a document; without one Odoo's own mark tells a company.
CNPJ_LENGTH, CPF_LENGTH = 14, 11


class CobrancaDunningChoice(models.AbstractModel):
    """Which ladder an open amount is on: the most specific one that fits."""

    _name = "cobranca.dunning.choice"
    _description = "Choice of a Dunning Ladder"

    # === BUSINESS METHODS === #

    @api.model
    @tools.ormcache("company_id")
    def _get_ladders(self, company_id):
        """All ladders of a company, the most specific first; the cache is cleared by each change.

        :return: tuple of (tools.ladder.Ladder, criteria: dict)
        """
        # sudo: rules, no texts; whoever runs or simulates
        policies = (
            self.env["cobranca.dunning.policy"]
            .sudo()
            .with_context(active_test=True)
            .search([("company_id", "=", company_id)])
        )
        ordered = sorted(policies, key=lambda policy: (-policy._get_weight(), policy.sequence, policy.id))
        return tuple((policy._get_ladder(), policy._get_criteria()) for policy in ordered)

    def _get_ladder(self):
        """:return: tools.ladder.Ladder"""
        self.ensure_one()
        return ladder.Ladder(
            key=self.id,
            state=self.state,
            entry=self.entry_rule,
            entry_level=self.entry_level_id.id or None,
            date_from=self.date_from or None,
            min_days=self.min_days_between,
            max_week=self.max_per_week,
            rule=self.business_day_rule,
            hour=self.send_hour,
            levels=tuple(level._get_step() for level in self.level_ids),
        )

    def _get_weight(self):
        """How specific a ladder is."""
        criteria = self._get_criteria()
        return sum(WEIGHTS[name] for name, value in criteria.items() if value)

    def _get_criteria(self):
        """What a ladder asks of whom it is for; empty values ask nothing. Later addons add theirs, with a weight.

        :return: dict
        """
        self.ensure_one()
        bounds = (Decimal(str(self.min_amount)), Decimal(str(self.max_amount)))
        return {
            "partner_ids": tuple(self.partner_ids.commercial_partner_id.ids),
            "category_ids": tuple(self.category_ids.ids),
            "template_ids": tuple(self.template_ids.ids),
            "segment_ids": tuple(self.segment_ids.ids),
            "payment": self.payment if self.payment != "any" else "",
            "amounts": bounds if any(bounds) else (),
            "audience": self.audience if self.audience != "any" else "",
        }

    @api.model
    def _get_choice(self, company):
        """The id of the ladder of each open line, as an SQL expression over `line` and `partner`.

        Belongs into a list of columns: what a debtor owes in all is summed up over the rows that are read.

        :return: SQL; NULL where no ladder fits
        """
        cases = [
            SQL("WHEN %s THEN %s", self._get_condition(company, criteria), item.key)
            for item, criteria in self._get_ladders(company.id)
        ]
        return SQL("CASE %s ELSE NULL END", SQL(" ").join(cases)) if cases else SQL("NULL::int4")

    @api.model
    def _get_condition(self, company, criteria):
        """What criteria ask, as SQL; TRUE when they ask nothing."""
        asked = [
            getattr(self, f"_get_condition_of_{name}")(company, value) for name, value in criteria.items() if value
        ]
        return SQL(" AND ").join(asked) if asked else SQL("TRUE")

    @api.model
    def _get_condition_of_partner_ids(self, company, value):
        return SQL("partner.id = ANY(%s)", list(value))

    @api.model
    def _get_condition_of_category_ids(self, company, value):
        return SQL(
            "partner.id IN (SELECT partner_id FROM res_partner_res_partner_category_rel WHERE category_id = ANY(%s))",
            list(value),
        )

    @api.model
    def _get_condition_of_template_ids(self, company, value):
        return SQL(
            """line.move_id IN (
                SELECT period.move_id FROM cobranca_contract_period period
                  JOIN cobranca_contract contract ON contract.id = period.contract_id
                 WHERE contract.template_id = ANY(%s) AND period.move_id IS NOT NULL)""",
            list(value),
        )

    @api.model
    def _get_condition_of_payment(self, company, value):
        # Who authorised a card for some contracts only is asked for the others.
        is_automatic = SQL(
            """(COALESCE(partner.cobranca_is_automatic, FALSE) OR line.move_id IN (
                SELECT period.move_id FROM cobranca_card_mandate mandate
                  JOIN cobranca_card_mandate_contract_rel chosen ON chosen.mandate_id = mandate.id
                  JOIN cobranca_contract_period period ON period.contract_id = chosen.contract_id
                 WHERE mandate.company_id = %s AND mandate.state = 'active' AND period.move_id IS NOT NULL))""",
            company.id,
        )
        return is_automatic if value == "automatic" else SQL("NOT %s", is_automatic)

    @api.model
    def _get_condition_of_segment_ids(self, company, value):
        return SQL(
            "partner.id IN (SELECT partner_id FROM cobranca_behavior WHERE company_id = %s AND segment_id = ANY(%s))",
            company.id,
            list(value),
        )

    @api.model
    def _get_condition_of_amounts(self, company, value):
        low, high = value
        total = SQL("SUM(line.amount_residual) OVER (PARTITION BY partner.id)")
        return SQL("%s BETWEEN %s AND %s", total, low, high) if high else SQL("%s >= %s", total, low)

    @api.model
    def _get_condition_of_audience(self, company, value):
        is_company = SQL(
            """CASE length(regexp_replace(COALESCE(partner.vat, ''), '[^0-9A-Za-z]', '', 'g'))
                WHEN %s THEN TRUE WHEN %s THEN FALSE ELSE partner.is_company IS TRUE END""",
            CNPJ_LENGTH,
            CPF_LENGTH,
        )
        return is_company if value == "company" else SQL("NOT %s", is_company)
