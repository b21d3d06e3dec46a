from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date

from ..tools import bureau

SUPERVISOR = "cobranca_recorrente.cobranca_group_supervisor"
ACTIVITY = "cobranca_recorrente.mail_activity_bureau"
BEFORE = ("to_notify", "notified", "to_list")
LISTED = ("listed", "to_remove")
LIVE = BEFORE + LISTED


class CobrancaBureauListingState(models.AbstractModel):
    """The only ways in which a listing goes on; each is written into its history."""

    _name = "cobranca.bureau.listing.state"
    _description = "States of a Bureau Listing"

    # === BUSINESS METHODS === #

    def _update_state(self, allowed, target, note=False, is_manual=True, **values):
        """Bring listings into a state: lock, look again, write, and keep who did it.

        :param tuple allowed: states from which this may happen
        :param bool is_manual: refuse what does not fit, or leave it as it is
        :param values: of other fields
        :return: the listings that changed
        :raise UserError: by hand, when one of them is busy or in another state
        """
        records = self.sudo()  # sudo: listings are written by this method only, after the checks of who calls it
        if is_manual:
            records.lock_for_update()
        else:
            records = records.try_lock_for_update()
        fit = records.filtered(lambda listing: listing.state in allowed)
        if is_manual and fit != records:
            raise UserError(
                self.env._(
                    "%(listing)s is in state “%(state)s” by now: reload the list and look again.",
                    listing=(records - fit)[0].display_name,
                    state=dict(self._fields["state"]._description_selection(self.env))[(records - fit)[0].state],
                )
            )
        events = [(listing, listing.state) for listing in fit]
        fit.write({**values, "state": target})
        fit._keep_events(events, target, note)
        return fit.with_env(self.env)

    def _keep_events(self, events, target, note):
        now = fields.Datetime.now()
        # sudo: the history is written by its own methods only
        self.env["cobranca.bureau.event"].sudo().create(
            [
                {
                    "listing_id": listing.id,
                    "date": now,
                    "user_id": self.env.uid,
                    "old_state": before,
                    "new_state": target,
                    "note": note,
                }
                for listing, before in events
            ]
        )

    def _check_supervisor(self):
        """:raise AccessError: for who may not write on the bureau list"""
        self.check_access("read")
        if not self.env.user.has_group(SUPERVISOR):
            raise AccessError(self.env._("The bureau list is kept by supervisors of Cobrança."))

    def _check_past(self, date):
        for company in self.company_id:
            if not date or date > company._cobranca_today():
                raise UserError(self.env._("Give the day on which it was done: today or before."))

    # --- the steps of a person ---

    def _confirm_notice(self, date, note, files):
        """A written notice reached the customer; it is proved by files.

        :raise UserError: for a day to come, or without a proof
        """
        self._check_supervisor()
        self._check_past(date)
        if not files:
            raise UserError(self.env._("Attach the proof of the notice: the letter, or its receipt."))
        # sudo: only files that the user brought himself are moved
        self.sudo().write({"evidence_ids": [fields.Command.link(file.id) for file in files]})
        for company, listings in self.grouped("company_id").items():
            listings._update_state(
                ("to_notify",), "notified", note, notified_on=date, list_from=listings._get_list_from(company, date)
            )

    def _confirm_listing(self, date, protocol, note):
        """A person listed these debts at the bureau.

        :raise UserError: before the notice has run out, without a protocol, or for a debt that must not be listed
        """
        self._check_supervisor()
        self._check_past(date)
        protocol = self._check_protocol(protocol)
        for listing in self:
            if listing.list_from and date < listing.list_from:
                raise UserError(
                    self.env._(
                        "%(listing)s may be listed from %(date)s on: until then the notice to the customer runs.",
                        listing=listing.display_name,
                        date=format_date(self.env, listing.list_from),
                    )
                )
        values = {"listed_on": date, "list_protocol": protocol, "listed_by_id": self.env.uid}
        listed = self._update_state(("to_list",), "listed", note, **values)
        # After the lock: what was paid meanwhile is seen here, or the payment sees that it was listed.
        for listing, text in listed._get_obstacles().items():
            if text:
                raise UserError(
                    self.env._("%(listing)s must not be listed: %(reason)s", listing=listing.display_name, reason=text)
                )
        for listing in listed.sudo():  # sudo: written by its own methods only
            listing.amount = listing.line_id.amount_residual_currency

    def _confirm_removal(self, date, protocol, note):
        """A person took these debts off the list of the bureau."""
        self._check_supervisor()
        self._check_past(date)
        values = {"removed_on": date, "removal_protocol": self._check_protocol(protocol), "removed_by_id": self.env.uid}
        self._update_state(LISTED, "removed", note, **values).sudo().activity_unlink([ACTIVITY])  # sudo: of others too

    def _confirm_cancel(self, note):
        """What was not listed yet will not be."""
        self._check_supervisor()
        if not (note or "").strip():
            raise UserError(self.env._("Give the reason: it is written into the history."))
        self._update_state(BEFORE, "cancelled", note, end_reason="manual")

    def _confirm_kept(self, note):
        """The payment came back: the debt is open, and stays listed.

        :raise UserError: without a reason, or while something speaks against the listing
        """
        self._check_supervisor()
        if not (note or "").strip():
            raise UserError(self.env._("Give the reason: it is written into the history."))
        values = {"end_reason": False, "removal_deadline": False}
        kept = self._update_state(("to_remove",), "listed", note, **values)
        for listing, text in kept._get_obstacles().items():
            if text:
                raise UserError(
                    self.env._("%(listing)s has to be removed: %(reason)s", listing=listing.display_name, reason=text)
                )
        kept.sudo().activity_unlink([ACTIVITY])  # sudo: of others too

    def _check_protocol(self, protocol):
        protocol = (protocol or "").strip()
        if not protocol:
            raise UserError(self.env._("Give the protocol number of the bureau: it proves what was done and when."))
        return protocol

    def _get_list_from(self, company, date):
        return bureau.first_listing_day(date, company.cobranca_bureau_notice_days)

    # --- what messages tell ---

    def _note_messages(self, messages):
        """Written notifications that were delivered, and letters that a person posted, are the notice before a listing.

        A text message is none: courts do not agree on it (STJ, REsp 2.056.285 against REsp 2.063.145).

        :param messages: cobranca.message, in their new state
        """
        for message in messages.filtered(lambda m: m.kind == "notification" and m.channel in ("letter", "email")):
            is_letter = message.channel == "letter" and message.state == "sent"
            moment = message.delivered_at or message.read_at or message.sent_at
            if moment and (is_letter or message.state in ("delivered", "read")):
                day = message.company_id._cobranca_day_of(moment)
                self._note_notified(message.line_ids.line_id, day, message.display_name)

    def _note_notified(self, lines, date, note=False):
        """A written notice of these debts was delivered; called when a notification or a letter arrived.

        :param lines: account.move.line
        :param date date: of the delivery, in the company's clock
        :return: the listings whose notice now runs
        """
        changed = self.browse()
        if not lines.ids:
            return changed
        # sudo: whoever confirms a letter, or the engine
        found = self.sudo().search([("line_id", "in", lines.ids), ("state", "=", "to_notify")])
        for company, listings in found.grouped("company_id").items():
            changed |= listings._update_state(
                ("to_notify",),
                "notified",
                note or self.env._("The notice was delivered."),
                is_manual=False,
                notified_on=date,
                list_from=listings._get_list_from(company, date),
            )
        return changed.with_env(self.env)
