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
        ["date", "channel", "direction", "outcome", "reason_id", "note", "private_note", "next_date"],
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
    "paused_collection": ("cobranca.hold", "partner_id", ["reason", "date_from", "date_to", "ended_on", "note"]),
    "refused_channels": ("cobranca.opt.out", "partner_id", ["channel", "date", "ended_on", "note"]),
    "changes_asked_for": (
        "cobranca.partner.change",
        "partner_id",
        ["field", "old_text", "new_text", "state", "requested_on", "decided_on", "reason"],
    ),
    "accesses": ("cobranca.access.log", "partner_id", ["date", "action"]),
}
IDENTITY = [
    *("name", "vat", "email", "phone", "street", "street2", "city", "state_id", "zip", "country_id", "lang"),
    *("cobranca_channel", "cobranca_hour", "create_date"),
]


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
        for section, (model, debtor, names) in SECTIONS.items():
            domain = [(debtor, "=", partner.id)]
            if model == "account.move":
                domain += [("state", "=", "posted"), ("move_type", "in", ("out_invoice", "out_refund"))]
            records = self.env[model].with_context(active_test=False).search(domain, order="id")
            data[section] = [self._cobranca_get_plain(names, record) for record in records]
        return data

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
