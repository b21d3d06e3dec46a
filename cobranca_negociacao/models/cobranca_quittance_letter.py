import psycopg2

from odoo import Command, api, models
from odoo.exceptions import UserError

from ..tools import brazilian, term
from ..tools.words import amount_in_words

REPORT = "cobranca_negociacao.action_report_quittance"
# What the customer gave for it, among what settles a debt.
PAID = ("payment", "transfer", "agreement", "recovery", "fine", "interest", "correction")


class CobrancaQuittanceLetter(models.AbstractModel):
    """Letters of quittance (CC, art. 319 and 320) of what is paid in full, invoice or agreement."""

    _name = "cobranca.quittance.letter"
    _description = "How a Letter of Quittance Is Issued"
    _inherit = ["cobranca.paper", "cobranca.quittance.settlement"]

    # === BUSINESS METHODS === #

    @api.model
    def _issue_for_move(self, move):
        """The letter of an invoice that is paid in full; the same one when it was issued before.

        :param move: account.move
        :return: cobranca.quittance
        :raise AccessError: for who does not work with this customer
        :raise UserError: with all that keeps it from being called paid
        """
        move.ensure_one()
        debtor, company = move.commercial_partner_id, move.company_id
        self._check_issuer(move, debtor)
        if known := self.search([("move_id", "=", move.id), ("state", "=", "issued")]):
            return known
        lines = move._cobranca_get_debt_lines()
        obstacles = self._find_owed(lines)
        settled = self._get_settled(lines)
        if not obstacles and not any(row.kind in PAID for row in settled):
            obstacles = [self.env._("%(debt)s was not paid: there is nothing to give quittance of.", debt=move.name)]
        if obstacles:
            raise UserError("\n".join(obstacles))
        own = {"kind": "debt", "move_id": move.id}
        return self._issue(company, debtor, own, lines, settled, self._prepare_debts(lines))

    @api.model
    def _issue_for_record(self, record, company, partner, lines, settled, name):
        """The letter of something else that is paid in full, such as an agreement. A hook for its model, which knows.

        :param record: what is settled; the caller knows that it is
        :param partner: res.partner, the customer
        :param lines: account.move.line, the debts that it settles, closed in the books
        :param settled: list of Settled: what the customer paid, and when
        :param str name: how the letter calls it, such as “Acordo ACOR/2026/00001”
        :return: cobranca.quittance; the same one when it was issued before
        :raise AccessError: for who does not work with this customer
        :raise UserError: when a debt of it is open, or nothing was paid
        """
        debtor = partner.commercial_partner_id
        self._check_issuer(record, debtor)
        own = {"kind": "agreement", "res_model": record._name, "res_id": record.id}
        known = [("res_model", "=", record._name), ("res_id", "=", record.id), ("state", "=", "issued")]
        if quittance := self.search(known):
            return quittance
        if obstacles := self._find_owed(lines):
            raise UserError("\n".join(obstacles))
        if not any(row.kind in PAID for row in settled):
            raise UserError(self.env._("%(debt)s was not paid: there is nothing to give quittance of.", debt=name))
        return self._issue(company, debtor, own, lines, settled, self._prepare_debts(lines), subject=name)

    @api.model
    def _check_issuer(self, record, debtor):
        """:raise AccessError: for who may not read what is settled, or does not work with this customer"""
        record.check_access("read")
        if not self.env.su:
            debtor._cobranca_check_business()

    @api.model
    def _issue(self, company, debtor, own, lines, settled, debts, **more):
        """Make the paper and write it down; two at once make one.

        :param dict own: what kind of paper, and of what
        :return: cobranca.quittance
        """
        amount = sum((term.exact(row.amount) for row in settled if row.kind in PAID), term.ZERO)
        # sudo: written by this method only, after the checks of its callers
        register = self.env["cobranca.quittance"].sudo()
        # sudo: whoever issues takes the next number
        number = self.env["ir.sequence"].sudo().next_by_code("cobranca.quittance")
        values = {
            **self._prepare_paper(company, debtor, number, debts, settled),
            "kind": own["kind"],
            "amount": {"figures": brazilian.money(amount), "words": amount_in_words(amount)},
            **more,
        }
        content = self._render_paper(REPORT, values, number)
        try:
            with self.env.cr.savepoint():
                paper = self._keep(register._name, f"{number.replace('/', '-')}.pdf", content)
                quittance = register.create(
                    {
                        "amount": amount,
                        **own,
                        "name": number,
                        "company_id": company.id,
                        "partner_id": debtor.id,
                        "line_ids": [Command.set(lines.ids)],
                        "date": company._cobranca_today(),
                        "user_id": self.env.uid,
                        "attachment_id": paper.id,
                        "document_hash": self._hash(content),
                    }
                )
                quittance.flush_recordset()
                paper.res_id = quittance.id
        except psycopg2.errors.UniqueViolation as error:
            raise UserError(self.env._("Somebody has just issued this paper: look for it in the register.")) from error
        return quittance.with_env(self.env)

    # --- what the paper says ---

    @api.model
    def _prepare_paper(self, company, debtor, number, debts, settled):
        """What a quittance must say: of what, who owed it, when and where it was paid, who signs (CC, art. 320).

        :return: dict for the template
        """
        rules = company.sudo()  # sudo: who signs for the company
        return {
            "number": number,
            "creditor": self._get_creditor(company),
            "party": self._get_party(debtor),
            "place": self._get_place(company),
            "date": brazilian.long_day(company._cobranca_today()),
            "debts": debts,
            "rows": [
                {
                    "day": brazilian.day(row.day),
                    "kind": row.kind,
                    "name": row.name,
                    "amount": brazilian.money(row.amount),
                }
                for row in settled
                if row.kind != "loss"  # what was recovered of it says the rest
            ],
            "signer": {"name": rules.cobranca_signer_name or "", "role": rules.cobranca_signer_role or ""},
            "subject": "",
        }

    @api.model
    def _prepare_debts(self, lines):
        """The debts that a paper names."""
        lines = lines.sudo()  # sudo: what the customer's own paper says of his debts
        return [
            {
                "name": line.move_id.name,
                "what": self.env["cobranca.debt.page"]._get_what(line.move_id),
                "due": brazilian.day(line.date_maturity or line.date),
                "amount": brazilian.money(line.balance),
            }
            for line in lines.sorted(lambda line: (line.date_maturity or line.date, line.id))
        ]
