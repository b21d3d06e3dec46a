import io

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_date, format_datetime

from ..tools.cells import Column
from .cobranca_report_ledger import AS_OF
from .workbook_writer import BookWriter

FETCHED = 2000


class CobrancaWorkbook(models.AbstractModel):
    """What all workbooks have: heading, definitions, rows read in turn.

    A kind of workbook is a model `cobranca.workbook.<kind>` that inherits this one, with `_get_title` and `_fill`.
    """

    _name = "cobranca.workbook"
    _description = "Workbook"

    # Where it stands among the others; its file; does it know the filters of the choice, and a day?
    _place = 100
    _extension = "xlsx"
    _has_filters = False

    # === BUSINESS METHODS === #

    @api.model
    def _get_kinds(self):
        """:return: list of (kind, title) in the order of the screen"""
        names = self.env.registry.descendants([self._name], "_inherit") - {self._name}
        makers = sorted((self.env[name] for name in names), key=lambda maker: (maker._place, maker._name))
        return [(maker._name.removeprefix(f"{self._name}."), maker._get_title()) for maker in makers]

    @api.model
    def _get_title(self):
        """:return: str, what the workbook is called"""
        raise NotImplementedError

    @api.model
    def _count(self, choice):
        """About how many rows it will have: many are made in the background.

        :param choice: record with the fields of cobranca.report.choice
        :return: int
        """
        return 0

    @api.model
    def _fill(self, book, choice):
        """Write the sheets.

        :param BookWriter book: to write to
        :param choice: record with the fields of cobranca.report.choice
        """
        raise NotImplementedError

    @api.model
    def _make(self, choice, on_rows=None):
        """The file, with what the current user may see of the company.

        :param choice: record with the fields of cobranca.report.choice
        :param on_rows: called with the number of rows so far, now and then
        :return: bytes
        :raise AccessError: for who may not read its figures
        """
        choice.ensure_one()
        maker = self._in(choice)
        choice = choice.with_env(maker.env)
        maker._check_reader(choice)
        target = io.BytesIO()
        total = self.env._("Total")
        symbol = choice.company_id.currency_id.symbol
        properties = maker._get_properties(choice)
        with BookWriter(target, symbol, maker._get_heading(choice), total, properties, on_rows) as book:
            maker._fill(book, choice)
            maker._write_definitions(book)
        return target.getvalue()

    @api.model
    def _in(self, choice):
        """This model in the company and on the day of a choice."""
        context = {"allowed_company_ids": choice.company_id.ids, AS_OF: fields.Date.to_string(choice._get_day())}
        return self.with_context(**context)

    @api.model
    def _check_reader(self, choice):
        """:raise AccessError: for who is no supervisor, or not of that company"""
        choice.company_id.check_access("read")
        self.env["cobranca.aging.report"].check_access("read")

    # --- heading and definitions ---

    @api.model
    def _get_heading(self, choice):
        """The lines above each table: title, company, day, filters, who made it and when."""
        creditor = choice.company_id._cobranca_get_creditor()
        filters = choice._get_filter_words()
        return [
            self._get_title(),
            " · ".join(filter(None, (creditor["name"], creditor["document"]))),
            self._get_day_words(choice) + (f" · {filters}" if filters else ""),
            self.env._("Made by %(user)s on %(moment)s", user=self.env.user.name, moment=self._get_moment(choice)),
        ]

    @api.model
    def _get_day_words(self, choice):
        day = format_date(self.env, choice._get_day(), date_format="dd/MM/yyyy")
        return self.env._("Figures of the end of %(day)s", day=day)

    @api.model
    def _get_moment(self, choice):
        zone = choice.company_id.cobranca_tz
        now = self.env["cobranca.report.job"]._get_now()
        return format_datetime(self.env, now, tz=zone, dt_format="dd/MM/yyyy HH:mm")

    @api.model
    def _get_properties(self, choice):
        return {
            "title": self._get_title(),
            "author": self.env.user.name,
            "company": choice.company_id.name,
            "created": self.env["cobranca.report.job"]._get_now(),
        }

    @api.model
    def _write_definitions(self, book):
        """The last sheet: what each column says, and where it is from."""
        columns = [
            Column(self.env._("Sheet"), width=22),
            Column(self.env._("Column"), width=28),
            Column(self.env._("Definition"), width=90),
            Column(self.env._("Source"), width=40),
        ]
        book.table(self.env._("Definitions"), columns, list(book.described))

    # --- rows ---

    @api.model
    def _stream(self, query):
        """The rows of a query, some at a time: not all of them are in memory at once.

        :param SQL query: to run
        :return: iterator of tuples
        """
        self.env.flush_all()
        self.env.cr.execute(SQL("DECLARE cobranca_workbook NO SCROLL CURSOR FOR %s", query))
        while rows := self.env.execute_query(SQL("FETCH %s FROM cobranca_workbook", FETCHED)):
            yield from rows
        self.env.cr.execute(SQL("CLOSE cobranca_workbook"))

    @api.model
    def _get_labels(self, model, field):
        """{key of a selection: how it is called}"""
        return dict(self.env[model]._fields[field]._description_selection(self.env))
