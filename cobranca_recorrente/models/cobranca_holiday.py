import unicodedata

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools import calendar

YEARS_BACK, YEARS_AHEAD = 12, 5
GENERATED_SCOPES = ("national", "bank")


class CobrancaHoliday(models.Model):
    """Days on which banks are closed: what falls due on them is paid on the next business day."""

    _name = "cobranca.holiday"
    _description = "Holiday"
    _order = "date, id"

    name = fields.Char(required=True)
    date = fields.Date(required=True, index=True)
    weekday = fields.Char(compute="_compute_weekday")
    scope = fields.Selection(
        selection=[
            ("national", "National"),
            ("bank", "Banks closed"),
            ("state", "State"),
            ("municipal", "Municipal"),
        ],
        default="municipal",
        required=True,
        help="National holidays and the days on which banks are closed are there by themselves; those of states and "
        "cities are typed.",
    )
    state_id = fields.Many2one(
        comodel_name="res.country.state",
        string="Federal state",
        domain="[('country_id.code', '=', 'BR')]",
        index="btree_not_null",
    )
    city_id = fields.Many2one(
        comodel_name="res.city", domain="[('country_id.code', '=', 'BR')]", index="btree_not_null"
    )
    company_id = fields.Many2one(comodel_name="res.company", index="btree_not_null", help="Empty: for all companies.")
    active = fields.Boolean(
        default=True, help="Archive a day that does not count for you: a deleted one would come back."
    )

    _uniq_day = models.UniqueIndex(
        "(date, scope, COALESCE(state_id, 0), COALESCE(city_id, 0), COALESCE(company_id, 0))",
        "This day is in the list already (perhaps archived).",
    )
    _check_place = models.Constraint(
        "CHECK ((scope = 'state') = (state_id IS NOT NULL) AND (scope = 'municipal') = (city_id IS NOT NULL))",
        "A state holiday names its state, a municipal one its city, the others neither.",
    )

    # === COMPUTE METHODS === #

    @api.depends("date")
    @api.depends_context("lang")
    def _compute_weekday(self):
        for holiday in self:
            holiday.weekday = holiday.date and tools.format_date(self.env, holiday.date, date_format="EEEE")

    @api.depends("name", "date")
    def _compute_display_name(self):
        for holiday in self:
            day = holiday.date and tools.format_date(self.env, holiday.date)
            holiday.display_name = " · ".join(filter(None, (day, holiday.name)))

    @api.onchange("scope")
    def _onchange_scope(self):
        if self.scope != "state":
            self.state_id = False
        if self.scope != "municipal":
            self.city_id = False

    # === CONSTRAINTS === #

    @api.constrains("date")
    def _check_year(self):
        for holiday in self:
            if holiday.date.year < calendar.FIRST_YEAR:
                raise ValidationError(
                    self.env._("The calendar begins in %(year)s: correct the date.", year=calendar.FIRST_YEAR)
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        holidays = super().create(vals_list)
        self._forget()
        return holidays

    def write(self, vals):
        result = super().write(vals)
        self._forget()
        return result

    def unlink(self):
        result = super().unlink()
        self._forget()
        return result

    @api.model
    def _forget(self):
        self.env.registry.clear_cache()

    # === BUSINESS METHODS === #

    @api.model
    def _get_holidays(self, company, first, last):
        """The days on which the banks of a company are closed, besides Saturdays and Sundays.

        :param company: res.company, whose state and city count
        :param date first: first day that is asked for
        :param date last: last day
        :return: frozenset of dates
        """
        place = company.sudo().partner_id  # sudo: where the company is, whoever looks at a debt
        days = self._get_days(company.id, place.state_id.id, place.city_id.id, _plain(place.city))
        return frozenset(day for day in days if first <= day <= last)

    @api.model
    @tools.ormcache("company_id", "state_id", "city_id", "city")
    def _get_days(self, company_id, state_id, city_id, city):
        """Every holiday of a place; the cache is cleared by each change.

        :param int company_id: or False
        :param int state_id: or False
        :param int city_id: or False, then the name counts
        :param str city: its name without accents, in small letters
        :return: frozenset of dates
        """
        own = Domain("company_id", "in", (False, company_id))
        place = Domain("scope", "in", GENERATED_SCOPES) | Domain("scope", "=", "municipal")
        if state_id:
            place |= Domain("state_id", "=", state_id)
        # sudo: days are no secret, and the cache serves everybody
        holidays = self.sudo().search_fetch(own & place, ["date", "scope", "city_id"])
        return frozenset(h.date for h in holidays if h._is_in(state_id, city_id, city))

    def _is_in(self, state_id, city_id, city):
        """Is a municipal holiday one of this city? The others are chosen by the search."""
        if self.scope != "municipal":
            return True
        if city_id:
            return self.city_id.id == city_id
        return bool(city) and self.city_id.state_id.id == state_id and _plain(self.city_id.name) == city

    @api.model
    def _generate_around(self):
        """Complete the national holidays and bank days of some years; safe to repeat.

        :return: the new days
        """
        year = self.env.company._cobranca_today().year
        return self._generate(range(year - YEARS_BACK, year + YEARS_AHEAD + 1))

    @api.model
    def _generate(self, years):
        """:param years: 1995 or later"""
        Holiday = self.with_context(active_test=False)
        days = {day: name for year in years for day, name in calendar.bank_holidays(year).items()}
        known = set(
            Holiday.search(
                [("date", "in", list(days)), ("scope", "in", GENERATED_SCOPES), ("company_id", "=", False)]
            ).mapped("date")
        )
        national = {(month, day) for month, day, _name, _since in calendar.FIXED}
        return self.create(
            [
                {
                    "date": day,
                    "name": name,
                    "scope": "national" if (day.month, day.day) in national else "bank",
                }
                for day, name in days.items()
                if day not in known
            ]
        )

    @api.model
    def _cron_generate(self):
        """Once a year: the year that came into view."""
        self._generate_around()


def _plain(text):
    """A name without accents and capitals: São Paulo and SAO PAULO are the same city."""
    letters = unicodedata.normalize("NFKD", text or "")
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold().strip()
