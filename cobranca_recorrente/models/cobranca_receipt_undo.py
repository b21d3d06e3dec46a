from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from .account_chart_template import CHARGE_JOURNAL, TRANSFER_JOURNAL
from .cobranca_charge import OWED


class CobrancaReceiptUndo(models.AbstractModel):
    """Money that is taken back: what it had settled is open again, what it had booked gets a mirror."""

    _name = "cobranca.receipt.undo"
    _description = "Undoing of a Receipt"

    @api.model
    def _undo(self, credits, date=None, ref=False):
        """Take back what `_receive` booked for credits; they are open again afterwards.

        :param credits: account.move.line
        :param date date: of the mirrors; None for the day of what they mirror, or today where that is closed
        :return: account.move, the mirrors; none when the credits had paid no charges and crossed no bridge
        """
        memos = self._get_memos(credits)
        transfers = self._get_transfers(credits)
        debts = (credits | transfers._cobranca_get_credits()).matched_debit_ids.debit_move_id
        mirrors = self.env["account.move"]
        if not memos and not transfers:
            credits.remove_move_reconcile()
            self._drop_open_memos(debts)
            return mirrors
        (credits | memos.line_id.with_env(self.env))._cobranca_claim()
        company = credits.company_id
        date = date or self._get_mirror_date(company, memos.entry_id.with_env(self.env) | transfers)
        if transfers:
            values = [{"date": date, "ref": ref or transfer.ref} for transfer in transfers]
            mirrors |= transfers._reverse_moves(values, cancel=True)
        credits.remove_move_reconcile()
        if memos:
            mirrors |= self._mirror_memos(company, date, memos, ref)
            memos.state = "undone"
            self._reopen_memos(memos, date)
        self._drop_open_memos(debts.exists())
        return mirrors

    @api.model
    def _charge_back(self, credits, date, reason):
        """Money that the bank took back, long after it was booked: mirrors of this day, the debts are open again.

        :param credits: account.move.line, all credits of customers in their entries
        :param date date: on which it was taken back
        :param str reason: kept in the history of the invoices
        :return: account.move, the mirrors
        :raise UserError: without a reason, or with only a part of what an entry credits
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Write why the money was taken back."))
        others = credits.move_id.line_ids.filtered(
            lambda item: item.account_id.account_type == "asset_receivable" and item.balance < 0
        )
        if others - credits:
            raise UserError(
                self.env._(
                    "%(entry)s credits several debts: take back all of it.", entry=(others - credits)[0].move_name
                )
            )
        invoices = self._get_memos(credits).move_id.with_env(self.env)
        invoices |= credits.matched_debit_ids.debit_move_id.move_id.filtered(lambda move: move.is_invoice())
        mirrors = self._undo(credits, date, reason)
        credits.remove_move_reconcile()
        values = [{"date": date, "ref": reason} for _move in credits.move_id]
        opposite = credits.move_id._reverse_moves(values)
        # Posting reconciles with the original whatever is open; what the bank settled meets its next debit.
        opposite._post(soft=False)
        for invoice in invoices:
            invoice.message_post(
                body=self.env._(
                    "Payment taken back on %(day)s: %(reason)s", day=format_date(self.env, date), reason=reason.strip()
                )
            )
        return mirrors | opposite

    @api.model
    def _drop_open_memos(self, lines):
        """Charges that stayed open when a debt was paid: now that it is open again, they are computed again.

        :param lines: account.move.line
        """
        # sudo: nobody writes charges but their methods, and who takes money back may not read them
        charges = self.env["cobranca.charge"].sudo()
        for memos in charges._get_open(lines.filtered(lambda line: not line.reconciled)).values():
            for memo in memos.values():
                memo.state = "undone"

    # === PARTS === #

    @api.model
    def _get_memos(self, credits):
        """The charges that credits paid and the discounts that came with them."""
        # sudo: nobody writes charges but their methods, and who takes money back may not read them
        return self.env["cobranca.charge"].sudo().search([("credit_id", "in", credits.ids), ("state", "=", "paid")])

    @api.model
    def _get_transfers(self, credits):
        """Bridges to other accounts and advances: entries of ours that carry a credit elsewhere, without a result."""
        found = self.env["account.move"]
        for move in credits.matched_debit_ids.debit_move_id.move_id.filtered(lambda move: move.move_type == "entry"):
            chart = self.env["account.chart.template"].with_company(move.company_id)
            journals = [chart.ref(xmlid, raise_if_not_found=False) for xmlid in (TRANSFER_JOURNAL, CHARGE_JOURNAL)]
            advance = move.company_id._cobranca_get_account("advance") if move.journal_id in journals else None
            if advance and all(
                item.account_id.account_type == "asset_receivable" or item.account_id == advance
                for item in move.line_ids
            ):
                found |= move
        return found

    @api.model
    def _get_mirror_date(self, company, entries):
        date = max(entries.mapped("date"))
        is_closed = any(company._get_violated_lock_dates(date, False, entry.journal_id) for entry in entries)
        return company._cobranca_today() if is_closed else date

    @api.model
    def _mirror_memos(self, company, date, memos, ref):
        """The opposite of the part of charge entries that some credits paid.

        :return: account.move
        """
        rows, targets = [], []
        for memo in memos:
            item = memo.item_id.with_env(self.env)
            sign = 1 if item.balance > 0 else -1
            rows.append(self._item(item, memo.account_id, sign * memo.amount, item.date_maturity))
            targets.append(None)
            rows.append(self._item(item, item.account_id, -sign * memo.amount, item.date_maturity))
            targets.append((item, memo.line_id.with_env(self.env)))
            if sign < 0:
                # A discount closed its debt by itself: both are open again.
                item.remove_move_reconcile()
        move = self._post_entry(company, CHARGE_JOURNAL, date, rows, ref)
        pairs = [pair for pair in zip(targets, move.line_ids.sorted("id"), strict=True) if pair[0]]
        plan = [item | mirror for (item, _line), mirror in pairs if item.account_id.reconcile]
        # What others were given on the same debt stays with it.
        plan += [item | line for (item, line), _mirror in pairs if item.balance < 0]
        self.env["account.move.line"]._reconcile_plan(plan)
        return move

    @api.model
    def _reopen_memos(self, memos, date):
        """Charges of debts that stay paid are open again; of those that are open, they are computed again."""
        lines = memos.line_id
        still_open = self.env["cobranca.charge"]._get_open(lines)
        values = []
        for memo in memos.filtered(lambda memo: memo.kind in OWED and memo.line_id.reconciled):
            if existing := still_open.get(memo.line_id, {}).get(memo.kind):
                existing.amount += memo.amount
                continue
            [copied] = memo.copy_data({"state": "open", "date": date, "credit_id": False, "item_id": False})
            values.append(copied)
        self._drop_open_memos(lines)
        memos.create(values)
        self.env["cobranca.loss"]._follow_payments(lines)
