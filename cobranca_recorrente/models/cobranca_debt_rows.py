from collections import namedtuple

from odoo import models
from odoo.tools import SQL

MODELS = ("account.move.line", "account.move", "account.partial.reconcile", "res.partner", "res.company")
# Whose former policies are looked at: (alias of the row, condition).
OF_COMPANY = (
    "of_company",
    SQL("change.company_id = line.company_id AND change.contract_id IS NULL AND change.partner_id IS NULL"),
)
OF_CUSTOMER = ("of_customer", SQL("change.partner_id = partner.id AND change.company_id = line.company_id"))
OF_CONTRACT = ("of_contract", SQL("change.contract_id = contract.id"))
DebtRow = namedtuple(
    "DebtRow", "id balance date due invoice_date company_id is_home interrupted is_company document policy_id is_mixed"
)


class CobrancaDebtRows(models.AbstractModel):
    """What the books say of customer lines, and which policy each of them was issued under."""

    _name = "cobranca.debt.rows"
    _description = "Rows of the Reader of Debts"

    def _cobranca_get_debt_rows(self):
        """What the books and the customer say of each line, in the order of the lines.

        :return: list of DebtRow
        """
        for model in MODELS:
            self.env[model].flush_model()
        self.env["cobranca.contract"].flush_model(["charge_policy_id"])
        self.env["cobranca.contract.period"].flush_model(["move_id", "contract_id"])
        found = {row[0]: DebtRow(*row) for row in self.env.execute_query(self._cobranca_get_debt_rows_query())}
        return [found[line_id] for line_id in self.ids]

    def _cobranca_get_debt_rows_query(self):
        """The policy of the customer, else of the contracts, else of the company, on the day of the invoice.

        Contracts that are billed together and have different ones leave it to the company: no contract
        may lend its fine to another.
        """
        joins, company, customer, billed = self._cobranca_get_policy_parts()
        return SQL(
            """
            SELECT line.id, COALESCE(line.balance, 0)::text, line.date, COALESCE(line.date_maturity, line.date),
                   COALESCE(move.invoice_date, line.date), line.company_id,
                   line.currency_id = company.currency_id, move.cobranca_interruption_date,
                   partner.is_company, partner.vat,
                   COALESCE(
                       %(of_customer)s,
                       CASE WHEN billed.lowest = billed.highest THEN NULLIF(billed.lowest, 0) END,
                       %(of_company)s
                   ),
                   %(of_customer)s IS NULL AND billed.lowest <> billed.highest
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN res_company company ON company.id = line.company_id
              LEFT JOIN res_partner contact ON contact.id = line.partner_id
              LEFT JOIN res_partner partner ON partner.id = COALESCE(contact.commercial_partner_id, contact.id)
              %(joins)s
              %(billed)s
             WHERE line.id = ANY(%(ids)s)
            """,
            of_customer=customer,
            of_company=company,
            joins=joins,
            billed=billed,
            ids=list(self.ids),
        )

    def _cobranca_get_policy_parts(self):
        """The policies of company, customer and contracts, as parts of the query of the rows.

        :return: SQL of (joins, policy of the company, policy of the customer, join of the contracts)
        """
        company = SQL("company.cobranca_charge_policy_id")
        customer = SQL("NULLIF(partner.cobranca_charge_policy_id ->> line.company_id::text, 'false')::int")
        contract = SQL("contract.charge_policy_id")
        joins = of_contract = SQL()
        # sudo: which policy an invoice was issued under does not depend on who reads it
        Change = self.env["cobranca.charge.policy.change"].sudo()
        if Change._is_any():
            joins = SQL("%s %s", Change._get_join(*OF_COMPANY), Change._get_join(*OF_CUSTOMER))
            of_contract = Change._get_join(*OF_CONTRACT)
            company, customer, contract = (
                SQL(
                    "CASE WHEN %s IS NULL THEN %s ELSE %s END",
                    SQL.identifier(alias, "id"),
                    current,
                    SQL.identifier(alias, "policy_id"),
                )
                for (alias, _condition), current in (
                    (OF_COMPANY, company),
                    (OF_CUSTOMER, customer),
                    (OF_CONTRACT, contract),
                )
            )
        return joins, company, customer, self._cobranca_get_billed_join(contract, company, of_contract)

    def _cobranca_get_billed_join(self, contract, company, of_contract):
        """The lowest and the highest policy among the contracts of an invoice: the same, where they agree.

        A contract without one of its own has that of the company.
        """
        return SQL(
            """
            LEFT JOIN LATERAL (
                SELECT min(COALESCE(%(contract)s, %(company)s, 0)) AS lowest,
                       max(COALESCE(%(contract)s, %(company)s, 0)) AS highest
                  FROM cobranca_contract_period period
                  JOIN cobranca_contract contract ON contract.id = period.contract_id
                  %(of_contract)s
                 WHERE period.move_id = move.id
            ) billed ON TRUE
            """,
            contract=contract,
            company=company,
            of_contract=of_contract,
        )
