from dataclasses import replace

from odoo import api, models

from odoo.addons.cobranca_recorrente.tools import desk

# These turns stay: what the customer writes to the company is answered by the company.
KEPT = (desk.REPLIED, desk.PAUSED, desk.PRESCRIBED)


class CobrancaCaseFacts(models.AbstractModel):
    _inherit = "cobranca.case.facts"

    # === BUSINESS METHODS === #

    @api.model
    def _get_turns(self, company, owed):
        """Whom an agency has is not called by the company, whatever was agreed in a contact of the agency."""
        turns = super()._get_turns(company, owed)
        everything = self.env["account.move.line"].union(*(item.lines for item in owed.values()))
        placed = self.env["cobranca.placement"]._get_placed(everything)
        for key, (turn, said, segment) in turns.items():
            lines = owed[key].lines
            if turn.why not in KEPT and lines & placed and self._are_prescribed(company, lines - placed):
                turns[key] = (replace(turn, why=desk.PAUSED, day=None, rank=desk.ROUTINE, at=None), said, segment)
        return turns

    @api.model
    def _are_prescribed(self, company, lines):
        """May nothing of some debts be demanded any more?"""
        return not lines or set(lines.ids) <= self._get_prescribed(company, lines)
