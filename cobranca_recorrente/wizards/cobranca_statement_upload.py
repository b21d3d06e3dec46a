from contextlib import suppress

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.cobranca_statement_writer import AT_ONCE
from ..tools import ofx_file, statement, statement_table

DESK = "cobranca_recorrente.cobranca_statement_desk_action"
STATES = [("choose", "Files"), ("columns", "Columns"), ("preview", "Preview of the file")]


class CobrancaStatementUpload(models.TransientModel):
    """Files of a bank account: what is in them is shown before anything is written."""

    _name = "cobranca.statement.upload"
    _description = "Import Bank Statements"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Bank account",
        required=True,
        domain="[('type', '=', 'bank'), ('company_id', '=', company_id)]",
        default=lambda self: self._default_journal(),
        ondelete="cascade",
    )
    currency_id = fields.Many2one(comodel_name="res.currency", compute="_compute_currency_id")
    attachment_ids = fields.Many2many(
        comodel_name="ir.attachment", string="Files", help="OFX or CSV, as the bank gives them."
    )
    state = fields.Selection(selection=STATES, default="choose", required=True)
    column_ids = fields.One2many(
        comodel_name="cobranca.statement.upload.column", inverse_name="upload_id", string="Columns"
    )
    column_file = fields.Char(string="File with unknown columns", readonly=True)
    file_ids = fields.One2many(
        comodel_name="cobranca.statement.upload.file", inverse_name="upload_id", string="What is in them"
    )
    takes_alikes = fields.Boolean(
        string="Import look-alikes too",
        help="Movements of the same day, amount and text as one that is there, under another number of the bank. "
        "Some banks number each file anew: leave them out then.",
    )
    remarks = fields.Text(compute="_compute_remarks")
    alike_count = fields.Integer(compute="_compute_counts")
    new_count = fields.Integer(compute="_compute_counts")

    # === DEFAULTS AND COMPUTE METHODS === #

    @api.model
    def _default_journal(self):
        """The account into which a file was imported last; else the first one."""
        domain = [("type", "=", "bank"), ("company_id", "=", self.env.company.id)]
        last = self.env["cobranca.statement.file"].search([("company_id", "=", self.env.company.id)], limit=1)
        return last.journal_id or self.env["account.journal"].search(domain, order="sequence, id", limit=1)

    @api.depends("journal_id")
    def _compute_currency_id(self):
        for upload in self:
            upload.currency_id = upload.journal_id.currency_id or upload.company_id.currency_id

    @api.depends("file_ids")
    def _compute_counts(self):
        for upload in self:
            upload.alike_count = sum(upload.file_ids.mapped("alike_count"))
            upload.new_count = sum(upload.file_ids.mapped("new_count"))

    @api.depends("file_ids")
    def _compute_remarks(self):
        """What is to be known of each file, with the rows that are not taken."""
        for upload in self:
            parts = []
            for row in upload.file_ids:
                own = list(filter(None, [row.error, row.warning]))
                if row.balance_count:
                    own.append(self.env._("%(count)s lines of balances left out", count=row.balance_count))
                if row.alike_count:
                    own.append(self.env._("%(count)s look-alikes of movements that are there", count=row.alike_count))
                own += (row.problems_text or "").splitlines()
                parts += [f"{row.name}: {text}" for text in own]
            upload.remarks = "\n".join(parts)

    # === ACTIONS === #

    def action_preview(self):
        """Show what is in the files; ask what columns hold where that is not clear.

        :raise UserError: without files, or with too many
        """
        self.ensure_one()
        self._check()
        columns = self._get_chosen()
        self.file_ids.unlink()
        if unknown := self._get_unknown(columns):
            self._ask_columns(*unknown)
            return self._reopen("columns")
        self.file_ids = [Command.create(values) for values in self._get_previews(columns)]
        return self._reopen("preview")

    def action_back(self):
        """Choose other files."""
        self.ensure_one()
        self.file_ids.unlink()
        self.column_ids.unlink()
        return self._reopen("choose")

    def action_import(self):
        """Write what is new, and open the matching of receipts."""
        self.ensure_one()
        self._check()
        columns = self._get_chosen()
        records = self.env["cobranca.statement.file"]
        for row in self.file_ids.filtered(lambda row: not row.error):
            content = row.attachment_id.raw
            used = self._get_columns_for(content, columns)
            records |= self.env["cobranca.statement.import"]._import(
                self.journal_id, row.name, content, used, self.takes_alikes, AT_ONCE
            )
        if not records:
            raise UserError(self.env._("None of these files can be imported: see what is said of each."))
        self._remember_columns(columns)
        self.attachment_ids.sudo().unlink()  # sudo: the user's own uploads, which have done their work
        return self._get_answer(records)

    # === BUSINESS METHODS === #

    def _check(self):
        self.env["cobranca.statement.import"]._check_rights(self.journal_id)
        if not self.attachment_ids:
            raise UserError(self.env._("Choose the files that your bank gave you."))
        if len(self.attachment_ids) > statement.MOST_FILES:
            raise UserError(self.env._("Import %(count)s files at a time at most.", count=statement.MOST_FILES))

    def _reopen(self, state):
        self.state = state
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import statement"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    # --- columns ---

    def _get_chosen(self):
        """What somebody said of the columns: {heading: role}."""
        return {column.heading: column.role for column in self.column_ids}

    def _get_unknown(self, columns):
        """The first file whose columns are not clear, and its table."""
        reader = self.env["cobranca.statement.reader"]
        for attachment in self.attachment_ids:
            content = attachment.raw or b""
            if ofx_file.is_ofx(content) or len(content) > statement.MOST_BYTES:
                continue
            with suppress(statement.UnreadableError):
                table = reader._get_table(self.journal_id, content, self._get_columns_for(content, columns))
                if not table.is_known:
                    return attachment, table
        return None

    def _get_columns_for(self, content, columns):
        """What was said, where it is of such a file."""
        if not columns or ofx_file.is_ofx(content):
            return None
        with suppress(statement.UnreadableError):
            table = statement_table.table(content)
            if set(statement_table.labels(table.headings)) <= set(columns):
                return columns
        return None

    def _ask_columns(self, attachment, table):
        chosen = self._get_chosen()
        self.column_ids.unlink()
        self.column_file = attachment.name
        self.column_ids = [
            Command.create(
                {
                    "heading": label,
                    "title": name or "–",
                    "examples": " · ".join(filter(None, examples)),
                    "role": chosen.get(label, guess if role == "nothing" else role),
                }
            )
            for label, name, role, guess, examples in zip(
                statement_table.labels(table.headings),
                table.headings,
                table.roles,
                table.guesses,
                table.examples,
                strict=True,
            )
        ]

    # --- preview ---

    def _get_previews(self, columns):
        """Values of a row for each file.

        :return: list of dict
        """
        return [self._get_preview(attachment, columns) for attachment in self.attachment_ids.sorted("id")]

    def _get_preview(self, attachment, columns):
        reader = self.env["cobranca.statement.reader"]
        content = attachment.raw or b""
        values = {"attachment_id": attachment.id, "name": attachment.name}
        try:
            found = reader._read(self.journal_id, content, self._get_columns_for(content, columns))
        except UserError as error:
            return {**values, "error": str(error)}
        rows = self.env["cobranca.statement.import"]._sort(self.journal_id, found.rows, self.takes_alikes)
        days = [row.date for row in found.rows]
        new = [row for _key, row in rows.new]
        words = [reader._get_problem_words(*vars(problem).values()) for problem in found.problems[:200]]
        return {
            **values,
            "date_from": min(days, default=False),
            "date_to": max(days, default=False),
            "new_count": len(new),
            "known_count": rows.known,
            "alike_count": len(rows.alikes),
            "balance_count": found.balances,
            "problem_count": len(found.problems),
            "amount_in": float(sum(row.amount for row in new if row.amount > 0)),
            "amount_out": float(sum(row.amount for row in new if row.amount < 0)),
            "warning": reader._get_account_warning(self.journal_id, found),
            "problems_text": "\n".join(words),
        }

    # --- answer ---

    def _get_answer(self, records):
        """What was done, and the next screen."""
        taken, known = sum(records.mapped("taken_count")), sum(records.mapped("known_count"))
        parts = [self.env._("%(count)s movements imported", count=taken)]
        if known:
            parts.append(self.env._("%(count)s there already", count=known))
        if problems := sum(records.mapped("problem_count")):
            parts.append(self.env._("%(count)s not taken", count=problems))
        if records.filtered(lambda record: record.state == "importing"):
            parts.append(self.env._("the rest follows in the background"))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if taken else "info",
                "message": " · ".join(parts),
                "next": self._get_next(),
            },
        }

    def _get_next(self):
        """The matching of receipts; where one comes from there, it only closes the dialog."""
        if self.env.context.get("from_statement_desk"):
            return {"type": "ir.actions.act_window_close"}
        return self.env["ir.actions.actions"]._for_xml_id(DESK)

    def _remember_columns(self, columns):
        for attachment in self.attachment_ids if columns else ():
            if self._get_columns_for(attachment.raw, columns):
                table = statement_table.table(attachment.raw)
                self.env["cobranca.statement.reader"]._remember(self.journal_id, table, columns)
