from odoo import api, models

from ..tools.cells import Column
from .cobranca_report_figures import SNAPSHOT

RATES = ("rate_0", "rate_30", "rate_60", "rate_90", "original_rate_30")
TITLE_RATES = ("title_rate_0", "title_rate_30", "title_rate_60", "title_rate_90")
AMOUNTS = (
    "amount_open",
    "amount_late",
    "amount_late_30",
    "amount_late_60",
    "amount_late_90",
    "amount_original_late_30",
)
DAYS = ("dso", "dso_countback", "dso_best", "days_delinquent", "average_delay", "payment_delay", "payment_delay_late")


class CobrancaWorkbookDelinquency(models.AbstractModel):
    """How much of what is open is late, month by month: by amount, by titles, and in days."""

    _name = "cobranca.workbook.delinquency"
    _description = "Workbook of Rates of Delay"
    _inherit = "cobranca.workbook.board"

    _place = 20

    # === BUSINESS METHODS === #

    @api.model
    def _get_title(self):
        return self.env._("Rates of delay")

    @api.model
    def _fill(self, book, choice):
        snapshots = self._get_snapshots(choice.company_id, choice._get_day())
        sheet = self._write_by_month(book, self.env._("By amount"), snapshots, RATES, "percent", AMOUNTS)
        sheet.chart("line", self.env._("Late, of what is open"), range(1, 6), below=True)
        sheet = self._write_by_month(book, self.env._("By titles"), snapshots, TITLE_RATES, "percent")
        sheet.chart("line", self.env._("Late titles, of those that are open"), range(1, 5), below=True)
        sheet = self._write_by_month(book, self.env._("In days"), snapshots, DAYS, "days")
        sheet.chart("line", self.env._("Days sales outstanding"), [1, 3, 4], below=True)
        self._write_due_months(book, choice)
        self._write_rolls(book, snapshots[-1:])

    @api.model
    def _write_by_month(self, book, name, snapshots, fields, kind, amounts=()):
        """A table of some figures, one row for each month.

        :return: SheetWriter
        """
        chosen = [*((field, kind) for field in fields), *((field, "money") for field in amounts)]
        labels = self.env[SNAPSHOT].fields_get([field for field, _kind in chosen], ["string", "help"])
        columns = [
            Column(self.env._("Month"), "text", width=10),
            *(
                Column(labels[field]["string"], kind, labels[field].get("help") or "", self._get_source(), width=17)
                for field, kind in chosen
            ),
        ]
        rows = [
            (f"{snapshot.month:%m/%Y}", *(snapshot._get_figure(field) for field, _kind in chosen))
            for snapshot in snapshots
        ]
        return book.table(name, columns, rows)
