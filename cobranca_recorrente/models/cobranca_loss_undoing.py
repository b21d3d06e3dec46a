from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from .account_chart_template import LOSS_JOURNAL


class CobrancaLossUndoing(models.AbstractModel):
    """A write-off that was a mistake: its entry is reversed, the debt is open and collected again."""

    _name = "cobranca.loss.undoing"
    _description = "Undoing of a Loss"

    undone_on = fields.Date(readonly=True)
    undone_by_id = fields.Many2one(comodel_name="res.users", string="Undone by", readonly=True)
    undo_reason = fields.Char(string="Why it was undone", readonly=True)
    undo_entry_id = fields.Many2one(
        comodel_name="account.move", string="Reversal entry", readonly=True, ondelete="restrict"
    )

    # === ACTIONS === #

    def action_undo(self):
        """Ask why these write-offs are undone.

        :raise UserError: when one cannot be undone
        """
        self._check_supervisor()
        self._check_undoable()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Undo write-off"),
            "res_model": "cobranca.loss.undo",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_loss_ids": self.ids},
        }

    # === BUSINESS METHODS === #

    def _undo(self, date, reason):
        """Take write-offs back, before anything was recovered of them.

        :param date date: of the reversal entries
        :param str reason: kept with them and in the history of the invoices
        :raise AccessError: for who is no supervisor
        :raise UserError: without a reason, and for losses that are undone or recovered from
        """
        self._check_supervisor()
        if not (reason or "").strip():
            raise UserError(self.env._("Write why the write-off is undone."))
        self.line_id._cobranca_claim()
        self.invalidate_recordset()
        self._check_undoable()
        for company, losses in self.grouped("company_id").items():
            entry = losses._reverse(company, date, reason.strip())
            # sudo: nobody writes losses but their methods; the right was checked
            losses.sudo().write(
                {
                    "state": "undone",
                    "undone_on": date,
                    "undone_by_id": self.env.uid,
                    "undo_reason": reason.strip(),
                    "undo_entry_id": entry.id,
                }
            )
        for loss in self:
            loss.move_id.message_post(
                body=self.env._(
                    "Write-off undone on %(day)s: %(reason)s",
                    day=format_date(self.env, date),
                    reason=reason.strip(),
                )
            )

    def _check_undoable(self):
        recovered = self._get_recovered(self.line_id)
        for loss in self:
            if loss.state == "undone":
                raise UserError(self.env._("%(debt)s: this write-off is undone already.", debt=loss.move_id.name))
            if recovered.get(loss.line_id):
                raise UserError(
                    self.env._(
                        "%(debt)s: the customer paid after the write-off, and what he paid is income already. Take "
                        "back the payment first.",
                        debt=loss.move_id.name,
                    )
                )

    def _reverse(self, company, date, reason):
        """The opposite of the entries of these losses, and of those that closed their debts.

        :return: account.move
        """
        receipt = self.env["cobranca.receipt"]
        items, closing = [], []
        for loss in self:
            line = loss.line_id
            loss_account, estimate = (company._cobranca_get_account(kind) for kind in ("loss", "estimate"))
            credit = loss._get_closing_item()
            closed = -credit.balance
            if credit:
                items.append(receipt._item(line, line.account_id, closed, line.date_maturity))
                closing.append(credit)
            if left := loss.currency_id.round(loss.amount - closed):
                items.append(receipt._item(line, estimate, left, date))
            items.append(receipt._item(line, loss_account, -loss.amount, date))
        entry = receipt._post_entry(company, LOSS_JOURNAL, date, items, reason)
        reopened = entry.line_ids.filtered(lambda item: item.account_id.account_type == "asset_receivable")
        plan = []
        for credit, debit in zip(closing, reopened.sorted("id"), strict=True):
            credit.remove_move_reconcile()
            plan.append(credit | debit)
        self.env["account.move.line"]._reconcile_plan(plan)
        return entry

    def _get_closing_item(self):
        """The journal item of a loss, or of its closing, by which the debt itself is closed; none while it is open.

        :return: account.move.line
        """
        self.ensure_one()
        journal = self.company_id._cobranca_get_journal(LOSS_JOURNAL)
        return self.line_id.matched_credit_ids.credit_move_id.filtered(lambda item: item.journal_id == journal)[:1]
