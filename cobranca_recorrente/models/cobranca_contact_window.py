import pytz

from odoo import api, fields, models, tools
from odoo.fields import Domain

from ..tools import contact_hours

KINDS = ("weekday", "saturday", "sunday")


class CobrancaContactWindow(models.Model):
    """Hours in which the law of a state allows to contact people about what they owe."""

    _name = "cobranca.contact.window"
    _description = "Contact Hours"
    _order = "state_id"

    state_id = fields.Many2one(
        comodel_name="res.country.state",
        string="Federal state",
        domain="[('country_id.code', '=', 'BR')]",
        help="Where the customer lives. Empty: all states without hours of their own.",
    )
    weekday_from = fields.Float(string="Monday to Friday from", default=8.0)
    weekday_to = fields.Float(string="Monday to Friday until", default=20.0)
    saturday_from = fields.Float(string="Saturday from", default=8.0)
    saturday_to = fields.Float(string="Saturday until", default=14.0)
    sunday_from = fields.Float(string="Sunday from")
    sunday_to = fields.Float(string="Sunday until")
    law = fields.Char(help="Where these hours are written.")

    _uniq_state = models.UniqueIndex("(COALESCE(state_id, 0))", "This state has its hours already.")
    _check_hours = models.Constraint(
        """CHECK (weekday_from >= 0 AND weekday_from <= weekday_to AND weekday_to <= 24
            AND saturday_from >= 0 AND saturday_from <= saturday_to AND saturday_to <= 24
            AND sunday_from >= 0 AND sunday_from <= sunday_to AND sunday_to <= 24)""",
        "Hours go from 0 to 24, the first not after the last; equal hours mean no contact on that day.",
    )

    # === COMPUTE METHODS === #

    @api.depends("state_id")
    def _compute_display_name(self):
        for window in self:
            window.display_name = window.state_id.name or self.env._("Other states")

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    # === BUSINESS METHODS === #

    @api.model
    def _is_open(self, state, moment):
        """May someone who lives in a state be contacted at a moment?

        Never on Sundays (unless the table says so) and on holidays, those of the state included.

        :param state: res.country.state, may be empty
        :param datetime moment: in UTC, as Odoo keeps it
        :return: bool
        """
        there = self._get_clock(state, moment)
        return contact_hours.is_open(there, self._get_hours(state), self._is_holiday(state, there.date()))

    @api.model
    def _get_clock(self, state, moment):
        """A moment as the clocks of a state show it.

        :param datetime moment: in UTC
        :return: datetime with its time zone
        """
        return pytz.utc.localize(moment).astimezone(pytz.timezone(contact_hours.zone_of(state.code)))

    @api.model
    def _is_holiday(self, state, day):
        return day in self.env["cobranca.holiday"]._get_days(False, state.id, False, "")

    @api.model
    def _tell(self, state, moment):
        """Until when, or that not, somebody of a state may be contacted on the day of a moment, in words.

        :param state: res.country.state, may be empty
        :param datetime moment: in UTC
        :return: str
        """
        there = self._get_clock(state, moment)
        place = state.code or self.env._("São Paulo time")
        opening = contact_hours.opening_of(there, self._get_hours(state), self._is_holiday(state, there.date()))
        if not opening:
            return self.env._("No contact hours today (%(place)s)", place=place)
        start, end = (f"{int(hour):02d}:{round(hour % 1 * 60):02d}" for hour in opening)
        if self._is_open(state, moment):
            return self.env._("Contact allowed until %(hour)s (%(place)s)", hour=end, place=place)
        return self.env._("Contact hours today: %(start)s to %(end)s (%(place)s)", start=start, end=end, place=place)

    @api.model
    def _to_utc(self, state, moment):
        """The moment in UTC at which the clocks of a state show something.

        :param datetime moment: without a time zone
        """
        there = pytz.timezone(contact_hours.zone_of(state.code)).localize(moment)
        return there.astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    @tools.ormcache()
    def _get_all_hours(self):
        """The hours of all states that have their own; the cache is cleared by each change.

        :return: {id of the state: tools.contact_hours.Hours}; None is for the others
        """
        windows = self.sudo().search(Domain.TRUE)  # sudo: hours are no secret
        return {None: contact_hours.PAULISTA, **{window.state_id.id or None: window._to_hours() for window in windows}}

    def _to_hours(self):
        return contact_hours.Hours(*((self[f"{kind}_from"], self[f"{kind}_to"]) for kind in KINDS))

    @api.model
    def _get_hours(self, state):
        """The hours of a state: its own, those of "other states", or as in São Paulo."""
        hours = self._get_all_hours()
        return hours.get(state.id) or hours[None]
