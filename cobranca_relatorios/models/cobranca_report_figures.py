from odoo import api, models
from odoo.tools.misc import formatLang

SNAPSHOT = "cobranca.portfolio.snapshot"
MONTHS = 13
# (code, field of the monthly position, kind, which way is better)
MAIN = (
    ("late_amount", "amount_late", "money", "down"),
    ("rate_30", "rate_30", "percent", "down"),
    ("dso", "dso", "days", "down"),
    ("cei", "cei", "percent", "up"),
    ("recovered", "recovered", "money", "up"),
    ("agreement_rate", "agreement_rate", "percent", "up"),
)
MORE = (
    ("open_amount", "amount_open", "money", ""),
    ("rate_0", "rate_0", "percent", "down"),
    ("rate_60", "rate_60", "percent", "down"),
    ("rate_90", "rate_90", "percent", "down"),
    ("original_rate_30", "original_rate_30", "percent", "down"),
    ("days_delinquent", "days_delinquent", "days", "down"),
    ("dso_countback", "dso_countback", "days", "down"),
    ("average_delay", "average_delay", "days", "down"),
    ("payment_delay", "payment_delay", "days", "down"),
    ("sales", "sales", "money", ""),
    ("received", "received", "money", "up"),
    ("late_partner_count", "late_partner_count", "integer", "down"),
    ("agreement_count", "agreement_count", "integer", ""),
)


class CobrancaReportFigures(models.AbstractModel):
    """The figures of a month as workbooks and the one-page summary show them: with trend, goal and definition."""

    _name = "cobranca.report.figures"
    _description = "Figures of a Month"

    # === BUSINESS METHODS === #

    @api.model
    def _get_snapshots(self, company, day):
        """Monthly positions up to a day; what is missing of them is taken.

        :param company: res.company
        :param date day: of the last month
        :return: cobranca.portfolio.snapshot of at most 13 months, oldest first, as the user may see them
        """
        Snapshot = self.env[SNAPSHOT]
        Snapshot.check_access("read")
        self._take_missing(company)
        last = day.replace(day=1)
        domain = [("company_id", "=", company.id), ("month", "<=", last)]
        found = Snapshot.search(domain, order="month desc", limit=MONTHS)
        if found[:1].month != last:
            Snapshot._take(company, last)
            found = Snapshot.search(domain, order="month desc", limit=MONTHS)
        return found.sorted("month")

    @api.model
    def _take_missing(self, company):
        """Take the positions that are missing or whose ledger has changed; that of the running month once a day."""
        today = company._cobranca_today()
        Snapshot = self.env[SNAPSHOT]
        is_there = Snapshot.search_count([("company_id", "=", company.id), ("date", "=", today)])
        for month in Snapshot._get_months_to_take(company):
            if month != today.replace(day=1) or not is_there:
                Snapshot._take(company, month)

    @api.model
    def _get_figures(self, snapshots, chosen=MAIN):
        """Figures of the last of some positions, beside those of the month before.

        :param snapshots: cobranca.portfolio.snapshot, oldest first
        :param chosen: of `MAIN` and `MORE`
        :return: list of dict: code, label, definition, kind, better, value, before, year_before, goal; None: not there
        """
        last = snapshots[-1:]
        labels = last.fields_get([name for _code, name, _kind, _better in chosen], ["string", "help"])
        before, year_before = self._find_month(snapshots, 1), self._find_month(snapshots, 12)
        return [
            {
                "code": code,
                "label": labels[name]["string"],
                "definition": labels[name].get("help") or "",
                "kind": kind,
                "better": better,
                "value": last._get_figure(name),
                "before": before._get_figure(name) if before else None,
                "year_before": year_before._get_figure(name) if year_before else None,
                "goal": self._get_goal(last.company_id, code),
            }
            for code, name, kind, better in chosen
        ]

    @api.model
    def _find_month(self, snapshots, months_ago):
        """The position of so many months before the last one; empty where there is none."""
        last = snapshots[-1:].month
        number = last.year * 12 + last.month - months_ago
        return snapshots.filtered(lambda snapshot: snapshot.month.year * 12 + snapshot.month.month == number)

    @api.model
    def _get_goal(self, company, code):
        """What a figure is to come to.

        :return: float, None without a goal
        """
        kpi = self.env["cobranca.kpi"].search([("company_id", "=", company.id), ("code", "=", code)], limit=1)
        return kpi.goal or None

    @api.model
    def _get_sentences(self, snapshot):
        """What is worth saying, as it was last looked at: of the latest month and the one before, as sentences speak
        of today.

        :return: (date or None, list of str)
        """
        found = self.env["cobranca.insight"].search([("company_id", "=", snapshot.company_id.id)])
        day = found[:1].date
        if not day or not self._is_recent(snapshot.month, day):
            return None, []
        return day, found.filtered("text").mapped("text")

    @api.model
    def _is_recent(self, day, today):
        """Is a day in the month of another one, or in the month before?"""
        return (today.year * 12 + today.month) - (day.year * 12 + day.month) <= 1

    # --- words ---

    @api.model
    def _get_text(self, figure, value):
        """A value of a figure as people read it."""
        if value is None:
            return "–"
        if figure["kind"] == "money":
            return self.env.company.currency_id.format(value)
        places = 0 if figure["kind"] == "integer" else 1
        number = formatLang(self.env, value, digits=places)
        return f"{number} %" if figure["kind"] == "percent" else number

    @api.model
    def _get_trend(self, figure):
        """How a figure changed since the month before.

        :return: (text, "good", "bad" or "same")
        """
        value, before = figure["value"], figure["before"]
        if value is None or before is None:
            return "", "same"
        change = value - before
        if figure["kind"] in ("money", "integer"):
            if not before:
                return "", "same"
            text = f"{formatLang(self.env, 100 * change / abs(before), digits=1)} %"
        elif figure["kind"] == "percent":
            text = self.env._("%(points)s p.p.", points=formatLang(self.env, change, digits=1))
        else:
            text = self.env._("%(days)s days", days=formatLang(self.env, change, digits=1))
        if not figure["better"] or abs(change) < 0.005:
            return self._sign(text, change), "same"
        return self._sign(text, change), "good" if (change > 0) == (figure["better"] == "up") else "bad"

    @api.model
    def _sign(self, text, change):
        return f"+{text}" if change > 0 else text
