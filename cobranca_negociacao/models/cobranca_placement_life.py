from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

SUPERVISOR = "cobranca_recorrente.cobranca_group_supervisor"
# Pauses that end a placement: from then on the company itself speaks with the customer, or nobody does.
ENDING = {
    "dispute": "dispute",
    "procon": "court",
    "court": "court",
    "over_indebtedness": "over_indebtedness",
    "deceased": "deceased",
}


class CobrancaPlacementLife(models.AbstractModel):
    """How placements begin and end. What ends is over at once: pages, links and files of the agency find nothing."""

    _name = "cobranca.placement.life"
    _description = "Life of a Placement"

    # === ACTIONS === #

    def action_recall(self):
        """Ask why these are taken back.

        :raise AccessError: for who is no supervisor
        """
        self._check_may_recall()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Recall from the agency"),
            "res_model": "cobranca.placement.recall",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_placement_ids": self.ids},
        }

    # === BUSINESS METHODS === #

    def _activate(self):
        """Give proposed placements to their agencies, from today; the reminders of their debts pause.

        :raise UserError: for an agency without an agreement on personal data, or beyond what it takes at once
        """
        # sudo: placements are written by their own methods only, after the checks of who calls them
        records = self.sudo()
        records._claim()
        if records.filtered(lambda record: record.state != "proposed"):
            raise UserError(self.env._("One of these is not to be approved any more: reload the list and look again."))
        for agency, own in records.grouped("agency_id").items():
            today = agency.company_id._cobranca_today()
            agency._check_may_take(own, today)
            ends_on = fields.Date.add(today, days=agency.term_days)
            own.write({"state": "active", "placed_on": today, "ends_on": ends_on})
            self.env["cobranca.hold"]._start_of_placements(own, today)

    def _end(self, reason, note=False):
        """End placements, today and at once; reminders go on where nothing else pauses them.

        :param str reason: of `REASONS`
        :param str note: for people of the company
        :return: those that ended; one that had ended before stays as it is
        """
        # sudo: placements are written by their own methods only
        records = self.sudo()
        records._claim()
        records = records.filtered(lambda record: record.state == "active")
        for company, own in records.grouped("company_id").items():
            own.write(
                {
                    "state": "ended",
                    "ended_on": company._cobranca_today(),
                    "end_reason": reason,
                    "end_note": note,
                    "ended_by_id": self.env.uid,
                    "callback_at": False,
                }
            )
            # Installments carry no pause that would do it.
            self.env["cobranca.case.touch"]._touch(company, own.partner_id)
        records._set_free(records.line_ids)
        records.env["cobranca.hold"]._end_of(records)
        return records

    def _leave_out(self, reason, note=False):
        """Do not place what is still to be approved; another agency may have it.

        :param str reason: of `REASONS`
        """
        records = self.sudo()  # sudo: placements are written by their own methods only
        records._claim()
        records = records.filtered(lambda record: record.state == "proposed")
        records.write({"state": "refused", "end_reason": reason, "end_note": note})
        records._set_free(records.line_ids)
        return records

    @api.model
    def _set_free(self, items):
        """From here on another agency may have these debts, also in this transaction.

        :param items: cobranca.placement.line
        """
        items.write({"is_live": False})
        self.env.flush_all()

    def _stop(self, reason, note=False):
        """End what runs, and do not place what is still to be approved.

        :param str reason: of `REASONS`
        """
        return self._end(reason, note) | self._leave_out(reason, note)

    def _recall(self, note):
        """Take placements back by hand.

        :param str note: why
        :return: those that ended by it
        :raise AccessError: for who is no supervisor
        :raise UserError: without a reason
        """
        self._check_may_recall()
        if not (note or "").strip():
            raise UserError(self.env._("Say why: it stays with the placement."))
        self.check_access("read")
        return self._end("recalled", note.strip())

    @api.model
    def _check_may_recall(self):
        """:raise AccessError: for who is no supervisor"""
        if not self.env.user.has_group(SUPERVISOR):
            raise AccessError(self.env._("Placements are recalled by a supervisor: ask him."))

    def _claim(self):
        """Wait until nobody else works on these placements, then keep them for this transaction.

        Who waited in vain, because one of them ended meanwhile, gets a serialization failure: his request begins again
        and finds it as it is by now. So no payment is refused because somebody recalls at this moment.
        """
        if not self.ids:
            return
        self.env.flush_all()
        self.env.execute_query(
            SQL("SELECT id FROM cobranca_placement WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", self.ids)
        )
        self.invalidate_recordset(["state", "ends_on"])

    # === WHAT IS OPEN === #

    def _get_lines(self):
        """What of these is open now: the placed debts, or the installments that stand in their place.

        :return: account.move.line with the rights of the system
        """
        lines = self.sudo().line_ids.filtered("is_live").line_id  # sudo: debts, for the methods of their placements
        return lines.filtered(lambda line: not line.reconciled and line.parent_state == "posted")

    def _refresh_amounts(self):
        """Write down anew what is open with charges today, for lists; who has nothing open any more is done with."""
        # sudo: placements are written by their own methods only
        records = self.sudo().filtered(lambda record: record.state in ("proposed", "active"))
        done = records.browse()
        for company, own in records.grouped("company_id").items():
            today = company._cobranca_today()
            debts = own._get_lines()._cobranca_read_debts(today)
            for record in own:
                if lines := record._get_lines():
                    record._write_amounts(lines, [debts[line] for line in lines], today)
                elif not record._is_replaced():
                    done |= record
        done._stop("paid")

    def _write_amounts(self, lines, debts, date):
        """Write what differs.

        :param lines: account.move.line, what is open
        :param debts: what they are on the day, as `_cobranca_read_debts` gives it
        """
        values = {
            "line_count": len(lines),
            "amount_original": sum(lines.mapped("amount_residual_currency")),
            "amount": float(sum(debt.charges.total for debt in debts)),
            "days_late": max(debt.days_late for debt in debts),
            "refreshed_on": date,
        }
        if any(self[name] != value for name, value in values.items()):
            self.write(values)

    # === WHAT HAPPENS TO DEBTS === #

    @api.model
    def _search_of_lines(self, lines):
        """The running placements of some debts.

        :param lines: account.move.line
        :return: cobranca.placement with the rights of the system
        """
        return self._search_live(lines).filtered(lambda record: record.state == "active")

    @api.model
    def _search_live(self, lines):
        """The placements that have some debts to themselves, those to be approved among them.

        :param lines: account.move.line
        :return: cobranca.placement with the rights of the system
        """
        # sudo: whoever books a payment need not know of placements
        Line = self.env["cobranca.placement.line"].sudo()
        return Line.search([("line_id", "in", lines.ids), ("is_live", "=", True)]).placement_id

    @api.model
    def _follow_lines(self, lines):
        """Something was paid, credited or taken back on debts."""
        if lines and (found := self._search_live(lines)):
            found._refresh_amounts()

    @api.model
    def _follow_hold(self, company, partner, reason, lines=None):
        """A pause that ends placements has begun.

        :param str reason: of `cobranca.hold`
        :param lines: account.move.line; None: all that the customer owes
        """
        if reason not in ENDING:
            return
        # sudo: whoever registers what the customer says need not know of placements
        own = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "=", partner.commercial_partner_id.id),
                ("state", "in", ("proposed", "active")),
            ]
        )
        if lines is None:
            own._stop(ENDING[reason])
            return
        items = own.line_ids.filtered(lambda item: item.is_live and item.line_id in lines)
        own = items.placement_id
        own._take_out(items)
        own.filtered(lambda record: not record._get_lines())._stop(ENDING[reason])
        own._refresh_amounts()

    def _take_out(self, items):
        """Take single debts back, at once.

        :param items: cobranca.placement.line of these
        """
        self._claim()
        self._set_free(items)
        holds = self.env["cobranca.hold"].sudo()  # sudo: pauses of the placements themselves
        holds.search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids), ("line_id", "in", items.line_id.ids)]
        )._end()
