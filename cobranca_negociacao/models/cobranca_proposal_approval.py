from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Date


class CobrancaProposalApproval(models.AbstractModel):
    """A proposal beyond its maker's authority waits for somebody who may decide, and leaves when he agrees."""

    _name = "cobranca.proposal.approval"
    _description = "Approval of Proposals"

    # === BUSINESS METHODS === #

    def _ask_approval(self, scene, plan, reason):
        """Ask for this proposal.

        :param scene: Scene of the desk
        :param plan: tools.plan.Plan of the proposal
        :param str reason: for who decides
        :raise UserError: without a reason, or for one that needs nobody
        """
        self.ensure_one()
        approval = self.env["cobranca.offer.approval"]._request(
            scene.company, scene.debtor, plan, scene.found, scene.today, reason, proposal_id=self.id
        )
        self.sudo().approval_id = approval  # sudo: proposals are written by their own methods only

    def _follow_approval(self, state, note):
        """What was decided.

        :param str state: of `cobranca.offer.approval`
        :param str note: of who decided, may be empty
        """
        self.ensure_one()
        if self.state != "waiting_approval":
            return  # it has ended before, which is why its approval ends
        if state == "approved":
            self._leave_approved()
        else:
            reason = self.env._("Not approved: %(note)s", note=note) if note else self.env._("Not approved.")
            self._update_state("withdrawn", reason)

    def _leave_approved(self):
        """Send what was approved: as many days stand as did when it was asked for, until the first payment at most.

        :raise UserError: when the first payment would have been due before
        """
        today = self.company_id._cobranca_today()
        if today > self.first_date:
            raise UserError(
                self.env._("The day of the first payment has passed: refuse this one, and let a new one be made.")
            )
        days = (self.expires_on - self.amount_on).days
        self._update_state("sent", expires_on=min(Date.add(today, days=days), self.first_date))
        self._send()

    def _end_approvals(self, reason):
        """Nobody needs to decide on proposals that have ended; who decides at this very moment finds them ended.

        :param str reason: kept with the requests
        """
        # sudo: whoever ends a proposal
        approvals = self.sudo().approval_id.try_lock_for_update()
        if waiting := approvals.filtered(lambda approval: approval.state == "waiting"):
            waiting._withdraw(reason)
