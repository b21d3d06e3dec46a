import logging
from datetime import date

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.cobranca_recorrente.models.cobranca_contract_billing import is_passing

from ..tools import brazilian, term

_logger = logging.getLogger(__name__)

# The statement of last year goes out with the bill of May at the latest (Lei 12.007/2009, art. 3).
FIRST_MONTH = 4
# Customers all of whose debts that fell due in a year are settled, by more than a write-off or an agreement that is
# not paid, and who lack the paper. Installments were not billed beside the debts that they replace.
WITHOUT = """
    SELECT contact.commercial_partner_id
      FROM account_move_line line
      JOIN account_move move ON move.id = line.move_id
      JOIN res_partner contact ON contact.id = line.partner_id
     WHERE line.company_id = %(company)s AND line.parent_state = 'posted' AND line.balance > 0
       AND move.move_type = 'out_invoice' AND move.cobranca_agreement_role IS DISTINCT FROM 'document'
       AND line.date_maturity BETWEEN %(first)s AND %(last)s
       AND line.account_id = ANY(ARRAY(
            SELECT id FROM account_account WHERE account_type = 'asset_receivable' AND non_trade IS NOT TRUE))
       AND NOT EXISTS (
            SELECT FROM cobranca_quittance known
             WHERE known.company_id = %(company)s AND known.partner_id = contact.commercial_partner_id
               AND known.year = %(year)s AND known.kind = 'year' AND known.state = 'issued')
     GROUP BY contact.commercial_partner_id
    HAVING bool_and(line.reconciled
       AND NOT EXISTS (
            SELECT FROM cobranca_agreement_origin origin
              JOIN cobranca_agreement agreement ON agreement.id = origin.agreement_id
             WHERE origin.line_id = line.id AND origin.is_live AND agreement.state = 'active')
       AND NOT EXISTS (SELECT FROM cobranca_loss loss WHERE loss.line_id = line.id AND loss.state <> 'undone')
       AND NOT EXISTS (SELECT FROM cobranca_charge memo WHERE memo.line_id = line.id AND memo.state = 'open'))
     ORDER BY contact.commercial_partner_id
"""


