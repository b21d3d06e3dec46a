from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

# How a contact of an agency may end.
OUTCOMES = (
    "promised",
    "says_paid",
    "no_answer",
    "call_later",
    "refused",
    "left_message",
    "wrong_contact",
    "informed",
    "other",
)
LONGEST_NOTE = 1000


class CobrancaPlacementWork(models.AbstractModel):
    """What people of an agency do with a placement: by its pages, its files or its own system, by the same methods.

    Callers found the placement with the rights of who works it; who that is stands in the register.
    """

    _name = "cobranca.placement.work"
    _description = "Work on a Placement"

    # === BUSINESS METHODS === #

    def _register_contact(self, values):
        """Write down a contact with the customer.

        :param dict values: `channel`, `outcome` of `OUTCOMES`, and each optional: `date` (UTC, of a contact told
            later), `note`, `next_date` (UTC), `promise_date`, `promise_amount`
        :return: cobranca.interaction with the rights of the system
        :raise UserError: for what cannot be, or where the placement has ended
        """
        record = self._claim_own()
        lines = record._get_lines()
        if not lines:
            raise UserError(self.env._("Nothing of this customer is open any more: go on with the next one."))
        if values.get("outcome") not in OUTCOMES:
            raise UserError(self.env._("Choose how the contact ended."))
        if values.get("channel") not in record.agency_id._get_channels():
            raise UserError(self.env._("Choose how you contacted the customer."))
        record._check_moment(values.get("date"))
        told = {**values, "note": self._clean(values.get("note")), "lines": lines}
        contact = record.env["cobranca.interaction"]._register_contact(record.company_id, record.partner_id, told)
        contact._write_own({"placement_id": record.id})
        record._keep_contact(contact)
        return contact

    def _check_moment(self, moment):
        """:raise UserError: for a contact of before this was with the agency"""
        if moment and self.company_id._cobranca_day_of(moment) < self.placed_on:
            raise UserError(
                self.env._(
                    "This customer is with you since %(day)s: a contact cannot have been before.",
                    day=format_date(self.env, self.placed_on),
                )
            )

    def _keep_contact(self, contact):
        """What lists say of a contact; one that is told late changes nothing that was told of later ones."""
        values = {"first_contact_at": min(filter(None, (self.first_contact_at, contact.date)))}
        if not self.contacted_at or contact.date >= self.contacted_at:
            values |= {
                "contacted_at": contact.date,
                "last_outcome": contact.outcome,
                "callback_at": contact.next_date,
            }
        self.write(values)

    def _prepare_contacted(self, outcome):
        """What a contact of this moment changes: dict of values."""
        now = fields.Datetime.now()
        return {"contacted_at": now, "first_contact_at": self.first_contact_at or now, "last_outcome": outcome}

    def _register_dispute(self, line, reason, description):
        """Write down that the customer contests a debt: it leaves the agency at once.

        :param line: account.move.line of this placement
        :param str reason: of `cobranca.dispute`
        :param str description: what the customer says
        :return: cobranca.dispute with the rights of the system
        :raise UserError: for what is not of this placement, or cannot be disputed
        """
        record = self._claim_own()
        if line.sudo() not in record._get_lines():  # sudo: compared, no more
            raise UserError(self.env._("This debt is not with you any more: reload the page."))
        Dispute = record.env["cobranca.dispute"]
        if reason not in dict(Dispute._fields["reason"].selection):
            raise UserError(self.env._("Choose what the customer says."))
        own = line.sudo()  # sudo: a debt of this placement, as was just seen
        return Dispute._record(own, own.amount_residual_currency, reason, description=self._clean(description))

    def _return(self, note):
        """The agency gives it back.

        :param str note: why
        :raise UserError: without a reason, or where the placement has ended
        """
        record = self._claim_own()
        if len(self._clean(note) or "") < 3:
            raise UserError(self.env._("Say in a few words why you return this customer."))
        record._end("returned", self._clean(note))

    def _claim_own(self):
        """Keep this placement for this transaction; who waited in vain finds it as it is by now.

        :return: the same with the rights of the system, in its company
        :raise UserError: where it has ended
        """
        self.ensure_one()
        record = self.sudo()  # sudo: placements and what is registered of them are written by these methods only
        # The debts first, as who receives money does: two never wait for one another.
        record._get_lines()._cobranca_claim()
        record._claim()
        if record.state != "active":
            raise UserError(self.env._("This customer is not with you any more."))
        return record.with_company(record.company_id)

    @api.model
    def _clean(self, text):
        """What was typed, without what no text has, as long as the register takes it."""
        return (text or "").replace("\0", "").strip()[:LONGEST_NOTE]
