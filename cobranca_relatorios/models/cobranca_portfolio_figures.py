from calendar import monthrange
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, models

from ..tools.aging import BANDS

ZERO, CENT = Decimal(0), Decimal("0.01")
# Days of delay beyond which titles are counted, each the end of a band.
RATES = (0, 30, 60, 90)


class CobrancaPortfolioFigures(models.AbstractModel):
    """The figures of a monthly position, from the ledger alone."""

    _name = "cobranca.portfolio.figures"
    _description = "Figures of a Monthly Position"
    _inherit = ["cobranca.portfolio.reader"]

    # === BUSINESS METHODS === #

    @api.model
    def _get_position(self, company, day):
        """All figures of the month of a day, as they were at the end of that day.

        :param company: res.company
        :param date day: the last one that counts
        :return: (dict of figures, where None is what the month does not have; list of band values; list of roll
            values), amounts in the company's currency, percentages of 100
        """
        self.env.flush_all()
        rows = self._read_parts(company, day)
        figures = {**self._get_open(rows), **self._get_agreements(rows)}
        sales, quarter = self._read_sales(company, day)
        figures |= {"sales": sales.get(day.replace(day=1), ZERO), "sales_quarter": quarter}
        figures |= self._get_days(figures, sales, day)
        figures |= {"cei": self._get_cei(figures, rows["before", None, None][0])}
        figures |= self._get_paid(self._read_paid(company, day))
        figures["account_balance"] = self._read_balance(company, day)
        figures["difference"] = figures["amount_open"] + figures["amount_credit"] - figures["account_balance"]
        return figures, self._get_bands(rows), self._get_rolls(rows)

    # --- what was open ---

    @api.model
    def _get_open(self, rows):
        """What is open and how late, in amounts, titles and percentages."""
        amounts, titles = self._sum_from(rows, "due")
        originals, _titles = self._sum_from(rows, "original")
        weighted, _none, partners = rows["delay", None, None]
        figures = {
            "amount_open": amounts[0],
            "amount_credit": rows["credit", None, None][0],
            "amount_late": amounts[1],
            "amount_original_late": originals[1],
            "amount_original_late_30": originals[2],
            "title_count": titles[0],
            "late_count": titles[1],
            "late_partner_count": partners,
            "average_delay": self._ratio(weighted, amounts[1]),
            "original_rate_30": self._percent(originals[2], originals[0]),
        }
        for band, days in enumerate(RATES, start=1):
            figures[f"rate_{days}"] = self._percent(amounts[band], amounts[0])
            figures[f"title_rate_{days}"] = self._percent(titles[band], titles[0])
            if days:
                figures[f"amount_late_{days}"] = amounts[band]
        return figures

    @api.model
    def _sum_from(self, rows, part):
        """What is in each band or in a later one.

        :return: (amounts, titles), lists by band
        """
        found = [rows.get((part, band, None), (ZERO, 0, 0)) for band, _name in BANDS]
        return [[sum((row[column] for row in found[band:]), ZERO) for band in range(len(BANDS))] for column in (0, 1)]

    @api.model
    def _get_bands(self, rows):
        """:return: list of values of cobranca.portfolio.band, one for each basis and band"""
        values = []
        for basis in ("due", "original"):
            total = self._sum_from(rows, basis)[0][0]
            for band, _name in BANDS:
                amount, titles, partners = rows.get((basis, band, None), (ZERO, 0, 0))
                share = self._percent(amount, total)
                values.append(
                    {
                        "basis": basis,
                        "band": band,
                        "amount": amount,
                        "title_count": titles,
                        "partner_count": partners,
                        "share": share,
                    }
                )
        return values

    @api.model
    def _get_rolls(self, rows):
        """:return: list of values of cobranca.portfolio.roll, of what rolled"""
        rolled = {(start, stop): row for (part, start, stop), row in rows.items() if part == "roll"}
        totals = defaultdict(Decimal)
        for (start, _stop), (amount, _titles, _none) in rolled.items():
            totals[start] += amount
        return [
            {
                "from_band": start,
                "to_band": stop,
                "amount": amount,
                "title_count": titles,
                "share": self._percent(amount, totals[start]),
            }
            for (start, stop), (amount, titles, _none) in sorted(rolled.items())
        ]

    @api.model
    def _get_agreements(self, rows):
        """Agreements in force, and those without a late installment."""
        _amount, count, on_time = rows["agreement", None, None]
        return {
            "agreement_count": count,
            "agreement_on_time_count": on_time,
            "agreement_rate": self._percent(Decimal(on_time), Decimal(count)),
        }

    # --- the month ---

    @api.model
    def _get_days(self, figures, sales, day):
        """Days of sales that the receivables stand for.

        :param dict figures: with what is open, and `sales_quarter`
        :param dict sales: Decimal of each month
        """
        balance, quarter = figures["amount_open"] + figures["amount_credit"], figures["sales_quarter"]
        days = (day - self._get_quarter_start(day)).days
        exact = [part * days / quarter if quarter > 0 else None for part in (balance, balance - figures["amount_late"])]
        dso, best = exact
        return {
            "dso": self._round(dso),
            "dso_best": self._round(best),
            "days_delinquent": self._round(dso - best) if quarter > 0 else None,
            "dso_countback": self._count_back(balance, sales, day),
        }

    @api.model
    def _count_back(self, balance, sales, day):
        """Days of the latest months whose sales make up the receivables; None where there are not as many sales."""
        if balance <= 0:
            return None
        left, days, month, length = balance, ZERO, day.replace(day=1), day.day
        first = min((known for known, amount in sales.items() if amount), default=day)
        while month >= first:
            sold = sales.get(month, ZERO)
            if sold >= left:
                return self._round(days + left * length / sold)
            left, days = left - sold, days + length
            month -= relativedelta(months=1)
            length = monthrange(month.year, month.month)[1]
        return None

    @api.model
    def _get_cei(self, figures, before):
        """The collection effectiveness index of the month.

        :param Decimal before: the receivables at the end of the month before
        """
        after = figures["amount_open"] + figures["amount_credit"]
        whole = before + figures["sales"]
        return self._percent(whole - after, whole - (after - figures["amount_late"]))

    @api.model
    def _get_paid(self, paid):
        """What was paid in the month, and how late.

        :param paid: what :meth:`_read_paid` returns
        """
        amount, weighted, late, late_weighted, count, days = paid
        return {
            "received": amount,
            "recovered": late,
            "payment_delay": self._ratio(weighted, amount),
            "payment_delay_late": self._ratio(late_weighted, late),
            "payment_delay_mean": self._ratio(days, count),
        }

    # --- helpers ---

    @api.model
    def _round(self, number):
        return None if number is None else number.quantize(CENT, ROUND_HALF_UP)

    @api.model
    def _ratio(self, part, whole):
        return self._round(part / whole) if whole > 0 else None

    @api.model
    def _percent(self, part, whole):
        return self._ratio(100 * part, whole)