class CobrancaQuittanceYear(models.AbstractModel):
    """Yearly statement that nothing is owed, `Declaração de quitação anual de débitos` (Lei 12.007/2009)."""

    _name = "cobranca.quittance.year"
    _description = "Yearly Statements of Quittance"

    # === BUSINESS METHODS === #

    @api.model
    def _issue_for_year(self, company, partner, year):
        """The statement of a customer for a year; the same one when it was issued before.

        :param int year: whose due dates count (art. 2)
        :return: cobranca.quittance
        :raise AccessError: for who does not work with this customer
        :raise UserError: with all that is still owed of that year, or when nothing was billed
        """
        debtor = partner.commercial_partner_id
        self._check_issuer(debtor, debtor)
        known = [("company_id", "=", company.id), ("partner_id", "=", debtor.id), ("year", "=", str(year))]
        if quittance := self.search([*known, ("kind", "=", "year"), ("state", "=", "issued")]):
            return quittance
        if obstacles := self._find_year_obstacles(company, debtor, year):
            raise UserError("\n".join(obstacles))
        lines = self._get_year_lines(company, debtor, year)
        contested = self._get_contested(lines)
        settled = self._get_settled(lines - contested)
        own = {"kind": "year", "year": str(year), "amount": sum((lines - contested).mapped("balance"))}
        more = self._prepare_year(company, debtor, year, lines, contested)
        return self._issue(company, debtor, own, lines - contested, settled, [], **more)

    @api.model
    def _get_year_lines(self, company, debtor, year):
        """What was billed to a customer and fell due in a year, without what credit notes cancelled.

        Renegotiated debts are among them, by their own due dates; the installments in their place are not.

        :return: account.move.line
        """
        # sudo: what was billed does not depend on who asks
        lines = (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("parent_state", "=", "posted"),
                    ("move_id.move_type", "=", "out_invoice"),
                    ("move_id.cobranca_agreement_role", "!=", "document"),
                    ("account_id.account_type", "=", "asset_receivable"),
                    ("account_id.non_trade", "=", False),
                    ("balance", ">", 0),
                    ("date_maturity", ">=", date(year, 1, 1)),
                    ("date_maturity", "<=", date(year, 12, 31)),
                    ("partner_id.commercial_partner_id", "=", debtor.id),
                ],
                order="date_maturity, id",
            )
        )
        return lines.filtered(lambda line: not self._is_cancelled(line))

    @api.model
    def _get_contested(self, lines):
        """Debts that are disputed in court: they keep nobody from his statement of the others (art. 2, § 3)."""
        company, debtor = lines.company_id, lines.partner_id.commercial_partner_id
        # sudo: what a court looks at does not depend on who asks
        holds = self.env["cobranca.hold"].sudo().with_context(allowed_company_ids=company.ids)
        found = holds.search(
            [("partner_id", "in", debtor.ids), ("reason", "=", "court"), ("state", "in", ["active"])]
            + [("company_id", "in", company.ids)]
        )
        # Where the whole customer is at court, only what is open can be what is disputed.
        is_all_of_him = bool(found.filtered(lambda hold: not hold.line_id))
        return lines.filtered(lambda line: line in found.line_id or (is_all_of_him and not line.reconciled))

    @api.model
    def _find_year_obstacles(self, company, debtor, year):
        """What keeps a customer from the statement of a year.

        :return: list of str
        """
        if year >= company._cobranca_today().year:
            return [self.env._("The statement of %(year)s can be issued when the year is over.", year=year)]
        lines = self._get_year_lines(company, debtor, year)
        if not lines:
            return [self.env._("Nothing was billed to this customer that fell due in %(year)s.", year=year)]
        counted = lines - self._get_contested(lines)
        if not counted:
            return [self.env._("All that fell due in %(year)s is disputed in court.", year=year)]
        return self._find_owed(counted)

    @api.model
    def _prepare_year(self, company, debtor, year, lines, contested):
        """What the statement says beside what every quittance does.

        :return: dict for the template
        """
        months = []
        for month, own in (lines - contested).grouped(lambda line: line.date_maturity.month).items():
            days = [row.day for row in self._get_settled(own)]
            months.append(
                {
                    "number": month,
                    "name": brazilian.MONTHS[month - 1],
                    "count": len(own),
                    "amount": brazilian.money(sum((term.exact(line.balance) for line in own), term.ZERO)),
                    "paid_on": brazilian.day(max(days)) if days else "",
                }
            )
        months.sort(key=lambda row: row["number"])
        return {
            "year": year,
            "months": months,
            "span": brazilian.months({row["number"] for row in months}),
            "contested": self._prepare_debts(contested),
            "earlier": self._prepare_debts(self._get_earlier_debts(company, debtor, year)),
        }

    @api.model
    def _get_earlier_debts(self, company, debtor, year):
        """What is owed of earlier years: the paper reserves it, for it speaks of those years too (art. 4).

        :return: account.move.line, open or in an agreement that is not paid
        """
        first = date(year, 1, 1)
        found = self.env["account.move.line"]._cobranca_search_open_lines(
            company,
            company._cobranca_today(),
            SQL("partner.id = %s", debtor.id),
            SQL("COALESCE(line.date_maturity, line.date) < %s", first),
        )
        # sudo: what is owed does not depend on who asks
        origins = self.env["cobranca.agreement.origin"].sudo()
        taken = origins.search(
            [("is_live", "=", True), ("agreement_id.partner_id", "=", debtor.id), ("due", "<", first)]
            + [("company_id", "=", company.id)]
        )
        found = found.sudo() | self._get_still_owed(taken.line_id)  # sudo: as for the debts of agreements
        return found.filtered(lambda line: line.move_id.cobranca_agreement_role != "document").with_env(self.env)

    # === SCHEDULED ACTIONS === #

    @api.model
    def _cron_state_years(self):
        """Issue and send the statements that customers have a right to, one by one, for companies that want it."""
        wanted = [
            (company.id, year, partner)
            for company in self.env["res.company"].search([("cobranca_statement_year", ">", 0)])
            for year in self._get_years_due(company)
            for partner in self._find_entitled(company, year)
        ]
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(wanted))
        for company_id, year, partner in wanted:
            try:
                with self.env.cr.savepoint():
                    self._state_year(self.env["res.company"].browse(company_id), partner, year)
            except Exception as error:
                if is_passing(error):
                    raise
                # Tried again tomorrow; today the others have their turn.
                _logger.exception("The statement of %s for customer %s could not be made", year, partner)
                self.env.invalidate_all()
            if not progress(1):
                break

    @api.model
    def _get_years_due(self, company):
        """The years whose statements a company sends now: none while it could not send one.

        :return: range of int
        """
        if company._cobranca_get_creditor_gap() or self.env["cobranca.invoice.delivery"]._get_mail_gap(company):
            return range(0)
        today = company._cobranca_today()
        last = today.year - 1 if today.month >= FIRST_MONTH else today.year - 2
        return range(company.cobranca_statement_year, last + 1)

    @api.model
    def _find_entitled(self, company, year):
        """Customers who settled a year and lack its statement.

        :return: list of ids of res.partner
        """
        for model in (
            "account.move.line",
            "account.move",
            "cobranca.charge",
            "cobranca.loss",
            "cobranca.quittance",
            "cobranca.agreement",
            "cobranca.agreement.origin",
        ):
            self.env[model].flush_model()
        rows = self.env.execute_query(
            SQL(
                WITHOUT,
                company=company.id,
                first=date(year, 1, 1),
                last=date(year, 12, 31),
                year=str(year),
            )
        )
        return [partner for (partner,) in rows]

    @api.model
    def _state_year(self, company, partner_id, year):
        """One statement, sent where there is an address; nothing for who owes after all."""
        debtor = self.env["res.partner"].browse(partner_id)
        if not self._find_year_obstacles(company, debtor, year):
            quittance = self._issue_for_year(company, debtor, year)
            if not quittance._find_mail_gap():
                quittance._send()
