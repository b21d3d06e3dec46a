import logging
from collections import namedtuple

import psycopg2

from odoo import api, models
from odoo.tools import SQL, split_every
from odoo.tools.misc import format_date

from ..tools import bureau
from .cobranca_bureau_listing_state import ACTIVITY, BEFORE, LISTED, LIVE

_logger = logging.getLogger(__name__)

CRON = "cobranca_recorrente.ir_cron_cobranca_bureau"
# What is known of a debt: why it must not be listed (or is none), and since when.
Verdict = namedtuple("Verdict", "kind day")
FREE = Verdict("", None)
# What ends a listing, and what ends the way to one. All else waits.
ENDS_LISTED = ("paid", "agreed", "changed", "disputed", "term")
ENDS_BEFORE = (*ENDS_LISTED, "prescribed")


class CobrancaBureauListingFollow(models.AbstractModel):
    """Listings follow the debts: paid, disputed, changed or too old ones leave the list, with an alarm."""

    _name = "cobranca.bureau.listing.follow"
    _inherit = ["cobranca.bureau.listing.state"]
    _description = "Follow-up of Bureau Listings"

    # === WHAT IS KNOWN OF A DEBT === #

    @api.model
    def _get_verdicts(self, company, lines):
        """Why each debt must not be at a bureau, by a few queries; later addons add the kind `agreed`.

        :param company: res.company, of all lines
        :return: {account.move.line: Verdict}
        """
        today = company._cobranca_today()
        lines = lines.sudo()  # sudo: the law holds, whoever asks
        disputed = self.env["cobranca.dispute"].sudo()  # sudo: the law holds, whoever asks
        disputed = disputed.search([("line_id", "in", lines.ids), ("state", "=", "open")]).line_id
        asked = lines._cobranca_search_open_lines(company, today, SQL("line.id = ANY(%s)", lines.ids))
        free = self._get_unpaused(asked, today)
        prescribed = lines._cobranca_get_prescriptions()
        paid = self._get_payment_days(lines.filtered(lambda line: not line.amount_residual))
        smallest = company.cobranca_bureau_min_amount
        verdicts = {}
        for line in lines:
            due = line.date_maturity or line.date
            if line.parent_state != "posted":
                verdict = Verdict("changed", today)
            elif line.reconciled or line.amount_residual <= 0:
                verdict = Verdict("paid", paid.get(line.id, today))
            elif line in disputed:
                verdict = Verdict("disputed", today)
            elif bureau.is_term_near(due, today):
                verdict = Verdict("term", bureau.term_end(due))
            elif prescribed[line] <= today:
                verdict = Verdict("prescribed", today)
            elif line not in free:
                verdict = Verdict("paused", today)
            elif line.amount_residual < smallest:
                verdict = Verdict("small", today)
            elif due >= today:
                verdict = Verdict("early", today)
            else:
                verdict = FREE
            verdicts[line] = verdict
        return verdicts

    @api.model
    def _get_unpaused(self, lines, today):
        if not lines:
            return lines
        condition = self.env["cobranca.hold"]._get_hold_condition(today, "line")
        rows = self.env.execute_query(
            SQL("SELECT line.id FROM account_move_line line WHERE line.id = ANY(%s) AND %s", lines.ids, condition)
        )
        return lines.browse([line for (line,) in rows])

    @api.model
    def _get_payment_days(self, lines):
        """{id of the line: day of the last credit that settled it}"""
        if not lines:
            return {}
        self.env["account.partial.reconcile"].flush_model()
        self.env["account.move.line"].flush_model(["date"])
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT p.debit_move_id, MAX(c.date) FROM account_partial_reconcile p
                       JOIN account_move_line c ON c.id = p.credit_move_id
                      WHERE p.debit_move_id = ANY(%s) GROUP BY 1""",
                    lines.ids,
                )
            )
        )

    def _get_own_verdicts(self):
        """{listing: Verdict}; a debt whose invoice was changed is none any more."""
        found = {}
        for company, listings in self.grouped("company_id").items():
            verdicts = self._get_verdicts(company, listings.line_id)
            changed = Verdict("changed", company._cobranca_today())
            for listing in listings:
                found[listing] = verdicts.get(listing.line_id, changed)
        return found

    def _get_obstacles(self):
        """{listing: why it must not be at the bureau, in words}, empty where nothing speaks against it."""
        return {listing: self._explain(verdict) for listing, verdict in self._get_own_verdicts().items()}

    @api.model
    def _explain(self, verdict):
        return {
            "": "",
            "paid": self.env._("it is paid."),
            "agreed": self.env._("it is part of an agreement."),
            "changed": self.env._("its invoice was changed or cancelled."),
            "disputed": self.env._("the customer disputes it."),
            "term": self.env._(
                "its term of five years ends on %(date)s.", date=verdict.day and format_date(self.env, verdict.day)
            ),
            "prescribed": self.env._("it is prescribed."),
            "paused": self.env._("its collection is paused, or a payment is on its way."),
            "small": self.env._("less is open than the smallest amount that the company lists."),
            "early": self.env._("it is not overdue."),
        }[verdict.kind]

    # === WHAT FOLLOWS === #

    def _follow(self):
        """End what must end, and let those whose notice has run out be listed; safe to repeat.

        What somebody works on at this moment is looked at by the next run.
        """
        for listing, verdict in self._get_own_verdicts().items():
            today = listing.company_id._cobranca_today()
            changed = listing
            if listing.state in BEFORE and verdict.kind in ENDS_BEFORE:
                changed = listing._end_before(verdict)
            elif listing.state == "listed" and verdict.kind in ENDS_LISTED:
                changed = listing._ask_for_removal(verdict)
            elif listing.state == "notified" and verdict == FREE and listing.list_from <= today:
                note = self.env._("The term of the notice is over.")
                changed = listing._update_state(("notified",), "to_list", note, is_manual=False)
            if not changed:
                self._trigger()

    def _end_before(self, verdict):
        values = {"end_reason": verdict.kind}
        return self._update_state(BEFORE, "cancelled", self._note(verdict), is_manual=False, **values)

    def _note(self, verdict):
        """Why, as a sentence of its own."""
        text = self._explain(verdict)
        return text[:1].upper() + text[1:]

    def _ask_for_removal(self, verdict):
        """A listing must be taken back; a supervisor is told until when."""
        self.ensure_one()
        company = self.company_id
        deadline = self._get_deadline(verdict)
        listing = self._update_state(
            ("listed",),
            "to_remove",
            self._note(verdict),
            is_manual=False,
            end_reason=verdict.kind,
            removal_deadline=deadline,
        ).sudo()  # sudo: whoever receives the payment tells the supervisor
        if listing:
            user = listing._get_responsible()
            words = listing.with_context(lang=user.lang or self.env.lang)
            listing.activity_schedule(
                ACTIVITY,
                date_deadline=max(deadline, company._cobranca_today()),
                user_id=user.id,
                summary=words.env._(
                    "Remove from %(bureau)s until %(date)s: %(reason)s",
                    bureau=dict(self._fields["bureau"]._description_selection(words.env))[self.bureau],
                    date=format_date(words.env, deadline),
                    reason=words._explain(verdict),
                ),
            )
        return listing

    def _get_deadline(self, verdict):
        """The last day on which the listing may still be there."""
        if verdict.kind == "term":
            return self.env["cobranca.bureau.listing"]._get_day_before(verdict.day)
        holidays = self.env["cobranca.promise"]._get_holidays(self.company_id, verdict.day)
        return bureau.removal_deadline(verdict.day, holidays)

    def _get_responsible(self):
        """Who is told: whom the company names, who listed it, or the supervisors.

        :return: res.users
        """
        self.ensure_one()
        company = self.company_id
        for user in (company.cobranca_bureau_user_id, self.listed_by_id):
            if user.active and company in user.company_ids and user.has_group("base.group_user"):
                return user
        return self.env["cobranca.contract.billing"]._get_people_to_ask(company)[:1] or self.env.user

    @api.model
    def _follow_lines(self, lines):
        """Look at the listings of debts of which something happened: money came in, or somebody disputes them.

        :param lines: account.move.line
        """
        # Money comes in whatever is wrong with a listing: the nightly run looks again.
        # sudo: whoever receives a payment
        listings = self.sudo().search([("line_id", "in", lines.ids), ("state", "in", LIVE)]) if lines.ids else self
        if listings:
            listings._follow_safely()

    def _follow_safely(self):
        """Look at some listings; when one of them fails, at the others without it."""
        for listings in (self, *(self if len(self) > 1 else ())):
            try:
                with self.env.cr.savepoint():
                    listings._follow()
            except psycopg2.OperationalError:
                raise
            except Exception:
                _logger.exception("Bureau listings could not be looked at: %s", listings.ids)
                self.env.invalidate_all()
                continue
            if listings == self:
                return

    @api.model
    def _trigger(self):
        cron = self.env.ref(CRON, raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger()  # sudo: whoever receives a payment starts it

    # === SCHEDULED ACTIONS === #

    @api.model
    def _cron_follow(self, batch_size=200):
        """Each night: look at all that is, or is going to be, at a bureau."""
        ids = self.search([("state", "in", (*BEFORE, *LISTED))], order="id").ids
        batches = [self.browse(part) for part in split_every(batch_size, ids)]
        self.env["cobranca.batch.run"]._cron_each(batches, lambda batch: batch._follow_safely())
