from collections import defaultdict

from odoo import api, models
from odoo.tools import split_every
from odoo.tools.misc import format_date

from odoo.addons.cobranca_recorrente.tools import identification

from ..tools.cells import Column

AGREEMENT, INSTALLMENT, ORIGIN = "cobranca.agreement", "cobranca.agreement.installment", "cobranca.agreement.origin"
COMPONENTS = ("principal", "fine", "interest", "correction")
BATCH = 500


class CobrancaWorkbookAgreements(models.AbstractModel):
    """Agreements: made, kept and broken by month, discounts by component, and each installment."""

    _name = "cobranca.workbook.agreements"
    _description = "Workbook of Agreements"
    _inherit = "cobranca.workbook"

    _place = 30

    # === BUSINESS METHODS === #

    @api.model
    def _get_title(self):
        return self.env._("Agreements")

    @api.model
    def _get_day_words(self, choice):
        day = format_date(self.env, choice._get_day(), date_format="dd/MM/yyyy")
        return self.env._("Agreements signed until %(day)s, as they stand now", day=day)

    @api.model
    def _count(self, choice):
        return self.env[INSTALLMENT].search_count(
            [("company_id", "=", choice.company_id.id), ("agreement_id.date", "<=", choice._get_day())]
        )

    @api.model
    def _fill(self, book, choice):
        domain = [("company_id", "=", choice.company_id.id), ("date", "<=", choice._get_day())]
        agreements = self.env[AGREEMENT].search(domain, order="date, id")
        self._write_months(book, domain)
        self._write_discounts(book, agreements)
        rows = map(self._get_agreement_row, self._batched(agreements))
        book.table(self.env._("Agreements"), self._get_agreement_columns(), rows)
        items = self.env[INSTALLMENT].search([("agreement_id", "in", agreements.ids)], order="due, id")
        rows = map(self._get_installment_row, self._batched(items))
        book.table(self.env._("Installments"), self._get_installment_columns(), rows)

    @api.model
    def _batched(self, records):
        """Records one by one, of which not all are in memory at once."""
        for ids in split_every(BATCH, records.ids):
            yield from records.browse(ids)
            self.env.invalidate_all()

    # --- by month ---

    @api.model
    def _write_months(self, book, domain):
        months = defaultdict(lambda: defaultdict(float))
        found = self.env[AGREEMENT]._read_group(domain, ["date:month", "state"], ["__count", "total:sum"])
        for month, state, count, total in found:
            months[month][state] = count
            months[month]["count"] += count
            months[month]["total"] += total
        rows = []
        for month, figures in sorted(months.items()):
            ended = figures["paid"] + figures["broken"]
            states = (figures[name] for name in ("paid", "broken", "active", "renegotiated", "cancelled"))
            kept = 100 * figures["paid"] / ended if ended else None
            rows.append((f"{month:%m/%Y}", figures["count"], figures["total"], *states, kept))
        sheet = book.table(self.env._("By month"), self._get_month_columns(), rows)
        sheet.chart("column", self.env._("Kept and broken, by month of signing"), [3, 4], below=True, subtype="stacked")

    @api.model
    def _get_month_columns(self):
        _, labels, source = self.env._, self._get_labels(AGREEMENT, "state"), self.env._("Register of agreements")
        kept = self.env._(
            "Paid agreements of those that were paid or broken. Those in force, renegotiated or cancelled do not count."
        )
        return [
            Column(self.env._("Signed in"), "text", width=12),
            Column(
                self.env._("Agreements"),
                "integer",
                self.env._("All that were signed in the month."),
                source,
                total=True,
            ),
            Column(
                self.env._("To be paid"), "money", self.env._("What their installments come to."), source, total=True
            ),
            *(
                Column(labels[state], "integer", total=True)
                for state in ("paid", "broken", "active", "renegotiated", "cancelled")
            ),
            Column(self.env._("Kept"), "percent", kept, source),
        ]

    # --- discounts ---

    @api.model
    def _write_discounts(self, book, agreements):
        names = [*COMPONENTS, *(f"given_{name}" for name in COMPONENTS)]
        domain = [("agreement_id", "in", agreements.ids)]
        [sums] = self.env[ORIGIN]._read_group(domain, [], [f"{name}:sum" for name in names])
        figures = dict(zip(names, sums, strict=True))
        fields = self.env[ORIGIN].fields_get(COMPONENTS, ["string"])
        rows = []
        for name in COMPONENTS:
            before, given = figures[name] or 0, figures[f"given_{name}"] or 0
            rows.append(
                (fields[name]["string"], before, given, before - given, 100 * given / before if before else None)
            )
        sheet = book.table(self.env._("Discounts"), self._get_discount_columns(), rows)
        sheet.chart("column", self.env._("Debt before and forgiven, by component"), [1, 2], below=True)

    @api.model
    def _get_discount_columns(self):
        source = self.env._("Debts of the agreements, as they were on the day of signing")
        return [
            Column(self.env._("Component"), "text", width=18),
            Column(
                self.env._("Debt before"),
                "money",
                self.env._("With all charges of the day of signing."),
                source,
                total=True,
            ),
            Column(self.env._("Forgiven"), "money", self.env._("What the agreement gave up."), source, total=True),
            Column(
                self.env._("Agreed"),
                "money",
                self.env._("What is left after the discounts, without interest of installments."),
                source,
                True,
            ),
            Column(self.env._("Discount"), "percent", self.env._("Forgiven, of the debt before."), source),
        ]

    # --- agreements ---

    @api.model
    def _get_agreement_row(self, agreement):
        given = (agreement[f"given_{name}"] for name in COMPONENTS)
        return (
            agreement.name,
            agreement.partner_id.display_name,
            identification.masked(agreement.partner_id.vat or ""),
            agreement.date,
            self._get_labels(AGREEMENT, "state")[agreement.state],
            agreement.before,
            *given,
            agreement.agreed,
            agreement.financing,
            agreement.fee,
            agreement.total,
            agreement.amount_settled,
            agreement.amount_open,
            agreement.late_count,
            agreement.next_due,
            agreement.paid_on,
            agreement.ended_on,
            agreement.end_reason,
        )

    @api.model
    def _get_agreement_columns(self):
        return [
            Column(self.env._("Agreement"), "text", width=16),
            Column(self.env._("Customer"), "text", width=38),
            Column(self.env._("CPF or CNPJ"), "text", width=20),
            Column(self.env._("Signed on"), "date"),
            Column(self.env._("State"), "text", width=14),
            *self._get_agreement_amounts(),
            Column(self.env._("Late installments"), "integer", total=True),
            Column(self.env._("Next due date"), "date"),
            Column(self.env._("Paid on"), "date"),
            Column(self.env._("Broken or cancelled on"), "date"),
            Column(self.env._("Reason of the break"), "text", width=30),
        ]

    @api.model
    def _get_agreement_amounts(self):
        source = self.env._("Register of agreements")
        fields = self.env[AGREEMENT].fields_get([f"given_{name}" for name in COMPONENTS], ["string"])
        return [
            Column(
                self.env._("Debt before"),
                "money",
                self.env._("With all charges of the day of signing."),
                source,
                total=True,
            ),
            *(Column(fields[f"given_{name}"]["string"], "money", total=True) for name in COMPONENTS),
            Column(self.env._("Agreed"), "money", self.env._("What is left after the discounts."), source, total=True),
            Column(self.env._("Interest of the installments"), "money", total=True),
            Column(self.env._("Collection fees"), "money", total=True),
            Column(
                self.env._("To be paid"),
                "money",
                self.env._("Agreed, with the interest of the installments and the fees."),
                source,
                total=True,
            ),
            Column(
                self.env._("Settled"),
                "money",
                self.env._("Of its installments, by whatever closed them."),
                source,
                total=True,
            ),
            Column(
                self.env._("Open"),
                "money",
                self.env._("Of installments that are still to be paid."),
                source,
                total=True,
            ),
        ]

    # --- installments ---

    @api.model
    def _get_installment_row(self, item):
        today = item.company_id._cobranca_today()
        return (
            item.agreement_id.name,
            item.partner_id.display_name,
            item.label,
            item.due_agreed,
            item.due,
            item.amount,
            item.interest,
            item.amount_open,
            self._get_labels(INSTALLMENT, "state")[item.state],
            item.paid_on,
            (today - item.due).days if item.state == "late" else None,
        )

    @api.model
    def _get_installment_columns(self):
        source = self.env._("Installments of the agreements")
        return [
            Column(self.env._("Agreement"), "text", width=16),
            Column(self.env._("Customer"), "text", width=38),
            Column(self.env._("Installment"), "text", width=22),
            Column(self.env._("Due date agreed"), "date", self.env._("Before it was postponed."), source),
            Column(self.env._("Due date"), "date"),
            Column(self.env._("Amount"), "money", self.env._("With its interest."), source, total=True),
            Column(self.env._("Interest"), "money", total=True),
            Column(self.env._("Open"), "money", self.env._("What is not paid of it."), source, total=True),
            Column(self.env._("State"), "text", width=14),
            Column(self.env._("Paid on"), "date"),
            Column(self.env._("Days late"), "integer", self.env._("Of those that are late now."), source),
        ]
