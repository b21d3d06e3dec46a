from typing import NamedTuple

import pytz

from odoo import api, models
from odoo.exceptions import LockError, UserError

from ..tools import agency_event


class Answer(NamedTuple):
    """What became of a row.

    :param str identity: the id that the other system gave it
    :param str state: done, refused, or again where it may be sent once more as it is
    :param str reason: why not, in words
    :param bool is_repeated: it was told before, and answered thus then
    """

    identity: str
    state: str
    reason: str = ""
    is_repeated: bool = False


class CobrancaAgencyIntake(models.AbstractModel):
    """Takes what an agency's own system tells, row by row: a bad one says why, the others count.

    The environment is that of a user of the agency: his rights decide what he can name.
    """

    _name = "cobranca.agency.intake"
    _description = "Intake of Events of an Agency"

    # === BUSINESS METHODS === #

    @api.model
    def _take(self, agencies, rows, source):
        """Do what rows tell, each once and each for itself.

        :param agencies: cobranca.agency of the user, with the rights of the system
        :param list rows: of dict by the columns of `tools.agency_file.RETURNS`
        :param str source: file or api
        :return: list of Answer, in the order of the rows
        """
        return [self._take_one(agencies, values, source) for values in rows]

    @api.model
    def _take_one(self, agencies, values, source):
        identity = agency_event.identity(values)
        if not identity:
            reason = self.env._(
                "id: give each row an id of your own, up to 100 letters, digits and . _ : / - beginning with one of "
                "the first two."
            )
            return Answer("", "refused", reason)
        told, problem, content = self._read(values, source == "api")
        if known := self._search_known(agencies, identity):
            return self._answer_again(known, content)
        placement = self._find_placement(agencies, told)
        agency = placement.agency_id or agencies[0]
        first = {"external_id": identity, "fingerprint": content, "source": source}
        first["kind"] = told.kind if told else "none"
        try:
            with self.env.cr.savepoint():
                event = self.env["cobranca.agency.event"]._claim(agency, first)
                event._keep(placement, *self._do(placement, told, problem))
        except LockError:
            reason = self.env._("Somebody works with this customer at this moment: send it once more as it is.")
            return Answer(identity, "again", reason)
        return Answer(identity, event.state, event.reason or "")

    @api.model
    def _read(self, values, is_strict):
        """:return: (tools.agency_event.Told or None, why it is none, what tells its content from another)"""
        raw = {name: value if isinstance(value, str | int) else type(value).__name__ for name, value in values.items()}
        try:
            raw = agency_event.texts(values, is_strict)
            told = agency_event.read(raw)
        except agency_event.Unclear as unclear:
            return None, self._tell(unclear), agency_event.key_of(raw)
        return told, "", agency_event.key_of(told)

    @api.model
    def _search_known(self, agencies, identity):
        # sudo: the register of the user's own agencies
        events = self.env["cobranca.agency.event"].sudo()
        return events.search([("agency_id", "in", agencies.ids), ("external_id", "=", identity)], limit=1)

    @api.model
    def _answer_again(self, known, content):
        """The answer of the first time; an id never means two things."""
        if known.fingerprint == content:
            return Answer(known.external_id, known.state, known.reason or "", True)
        reason = self.env._("id: this one was used for other content before. Give a correction an id of its own.")
        return Answer(known.external_id, "refused", reason, True)

    @api.model
    def _find_placement(self, agencies, told):
        """The placement that a row names, as the user may see it.

        :return: cobranca.placement with the rights of the system; empty where it is not with these agencies now
        """
        Placement = self.env["cobranca.placement"]
        found = Placement.search([("name", "=", told.placement)]) if told else Placement
        # sudo: the user's own, as was just found by his rights
        return found.sudo().filtered(lambda placement: placement.agency_id in agencies)[:1]

    @api.model
    def _do(self, placement, told, problem):
        """Do what a row tells.

        :return: (record that came of it or None, why nothing did)
        :raise LockError: while somebody else works with the customer
        """
        if problem:
            return None, problem
        if not placement:
            return None, self.env._("distribuicao: this customer is not with you, or not any more.")
        own = placement.sudo(False)
        try:
            with self.env.cr.savepoint():
                return self._get_ways()[told.kind](own, told), ""
        except LockError:
            raise
        except UserError as refused:
            return None, str(refused)

    @api.model
    def _get_ways(self):
        """How each kind of event is done: method of (placement as the user, tools.agency_event.Told)."""
        return {
            "contact": self._do_contact,
            "promise": self._do_contact,
            "dispute": self._do_dispute,
            "return": self._do_return,
        }

    @api.model
    def _do_contact(self, placement, told):
        values = {
            "channel": told.channel,
            "outcome": told.outcome,
            "note": told.note,
            "date": self._in_utc(placement, told.moment),
            "next_date": self._in_utc(placement, told.callback),
        }
        if told.outcome == "promised":
            values |= {"promise_date": told.day, "promise_amount": float(told.amount)}
        return placement._register_contact(values)

    @api.model
    def _do_dispute(self, placement, told):
        # sudo: the debts of a placement of the user's own
        items = placement.sudo().line_ids.filtered(lambda item: item.is_live and str(item.id) == told.debt)
        if not items:
            raise UserError(self.env._("divida: this debt is not with you, or not any more."))
        return placement._register_dispute(items.line_id, told.claim, told.note)

    @api.model
    def _do_return(self, placement, told):
        placement._return(told.note)
        return placement

    @api.model
    def _in_utc(self, placement, moment):
        """A moment as fields have it; without a time zone it is of the company's clocks."""
        if not moment:
            return False
        if not moment.tzinfo:
            # sudo: the time zone of the company that placed it
            moment = pytz.timezone(placement.sudo().company_id.cobranca_tz).localize(moment)
        return moment.astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    def _tell(self, unclear):
        """What is wrong with a row, in words.

        :param unclear: tools.agency_event.Unclear
        """
        words = {
            "missing": self.env._("%(column)s: this is missing.", column=unclear.field),
            "unused": self.env._("%(column)s: rows of this kind have none, leave it empty.", column=unclear.field),
            "cells": self.env._("The row has more cells than the file has columns: put texts with ; into quotes."),
        }
        unknown = self.env._("%(column)s: “%(found)s” is not known.", column=unclear.field, found=unclear.found)
        return words.get(unclear.problem, unknown)

    # --- on the event ---

    def _keep(self, placement, result, reason):
        """Write down what became of this event.

        :param placement: cobranca.placement, may be empty
        :param result: the record that came of it, or None
        :param str reason: why nothing did
        """
        self.ensure_one()
        values = {"placement_id": placement.id, "reason": reason[:500]}
        if result is not None:
            values |= {"state": "done", "res_model": result._name, "res_id": result.id}
        self.write(values)
