from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .account_bank_statement_line import ASIDE
from .cobranca_statement_matching import Match, Share
from .cobranca_statement_suggestion import CERTAIN

# Movements that one call books, with a commit behind it: the screen asks again for the rest.
BATCH = 200


class CobrancaStatementDesk(models.AbstractModel):
    """What the screen "Conciliar recebimentos" asks and does: for supervisors and accountants, in one company."""

    _name = "cobranca.statement.desk"
    _inherit = ["cobranca.statement.desk.facts"]
    _description = "Matching of Receipts"

    # === ACTIONS === #

    @api.model
    def desk_facts(self, tab="open", journal_id=False, text="", grade=False, limit=80):
        """What the list shows.

        :param str tab: `open`, `matched` or `aside`
        :param str text: only movements whose text, payer or amount is like this
        :param str grade: only those whose best suggestion has it
        :return: dict of texts and numbers
        """
        self._check()
        return self._get_facts(tab, journal_id, text, grade, min(int(limit or 0), 500))

    @api.model
    def desk_line(self, line_id):
        """A movement with what it may be for.

        :return: dict
        """
        return self._get_line_facts(self._get_line(line_id))

    @api.model
    def desk_refresh(self):
        """Look for all unmatched money anew: what is open changed since it was imported."""
        self._check()
        # sudo: suggestions are written by the finder only, after the check of who may match
        self.env["cobranca.statement.finder"].sudo()._refresh(self.env.company)
        return True

    @api.model
    def desk_debts(self, line_id, text="", partner_id=False):
        """Open invoices that somebody looks for, as of the day of a movement.

        :param str text: a customer's name, CPF or CNPJ, or the number of an invoice
        :return: list of dict
        """
        return self._search_debts(self._get_line(line_id), text, partner_id)

    @api.model
    def desk_take(self, suggestion_id):
        """Book a suggestion.

        :raise UserError: when somebody matched the movement, or an invoice was paid, meanwhile
        """
        self._check()
        suggestion = self.env["cobranca.statement.suggestion"].browse(int(suggestion_id)).exists()
        if not suggestion:
            raise UserError(self.env._("This was matched or looked for anew meanwhile: choose again."))
        suggestion.check_access("read")
        match = self._get_match(suggestion.sudo())  # sudo: booked for who may match, whatever else he may write
        self._book([match])
        return True

    @api.model
    def desk_match(self, line_id, shares, partner_id=False):
        """Book what somebody chose: invoices, each with its amount where he says one.

        :param list shares: of dict(line_id, amount); amount false: as much as it costs and is there
        :param int partner_id: the customer, when there are no invoices or for what is left
        :raise UserError: with what cannot be booked
        """
        line = self._get_line(line_id).sudo()  # sudo: who may match was checked, and books debts and charges by it
        self._book([Match(line, tuple(self._get_shares(line, shares, partner_id)))])
        return True

    @api.model
    def desk_aside(self, line_id, reason, note=""):
        """Say that this money is of no customer, and why; without a reason it is looked at again."""
        line = self._get_line(line_id)
        note = (note or "").strip()[:200]
        if reason and reason not in dict(ASIDE):
            raise UserError(self.env._("Choose why this money is of no customer."))
        if reason == "other" and not note:
            raise UserError(self.env._("Write why this money is of no customer."))
        # sudo: who may match was checked, and sets aside by it
        self.env["cobranca.statement.matching"].sudo()._set_aside(line.sudo(), reason or False, note or False)
        return True

    @api.model
    def desk_undo(self, line_id):
        """Take back what a movement paid: invoices, charges and promises are as they were."""
        line = self._get_line(line_id)
        if not line.cobranca_matched_at:
            raise UserError(self.env._("This money was not matched here: undo it where it was."))
        # sudo: who may match was checked, and takes back debts and charges by it
        self.env["cobranca.statement.matching"].sudo()._undo_all(line.sudo())
        return True

    @api.model
    def desk_take_certain(self, limit=BATCH):
        """Book the oldest of all certain suggestions; each is looked at again before.

        :return: dict(matched, remaining, failed) of counts
        """
        self._check()
        return self._take_certain(self.env.company, max(1, min(int(limit), BATCH)))

    # === BUSINESS METHODS === #

    @api.model
    def _check(self):
        self.env["cobranca.statement.import"]._check_rights()

    @api.model
    def _get_line(self, line_id):
        """:return: account.bank.statement.line, after the check of who may match it"""
        self._check()
        line = self.env["account.bank.statement.line"].browse(int(line_id)).exists()
        if not line:
            raise UserError(self.env._("This movement is not there any more."))
        line.check_access("read")
        return line

    @api.model
    def _book(self, matches):
        """:raise UserError: when somebody else was faster"""
        # sudo: booked for who may match, whatever else he may write
        done = self.env["cobranca.statement.matching"].sudo()._match_all(matches)
        if len(done) < len(matches):
            raise UserError(self.env._("Somebody has matched this money, or set it aside, meanwhile."))

    @api.model
    def _get_match(self, suggestion):
        """What a suggestion is, to be booked.

        :raise UserError: when one of its invoices was paid meanwhile
        """
        debts = suggestion.line_ids.sorted(lambda line: (line.date_maturity or line.date, line.id))
        still_open = debts.filtered(lambda line: not line.reconciled and line.amount_residual > 0)
        if suggestion.reason != "txid_paid" and (still_open != debts or not debts):
            raise UserError(self.env._("An invoice of this suggestion was paid meanwhile: look for it anew."))
        share = Share(still_open, suggestion.partner_id)
        return Match(suggestion.statement_line_id, (share,), suggestion.quote_id or None)

    @api.model
    def _get_shares(self, line, shares, partner_id):
        """What somebody chose, as it is booked; what is left over is a credit of the first customer.

        :return: list of Share
        """
        chosen = {int(share["line_id"]): float(share.get("amount") or 0) for share in shares}
        debts = self._get_open(line, list(chosen))
        if len(debts) < len(chosen):
            raise UserError(self.env._("An invoice was paid meanwhile, or is no open one: choose again."))
        partner = self.env["res.partner"].browse(int(partner_id or 0)).exists()
        customer = debts[:1].partner_id.commercial_partner_id or partner.commercial_partner_id
        if not customer:
            raise UserError(self.env._("Choose an invoice or a customer."))
        if debts and not any(chosen.values()) and len(debts.partner_id.commercial_partner_id) == 1:
            return [Share(debts, customer)]
        return self._get_single_shares(line, debts, chosen, customer)

    @api.model
    def _get_single_shares(self, line, debts, chosen, customer):
        """Each invoice with the amount that was chosen for it, or what it costs, as long as there is money."""
        currency, left = line.company_id.currency_id, line.amount
        found = []
        amounts = debts._cobranca_read_debts(line.date)
        for debt in debts:
            costs = float(amounts[debt].charges.total - amounts[debt].discount)
            amount = currency.round(chosen[debt.id] or min(costs, left))
            if amount <= 0 or currency.compare_amounts(amount, left) > 0:
                raise UserError(
                    self.env._(
                        "The amounts are more than the %(amount)s that came in, or none: correct them.",
                        amount=currency.format(line.amount),
                    )
                )
            left = currency.round(left - amount)
            found.append(Share(debt, debt.partner_id.commercial_partner_id, amount))
        if left > 0 or not found:
            found.append(Share(debts.browse(), customer, left))
        return found

    # --- all certain ones ---

    @api.model
    def _take_certain(self, company, limit):
        """Look again at the oldest movements of which a suggestion is certain, and book those that still are.

        :return: dict of counts
        """
        chosen, rest = self._get_certain(company, limit)
        if not chosen:
            return {"matched": 0, "failed": 0, "remaining": 0}
        # sudo: as above; the company is the user's own
        Suggestion = self.env["cobranca.statement.suggestion"].sudo()
        # sudo: who may match was checked, and books debts and charges by it
        matching = self.env["cobranca.statement.matching"].sudo()
        matching._claim(chosen)
        # sudo: what fits is read of all debts of the company
        self.env["cobranca.statement.finder"].sudo()._refresh(company, chosen)
        certain = Suggestion.search([("grade", "=", CERTAIN), ("statement_line_id", "in", chosen.ids)])
        matches = [self._get_match(suggestion) for suggestion in certain]
        matched = self._match_each(matching, matches)
        return {"matched": matched, "failed": len(chosen) - matched, "remaining": rest}

    @api.model
    def _get_certain(self, company, limit):
        """The oldest movements of which a suggestion is certain: only these are read, however many wait behind them.

        :return: (account.bank.statement.line, how many others there are)
        """
        self.env["cobranca.statement.suggestion"].flush_model()
        self.env["account.bank.statement.line"].flush_model(["internal_index"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT st.id, COUNT(*) OVER ()
                  FROM account_bank_statement_line st
                 WHERE st.id IN (SELECT suggestion.statement_line_id FROM cobranca_statement_suggestion suggestion
                                  WHERE suggestion.company_id = %s AND suggestion.grade = %s)
                 ORDER BY st.internal_index, st.id LIMIT %s
                """,
                company.id,
                CERTAIN,
                limit,
            )
        )
        # sudo: as for the suggestions
        chosen = self.env["account.bank.statement.line"].sudo().browse([number for number, _count in rows])
        return chosen, rows[0][1] - len(rows) if rows else 0

    @api.model
    def _match_each(self, matching, matches):
        """Together; where one cannot be booked, each for itself, and that one is left for a person.

        :return: int, how many were booked
        """
        if not matches:
            return 0
        try:
            with self.env.cr.savepoint():
                return len(matching._match_all(matches))
        except UserError:
            self.env.invalidate_all()
        count = 0
        for match in matches:
            try:
                with self.env.cr.savepoint():
                    count += len(matching._match_all([match]))
            except UserError:
                self.env.invalidate_all()
                match.line.cobranca_suggestion_ids.grade = "2"
        return count
