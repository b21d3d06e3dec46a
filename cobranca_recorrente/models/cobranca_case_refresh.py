import logging

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL, float_is_zero

_logger = logging.getLogger(__name__)

# Debtors of whom something is late, or was when somebody looked last.
CONCERNED = """
    SELECT DISTINCT partner.id FROM (%(open)s AND COALESCE(line.date_maturity, line.date) < %(today)s) line(id)
      JOIN account_move_line item ON item.id = line.id
      JOIN res_partner contact ON contact.id = item.partner_id
      JOIN res_partner partner ON partner.id = COALESCE(contact.commercial_partner_id, contact.id)
     UNION
    SELECT partner_id FROM cobranca_case WHERE company_id = %(company)s AND state = 'open' AND is_training IS NOT TRUE
"""


class CobrancaCaseRefresh(models.AbstractModel):
    """Cases follow the books: opened when something is late, closed when nothing is, in the order of their turn."""

    _name = "cobranca.case.refresh"
    _inherit = ["cobranca.case.facts"]
    _description = "Refresh of Customers in Collection"

    # === BUSINESS METHODS === #

    @api.model
    def _refresh(self, company, partners):
        """Bring the cases of some debtors to what the books and the register say now; safe to repeat.

        :param company: res.company
        :param partners: res.partner, debtors
        :return: cobranca.case, the open ones of these debtors
        """
        # sudo: cases are written here only, by whoever makes something happen
        Case = self.env["cobranca.case"].sudo().with_company(company)
        cases, partners = Case._claim(company, partners)
        owed = Case._get_owed(company, partners.ids)
        turns = Case._get_turns(company, owed) if owed else {}
        levels = Case._get_levels(owed)
        known = {(case.partner_id.id, case.currency_id.id): case for case in cases}
        collectors = Case._get_collectors(company, partners) if owed else {}
        fresh = []
        for key, item in owed.items():
            values = {**Case._prepare_values(company, item, *turns[key]), "level_id": levels.get(key, False)}
            collector = collectors.get(key[0])
            if case := known.pop(key, None):
                if not case.is_assigned:
                    values["collector_id"] = collector.id if collector else False
                case._write_changes(values)
            else:
                fresh.append(Case._prepare_case(company, key, {**values, "collector_id": collector and collector.id}))
        Case.union(*known.values())._close(company)
        opened = Case._open(fresh)
        self.env["cobranca.message"]._follow_debts(company, partners)
        company_hours = [(key[0], words.next_at) for key, (_turn, words, _segment) in turns.items() if words.next_at]
        now = fields.Datetime.now()
        self.env["cobranca.case.touch"]._remind(company, [hour for hour in company_hours if hour[1] > now])
        return (cases.filtered(lambda case: case.state == "open") | opened).with_env(self.env)

    @api.model
    def _claim(self, company, partners):
        """Lock the open cases of some debtors; whom somebody works on at this moment is looked at right after.

        :return: (cobranca.case, res.partner), without those
        """
        cases = self.search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", partners.ids),
                ("state", "=", "open"),
                ("is_training", "=", False),
            ]
        )
        free = cases.try_lock_for_update()
        if busy := (cases - free).partner_id:
            self.env["cobranca.case.touch"]._touch(company, busy)
        return free.filtered(lambda case: case.partner_id not in busy), partners - busy

    @api.model
    def _prepare_values(self, company, owed, turn, said, segment):
        """What an open case says of a debtor as of now."""
        return {
            "line_count": len(owed.lines),
            "amount_original": float(owed.original),
            "amount": float(owed.amount),
            "days_late": owed.days,
            "segment_id": segment,
            "why": turn.why,
            "queue_date": turn.day,
            "callback_at": said.next_at if turn.at else False,
            "rank": turn.rank,
            "score": float(turn.score),
            "contacted_on": said.moment,
            "refreshed_on": company._cobranca_today(),
        }

    @api.model
    def _prepare_case(self, company, key, values):
        partner, currency = key
        opened = {"company_id": company.id, "opened_on": company._cobranca_today()}
        return {**opened, **values, "partner_id": partner, "currency_id": currency}

    def _write_changes(self, values):
        """Write what differs: most cases are as they were a minute ago."""
        self.ensure_one()
        if changed := {name: value for name, value in values.items() if self._is_change(name, value)}:
            self.write(changed)

    def _is_change(self, name, value):
        field, own = self._fields[name], self[name]
        if field.type == "many2one":
            own = own.id
        if field.type in ("float", "monetary"):
            return not float_is_zero(own - (value or 0.0), precision_digits=2)
        return (own or False) != (value or False)

    @api.model
    def _open(self, values):
        """Make cases; one that another transaction makes at this moment stays its own."""
        cases = self.browse()
        if not values:
            return cases
        try:
            with self.env.cr.savepoint():
                return self.create(values)
        except psycopg2.errors.UniqueViolation:
            self.env.invalidate_all()
        for case in values:
            try:
                with self.env.cr.savepoint():
                    cases |= self.create([case])
            except psycopg2.errors.UniqueViolation:
                self.env.invalidate_all()
        return cases

    def _close(self, company):
        """Nothing of these debtors is late any more."""
        today = company._cobranca_today()
        for case in self:
            lines = case.env["account.move.line"]._cobranca_search_open_lines(
                company, today, SQL("partner.id = %s", case.partner_id.id)
            )
            is_open = case.currency_id in lines.currency_id
            case.write(
                {
                    "state": "closed",
                    "closed_on": today,
                    "close_reason": "not_late" if is_open else "settled",
                    "attendant_id": False,
                    "attended_until": False,
                }
            )
        self.env["cobranca.message.thanks"]._thank(company, self.filtered(lambda case: case.close_reason == "settled"))

    # === SCHEDULED ACTIONS === #

    @api.model
    def _cron_refresh(self):
        """Each night: look at all who owe, as days and charges went on."""
        Touch = self.env["cobranca.case.touch"]
        for company in self.env["res.company"].search([("active", "=", True)]):
            Touch._insert(company.id, self._get_concerned(company), fields.Datetime.now())
        self._cron_follow()

    @api.model
    def _get_concerned(self, company):
        """:return: ids of the debtors of whom something is late or was, in a fixed order"""
        for model in ("account.move.line", "account.move", "account.account", "res.partner", "cobranca.case"):
            self.env[model].flush_model()
        today = company._cobranca_today()
        query = self.env["account.move.line"]._cobranca_get_open_lines_query(company, today)
        rows = self.env.execute_query(SQL(CONCERNED, open=query, today=today, company=company.id))
        return sorted(partner for (partner,) in rows)

    @api.model
    def _cron_follow(self, batch_size=500):
        """Look again at the cases of which something happened, batch by batch, each in its transaction."""
        progress = self.env["ir.cron"]._commit_progress
        Touch = self.env["cobranca.case.touch"]
        remaining = Touch.search_count([("due_at", "<=", fields.Datetime.now())])
        progress(remaining=remaining)
        while touched := Touch.search([("due_at", "<=", fields.Datetime.now())], limit=batch_size, order="id"):
            try:
                touched = touched.try_lock_for_update()
                self._refresh_touched(touched)
                touched.unlink()
            except (psycopg2.errors.SerializationFailure, psycopg2.errors.DeadlockDetected):
                self.env.cr.rollback()
                break  # somebody works on one of them; the next run looks again
            if not touched or not progress(len(touched)):
                break

    @api.model
    def _refresh_touched(self, touched):
        """Refresh what is touched; when something is wrong with one debtor, the others without him."""
        for company, rows in touched.grouped("company_id").items():
            try:
                with self.env.cr.savepoint():
                    self._refresh(company, rows.partner_id)
                continue
            except psycopg2.OperationalError:
                raise
            except Exception:  # noqa: BLE001  (whatever is wrong with one debtor, the others are looked at)
                _logger.warning("Cases are refreshed one by one: %s", rows.partner_id.ids, exc_info=True)
            self.env.invalidate_all()
            for partner in rows.partner_id:
                try:
                    with self.env.cr.savepoint():
                        self._refresh(company, partner)
                except psycopg2.OperationalError:
                    raise
                except Exception:
                    _logger.exception("The case of customer %s could not be refreshed", partner.id)
                    self.env.invalidate_all()
