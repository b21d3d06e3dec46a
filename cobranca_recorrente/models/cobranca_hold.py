from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..tools import hold

REASONS = [
    ("promise", "Promise to pay"),
    ("dispute", "Dispute"),
    ("callback", "Callback agreed"),
    ("already_paid", "Says it is paid"),
    ("charge_back", "Payment taken back"),
    ("vacation", "Vacation"),
    ("procon", "Procon"),
    ("court", "Court case"),
    ("over_indebtedness", "Over-indebtedness (Lei 14.181/2021)"),
    ("deceased", "Deceased"),
    ("other", "Other"),
]
# Longer pauses are decided by a supervisor.
COLLECTOR_DAYS = 60


class CobrancaHold(models.Model):
    """A pause of collection: of one receivable line, or of all that a debtor owes the company.

    Rows are only written by the methods below; what was paused, and until when, stays readable.
    """

    _name = "cobranca.hold"
    _description = "Paused Collection"
    _order = "date_from desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True, index=True, ondelete="restrict"
    )
    line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Receivable line",
        readonly=True,
        ondelete="cascade",
        check_company=True,
        help="Empty: all that the customer owes this company is paused.",
    )
    move_id = fields.Many2one(related="line_id.move_id", string="What")
    date_from = fields.Date(string="From", required=True, readonly=True)
    date_to = fields.Date(string="Until", readonly=True, help="Last day without collection; empty: until it is ended.")
    ended_on = fields.Date(readonly=True, help="From this day on collection went on, before the time agreed.")
    ended_by_id = fields.Many2one(comodel_name="res.users", string="Ended by", readonly=True)
    reason = fields.Selection(selection=REASONS, required=True, readonly=True, index=True)
    note = fields.Char(readonly=True)
    res_model = fields.Char(string="Source model", readonly=True)
    res_id = fields.Many2oneReference(string="Source", model_field="res_model", readonly=True)
    state = fields.Selection(
        selection=[("planned", "Planned"), ("active", "In force"), ("ended", "Over")],
        compute="_compute_state",
        search="_search_state",
    )

    _check_dates = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)", "A pause ends on its first day or later."
    )
    _line_idx = models.Index("(line_id, date_from) WHERE line_id IS NOT NULL")
    _debtor_idx = models.Index("(partner_id, company_id, date_from) WHERE line_id IS NULL")
    _source_idx = models.Index("(res_model, res_id) WHERE res_id IS NOT NULL")

    # === COMPUTE METHODS === #

    @api.depends("date_from", "date_to", "ended_on")
    def _compute_state(self):
        for record in self:
            today = (record.company_id or self.env.company)._cobranca_today()
            record.state = record.date_from and hold.state(today, record.date_from, record.date_to, record.ended_on)

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = Domain.FALSE
        for company in self.env.companies:
            today = company._cobranca_today()
            is_over = Domain("date_to", "<", today) | Domain("ended_on", "<=", today)
            begun = Domain("date_from", "<=", today)
            by_state = {"ended": is_over, "active": ~is_over & begun, "planned": ~is_over & ~begun}
            found |= Domain("company_id", "=", company.id) & Domain.OR(by_state[state] for state in value if state)
        return found

    @api.depends("partner_id", "reason")
    def _compute_display_name(self):
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        for record in self:
            record.display_name = f"{reasons.get(record.reason, '')} · {record.partner_id.name or ''}"

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Pauses of collection stay in the register: end them instead."))

    # === ACTIONS === #

    def action_end(self):
        """Let collection go on from today.

        :raise UserError: for a pause that another record keeps, such as a promise or a dispute
        """
        self.check_access("read")
        kept_reasons = self._get_kept_reasons()
        if kept := self.filtered(lambda record: record.reason in kept_reasons and record.res_id):
            raise UserError(
                self.env._(
                    "%(what)s keeps this pause: cancel or decide it there, and collection goes on by itself.",
                    what=self.env[kept[0].res_model].browse(kept[0].res_id).display_name,
                )
            )
        self._check_may_decide(not all(self.mapped("date_to")))
        self._end()
        return True

    # === BUSINESS METHODS === #

    @api.model
    def _start(self, company, partner, reason, date_from, date_to, lines=None, note=False, source=None):
        """Pause the collection of some lines of a debtor, or of all that he owes.

        :param lines: account.move.line of receivables; None or none: the whole debtor
        :param date_to: last day of the pause; None only for reasons without a known end
        :param source: the promise, dispute… that keeps the pause, or None
        :return: cobranca.hold
        :raise UserError: without an end date that the reason needs, or with an end before the begin
        """
        if not date_to and reason not in self._get_open_ended_reasons():
            raise UserError(self.env._("Say until when collection is paused."))
        if date_to and date_to < date_from:
            raise UserError(
                self.env._(
                    "The pause would end on %(end)s, before it begins on %(begin)s: choose a later end.",
                    end=format_date(self.env, date_to),
                    begin=format_date(self.env, date_from),
                )
            )
        values = {
            "company_id": company.id,
            "partner_id": partner.commercial_partner_id.id,
            "reason": reason,
            "date_from": date_from,
            "date_to": date_to,
            "note": note,
            "res_model": source._name if source else False,
            "res_id": source.id if source else False,
        }
        self.env["cobranca.case.touch"]._touch(company, partner)
        # sudo: the register is written by this method only, after the checks of who calls it
        return self.sudo().create([{**values, "line_id": line.id} for line in lines or [self.env["account.move.line"]]])

    def _end(self):
        """End what is not over yet, today; a pause that ended stays ended."""
        for company, records in self.grouped("company_id").items():
            today = company._cobranca_today()
            running = records.filtered(lambda record: record.state != "ended")
            self.env["cobranca.case.touch"]._touch(company, running.partner_id)
            # sudo: the register is written by its own methods only
            running.sudo().write({"ended_on": today, "ended_by_id": self.env.uid})

    @api.model
    def _end_of(self, sources):
        """End the pauses that promises or disputes keep.

        :param sources: records of one model
        """
        # sudo: pauses of these documents, whatever their company
        self.sudo().search([("res_model", "=", sources._name), ("res_id", "in", sources.ids)]).with_env(self.env)._end()

    @api.model
    def _get_open_ended_reasons(self):
        """Reasons of which nobody knows when they end; later addons add theirs.

        :return: list of str
        """
        return ["dispute", "procon", "court", "over_indebtedness", "deceased"]

    @api.model
    def _get_kept_reasons(self):
        """Reasons of pauses that end with the record which keeps them; later addons add theirs.

        :return: list of str
        """
        return ["promise", "dispute"]

    @api.model
    def _check_may_start(self, date_from, date_to):
        """:raise AccessError: when a pause is longer than a collector may decide"""
        if not date_to or date_to > date_from + timedelta(days=COLLECTOR_DAYS):
            self._check_may_decide(True)

    @api.model
    def _check_may_decide(self, is_long):
        if is_long and not self.env.user.has_group("cobranca_recorrente.cobranca_group_supervisor"):
            raise AccessError(
                self.env._(
                    "Pauses without an end date or longer than %(days)s days are decided by a supervisor: choose an "
                    "earlier end, or ask him.",
                    days=COLLECTOR_DAYS,
                )
            )

    @api.model
    def _get_hold_condition(self, date, table="account_move_line"):
        """SQL that is true for the receivable lines which may be collected on a day: no pause covers them.

        Two anti-joins on the indexes of this model, to be put into a WHERE.

        :param date date: of the collection
        :param str table: name or alias of the journal items in the query
        :return: SQL
        """
        self.flush_model()
        live = self._get_live_condition(date, "h")
        return SQL(
            """NOT EXISTS (SELECT 1 FROM cobranca_hold h WHERE h.line_id = %(line)s.id AND %(live)s)
            AND NOT EXISTS (
                SELECT 1 FROM cobranca_hold h JOIN res_partner d ON d.commercial_partner_id = h.partner_id
                WHERE d.id = %(line)s.partner_id AND h.company_id = %(line)s.company_id
                  AND h.line_id IS NULL AND %(live)s)""",
            line=SQL.identifier(table),
            live=live,
        )

    @api.model
    def _get_live_condition(self, date, alias):
        """SQL that is true for the pauses which are in force on a day.

        :param date date: of the collection
        :param str alias: of this model's table in the query
        :return: SQL
        """

        def column(name):
            return SQL.identifier(alias, name)

        return SQL(
            "%(date_from)s <= %(day)s AND (%(date_to)s IS NULL OR %(date_to)s >= %(day)s)"
            " AND (%(ended_on)s IS NULL OR %(ended_on)s > %(day)s)",
            date_from=column("date_from"),
            date_to=column("date_to"),
            ended_on=column("ended_on"),
            day=date,
        )
