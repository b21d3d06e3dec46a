from decimal import Decimal

from odoo import models

from ..tools.placing import Room


class CobrancaAgencyRoom(models.AbstractModel):
    """How much an agency still takes."""

    _name = "cobranca.agency.room"
    _description = "Room of an Agency"

    # === BUSINESS METHODS === #

    def _may_take(self, date):
        """May anything be placed with it on a day?"""
        self.ensure_one()
        return self.active and not self.is_suspended and self._has_operator_agreement(date)

    def _get_room(self):
        """What it takes beyond what it has and what is proposed for it.

        :return: tools.placing.Room
        """
        self.ensure_one()
        [(count, amount)] = self.env["cobranca.placement"]._read_group(
            [("agency_id", "=", self.id), ("state", "in", ("proposed", "active"))], [], ["__count", "amount:sum"]
        )
        return Room(
            count=self.max_count - count if self.max_count else None,
            amount=Decimal(str(self.max_amount)) - Decimal(str(amount or 0)) if self.max_amount else None,
        )
