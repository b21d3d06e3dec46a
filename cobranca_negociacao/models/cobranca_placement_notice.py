from odoo import api, models
from odoo.tools import split_every

# So many placements are told of in one call.
AT_ONCE = 200
MONEY = ("bank", "cash", "credit")


class CobrancaPlacementNotice(models.AbstractModel):
    """What the system of an agency is told, if it has one: numbers, amounts and days, never names or documents."""

    _name = "cobranca.placement.notice"
    _description = "Calls about Placements"

    # === BUSINESS METHODS === #

    def _activate(self):
        """The system of the agency is told what it got."""
        result = super()._activate()
        self._tell("placement.placed", lambda placement: placement._get_placed_facts())
        return result

    def _end(self, reason, note=False):
        """The system of the agency is told what it must not work any more; not why beyond the kind of reason."""
        ended = super()._end(reason, note)
        ended._tell("placement.ended", lambda placement: {"reason": placement.end_reason})
        return ended

    def _tell(self, event, get_facts):
        """Put calls into the queue, which are sent once this transaction is committed.

        :param str event: name of what happened
        :param get_facts: what is said of a placement: method of one, to a dict that JSON knows
        """
        Endpoint, Event = self.env["cobranca.webhook.endpoint"], self.env["cobranca.webhook.event"]
        # sudo: placements of an agency, told to its own system
        for agency, own in self.sudo().grouped("agency_id").items():
            if not (endpoints := Endpoint._search_of_agency(agency)):
                continue
            for part in split_every(AT_ONCE, own.ids, own.browse):
                told = [{"placement": placement.name, **get_facts(placement)} for placement in part]
                Event._queue(endpoints, [{"event": event, "placements": told}])

    def _get_placed_facts(self):
        self.ensure_one()
        digits = self.currency_id.decimal_places
        return {
            "ends_on": str(self.ends_on),
            "currency": self.currency_id.name,
            "amount": f"{self.amount:.{digits}f}",
            "days_late": self.days_late,
            "debts": self.line_ids.filtered("is_live").ids,
        }

    @api.model
    def _tell_payments(self, partials, event):
        """Money came in for placed debts, or was taken back.

        :param partials: account.partial.reconcile
        :param str event: placement.paid or placement.payment_undone
        """
        # sudo: whoever books a payment need not know of placements and addresses
        Line, Endpoint = self.env["cobranca.placement.line"].sudo(), self.env["cobranca.webhook.endpoint"].sudo()
        # Odoo deletes the matchings of each item that it touches, of most of them none.
        if not partials or not Endpoint.search_count([("agency_id", "!=", False)], limit=1):
            return
        # sudo: the journals of what was just booked
        money = partials.sudo().filtered(self._is_money)
        items = Line.search([("line_id", "in", money.debit_move_id.ids), ("is_live", "=", True)])
        by_debt = money.grouped("debit_move_id")
        for placement, own in items.grouped("placement_id").items():
            if placement.state == "active" and placement.agency_id.is_open:
                facts = [self._get_payment_facts(item, partial) for item in own for partial in by_debt[item.line_id]]
                placement._tell(event, lambda _placement, facts=facts: {"payments": facts})

    @api.model
    def _is_money(self, partial):
        """Did a customer pay, or was it a credit, a loss, or what an agreement writes?"""
        move = partial.credit_move_id.move_id
        is_money = move.journal_id.type in MONEY or bool(move.origin_payment_id)
        return is_money and not move.cobranca_agreement_role

    @api.model
    def _get_payment_facts(self, item, partial):
        digits = item.currency_id.decimal_places
        return {
            "debt": item.id,
            "date": str(partial.credit_move_id.date),
            "amount": f"{partial.debit_amount_currency:.{digits}f}",
        }
