from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import format_date

from ..tools import bureau
from .cobranca_bureau_listing_state import BEFORE, LISTED, LIVE
from .cobranca_company_bureau import BUREAUS

STATES = [
    ("to_notify", "To notify"),
    ("notified", "Notified"),
    ("to_list", "To list"),
    ("listed", "Listed"),
    ("to_remove", "To remove"),
    ("removed", "Removed"),
    ("cancelled", "Not listed"),
]
END_REASONS = [
    ("paid", "Paid"),
    ("disputed", "Disputed"),
    ("term", "Five years are over"),
    ("prescribed", "Prescribed"),
    ("changed", "Invoice changed"),
    ("agreed", "Agreement"),
    ("manual", "By hand"),
]
# A deadline is near when so many days are left, a term when it ends within so many.
NEAR_DAYS, TERM_DAYS = 2, 30


class CobrancaBureauListing(models.Model):
    """A debt on its way to the list of a credit bureau, on it, or on its way back."""

    _name = "cobranca.bureau.listing"
    _description = "Listing at a Credit Bureau"
    _inherit = ["cobranca.bureau.listing.follow", "mail.thread", "mail.activity.mixin"]
    _order = "removal_deadline, list_from, id"
    _check_company_auto = True

    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True, index=True, ondelete="restrict"
    )
    # Odoo draws the lines of an invoice anew when it is changed; what was listed stays on record.
    line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Receivable line",
        readonly=True,
        ondelete="set null",
        check_company=True,
    )
    move_id = fields.Many2one(
        comodel_name="account.move", string="Invoice", readonly=True, index="btree_not_null", ondelete="set null"
    )
    reference = fields.Char(required=True, readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", required=True, readonly=True)
    amount = fields.Monetary(
        required=True, readonly=True, help="Open when it was put on the list; once it is listed: open on that day."
    )
    due = fields.Date(string="Due date", required=True, readonly=True)
    term_on = fields.Date(
        string="Term ends", required=True, readonly=True, help="Five years after the due date (Súmula 323)."
    )
    bureau = fields.Selection(selection=BUREAUS, required=True, readonly=True)
    state = fields.Selection(selection=STATES, default="to_notify", required=True, readonly=True, index=True)
    notified_on = fields.Date(readonly=True, help="Day on which the written notice was delivered.")
    list_from = fields.Date(string="May be listed from", readonly=True)
    evidence_ids = fields.Many2many(comodel_name="ir.attachment", string="Proof of the notice", readonly=True)
    listed_on = fields.Date(readonly=True)
    list_protocol = fields.Char(string="Protocol of the listing", readonly=True)
    listed_by_id = fields.Many2one(comodel_name="res.users", string="Listed by", readonly=True)
    end_reason = fields.Selection(selection=END_REASONS, string="Because", readonly=True)
    removal_deadline = fields.Date(
        string="Remove until", readonly=True, help="Five business days after the payment (Súmula 548)."
    )
    removed_on = fields.Date(readonly=True)
    removal_protocol = fields.Char(string="Protocol of the removal", readonly=True)
    removed_by_id = fields.Many2one(comodel_name="res.users", string="Removed by", readonly=True)
    event_ids = fields.One2many(
        comodel_name="cobranca.bureau.event", inverse_name="listing_id", string="History", readonly=True
    )
    is_late = fields.Boolean(string="Removal is late", compute="_compute_is_late")
    is_expiring = fields.Boolean(
        string="Deadline is near", compute="_compute_is_expiring", search="_search_is_expiring"
    )
    obstacle = fields.Char(string="Not now", compute="_compute_obstacle", help="Why it must not be listed now.")
    alert = fields.Char(compute="_compute_alert")

    _uniq_live = models.UniqueIndex(
        "(line_id, bureau) WHERE state NOT IN ('removed', 'cancelled')",
        "This invoice is on the list of this bureau already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("reference", "partner_id")
    def _compute_display_name(self):
        for listing in self:
            listing.display_name = f"{listing.reference or ''} · {listing.partner_id.name or ''}"

    @api.depends("state", "removal_deadline")
    def _compute_is_late(self):
        for listing in self:
            today = (listing.company_id or self.env.company)._cobranca_today()
            deadline = listing.removal_deadline
            listing.is_late = listing.state == "to_remove" and bool(deadline) and deadline < today

    @api.depends("state", "removal_deadline", "term_on")
    def _compute_is_expiring(self):
        for listing in self:
            today = (listing.company_id or self.env.company)._cobranca_today()
            limit = {"to_remove": listing.removal_deadline, "listed": listing.term_on}.get(listing.state)
            days = NEAR_DAYS if listing.state == "to_remove" else TERM_DAYS
            listing.is_expiring = bool(limit) and limit <= today + timedelta(days=days)

    def _search_is_expiring(self, operator, value):
        if operator != "in":
            return NotImplemented
        near = Domain.FALSE
        for company in self.env.companies:
            today = company._cobranca_today()
            removals = Domain("removal_deadline", "<=", today + timedelta(days=NEAR_DAYS))
            terms = Domain("term_on", "<=", today + timedelta(days=TERM_DAYS))
            near |= Domain("company_id", "=", company.id) & (
                Domain("state", "=", "to_remove") & removals | Domain("state", "=", "listed") & terms
            )
        wanted = Domain.FALSE
        if True in value:
            wanted |= near
        if False in value:
            wanted |= ~near
        return wanted

    @api.depends("state")
    def _compute_obstacle(self):
        """Only what is on its way to the list can be hindered; what is listed asks for its removal by itself."""
        waiting = self.filtered(lambda listing: listing.state in BEFORE)
        obstacles = waiting._get_obstacles()
        for listing in self:
            listing.obstacle = obstacles.get(listing) or False

    @api.depends("obstacle", "is_late")
    def _compute_alert(self):
        reasons = dict(self._fields["end_reason"]._description_selection(self.env))
        for listing in self:
            text = False
            if listing.state == "to_remove":
                text = self.env._(
                    "Remove this debt from the bureau until %(date)s (%(reason)s).",
                    date=format_date(self.env, listing.removal_deadline),
                    reason=reasons.get(listing.end_reason, ""),
                )
                text += f" {self.env._('The deadline is over.')}" if listing.is_late else ""
            elif listing.obstacle:
                text = self.env._("It must not be listed now: %(reason)s", reason=listing.obstacle)
            listing.alert = text

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The bureau list is kept: cancel what is not to be listed."))

    # === ACTIONS === #

    def action_confirm_notice(self):
        """Register that the customer was notified."""
        return self._open_confirmation("notified", ("to_notify",))

    def action_confirm_listing(self):
        """Register that the debts are listed."""
        return self._open_confirmation("listed", ("to_list",))

    def action_confirm_removal(self):
        """Register that the debts are no longer listed."""
        return self._open_confirmation("removed", LISTED)

    def action_cancel(self):
        """Take debts off the way to the list."""
        return self._open_confirmation("cancelled", BEFORE)

    def action_keep(self):
        """Register that a payment came back."""
        return self._open_confirmation("kept", ("to_remove",))

    def action_export(self):
        """Make the file of what is to be listed, for the bureau's page."""
        self._check_supervisor()
        wizard = self.env["cobranca.bureau.export"].create({"listing_ids": [fields.Command.set(self.ids)]})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("File for the bureau"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _open_confirmation(self, step, states):
        self._check_supervisor()
        fit = self.filtered(lambda listing: listing.state in states)
        if not fit:
            raise UserError(self.env._("None of the chosen listings is at this step: choose others."))
        return {
            "type": "ir.actions.act_window",
            "name": dict(self.env["cobranca.bureau.confirm"]._fields["step"]._description_selection(self.env))[step],
            "res_model": "cobranca.bureau.confirm",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_step": step, "default_listing_ids": fit.ids},
        }

    # === BUSINESS METHODS === #

    @api.model
    def _put(self, lines, note=False):
        """Put debts on the way to the bureau of their company; what may not be listed is left out.

        :param lines: account.move.line, of one company
        :return: cobranca.bureau.listing, the new ones
        """
        company = lines.company_id
        listings = self.sudo()  # sudo: the list is written by its own methods only, after the checks of who calls them
        live = [("line_id", "in", lines.ids), ("bureau", "=", company.cobranca_bureau), ("state", "in", LIVE)]
        known = listings.search(live).line_id
        for line, verdict in self._get_verdicts(company, lines - known).items():
            if not verdict.kind:
                listings |= listings._put_line(line, note)
        return listings.with_env(self.env)

    @api.model
    def _put_line(self, line, note):
        """One that another transaction puts at this moment stays its own."""
        try:
            with self.env.cr.savepoint():
                listing = self.create(self._prepare_listing(line))
        except psycopg2.errors.UniqueViolation:
            self.env.invalidate_all()
            return self.browse()
        listing._keep_events([(listing, False)], "to_notify", note)
        return listing

    @api.model
    def _prepare_listing(self, line):
        due = line.date_maturity or line.date
        return {
            "company_id": line.company_id.id,
            "partner_id": line.partner_id.commercial_partner_id.id,
            "line_id": line.id,
            "move_id": line.move_id.id,
            "reference": line.move_id.name or line.name or "",
            "currency_id": line.currency_id.id,
            "amount": line.amount_residual_currency,
            "due": due,
            "term_on": bureau.term_end(due),
            "bureau": line.company_id.cobranca_bureau,
        }

    @api.model
    def _get_day_before(self, day):
        return day - timedelta(days=1)
