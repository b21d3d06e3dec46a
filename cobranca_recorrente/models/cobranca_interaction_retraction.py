from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date

# So long a collector may take back himself what he registered by mistake; later a supervisor does.
MINUTES = 10


class CobrancaInteractionRetraction(models.AbstractModel):
    """Taking back a contact that was registered by mistake: it stays readable, and counts nowhere."""

    _name = "cobranca.interaction.retraction"
    _description = "Contact Struck Out"

    retracted_on = fields.Datetime(string="Struck out on", readonly=True)
    retracted_by_id = fields.Many2one(comodel_name="res.users", string="Struck out by", readonly=True)
    may_retract = fields.Boolean(compute="_compute_may_retract")

    # === COMPUTE METHODS === #

    @api.depends("user_id", "channel", "date", "retracted_on")
    @api.depends_context("uid")
    def _compute_may_retract(self):
        for record in self:
            record.may_retract = not record.retracted_on and not record._get_refusal_to_retract()

    # === ACTIONS === #

    def action_retract(self):
        """Take contacts back that were registered by mistake, with the promise or the pause that came with them."""
        self._retract()
        return True

    # === BUSINESS METHODS === #

    def _retract(self):
        """Take back what was registered by mistake: nothing is deleted, but it counts no more.

        The promise made in it is cancelled, the pause ends, the activity of the next contact goes. A collector takes
        back his own contacts, within ten minutes; a supervisor all that people registered.

        :raise AccessError: for somebody else's contact, or later
        :raise UserError: for what came by itself, what is taken back already, or when payments have decided the
            promise
        """
        self.check_access("read")
        # No lock is needed: who writes the same contact or promise at this moment makes one of both start again.
        for record in self:
            if record.retracted_on:
                raise UserError(self.env._("This contact is struck out already."))
            if refusal := record._get_refusal_to_retract():
                raise refusal
            record._check_promise_undecided()
        self.promise_id.filtered(lambda promise: promise.state == "open").action_cancel()
        self.env["cobranca.hold"]._end_of(self)
        # sudo: the activity is of who registered the contact; what is done already stays
        self.activity_id.sudo().filtered("active").unlink()
        self._write_own({"retracted_on": fields.Datetime.now(), "retracted_by_id": self.env.uid})

    def _get_refusal_to_retract(self):
        """Why the user may not take this contact back.

        :return: exception, or None when he may
        """
        self.ensure_one()
        if self.channel == "system" or not self.user_id:
            return UserError(self.env._("Only what a person registered can be struck out: this came by itself."))
        if self.env.user.has_group("cobranca_recorrente.cobranca_group_supervisor"):
            return None
        if self.user_id != self.env.user:
            return AccessError(self.env._("Only a supervisor strikes out a contact that somebody else registered."))
        if self.date < fields.Datetime.now() - timedelta(minutes=MINUTES):
            return AccessError(
                self.env._(
                    "This contact was registered more than %(minutes)s minutes ago: ask a supervisor to strike it out.",
                    minutes=MINUTES,
                )
            )
        return None

    def _check_promise_undecided(self):
        """:raise UserError: when payments have decided the promise of this contact"""
        promise = self.promise_id
        if promise.state in ("kept", "broken"):
            raise UserError(
                self.env._(
                    "The payments have decided the promise for %(date)s already: this contact stays in the register.",
                    date=format_date(self.env, promise.date),
                )
            )
