from odoo import api, models
from odoo.exceptions import UserError

from .cobranca_contract_billing import BATCH_SIZE
from .cobranca_contract_period import LIVE_STATES

# Contracts whose past dates are told at once, when many are activated.
MOST_TOLD = 10


class CobrancaContractActions(models.AbstractModel):
    """What the buttons of a contract do, and the one place where its state changes."""

    _name = "cobranca.contract.actions"
    _description = "Actions of a Billing Contract"

    # === ACTIONS === #

    def action_activate(self):
        """Start billing these contracts, after checking that they are complete.

        Those whose customers give cause for doubt stay drafts and are listed, to be activated with a reason.

        :return: True, or an action that tells which past dates their first invoices have or who stayed a draft
        :raise UserError: with all gaps of all contracts in one message
        """
        self._check_may_start()
        doubts = self.filtered(lambda c: c.state == "draft")._find_credit_doubts()
        ready = self.filtered(lambda contract: contract not in doubts)
        told = ready._activate()
        if doubts:
            self._require_supervisor_for(doubts)
            return self.env["cobranca.contract.credit.confirm"]._open(doubts, len(ready), told)
        return self._tell_past(told)

    def _tell_past(self, told):
        """What is billed at once with past dates, as action; True when there is nothing."""
        if not told:
            return True
        return self._notify("\n".join(told[:MOST_TOLD]), {"type": "ir.actions.client", "tag": "soft_reload"})

    def _check_may_start(self):
        """:raise UserError: with all gaps of these drafts in one message"""
        self.check_access("write")
        gaps = [
            f"{contract.name} ({contract.partner_id.display_name}): {gap}"
            for contract in self.filtered(lambda c: c.state == "draft")
            for gap in contract._get_gaps() + contract._get_gaps_before_activation()
        ]
        if gaps:
            raise UserError("\n".join(gaps))

    def _activate(self):
        """Start billing drafts that were checked.

        :return: texts, one for each contract whose first invoices have past dates
        """
        told = []
        for contract in self._update_state(("draft",), "active"):
            contract._log_change("activate", contract._get_billing_start(), 0.0)
            if past := contract._explain_past_dates():
                told.append(f"{contract.name}: {past}")
        return told

    def action_close(self):
        """End contracts: what was billed stays, nothing more is billed."""
        self._update_state(("active",), "closed")
        return True

    def action_cancel(self):
        """Give up contracts that never billed anything."""
        if billed := self.filtered(lambda c: any(p.state in LIVE_STATES for p in c.period_ids)):
            raise UserError(self.env._("%(contract)s was billed: close it instead.", contract=billed[:1].name))
        self._update_state(("draft", "active"), "cancelled")
        return True

    def action_draft(self):
        """Return cancelled contracts, or active ones not billed yet, to draft."""
        if billed := self.filtered(lambda c: any(p.state in LIVE_STATES for p in c.period_ids)):
            raise UserError(self.env._("%(contract)s was billed and cannot return to draft.", contract=billed[:1].name))
        self._update_state(("active", "cancelled"), "draft")
        return True

    def action_bill(self):
        """Bill what is due of these contracts now, at most one charge of each.

        :return: action that shows the new invoices
        :raise UserError: when nothing of them is due
        """
        Billing = self.env["cobranca.contract.billing"]
        domain = Billing._get_contracts_to_bill_domain(self.company_id)
        contracts = self.try_lock_for_update().filtered_domain(domain)
        if not contracts:
            raise UserError(self._explain_nothing_due())
        batch = contracts[:BATCH_SIZE]
        # Who wants one invoice for all gets one, also where the batch ends.
        batch |= batch._get_billed_together(domain) & contracts
        moves = Billing._bill_by_company(batch)
        if contracts - batch:
            return self._leave_to_cron(contracts - batch, moves)
        if not moves:
            # Parked, held or stopped just now, which must stay: told without an error.
            return self._notify(batch[:1]._explain_nothing_due(), {"type": "ir.actions.client", "tag": "soft_reload"})
        return self._get_invoices_action(moves)

    def _leave_to_cron(self, contracts, moves):
        """One transaction bills one batch; the cron goes on with the rest at once."""
        # sudo: only starts the run
        self.env.ref("cobranca_recorrente.ir_cron_cobranca_contract_billing").sudo()._trigger()
        message = self.env._(
            "%(billed)s invoices were issued; %(count)s contracts follow in the background.",
            billed=len(moves),
            count=len(contracts),
        )
        return self._notify(message, self._get_invoices_action(moves))

    @api.model
    def _notify(self, message, following):
        """Action that tells something and goes on with another."""
        params = {"type": "warning", "message": message, "next": following}
        return {"type": "ir.actions.client", "tag": "display_notification", "params": params}

    def action_settle(self):
        """Bill the open one-off items of this contract now; what is to be given back becomes a credit note.

        :return: action that shows the invoice or credit note
        """
        self.ensure_one()
        self.check_access("write")
        self.lock_for_update()
        return self._get_invoices_action(self.env["cobranca.contract.billing"]._settle_now(self))

    def action_unpark(self):
        """Try again with contracts that were set aside."""
        self.check_access("write")
        parked = self.filtered("park_reason")
        parked.sudo().write({"park_reason": False, "is_park_checkable": False})  # sudo: guarded, access checked
        parked.activity_unlink(["cobranca_recorrente.mail_activity_parked"])
        return True

    def action_allow_catch_up(self):
        """Let the missed periods up to today be billed, however many they are."""
        self.check_access("write")
        for contract in self.sudo():  # sudo: a guarded field, after the access check
            contract.catch_up_until = contract.company_id._cobranca_today()
        return self.action_unpark()

    def action_view_invoices(self):
        """Open the invoices of this contract."""
        self.ensure_one()
        return self._get_invoices_action(self.period_ids.move_id)

    def _get_invoices_action(self, moves):
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_move_out_invoice_type")
        if len(moves) == 1:
            return {**action, "views": [(False, "form")], "res_id": moves.id, "domain": []}
        return {**action, "domain": [("id", "in", moves.ids)], "context": {"create": False}}

    # === BUSINESS METHODS === #

    def _update_state(self, allowed, target):
        """The one place where a contract changes its state.

        :param allowed: states from which it may come; others are left as they are
        :return: the contracts that changed
        """
        self.check_access("write")
        changed = self.filtered(lambda contract: contract.state in allowed)
        changed.sudo().state = target  # sudo: a guarded field, after the access check
        if target != "active":
            changed._drop_what_waits()
        return changed

    def _drop_what_waits(self):
        """What is not billed any more waits neither to be mended nor to be released."""
        self.action_unpark()
        # sudo: guarded fields, written by who may change the state
        self.filtered("hold_reason").sudo().write(self._get_values_unheld())

    def _park(self, reason, is_check=False):
        """Take a contract out of the billing queue, with the reason where people see it and one activity.

        :param str reason: in words that say what to do
        :param bool is_check: a check found it, so that the same check can tell when it is mended
        """
        self.ensure_one()
        self.check_access("write")
        self.sudo().write({"park_reason": reason, "is_park_checkable": is_check})  # sudo: guarded, access checked
        self.message_post(body=self.env._("Could not be billed: %(reason)s", reason=reason))
        if not self.activity_search(["cobranca_recorrente.mail_activity_parked"]):
            self.activity_schedule(
                "cobranca_recorrente.mail_activity_parked",
                date_deadline=self.company_id._cobranca_today(),
                user_id=self._get_user_to_ask().id,
                note=reason,
            )

    def _get_user_to_ask(self):
        """Who sees to what is wrong with this contract."""
        mine = self.user_id.filtered(lambda user: user.active and not user.share)
        others = self.env["cobranca.contract.billing"]._get_people_to_ask(self.company_id)
        return mine or others[:1] or self.env.user
