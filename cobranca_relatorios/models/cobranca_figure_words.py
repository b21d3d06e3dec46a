from odoo import api, models
from odoo.tools import formatLang
from odoo.tools.misc import format_date

from ..tools.figures import DIGITS, rounded, shortened

NOTHING = "·"
# Values do not break away from their units.
TIED = "\N{NO-BREAK SPACE}"

MOST_PERCENT = 999


class CobrancaFigureWords(models.AbstractModel):
    """How figures are written for people, in their language."""

    _name = "cobranca.figure.words"
    _description = "Words of Figures"

    # === BUSINESS METHODS === #

    @api.model
    def _get_amount_text(self, amount, currency):
        """An amount short enough for a card: R$ 373,3 mil."""
        number, digits, scale = shortened(amount)
        text = formatLang(self.env, float(number), digits=digits)
        text = f"{text} {currency.symbol}" if currency.position == "after" else f"{currency.symbol} {text}"
        if scale == "million":
            text = self.env._("%(amount)s million", amount=text)
        elif scale == "thousand":
            text = self.env._("%(amount)s thousand", amount=text)
        return self._tie(text)

    @api.model
    def _get_number_text(self, number, digits=0):
        return formatLang(self.env, float(rounded(number, digits)), digits=digits)

    @api.model
    def _get_percent_text(self, percent):
        return self._tie(self.env._("%(number)s %%", number=self._get_number_text(percent, 1)))

    @api.model
    def _get_days_text(self, days):
        days = int(rounded(days, 0))
        return self._tie(self.env._("1 day") if days == 1 else self.env._("%(count)s days", count=days))

    @api.model
    def _get_value_text(self, unit, value, currency):
        """A figure with its unit.

        :param str unit: money, percent or days
        """
        if unit == "money":
            return self._get_amount_text(value, currency)
        return self._get_percent_text(value) if unit == "percent" else self._get_days_text(value)

    @api.model
    def _get_change_text(self, unit, change):
        """How far a figure moved, without its sign: money in percent, percentages in points."""
        size = abs(change)
        if unit == "days":
            return self._get_days_text(size)
        if unit == "money":
            # From next to nothing, how many times as much says nothing.
            if size > MOST_PERCENT:
                return self._tie(self.env._("> %(number)s %%", number=MOST_PERCENT))
            return self._get_percent_text(size)
        return self._tie(self.env._("%(number)s p.p.", number=self._get_number_text(size, DIGITS[unit])))

    @api.model
    def _get_month_text(self, month):
        return format_date(self.env, month, date_format="MMM/yy") if month else NOTHING

    @api.model
    def _tie(self, text):
        return text.replace(" ", TIED)
