from odoo import api, fields, models
from odoo.tools.misc import format_date

# Shares are told without a digit after the comma: they are counted from few.
WHOLE = (
    "percent_share",
    "percent_kept",
    "percent_reminded",
    "percent_control",
    "percent_change",
    "percent_missed",
)
PLAIN = ("count_top", "count_all")


class CobrancaInsightWords(models.AbstractModel):
    """The sentences themselves: figures in the format of the reader's language, nothing said of persons."""

    _name = "cobranca.insight.words"
    _inherit = ["cobranca.figure.words"]
    _description = "Words of Sentences"

    # === BUSINESS METHODS === #

    def _get_sentence(self, wrap=str):
        """The sentence in the language of the reader.

        :param callable wrap: sets a figure off, given its text
        """
        self.ensure_one()
        values = {}
        for name, value in (self.figures or {}).items():
            text = self._get_word(name, value)
            values[name] = text if name in PLAIN else wrap(text)
        return getattr(self, f"_say_{self.code}")(values)

    def _get_word(self, name, value):
        kind = name.split("_")[0]
        if kind == "band":
            return self._get_band_text(value)
        if kind == "amount":
            return self._get_amount_text(value, self.currency_id)
        if kind == "percent":
            number = self._get_number_text(value, 0 if name in WHOLE else 1)
            return self._tie(self.env._("%(number)s %%", number=number))
        if kind == "days":
            return self._get_days_text(value)
        if kind == "points":
            return self._tie(self.env._("%(number)s p.p.", number=self._get_number_text(value, 1)))
        if kind == "date":
            return format_date(self.env, fields.Date.to_date(value))
        if kind == "day":
            return format_date(self.env, fields.Date.to_date(value), date_format="EEEE, dd/MM")
        return str(value)

    @api.model
    def _get_band_text(self, band):
        return dict(self.env["cobranca.portfolio.band"]._fields["band"]._description_selection(self.env)).get(band, "")

    # --- late amounts ---

    def _say_late_rose(self, values):
        return self.env._("Late over 30 days rose from %(percent_before)s to %(percent_now)s.", **values)

    def _say_late_fell(self, values):
        return self.env._("Late over 30 days fell from %(percent_before)s to %(percent_now)s.", **values)

    def _say_late_rose_by(self, values):
        return self.env._(
            "Late over 30 days rose from %(percent_before)s to %(percent_now)s; %(count_top)s customers make "
            "%(percent_share)s of what came to it.",
            **values,
        )

    def _say_late_fell_by(self, values):
        return self.env._(
            "Late over 30 days fell from %(percent_before)s to %(percent_now)s; %(count_top)s customers make "
            "%(percent_share)s of what left it.",
            **values,
        )

    def _say_concentration(self, values):
        return self.env._(
            "In the band of %(band)s, %(count_top)s customers make %(amount_top)s of %(amount_all)s.", **values
        )

    def _say_dso_rose(self, values):
        return self.env._("The DSO is %(days_now)s, %(days_moved)s more than a month ago.", **values)

    def _say_dso_fell(self, values):
        return self.env._("The DSO is %(days_now)s, %(days_moved)s less than a month ago.", **values)

    # --- work ---

    def _say_promised(self, values):
        return self.env._("%(amount)s promised until %(day_until)s.", **values)

    def _say_promised_rate(self, values):
        return self.env._(
            "%(amount)s promised until %(day_until)s; in the last 90 days %(percent_kept)s of the promises were kept.",
            **values,
        )

    def _say_broken(self, values):
        return self.env._(
            "Agreements broken this month: %(count_now)s, of %(amount)s; in the same days of the month before: "
            "%(count_before)s.",
            **values,
        )

    def _say_agencies(self, values):
        return self.env._(
            "Agencies brought in %(amount_received)s this month; %(amount_net)s after commission.", **values
        )

    def _say_goals(self, values):
        return self.env._("%(count_met)s of %(count_all)s goals are met.", **values)

    def _say_goals_missed(self, values):
        labels = dict(self.env["cobranca.kpi"]._fields["code"]._description_selection(self.env))
        missed = ", ".join(labels[code] for code in self.targets.get("codes", []))
        return self.env._(
            "%(count_met)s of %(count_all)s goals are met; off goal: %(missed)s.", missed=missed, **values
        )

    def _say_step_effect(self, values):
        level = self.env["cobranca.dunning.level"].browse(self.targets.get("level")).exists()
        return self.env._(
            "After %(step)s %(percent_reminded)s pay within a week, of its control group %(percent_control)s: "
            "%(points)s more, between %(points_low)s and %(points_high)s (%(count_titles)s titles).",
            step=level.display_name or "",
            **values,
        )

    # --- money to come ---

    def _say_cash_more(self, values):
        return self.env._(
            "%(amount_expected)s expected from %(date_first)s to %(date_last)s: %(percent_change)s more than in the "
            "last four full weeks (%(amount_received)s).",
            **values,
        )

    def _say_cash_less(self, values):
        return self.env._(
            "%(amount_expected)s expected from %(date_first)s to %(date_last)s: %(percent_change)s less than in the "
            "last four full weeks (%(amount_received)s).",
            **values,
        )

    def _say_cash_missed_less(self, values):
        return self.env._(
            "The forecast of %(date_cutoff)s missed: of %(amount_foreseen)s in four weeks %(amount_came)s came, "
            "%(percent_missed)s less.",
            **values,
        )

    def _say_cash_missed_more(self, values):
        return self.env._(
            "The forecast of %(date_cutoff)s missed: %(amount_foreseen)s were foreseen for four weeks, "
            "%(amount_came)s came, %(percent_missed)s more.",
            **values,
        )
