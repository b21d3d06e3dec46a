from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.cobranca_recorrente.tools import identification

from ..tools.aging import BANDS
from ..tools.cells import Column

REPORT = "cobranca.aging.report"
TABLE = "cobranca_aging_report"
CUSTOMERS = """
    SELECT partner.complete_name, partner.vat, SUM(amount_open), SUM(amount_late),
           COALESCE(SUM(amount_open) FILTER (WHERE band = '0'), 0),
           COALESCE(SUM(amount_open) FILTER (WHERE band = '1'), 0),
           COALESCE(SUM(amount_open) FILTER (WHERE band = '2'), 0),
           COALESCE(SUM(amount_open) FILTER (WHERE band = '3'), 0),
           COALESCE(SUM(amount_open) FILTER (WHERE band = '4'), 0),
           COALESCE(SUM(amount_open) FILTER (WHERE band = '5'), 0),
           COALESCE(SUM(amount_open) FILTER (WHERE band = '6'), 0),
           GREATEST(MAX(days_late) FILTER (WHERE amount_open > 0), 0), COUNT(DISTINCT line_id)
      FROM (%(aged)s) aged
      LEFT JOIN res_partner partner ON partner.id = aged.partner_id
     GROUP BY partner.id
     ORDER BY SUM(amount_late) DESC, partner.complete_name, partner.id
"""
TITLES = """
    SELECT partner.complete_name, partner.vat, move.name, aged.invoice_date, aged.due, aged.original_due,
           aged.days_late, aged.band, aged.original_band, aged.segment_id, aged.collector_id, agreement.name,
           aged.amount_open, aged.amount_late
      FROM (%(aged)s) aged
      LEFT JOIN res_partner partner ON partner.id = aged.partner_id
      LEFT JOIN account_move move ON move.id = aged.move_id
      LEFT JOIN cobranca_agreement agreement ON agreement.id = aged.agreement_id
     ORDER BY aged.due, aged.id
"""
SUMMARY = """
    SELECT COALESCE(due.band, original.band), due.amount, due.titles, due.partners, original.amount
      FROM (
        SELECT band, SUM(amount_open) AS amount, COUNT(DISTINCT line_id) AS titles,
               COUNT(DISTINCT partner_id) AS partners
          FROM (%(aged)s) aged GROUP BY band
      ) due
      FULL JOIN (
        SELECT original_band AS band, SUM(amount_open) AS amount FROM (%(aged)s) aged GROUP BY original_band
      ) original ON original.band = due.band
"""
COLUMNS = (
    "id",
    "line_id",
    "partner_id",
    "move_id",
    "agreement_id",
    "segment_id",
    "collector_id",
    "invoice_date",
    "due",
    "original_due",
    "days_late",
    "band",
    "original_band",
    "amount_open",
    "amount_late",
)


