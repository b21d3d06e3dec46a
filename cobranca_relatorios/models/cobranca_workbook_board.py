from datetime import timedelta

from odoo import api, fields, models
from odoo.tools.misc import format_date

from ..tools.aging import BANDS
from ..tools.cells import Cell, Column
from .cobranca_report_figures import MAIN, MORE, SNAPSHOT

ROLL, COHORT = "cobranca.portfolio.roll", "cobranca.cohort.report"
MONTHLY = (
    ("amount_open", "money"),
    ("amount_late", "money"),
    ("amount_late_30", "money"),
    ("rate_0", "percent"),
    ("rate_30", "percent"),
    ("rate_60", "percent"),
    ("rate_90", "percent"),
    ("original_rate_30", "percent"),
    ("dso", "days"),
    ("dso_best", "days"),
    ("days_delinquent", "days"),
    ("cei", "percent"),
    ("sales", "money"),
    ("received", "money"),
    ("recovered", "money"),
    ("average_delay", "days"),
    ("payment_delay", "days"),
    ("agreement_count", "integer"),
    ("agreement_rate", "percent"),
)


class CobrancaWorkbookBoard(models.AbstractModel):
    """One workbook for the board: figures with trend and goal, months, delay, rolls, and what is to be said."""

    _name = "cobranca.workbook.board"
    _description = "Workbook for the Board"
    _inherit = ["cobranca.workbook", "cobranca.report.figures"]

    _place = 60

    # === BUSINESS METHODS === #

    @api.model
    def _get_title(self):
        return self.env._("Board pack")

    @api.model
    def _get_day_words(self, choice):
        month = format_date(self.env, choice._get_day(), date_format="MM/yyyy")
        return self.env._("Position of %(month)s; of the running month, as of the day it is made", month=month)

    @api.model
    def _fill(self, book, choice):
        snapshots = self._get_snapshots(choice.company_id, choice._get_day())
        self._write_figures(book, snapshots)
        self._write_sentences(book, snapshots)
        self._write_months(book, snapshots)
        self._write_bands(book, snapshots[-1:])
        self._write_rolls(book, snapshots[-1:])
        self._write_due_months(book, choice)
        weeks = self.env["cobranca.cash.forecast"]._get_weeks(choice.company_id)
        if weeks and self._is_recent(choice._get_day(), weeks[0]["week"]):
            self.env["cobranca.workbook.forecast"]._write_weeks(book, weeks, self.env._("Forecast"))

    # --- figures ---

    @api.model
    def _write_figures(self, book, snapshots):
        rows = []
        for figure in self._get_figures(snapshots, MAIN + MORE):
            kind = figure["kind"]
            values = (Cell(kind, figure[name]) for name in ("value", "before", "year_before", "goal"))
            rows.append((figure["label"], *values, self._get_trend(figure)[0]))
            book.described.append((self.env._("Figures"), figure["label"], figure["definition"], self._get_source()))
        book.table(self.env._("Figures"), self._get_figure_columns(), rows)

    @api.model
    def _get_figure_columns(self):
        _, source = self.env._, self._get_source()
        return [
            Column(self.env._("Figure"), "text", width=40),
            Column(
                self.env._("This month"),
                "money",
                self.env._("At the end of the month; of the running one, today."),
                source,
            ),
            Column(self.env._("Month before"), "money"),
            Column(self.env._("A year before"), "money"),
            Column(self.env._("Goal"), "money", self.env._("As the company set it; empty without one."), source),
            Column(
                self.env._("Change"),
                "text",
                self.env._("Since the month before; p.p.: percentage points."),
                source,
                width=16,
            ),
        ]

    @api.model
    def _write_sentences(self, book, snapshots):
        day, sentences = self._get_sentences(snapshots[-1:])
        if sentences:
            columns = [
                Column(self.env._("What is worth saying"), "text", width=120),
                Column(self.env._("As of"), "date"),
            ]
            book.table(self.env._("In words"), columns, [(sentence, day) for sentence in sentences])

    # --- months ---

    @api.model
    def _write_months(self, book, snapshots):
        names = [name for name, _kind in MONTHLY]
        rows = [
            (f"{snapshot.month:%m/%Y}", snapshot.date, *(snapshot._get_figure(name) for name in names))
            for snapshot in snapshots
        ]
        sheet = book.table(self.env._("Months"), self._get_month_columns(), rows)
        rates = [2 + names.index(name) for name in ("rate_0", "rate_30", "rate_60", "rate_90", "original_rate_30")]
        sheet.chart("line", self.env._("Late, of what is open"), rates, below=True)

    @api.model
    def _get_month_columns(self):
        labels = self.env[SNAPSHOT].fields_get([name for name, _kind in MONTHLY], ["string", "help"])
        return [
            Column(self.env._("Month"), "text", width=10),
            Column(self.env._("As of"), "date"),
            *(
                Column(labels[name]["string"], kind, labels[name].get("help") or "", self._get_source(), width=16)
                for name, kind in MONTHLY
            ),
        ]

    # --- delay ---

    @api.model
    def _write_bands(self, book, snapshot):
        bands = {(band.basis, band.band): band for band in snapshot.band_ids}
        labels = self._get_labels("cobranca.portfolio.band", "band")
        none = self.env["cobranca.portfolio.band"]
        rows = []
        for key, _name in BANDS:
            due, original = bands.get(("due", key), none), bands.get(("original", key), none)
            rows.append((labels[key], due.amount, due.share, due.title_count, due.partner_count, original.amount))
        sheet = book.table(self.env._("Delay"), self._get_band_columns(), rows)
        sheet.chart("column", self.env._("Open by delay"), [1, 5], below=True)

    @api.model
    def _get_band_columns(self):
        _, source = self.env._, self._get_source()
        help_text = self.env["cobranca.portfolio.band"].fields_get(["basis"], ["help"])["basis"]["help"]
        return [
            Column(
                self.env._("Delay"),
                "text",
                self.env._("Days from the due date to the day of the figures."),
                source,
                width=18,
            ),
            Column(
                self.env._("Open"), "money", self.env._("Without credits that were not used yet."), source, total=True
            ),
            Column(self.env._("Share"), "percent", self.env._("Of all that is open."), source),
            Column(self.env._("Titles"), "integer", total=True),
            Column(self.env._("Customers"), "integer"),
            Column(self.env._("Open, by original delay"), "money", help_text, source, total=True),
        ]

    # --- rolls ---

    @api.model
    def _write_rolls(self, book, snapshot):
        amounts = {(roll.from_band, roll.to_band): roll for roll in snapshot.roll_ids}
        sources = self._get_labels(ROLL, "from_band")
        targets = self._get_labels(ROLL, "to_band")
        none = self.env[ROLL]
        rows = []
        for source, label in sources.items():
            cells = [amounts.get((source, target), none) for target in targets]
            total = sum(roll.amount for roll in cells)
            # Of what is new there was nothing before: no share of it is a rate.
            shares = [None if source == "new" else roll.share for roll in cells]
            rows.append((label, total, *shares))
        book.table(self.env._("Rolls"), self._get_roll_columns(targets), rows)

    @api.model
    def _get_roll_columns(self, targets):
        _, source = self.env._, self._get_source()
        words = self.env._(
            "Of what was in the band of this row at the end of the month before: how much of it is in each band now, "
            "or was paid or settled. What is left of a title counts in its new band."
        )
        return [
            Column(self.env._("From"), "text", words, source, width=18),
            Column(
                self.env._("Amount"),
                "money",
                self.env._("In that band at the end of the month before; new: what came since."),
                source,
            ),
            *(Column(label, "percent", width=14) for label in targets.values()),
        ]

    # --- months of the due date ---

    @api.model
    def _write_due_months(self, book, choice):
        """How much of what fell due in a month was open so many days later, as far as it was known on the day."""
        day, today = choice._get_day(), choice.company_id._cobranca_today()
        months = {}
        for row in self.env[COHORT].search([("company_id", "=", choice.company_id.id)], order="month, days"):
            until = today if row.is_running else fields.Date.end_of(row.month, "month") + timedelta(days=row.days)
            if until <= day:
                months.setdefault(row.month, {})[row.after] = row
        afters = self._get_labels(COHORT, "after")
        rows = []
        for month, known in months.items():
            first = next(iter(known.values()))
            rates = (known[after].rate if after in known else None for after in afters)
            rows.append((f"{month:%m/%Y}", first.title_count, first.amount_due, *rates))
        sheet = book.table(self.env._("Due months"), self._get_due_columns(afters), rows)
        sheet.chart("line", self.env._("Open after the due date"), range(3, 3 + len(afters)), below=True)

    @api.model
    def _get_due_columns(self, afters):
        texts = self.env[COHORT].fields_get(["title_count", "amount_due", "rate"], ["string", "help"])
        source = self.env._("Receivable lines of posted entries, by their due dates")
        due = texts["amount_due"]
        return [
            Column(self.env._("Due in"), "text", texts["rate"]["help"], source, width=10),
            Column(texts["title_count"]["string"], "integer", total=True),
            Column(due["string"], "money", due["help"], source, total=True),
            *(Column(label, "percent") for label in afters.values()),
        ]

    @api.model
    def _get_source(self):
        return self.env._("Monthly position of the receivables")
