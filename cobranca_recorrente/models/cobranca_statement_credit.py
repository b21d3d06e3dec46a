from collections import defaultdict

from odoo import Command, api, models

# What is written here are the items of a movement's own entry: Odoo would derive each from the other, and note it.
OWN = {
    **dict.fromkeys(("skip_account_move_synchronization", "skip_readonly_check", "skip_invoice_sync"), True),
    **dict.fromkeys(("tracking_disable", "mail_notrack"), True),
}


class CobrancaStatementCredit(models.AbstractModel):
    """The money of a bank movement moves from the suspense account to the customers' accounts, in its own entry."""

    _name = "cobranca.statement.credit"
    _description = "Credits of Bank Movements"

    @api.model
    def _make_credits(self, matches):
        """Turn the suspense item of movements into credits of customers.

        :param list matches: of Match, their movements claimed and free
        :return: {account.bank.statement.line: list of account.move.line, one for each share}
        """
        Line = self.env["account.bank.statement.line"]
        whole, credits = defaultdict(lambda: self.env["account.move.line"]), {}
        named = defaultdict(lambda: [Line, self.env["account.move.line"]])
        for match in matches:
            _liquidity, suspense, _others = match.line._seek_for_lines()
            named[match.shares[0].partner.commercial_partner_id][0] |= match.line
            if len(match.shares) == 1:
                whole[self._get_account(match.shares[0])] |= suspense
                named[match.shares[0].partner.commercial_partner_id][1] |= suspense
                credits[match.line] = [suspense]
            else:
                credits[match.line] = self._split(match, suspense)
        # All of an account at once: Odoo looks for what depends on it once.
        for account, items in whole.items():
            items.with_context(**OWN).write({"account_id": account.id})
        for partner, (lines, items) in named.items():
            self._name_partner(partner, lines, items)
        return credits

    @api.model
    def _get_account(self, share):
        """Where a share is credited: the account of its debts, so that nothing has to be carried over."""
        accounts = share.debts.account_id
        company = share.debts.company_id[:1] or self.env.company
        return accounts[:1] if accounts else share.partner.with_company(company).property_account_receivable_id

    @api.model
    def _split(self, match, suspense):
        """One credit for each share: of each debtor, or of each invoice with the amount that somebody chose.

        :return: list of account.move.line
        """
        currency = match.line.company_id.currency_id
        left = currency.round(-suspense.balance)
        rows = []
        for number, share in enumerate(match.shares, 1):
            amount = left if share.amount is None or number == len(match.shares) else currency.round(share.amount)
            left = currency.round(left - amount)
            rows.append(
                {
                    "account_id": self._get_account(share).id,
                    "partner_id": share.partner.commercial_partner_id.id,
                    "balance": -amount,
                    "amount_currency": -amount,
                }
            )
        first, *others = rows
        common = {"name": suspense.name, "currency_id": suspense.currency_id.id}
        more = [Command.create({**row, **common}) for row in others]
        move = match.line.move_id.with_context(**OWN)
        known = move.line_ids
        move.write({"line_ids": [Command.update(suspense.id, first), *more]})
        added = (move.line_ids - known).sorted("id").with_env(self.env)
        return [suspense, *added]

    @api.model
    def _name_partner(self, partner, lines, items):
        """Say whose money it was: on the credits, and on the movements where nobody said so.

        Below the checks of a changed entry, which were made for all items at once when they got their account.

        :param items: account.move.line, credits
        """
        unnamed = lines.filtered(lambda line: not line.partner_id)
        banks = unnamed.move_id.line_ids.filtered(lambda item: not item.partner_id)
        # Neither taxes nor cost centres follow from who paid.
        kept = [
            ([unnamed.move_id._fields["fiscal_position_id"]], unnamed.move_id),
            ([items._fields["analytic_distribution"]], items | banks),
        ]
        for records, values in (
            (items | banks, {"partner_id": partner.id}),
            (unnamed.move_id, {"partner_id": partner.id}),
            (unnamed, {"partner_id": partner.id, "cobranca_names_partner": True}),
        ):
            if records:
                with self.env.protecting(kept):
                    models.Model.write(records.with_context(**OWN), values)
