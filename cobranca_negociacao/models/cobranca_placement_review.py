from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

SUPERVISOR = "cobranca_recorrente.cobranca_group_supervisor"


class CobrancaPlacementReview(models.AbstractModel):
    """Single customers are taken out of a proposal before it is approved."""

    _name = "cobranca.placement.review"
    _description = "Review of a Proposed Placement"

    # === ACTIONS === #

    def action_leave_out(self):
        """Do not place these customers; the others of the proposal go on."""
        self._strike_out()
        return True

    # === BUSINESS METHODS === #

    def _strike_out(self):
        """Take customers out of what is proposed.

        :raise AccessError: for who is no supervisor
        :raise UserError: for one that is decided already
        """
        if not self.env.user.has_group(SUPERVISOR):
            raise AccessError(self.env._("What is proposed for agencies is reviewed by a supervisor: ask him."))
        self.check_access("read")
        records = self.sudo()  # sudo: placements are written by their own methods only
        records.batch_id.lock_for_update()
        records.invalidate_recordset(["state"])
        if records.filtered(lambda record: record.state != "proposed"):
            raise UserError(self.env._("One of these is not to be approved any more: reload the list and look again."))
        records._free()

    def _free(self):
        """Let others have the debts of proposed placements, which come to nothing."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE cobranca_placement_line SET is_live = FALSE WHERE placement_id = ANY(%s)", self.ids)
        )
        self.env.cr.execute(SQL("UPDATE cobranca_placement SET state = 'refused' WHERE id = ANY(%s)", self.ids))
        self.invalidate_model()
        self.env["cobranca.placement.line"].invalidate_model()
