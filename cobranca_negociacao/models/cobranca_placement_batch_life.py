from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

SUPERVISOR = "cobranca_recorrente.cobranca_group_supervisor"


class CobrancaPlacementBatchLife(models.AbstractModel):
    """How what is proposed for agencies is made, reviewed and decided."""

    _name = "cobranca.placement.batch.life"
    _description = "Life of Proposed Placements"

    # === BUSINESS METHODS === #

    @api.model
    def _propose(self, plan):
        """Propose a plan that somebody looked at.

        :param plan: cobranca_placement_plan.Plan
        :return: cobranca.placement.batch
        :raise AccessError: for who is no supervisor
        :raise UserError: where nothing is to be placed, or somebody placed it meanwhile
        """
        self._check_may_propose()
        if not plan.drafts:
            raise UserError(self.env._("There is nothing to place: look at the reasons, or choose other rules."))
        return self._create_from(plan)

    @api.model
    def _check_may_propose(self):
        """:raise AccessError: for who is no supervisor"""
        if not self.env.user.has_group(SUPERVISOR):
            raise AccessError(self.env._("What goes to agencies is proposed by a supervisor: ask him."))

    @api.model
    def _create_from(self, plan):
        """Write a plan down, without asking who does.

        :return: cobranca.placement.batch
        """
        number = self.env["ir.sequence"].sudo()  # sudo: a number, for who may propose
        # sudo: proposals are written by their methods only, after the checks of who calls them
        batch = self.sudo().create(
            {
                "name": number.next_by_code("cobranca.placement.batch", sequence_date=plan.day),
                "company_id": plan.company.id,
                "date": plan.day,
                "proposed_by_id": self.env.uid,
                "rule_ids": [Command.set(plan.rules.ids if plan.rules else [])],
                "seed": plan.seed,
                "figures": self.env["cobranca.placement.plan"]._get_figures(plan),
            }
        )
        self.env["cobranca.placement.writer"]._write_plan(plan, batch)
        batch.invalidate_recordset()
        batch._ask_managers()
        return batch.with_env(self.env)

    def _approve(self):
        """Give what is proposed, and still can be placed, to the agencies.

        :raise AccessError: for who is no manager, or proposed it himself while there are others
        :raise UserError: when it is decided already, or an agency cannot take it
        """
        batch = self._claim_proposed()
        if obstacle := self._find_obstacle():
            raise AccessError(obstacle)
        batch._place(is_own_decision=batch.proposed_by_id == self.env.user)

    def _place_unseen(self):
        """Place what a rule proposed whose manager wants no approval."""
        self._claim_proposed()._place(is_unseen=True)

    def _place(self, **values):
        self._recheck()
        placements = self._get_proposed()
        if not placements:
            raise UserError(self.env._("Nothing of this can be placed any more: refuse it, and simulate again."))
        placements._activate()
        self._close("approved", **values)

    def _refuse(self, note=False):
        """Place nothing of this; the debts are free for others at once.

        :param str note: why
        :raise AccessError: for who is no manager, unless he proposed it
        :raise UserError: when it is decided already
        """
        batch = self._claim_proposed()
        obstacle = self._find_obstacle()
        if obstacle and batch.proposed_by_id != self.env.user:
            raise AccessError(obstacle)
        batch._get_proposed()._free()
        batch._close("refused", note=note, is_own_decision=batch.proposed_by_id == self.env.user)

    def _close(self, state, **values):
        decided = {"decided_by_id": self.env.uid, "decided_at": fields.Datetime.now()}
        self.write({"state": state, **decided, **values})
        self._end_asking()

    def _get_proposed(self):
        return self.env["cobranca.placement"].search([("batch_id", "in", self.ids), ("state", "=", "proposed")])

    def _claim_proposed(self):
        """Keep this for this transaction.

        :return: the same with the rights of the system, in its company
        :raise UserError: when it is decided already
        """
        self.ensure_one()
        self.check_access("read")
        batch = self.sudo()  # sudo: proposals are written by their methods only
        batch.lock_for_update()
        batch.invalidate_recordset(["state"])
        if batch.state != "proposed":
            raise UserError(self.env._("This is decided already: reload the page."))
        return batch.with_company(batch.company_id)
