from odoo import api, models
from odoo.tools.misc import format_date

from ..tools.cells import Column

STATEMENT, RECEIPT = "cobranca.agency.statement", "cobranca.agency.receipt"
PAGE = 500


class CobrancaWorkbookAgencyStatement(models.AbstractModel):
    """The statements of all agencies of the month that the day is in."""

    _name = "cobranca.workbook.agency_statement"
    _description = "Workbook of Statements of Agencies"
    _inherit = "cobranca.workbook"

    _place = 40

    # === BUSINESS METHODS === #

    @api.model
    def _get_title(self):
        return self.env._("Statements of agencies")

    @api.model
    def _get_day_words(self, choice):
        month = format_date(self.env, choice._get_day(), date_format="MM/yyyy")
        return self.env._("Statements of %(month)s", month=month)

    @api.model
    def _get_statements(self, choice):
        month = choice._get_day().replace(day=1)
        domain = [("company_id", "=", choice.company_id.id), ("month", "=", month)]
        return self.env[STATEMENT].search(domain, order="agency_id, id")

    @api.model
    def _count(self, choice):
        return sum(self._get_statements(choice).mapped("receipt_count"))

    @api.model
    def _fill(self, book, choice):
        statements = self._get_statements(choice)
        # Who reads whom is written down, as where a statement is exported by itself.
        for statement in statements:
            statement._log_export()
        states = self._get_labels(STATEMENT, "state")
        rows = [
            (
                statement.agency_id.display_name,
                statement.name,
                states[statement.state],
                statement.receipt_count,
                statement.amount_received,
                statement.amount_fee,
                statement.amount_commission,
                statement.amount_transfer,
            )
            for statement in statements
        ]
        book.table(self.env._("Statements"), self._get_statement_columns(), rows)
        book.table(self.env._("Payments"), self._get_payment_columns(), self._get_payments(statements))

    @api.model
    def _get_payments(self, statements):
        """The rows of statements, with masked documents."""
        for statement in statements:
            for offset in range(0, statement.receipt_count, PAGE):
                for row in statement._get_rows(offset, PAGE):
                    yield (statement.agency_id.display_name, statement.name, *row.values())
                self.env.invalidate_all()

    @api.model
    def _get_statement_columns(self):
        source = self.env._("Statements of the month, drafts too")
        return [
            Column(self.env._("Agency"), "text", width=34),
            Column(self.env._("Statement"), "text", width=18),
            Column(self.env._("State"), "text", width=18),
            Column(self.env._("Rows"), "integer", total=True),
            Column(
                self.env._("Received"),
                "money",
                self.env._("Payments of customers that were with the agency."),
                source,
                total=True,
            ),
            Column(
                self.env._("Collection fees"),
                "money",
                self.env._("Of it on top of the debts, for the work of the agency: it earns no commission."),
                source,
                total=True,
            ),
            Column(
                self.env._("Commission"), "money", self.env._("What the agency earned with them."), source, total=True
            ),
            Column(
                self.env._("To pass on"),
                "money",
                self.env._("What the agency received for us, less its commission and fees."),
                source,
                total=True,
            ),
        ]

    @api.model
    def _get_payment_columns(self):
        source = self.env._("Ledger of payments of agencies")
        document = self.env._("Masked: the whole number is in the record of the customer.")
        return [
            Column(self.env._("Agency"), "text", width=30),
            Column(self.env._("Statement"), "text", width=18),
            Column(self.env._("Date"), "date"),
            Column(self.env._("Customer"), "text", width=34),
            Column(self.env._("CPF or CNPJ"), "text", document, source, width=20),
            Column(self.env._("Debt"), "text", width=20),
            Column(self.env._("What"), "text", width=18),
            Column(self.env._("Received"), "money", total=True),
            Column(self.env._("Collection fees"), "money", total=True),
            Column(
                self.env._("Commission (%)"),
                "percent",
                self.env._("By the delay of the debt when the customer was placed."),
                source,
            ),
            Column(self.env._("Commission"), "money", total=True),
        ]
