from odoo import api, models
from odoo.tools.misc import format_date

from odoo.addons.cobranca_recorrente.models.account_chart_template import LOSS_JOURNAL, TRANSFER_JOURNAL
from odoo.addons.cobranca_recorrente.models.cobranca_charge_memo import OWED

from .cobranca_quittance_transfer import Settled

MONEY = ("bank", "cash", "credit")


class CobrancaQuittanceSettlement(models.AbstractModel):
    """By what debts were settled, and what keeps them from being called paid."""

    _name = "cobranca.quittance.settlement"
    _inherit = ["cobranca.quittance.transfer"]
    _description = "How Debts Were Settled"

    # === BUSINESS METHODS === #

    @api.model
    def _get_still_owed(self, lines):
        """Debts that are closed in the books and live on elsewhere: an agreement took them over and is not paid.

        A hook: who else takes debts over adds to it.

        :param lines: account.move.line
        :return: account.move.line, some of them
        """
        origins = self.env["cobranca.agreement.origin"]._get_of_lines(lines)
        owed = origins.filtered(lambda origin: not origin.agreement_id._is_settled()).line_id
        # sudo: whether an agreement ended does not depend on who asks
        installments = self.env["cobranca.agreement.installment"].sudo().search([("line_id", "in", lines.ids)])
        # What closed these was no money: the original debts are open again.
        ended = installments.filtered(lambda item: item.agreement_id.state in ("broken", "cancelled"))
        return (owed | ended.line_id).with_env(lines.env)

    @api.model
    def _get_settled(self, lines):
        """All that settled some debts, the oldest first, and the charges that were paid with them.

        :return: list of Settled
        """
        lines = lines.sudo()  # sudo: what was paid does not depend on who asks
        origins = self.env["cobranca.agreement.origin"]._get_of_lines(lines)
        transfers = origins.transfer_line_id
        rows = [
            Settled(credit.cobranca_paid_on or item.max_date, self._get_credit_kind(credit), item.amount, name)
            for name, item, credit in (
                (line.move_id.name, item, item.credit_move_id) for line in lines for item in line.matched_credit_ids
            )
            if credit not in transfers
        ]
        rows += self._get_transferred(origins) + self._get_paid_charges(lines, origins)
        return sorted(rows, key=lambda row: (row.day, row.name or "", row.kind))

    @api.model
    def _get_paid_charges(self, lines, origins):
        """The charges that were paid beside debts, those left out that an agreement took over.

        :return: list of Settled
        """
        charges = self.env["cobranca.charge"].sudo()  # sudo: what was paid does not depend on who asks
        paid = charges.search(
            [
                ("line_id", "in", lines.ids),
                ("state", "=", "paid"),
                ("kind", "in", [*OWED, "recovery"]),
                ("agreement_id", "not in", origins.agreement_id.ids),
            ]
        )
        return [
            Settled(item.date, item.kind, item.amount, item.line_id.move_id.name)
            for item in paid
            # What is recovered of a loss while its debt is open pays the debt, and is counted there.
            if item.kind != "recovery" or item.item_id.account_id.account_type == "asset_receivable"
        ]

    @api.model
    def _get_credit_kind(self, credit):
        """What a credit on a customer's account is.

        :param credit: account.move.line
        """
        if credit.payment_id or credit.journal_id.type in MONEY:
            return "payment"
        if credit.move_id.move_type == "out_refund":
            return "credit_note"
        if credit.cobranca_paid_on:
            return "transfer"
        if credit.move_id.cobranca_agreement_id:
            # Its rebates, and what closed a debt that lives on in it; what came for that is counted apart.
            return "discount"
        journals = {LOSS_JOURNAL: "loss", TRANSFER_JOURNAL: "transfer"}
        chart = self.env["account.chart.template"].with_company(credit.company_id.root_id)
        for xmlid, kind in journals.items():
            if credit.journal_id == chart.ref(xmlid, raise_if_not_found=False):
                return kind
        return "discount"

    @api.model
    def _is_cancelled(self, line):
        """Was a debt settled by credit notes alone: nothing was billed after all?"""
        credits = line.sudo().matched_credit_ids.credit_move_id  # sudo: as in `_get_settled`
        return bool(credits) and {self._get_credit_kind(credit) for credit in credits} == {"credit_note"}

    # --- what speaks against a quittance ---

    @api.model
    def _find_owed(self, lines):
        """What keeps debts from being called paid; each in one sentence that says what to do.

        :param lines: account.move.line
        :return: list of str
        """
        lines = lines.sudo()  # sudo: what is owed does not depend on who asks
        found = [
            self.env._(
                "%(debt)s, due on %(day)s, is open: %(amount)s.",
                debt=line.move_id.name,
                day=format_date(self.env, line.date_maturity or line.date),
                amount=line.company_currency_id.format(line.amount_residual),
            )
            for line in lines.filtered(lambda line: not line.reconciled)
        ]
        found += [
            self.env._("%(debt)s is in an agreement that is not paid yet.", debt=line.move_id.name)
            for line in self._get_still_owed(lines.filtered("reconciled"))
        ]
        # What stands in their place is owed like the debts themselves.
        lines |= self._get_replacements(lines)
        return found + self._find_losses(lines) + self._find_memos(lines)

    @api.model
    def _find_losses(self, lines):
        """Debts that were written off: closed, and not paid."""
        # sudo: what was written off does not depend on who asks
        losses = self.env["cobranca.loss"].sudo().search([("line_id", "in", lines.ids), ("state", "!=", "undone")])
        recovered = losses._get_recovered(losses.line_id)
        return [
            self.env._(
                "%(debt)s was written off as a loss, not paid: reverse the loss, or receive it first.",
                debt=loss.move_id.name,
            )
            for loss in losses
            if loss.line_id.reconciled
            and loss.currency_id.compare_amounts(recovered.get(loss.line_id, 0.0), loss.amount) < 0
        ]

    @api.model
    def _find_memos(self, lines):
        """Charges of paid debts that stayed open: a quittance without a word of them gives them up (CC, art. 323)."""
        found = []
        for company, own in lines.grouped("company_id").items():
            memos = self.env["cobranca.charge"]._search_memos(company, company._cobranca_today(), lines=own)
            # sudo: what is owed does not depend on who asks
            for move, charges in memos.sudo().grouped("move_id").items():
                amount = company.currency_id.format(sum(charges.mapped("amount")))
                found.append(
                    self.env._(
                        "Charges of %(debt)s are open: %(amount)s. Receive or waive them first.",
                        debt=move.name,
                        amount=amount,
                    )
                )
        return found
