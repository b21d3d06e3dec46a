import io

import xlsxwriter

from odoo import fields, models

# {section of the file: (model, field of the debtor, fields that are told)}
SECTIONS = {
    "contacts": ("res.partner", "parent_id", ["name", "function", "email", "phone", "cobranca_role"]),
    "contracts": (
        "cobranca.contract",
        "commercial_partner_id",
        ["name", "state", "date_start", "date_end", "amount_total"],
    ),
    "invoices": (
        "account.move",
        "commercial_partner_id",
        ["name", "move_type", "invoice_date", "invoice_date_due", "amount_total", "amount_residual", "payment_state"],
    ),
    "contacts_made": (
        "cobranca.interaction",
        "partner_id",
        [
            *("date", "channel", "direction", "outcome", "reason_id", "note", "private_note", "next_date"),
            "retracted_on",
        ],
    ),
    "reminders": (
        "cobranca.message",
        "partner_id",
        [
            *("date", "kind", "channel", "recipient_id", "address", "state", "amount_on", "amount", "subject", "text"),
            *("sent_at", "delivered_at", "read_at", "reason", "detail"),
        ],
    ),
    "promises": (
        "cobranca.promise",
        "partner_id",
        ["date_made", "date", "amount", "amount_paid", "state", "decided_on"],
    ),
    "disputes": (
        "cobranca.dispute",
        "partner_id",
        ["move_id", "date", "amount", "reason", "description", "state", "decided_on", "decision"],
    ),
    "payments_told": (
        "cobranca.payment.claim",
        "partner_id",
        ["date", "paid_on", "means", "amount", "note", "state", "decided_on", "decision"],
    ),
    "paused_collection": ("cobranca.hold", "partner_id", ["reason", "date_from", "date_to", "ended_on", "note"]),
    "refused_channels": ("cobranca.opt.out", "partner_id", ["channel", "date", "ended_on", "note"]),
    "changes_asked_for": (
        "cobranca.partner.change",
        "partner_id",
        ["field", "old_text", "new_text", "state", "requested_on", "decided_on", "reason"],
    ),
    "bureau_listings": (
        "cobranca.bureau.listing",
        "partner_id",
        ["reference", "due", "amount", "bureau", "state", "notified_on", "listed_on", "removed_on"],
    ),
    "accesses": ("cobranca.access.log", "partner_id", ["date", "action"]),
}
IDENTITY = [
    *("name", "vat", "email", "phone", "street", "street2", "city", "state_id", "zip", "country_id", "lang"),
    *("cobranca_channel", "cobranca_hour", "create_date"),
]
WIDEST, NARROWEST = 60, 10
# What a cell of a workbook holds.
LONGEST_CELL = 32767


def _write_sheet(book, title, labels, rows):
    """One sheet: bold heads that stay in sight, columns as wide as their texts."""
    sheet = book.add_worksheet(title[:31])
    sheet.freeze_panes(1, 0)
    bold = book.add_format({"bold": True})
    for column, label in enumerate(labels):
        sheet.write_string(0, column, label, bold)
        texts = [label, *(f"{row[column]}" for row in rows)]
        sheet.set_column(column, column, min(max(NARROWEST, *map(len, texts)), WIDEST))
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, int | float) and not isinstance(value, bool):
                sheet.write_number(number, column, value)
            else:
                sheet.write_string(number, column, "" if value is None else f"{value}"[:LONGEST_CELL])


class CobrancaPartnerExport(models.AbstractModel):
    """What is kept of a person, for that person (LGPD, art. 18, II and V)."""

    _name = "cobranca.partner.export"
    _description = "Personal Data of a Customer"

    def _cobranca_get_person_data(self):
        """All that is kept of this debtor and his people, as texts and numbers; who asked is written down.

        :return: dict that JSON knows
        :raise AccessError: for who is no supervisor
        """
        self.ensure_one()
        self.env["cobranca.access.log"].check_access("read")
        partner = self.commercial_partner_id
        partner._cobranca_check_business()
        self.env["cobranca.access.log"]._log(partner, "export")
        data = {"exported_at": str(fields.Datetime.now()), "identity": partner._cobranca_get_plain(IDENTITY)}
        for section, (model, debtor, names) in self._cobranca_get_sections().items():
            domain = [(debtor, "=", partner.id)]
            if model == "account.move":
                domain += [("state", "=", "posted"), ("move_type", "in", ("out_invoice", "out_refund"))]
            records = self.env[model].with_context(active_test=False).search(domain, order="id")
            data[section] = [self._cobranca_get_plain(names, record) for record in records]
        return data

    def _cobranca_get_person_workbook(self, data):
        """The same data as a workbook, a sheet for each kind, with the names that people read.

        :param dict data: of :meth:`_cobranca_get_person_data`
        :return: bytes of an xlsx file; texts stay texts, whatever they begin with
        """
        content = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(content, options) as book:
            sections = {"identity": ("res.partner", None, IDENTITY), **self._cobranca_get_sections()}
            titles = self._cobranca_get_section_titles()
            for section, (model, _debtor, names) in sections.items():
                rows = [data["identity"]] if section == "identity" else data[section]
                labels = [self.env[model]._fields[name]._description_string(self.env) for name in names]
                _write_sheet(book, titles[section], labels, [[row[name] for name in names] for row in rows])
        return content.getvalue()

    def _cobranca_get_sections(self):
        """What is told of a person; addons add what they keep.

        :return: {section of the file: (model, field of the debtor, fields that are told)}
        """
        return SECTIONS

    def _cobranca_get_section_titles(self):
        """{section of the file: its title}; a sheet's name has 31 letters at most."""
        return {
            "identity": self.env._("Identity"),
            "contacts": self.env._("People"),
            "contracts": self.env._("Contracts"),
            "invoices": self.env._("Invoices"),
            "contacts_made": self.env._("Contacts Made"),
            "reminders": self.env._("Notices"),
            "promises": self.env._("Promises"),
            "disputes": self.env._("Disputes"),
            "payments_told": self.env._("Payments told"),
            "paused_collection": self.env._("Paused collection"),
            "refused_channels": self.env._("Refused channels"),
            "changes_asked_for": self.env._("Changes asked for"),
            "bureau_listings": self.env._("Credit Bureau"),
            "accesses": self.env._("Access to Personal Data"),
        }

    def _cobranca_get_plain(self, names, record=None):
        """{field: plain value} of a record; references by their names."""
        record = self if record is None else record
        values = {}
        for name in names:
            value = record[name]
            is_plain = isinstance(value, str | int | float) and record._fields[name].type != "many2one"
            values[name] = (
                value if is_plain else (value.display_name if isinstance(value, models.BaseModel) else str(value))
            )
        return {name: None if value is False or value == "False" else value for name, value in values.items()}
