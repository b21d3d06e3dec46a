from dataclasses import replace
from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.cobranca_recorrente.tools.ladder_effect import compare

from ..models.cobranca_report_ledger import AS_OF
from ..tools import insight

# So far back promises say how they are kept as a rule.
PROMISE_DAYS = 90


class CobrancaInsightFacts(models.AbstractModel):
    """The plain numbers that the rules of the sentences look at."""

    _name = "cobranca.insight.facts"
    _description = "Facts behind Sentences"

    # === BUSINESS METHODS === #

    @api.model
    def _find_insights(self, snapshot):
        """What is worth saying of the position of a company; other areas add theirs.

        :param snapshot: cobranca.portfolio.snapshot, the latest one
        :return: list of tools.insight.Insight or None
        """
        figures = {kpi.code: kpi for kpi in self._find_figures(snapshot.company_id)}
        late = self._get_late_amounts(snapshot.company_id, snapshot.date)
        return [
            self._find_late_change(snapshot, figures["rate_30"], late),
            insight.concentration(late),
            self._find_promised(snapshot),
            self._find_broken(snapshot),
            self._find_agencies(snapshot),
            self._find_goals(figures.values()),
            self._find_dso_change(figures["dso"]),
            self._find_step_effect(snapshot),
            self._find_cash_forecast(snapshot),
            self._find_cash_missed(snapshot),
        ]

    @api.model
    def _find_figures(self, company):
        self.env.flush_all()
        return self.env["cobranca.kpi.report"].with_company(company).search([("company_id", "=", company.id)])

    @api.model
    def _get_late_amounts(self, company, day):
        """What was late at the end of a day, credits left out.

        :return: dict of amounts by (customer id, band)
        """
        Report = self.env["cobranca.aging.report"].with_context(
            allowed_company_ids=company.ids, **{AS_OF: day.isoformat()}
        )
        domain = [("company_id", "=", company.id), ("is_credit", "=", False), ("days_late", ">", 0)]
        rows = Report._read_group(domain, ["partner_id", "band"], ["amount_open:sum"])
        return {(partner.id, band): amount for partner, band, amount in rows}

    @api.model
    def _find_late_change(self, snapshot, kpi, late):
        before = snapshot.search(
            [("company_id", "=", snapshot.company_id.id), ("month", "<", snapshot.month)], order="month desc", limit=1
        )
        if not (before and kpi.has_value and kpi.has_month):
            return None
        then = self._get_late_amounts(snapshot.company_id, before.date)
        over_30 = [{key: row for key, row in amounts.items() if key[1] > "1"} for amounts in (late, then)]
        titles = max(self._count_late(snapshot), self._count_late(before))
        found = insight.late_change(kpi.value, kpi.value_month, *over_30, titles)
        # What left is no more to be seen today.
        return found and replace(found, keys={**found.keys, "before": before.date.isoformat()})

    @api.model
    def _count_late(self, snapshot):
        """Titles that are late over 30 days."""
        bands = snapshot.band_ids.filtered(lambda band: band.basis == "due" and band.band > "1")
        return sum(bands.mapped("title_count"))

    @api.model
    def _find_promised(self, snapshot):
        own = Domain("company_id", "=", snapshot.company_id.id)
        until = insight.next_monday(snapshot.date)
        Promise = self.env["cobranca.promise"]
        [(amount, count)] = Promise._read_group(
            own & Domain("state", "=", "open") & Domain("date", "<=", until), [], ["amount:sum", "__count"]
        )
        since = snapshot.date - timedelta(days=PROMISE_DAYS)
        decided = dict(Promise._read_group(own & Domain("decided_on", ">=", since), ["state"], ["__count"]))
        return insight.promised(amount or 0.0, count, decided.get("kept", 0), decided.get("broken", 0), until)

    @api.model
    def _find_broken(self, snapshot):
        """Agreements broken since the first of the month, and in the same days of the month before."""
        first = snapshot.month
        earlier = (first - timedelta(days=1)).replace(day=1)
        until = min(earlier + (snapshot.date - first), first - timedelta(days=1))
        own = Domain("company_id", "=", snapshot.company_id.id) & Domain("state", "=", "broken")
        Agreement = self.env["cobranca.agreement"]
        broken = Agreement.search(own & Domain("ended_on", ">=", first) & Domain("ended_on", "<=", snapshot.date))
        before = Agreement.search_count(own & Domain("ended_on", ">=", earlier) & Domain("ended_on", "<=", until))
        return insight.broken_agreements(len(broken), before, sum(broken.mapped("total")))

    @api.model
    def _find_agencies(self, snapshot):
        domain = [
            ("company_id", "=", snapshot.company_id.id),
            ("date", ">=", snapshot.month),
            ("date", "<=", snapshot.date),
        ]
        measures = ["amount:sum", "fee:sum", "commission:sum", "__count"]
        [(received, fees, commission, count)] = self.env["cobranca.agency.receipt"]._read_group(domain, [], measures)
        # What customers pay on top of their debts for the work of an agency is not ours.
        return insight.agencies((received or 0.0) - (fees or 0.0), commission or 0.0, count)

    @api.model
    def _find_goals(self, figures):
        return insight.goals({kpi.code: kpi.goal_state for kpi in figures if kpi.is_main and kpi.goal_state})

    @api.model
    def _find_dso_change(self, kpi):
        if not (kpi.has_value and kpi.has_month):
            return None
        return insight.dso_change(kpi.value, kpi.value_month)

    @api.model
    def _find_step_effect(self, snapshot):
        """The step that brings more than its control group, by the rows of the position."""
        rows = self.env["cobranca.portfolio.step"].search(
            [("company_id", "=", snapshot.company_id.id), ("control_count", ">", 0)]
        )
        steps = [
            (
                row.level_id.id,
                compare((row.reminded_count, row.reminded_paid_count), (row.control_count, row.control_paid_count)),
                row.reminded_count + row.control_count,
            )
            for row in rows
        ]
        found = insight.step_effect(steps)
        return found and replace(found, keys={**found.keys, "since": rows[0].compared_since.isoformat()})

    @api.model
    def _find_cash_forecast(self, snapshot):
        """Four weeks to come against four that were; the running one is neither."""
        if not self._is_forecast_told(snapshot):
            return None
        weeks = self.env["cobranca.portfolio.week"].search([("company_id", "=", snapshot.company_id.id)])
        first = insight.next_monday(snapshot.date)
        to_come = weeks.filtered(lambda row: row.is_to_come and row.week >= first)[: insight.FOUR]
        past = weeks.filtered("is_past")[-insight.FOUR :]
        return insight.cash_forecast(to_come.mapped("amount_expected"), sum(past.mapped("amount_received")), first)

    @api.model
    def _find_cash_missed(self, snapshot):
        """The latest forecast whose first four weeks are over."""
        if not self._is_forecast_told(snapshot):
            return None
        own = Domain("company_id", "=", snapshot.company_id.id) & Domain("horizon", "<=", insight.FOUR)
        rows = self.env["cobranca.cash.forecast.test"].search(own)
        whole = [group for group in rows.grouped("cutoff").values() if len(group) == insight.FOUR]
        if not whole:
            return None
        latest = max(whole, key=lambda group: group[0].cutoff)
        weeks = [(row.amount_forecast, row.amount_actual) for row in latest]
        return insight.cash_missed(latest[0].cutoff, weeks)

    @api.model
    def _is_forecast_told(self, snapshot):
        """Forecasts that learned from few titles say nothing."""
        forecast = self.env["cobranca.cash.forecast"].search([("company_id", "=", snapshot.company_id.id)])
        return forecast.title_count >= insight.LEAST_TITLES
