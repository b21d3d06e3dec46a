import hashlib

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .cobranca_negotiation_page import FIT

ROLE = "agency"
WAITING = [("state", "=", "waiting_approval")]
# So often a day a customer is sent proposals by e-mail; more of them only weary him.
MAILS_A_DAY = 3


class CobrancaPlacementOffer(models.AbstractModel):
    """An agency negotiates: within policy and its own authority it offers, beyond them it asks the company.

    It never accepts: the customer does so on his own page. Nothing that is sent is believed but what was chosen.
    """

    _name = "cobranca.placement.offer"
    _description = "Negotiation by an Agency"

    # === BUSINESS METHODS === #

    def _look(self, first=None):
        """What may be offered of what is open, and within which limits; with the rights of the system.

        :param date first: of the first payment; None: the usual day
        :return: Scene, with no lines where nothing can be negotiated
        :raise UserError: for a day that is too late
        """
        self.ensure_one()
        Page, company = self.env["cobranca.negotiation.page"], self.company_id
        scene = Page._make_scene(company, self.partner_id, self._get_lines(), ROLE, placement=self)
        usual = self.env["cobranca.proposal.desk"]._get_first(company, scene.today, scene.found.limits)
        return Page._with_first(scene, first or usual)

    def _offer(self, wish, channel):
        """Send the customer a proposal that is within the authority; asked for again it is the same one.

        :param Wish wish: what was chosen, with `seen` of the page on which it was
        :param str channel: of `_get_ways`
        :return: cobranca.proposal with the rights of the system
        :raise UserError: with what to do, for what may not be offered, or is not what the page showed
        """
        record = self._claim_own()
        Page = record.env["cobranca.negotiation.page"]
        scene = record._look(Page._read_first(wish.first))
        ready = Page._get_ready(scene)
        chosen = Page._choose(scene, ready, wish)
        if chosen.error:
            raise UserError(chosen.error)
        seen_ready, seen_chosen = record._get_seen(scene, ready, chosen)
        is_seen = (seen_chosen if chosen.code == FIT else seen_ready) in wish.seen.split()
        if not chosen.plan or chosen.code != wish.plan or not is_seen:
            raise UserError(self.env._("What is owed or may be offered has changed: look at it again before you send."))
        own = record._search_offers([("state", "=", "sent"), ("channel", "=", channel)])
        if known := own.filtered(lambda each: each._is_the_same(scene, chosen.plan))[:1]:
            return known
        record._check_way(channel)
        proposal = scene.counter_of._make(scene, [(chosen.code, chosen.plan)], "sent", channel)
        proposal._send()
        record.write(record._prepare_contacted("proposal_sent"))
        return proposal

    def _ask_offer(self, wish, reason, channel):
        """Ask the company for a plan beyond the authority, with which so much a month is enough.

        :param Wish wish: with the amount a month
        :param str reason: for who decides
        :param str channel: how the customer is told when it is approved
        :return: cobranca.proposal that waits; empty where it needs nobody: it may be offered
        :raise UserError: with what is missing, or while another one waits
        """
        record = self._claim_own()
        scene = record._look()
        if not scene.lines:
            raise UserError(self.env._("Nothing of this customer can be negotiated now."))
        if len(record._clean(reason)) < 3:
            raise UserError(self.env._("Say why it should be allowed: who decides reads it."))
        if record._search_offers(WAITING):
            raise UserError(self.env._("Your other request waits for an answer: take it back before you ask anew."))
        record._check_way(channel)
        record._leave_mark()
        Page = record.env["cobranca.negotiation.page"]
        return Page._make_request(scene, wish.monthly, record._clean(reason), channel)

    def _leave_mark(self):
        """Who waits for this placement, to recall it, begins again: he would not find what is asked for now."""
        self.env.cr.execute(SQL("UPDATE cobranca_placement SET write_date = write_date WHERE id = %s", self.id))

    def _take_back_request(self, number):
        """What the agency asked for is not wanted any more. What was sent stands: an offer binds (CDC, art. 30).

        :param int number: id of the proposal
        :raise UserError: for what does not wait, or not for this agency
        """
        record = self._claim_own()
        waiting = record._search_offers(WAITING).filtered(lambda each: each.id == number)
        if not waiting:
            raise UserError(self.env._("This request waits no more: see below what became of it."))
        waiting._withdraw(self.env._("Taken back by %(name)s.", name=self.env.user.name))

    def _end(self, reason, note=False):
        """What still waits for approval ends with the placement; what the customer was sent stands until its day."""
        ended = super()._end(reason, note)
        waiting = ended._search_offers(WAITING)
        waiting._end_free("withdrawn", WAITING, self.env._("The customer is not with the agency any more."))
        return ended

    # --- facts ---

    def _search_offers(self, domain):
        """The proposals that were made for these, the newest first.

        :return: cobranca.proposal with the rights of the system
        """
        Proposal = self.env["cobranca.proposal"].sudo()  # sudo: of these placements only
        return Proposal.search(Domain("placement_id", "in", self.ids) & Domain(domain), order="id desc")

    def _get_seen(self, scene, ready, chosen):
        """By which what is sent later tells that the page showed something else; nothing can be read from it.

        :param dict ready: of `cobranca.negotiation.page`
        :param Chosen chosen: what is shown beside them
        :return: [of the ready offers, of what was chosen]
        """
        shown = [sorted(ready.items()), chosen.plan]
        return [hashlib.sha256(repr((scene.today, each)).encode()).hexdigest()[:24] for each in shown]

    def _get_ways(self):
        """How the customer can be told: by the channels of the agency that reach him.

        An e-mail that follows a contact of today is part of it; any other one is a contact by itself, of which there
        are as many as was agreed.

        :return: dict {channel: label}
        """
        self.ensure_one()
        ways, channels = {}, self.agency_id._get_channels()
        if "email" in channels and (self._is_contacted_today() or not self._get_contact_limit()):
            _recipient, gap = self.env["cobranca.proposal"]._get_recipient(self.company_id, self.partner_id)
            if not gap:
                ways["email"] = self.env._("by e-mail, with the link to accept it")
        if "call" in channels:
            ways["call"] = self.env._("by phone, by your agency")
        return ways

    def _is_contacted_today(self):
        company = self.company_id
        return bool(self.contacted_at) and company._cobranca_day_of(self.contacted_at) == company._cobranca_today()

    def _get_contact_limit(self):
        """:return: str, why this customer is not to be contacted now; empty where he may be"""
        return self.env["cobranca.placement.page"]._get_limit(self)

    def _check_way(self, channel):
        """:raise UserError: for a way by which the customer cannot be told, or was often enough today"""
        if channel not in self._get_ways():
            raise UserError(self.env._("Choose how the customer is told."))
        today = self.company_id._cobranca_today()
        sent = [("channel", "=", "email"), ("amount_on", "=", today), ("sent_at", "!=", False)]
        if channel == "email" and len(self._search_offers(sent)) >= MAILS_A_DAY:
            raise UserError(
                self.env._(
                    "The customer was sent %(count)s proposals by e-mail today: speak with him, or go on tomorrow.",
                    count=MAILS_A_DAY,
                )
            )
