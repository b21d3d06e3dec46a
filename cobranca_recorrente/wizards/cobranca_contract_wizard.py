from odoo import fields, models
from odoo.exceptions import UserError


class CobrancaContractWizard(models.AbstractModel):
    """A dialog that changes a contract in two steps: what is asked for, and what it does, in money.

    Each wizard says what it does in `_apply`; the effect shown is that of the same method.
    """

    _name = "cobranca.contract.wizard"
    _description = "Change of a Contract, Shown Before It Is Made"

    contract_id = fields.Many2one(comodel_name="cobranca.contract", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="contract_id.company_id")
    currency_id = fields.Many2one(related="contract_id.currency_id")
    reason = fields.Char(help="Kept in the register of changes.")
    step = fields.Selection(selection=[("ask", "Ask"), ("review", "Review")], default="ask", required=True)
    effect = fields.Json(readonly=True)
    effect_html = fields.Html(string="What will happen", compute="_compute_effect_html")

    # === COMPUTE METHODS === #

    def _compute_effect_html(self):
        for wizard in self:
            wizard.effect_html = wizard.effect and self.env["ir.qweb"]._render(
                "cobranca_recorrente.contract_change_effect",
                {"wizard": wizard, "effect": wizard.effect, "to_date": fields.Date.to_date},
            )

    # === ACTIONS === #

    def action_review(self):
        """Show what the change does, without making it.

        :raise UserError: as the change itself would
        """
        self.ensure_one()
        self.contract_id.check_access("write")
        effect = self._find_effect()
        self.write({"effect": effect, "step": "review"})
        return self._reopen()

    def action_back(self):
        """Return from the effect to what is asked for."""
        self.write({"effect": False, "step": "ask"})
        return self._reopen()

    def action_confirm(self):
        """Make the change that was shown.

        :raise UserError: when it would do something else by now
        """
        self.ensure_one()
        self.contract_id.check_access("write")
        if self.step != "review" or self._find_effect() != self.effect:
            raise UserError(
                self.env._("The contract or this change is no longer as it was shown. Go back and look at it again.")
            )
        return self._get_next_action(self._apply(self.contract_id))

    # === BUSINESS METHODS === #

    def _apply(self, contract):
        """Make the change by one method of the contract.

        :return: one-off items of its settlement
        """
        raise NotImplementedError

    def _get_title(self):
        """What the dialog is called while the effect is shown."""
        raise NotImplementedError

    def _find_effect(self):
        """What is shown, and compared before it is made: values that JSON knows.

        :return: dict, see the contract's `_get_effect`
        """
        effect = self.contract_id._get_effect(self._apply)
        charges = [{**charge, "due": fields.Date.to_string(charge["due"])} for charge in effect["charges"]]
        return {**effect, "charges": charges}

    def _get_next_action(self, _result):
        """Where the user goes after the change: back to where he was."""
        return {"type": "ir.actions.act_window_close"}

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": f"{self._get_title()} · {self.contract_id.name}",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "large"},
        }