class CobrancaWorkbookAging(models.AbstractModel):
    """Receivables by delay: by band, by customer and band, and title by title."""

    _name = "cobranca.workbook.aging"
    _description = "Workbook of Receivables by Delay"
    _inherit = "cobranca.workbook"

    _place = 10
    _has_filters = True

    # === BUSINESS METHODS === #

    @api.model
    def _get_title(self):
        return self.env._("Receivables by delay")

    @api.model
    def _count(self, choice):
        maker = self._in(choice)
        return maker.env[REPORT].search_count(maker._get_domain(choice))

    @api.model
    def _fill(self, book, choice):
        aged = self._get_query(choice)
        self._write_bands(book, aged)
        rows = self._stream(SQL(CUSTOMERS, aged=aged))
        book.table(self.env._("Customers"), self._get_customer_columns(), map(self._mask, rows))
        self._write_titles(book, aged)

    @api.model
    def _get_domain(self, choice):
        domain = Domain("company_id", "=", choice.company_id.id)
        filters = choice._get_filters()
        if filters.pop("late_only", False):
            domain &= Domain("days_late", ">", 0) & Domain("is_credit", "=", False)
        for name, record in filters.items():
            domain &= Domain(name, "=", record.id)
        return domain

    @api.model
    def _get_query(self, choice):
        """The rows of the report that the user may see, as chosen."""
        query = self.env[REPORT]._search(self._get_domain(choice), order="id")
        return query.subselect(*(SQL.identifier(TABLE, name) for name in COLUMNS))

    @api.model
    def _write_bands(self, book, aged):
        found = {row[0]: row[1:] for row in self.env.execute_query(SQL(SUMMARY, aged=aged))}
        labels = self._get_labels(REPORT, "band")
        total = sum(row[0] or 0 for row in found.values())
        rows = []
        for band, _name in BANDS:
            amount, titles, partners, original = found.get(band, (0, 0, 0, 0))
            share = 100 * (amount or 0) / total if total else 0
            rows.append((labels[band], amount or 0, share, titles or 0, partners or 0, original or 0))
        sheet = book.table(self.env._("Summary"), self._get_band_columns(), rows)
        sheet.chart("column", self.env._("Open by delay"), [1, 5], below=True)

    @api.model
    def _write_titles(self, book, aged):
        bands, original = (self._get_labels(REPORT, name) for name in ("band", "original_band"))
        segments, users = self._get_names("cobranca.payer.segment"), self._get_names("res.users")
        rows = (
            (*row[:7], bands[row[7]], original[row[8]], segments.get(row[9]), users.get(row[10]), *row[11:])
            for row in map(self._mask, self._stream(SQL(TITLES, aged=aged)))
        )
        book.table(self.env._("Titles"), self._get_title_columns(), rows)

    @api.model
    def _get_names(self, model):
        """{id: name}; of few records."""
        # sudo: how those are called whom rows that the user sees name
        records = self.env[model].sudo().with_context(active_test=False).search_fetch([], ["display_name"])
        return {record.id: record.display_name for record in records}

    @api.model
    def _mask(self, row):
        """A row whose second value is a document."""
        name, document, *more = row
        return (name, identification.masked(document or ""), *more)

    # --- columns ---

    @api.model
    def _get_source(self):
        return self.env._("Receivable lines of posted entries, as they stood at the end of the day")

    @api.model
    def _get_open_words(self):
        return self.env._(
            "What was open at the end of the day; credits that were not used yet are below zero. The sum is the "
            "balance of the receivable accounts."
        )

    @api.model
    def _get_late_words(self):
        return self.env._(
            "What is open after its due date, in plain calendar days. What is due on the day is not late."
        )

    @api.model
    def _get_band_columns(self):
        _, source = self.env._, self._get_source()
        original = self.env._(
            "By the due date of the first debt: an installment of an agreement stands for the debts it replaced, and "
            "an agreement does not cure their delay."
        )
        return [
            Column(
                self.env._("Delay"), "text", self.env._("Days from the due date to the day of the figures."), source
            ),
            Column(self.env._("Open"), "money", self._get_open_words(), source, total=True),
            Column(self.env._("Share"), "percent", self.env._("Of all that is open."), source),
            Column(
                self.env._("Titles"), "integer", self.env._("Invoices or installments with something open."), source
            ),
            Column(
                self.env._("Customers"), "integer", self.env._("Customers with something open in this band."), source
            ),
            Column(self.env._("Open, by original delay"), "money", original, source, total=True),
        ]

    @api.model
    def _get_customer_columns(self):
        _, source = self.env._, self._get_source()
        labels = self._get_labels(REPORT, "band")
        document = self.env._("Masked: the whole number is in the record of the customer.")
        return [
            Column(self.env._("Customer"), "text", width=38),
            Column(self.env._("CPF or CNPJ"), "text", document, width=20),
            Column(self.env._("Open"), "money", self._get_open_words(), source, total=True),
            Column(self.env._("Late"), "money", self._get_late_words(), source, total=True),
            *(Column(labels[band], "money", total=True) for band, _name in BANDS),
            Column(
                self.env._("Longest delay (days)"), "integer", self.env._("Of what is open and above zero."), source
            ),
            Column(self.env._("Titles"), "integer", total=True),
        ]

    @api.model
    def _get_title_columns(self):
        _, source = self.env._, self._get_source()
        original = self.env._(
            "Of an installment: the due dates of the debts that its agreement stands in the place of."
        )
        return [
            Column(self.env._("Customer"), "text", width=38),
            Column(self.env._("CPF or CNPJ"), "text", width=20),
            Column(self.env._("Invoice"), "text", width=18),
            Column(self.env._("Invoice date"), "date"),
            Column(self.env._("Due date"), "date"),
            Column(self.env._("Original due date"), "date", original, source),
            Column(self.env._("Days late"), "integer", self.env._("Below one it is not late."), source),
            Column(self.env._("Delay"), "text", width=16),
            Column(self.env._("Original delay"), "text", width=16),
            Column(
                self.env._("Kind of payer"),
                "text",
                self.env._("As the behavior of the customer is kept now."),
                width=18,
            ),
            Column(self.env._("Collector"), "text", self.env._("Who has the case of the customer now."), width=20),
            Column(self.env._("Agreement"), "text", width=16),
            Column(self.env._("Open"), "money", self._get_open_words(), source, total=True),
            Column(self.env._("Late"), "money", self._get_late_words(), source, total=True),
        ]
