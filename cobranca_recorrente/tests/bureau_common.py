from datetime import date

from odoo import fields

from .debt_common import DebtCommon


def day(text):
    return date.fromisoformat(text)


class BureauCommon(DebtCommon):
    """Late debts of a customer, and a supervisor who keeps the bureau list."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Listing = cls.env["cobranca.bureau.listing"]
        cls.customer.write({"street": "Rua A, 1", "city": "Recife", "zip": "50000-000"})
        cls.line = cls.owe(300, "2026-01-12")
        cls.other = cls.owe(200, "2026-01-19")

    def put(self, lines=None):
        return self.Listing.with_user(self.supervisor)._put(self.line if lines is None else lines)

    def bring(self, listing, state):
        """As the steps of a person and of the nightly run bring it there."""
        self.Listing._note_notified(listing.sudo().line_id, day("2026-03-02"))
        if state == "notified":
            return listing
        listing._follow()
        if state == "to_list":
            return listing
        listing.with_user(self.supervisor)._confirm_listing(day("2026-03-16"), "P-1", "")
        return listing

    def states(self, listing):
        return [(event.old_state, event.new_state) for event in listing.sudo().event_ids.sorted("id")]

    def confirm(self, listing, step, user=None, **values):
        Confirm = self.env["cobranca.bureau.confirm"].with_user(user or self.supervisor)
        wizard = Confirm.create({"step": step, "listing_ids": [fields.Command.set(listing.ids)], **values})
        return wizard.action_confirm()
