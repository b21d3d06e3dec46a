from datetime import timedelta

from odoo import api, models
from odoo.tools.misc import format_date

from ..tools import card
from .cobranca_card_mandate import MONTH_DAYS

ACTIVITY = "cobranca_recorrente.mail_activity_card"
REFUSED = "cobranca_recorrente.mail_template_card_refused"


class CobrancaCardAnswer(models.AbstractModel):
    """What follows from a refusal: another try on a later day, or a word to the customer."""

    _name = "cobranca.card.answer"
    _description = "What Follows from a Card Charge"

    # === BUSINESS METHODS === #

    def _plan_retry(self, decline):
        """Decide when the debts of a refused charge are charged again; a card that is refused for good is done.

        :param str decline: hard, soft or unknown
        """
        self.ensure_one()
        rules = self.company_id
        left = rules.cobranca_card_month_limit - self.mandate_id._count_charges(self.date - timedelta(days=MONTH_DAYS))
        days = card.parse_days(rules.cobranca_card_retry_days)
        today = rules._cobranca_today()
        for item in self.charge_line_ids:
            item.next_on = card.next_try(item.first_on, max(today, self.date), item.attempt, decline, days, left)
        self.write({"decline_class": decline, "is_to_tell": not any(self.charge_line_ids.mapped("next_on"))})
        if decline == card.HARD:
            self.mandate_id._end("refused")

    # --- telling ---

    @api.model
    def _search_to_tell(self):
        return self.search([("is_to_tell", "=", True)], order="id", limit=200)

    def _tell(self):
        """Tell who has to know: somebody of the team of a lost answer, the customer of a last refusal."""
        self.ensure_one()
        self.is_to_tell = False
        if self.state == "unknown":
            self._ask_person()
        elif self.state == "refused":
            self._tell_customer()

    def _ask_person(self):
        """Let somebody look at the provider's whether the card was charged."""
        self.env["cobranca.dunning.engine"]._schedule(
            self.company_id,
            self.partner_id,
            self.env._("Was the card charged? %(amount)s", amount=self.currency_id.format(self.amount)),
            self._explain(),
            ACTIVITY,
        )

    def _close_activity(self):
        """The answer is known: nobody has to look any more, unless another one of this customer is lost."""
        others = [("partner_id", "=", self.partner_id.id), ("state", "=", "unknown"), ("id", "!=", self.id)]
        if not self.search_count(others, limit=1):
            self.partner_id.activity_feedback([ACTIVITY])

    def _tell_customer(self):
        """Tell a customer that his card was refused and will not be tried again; with a link to what is open."""
        lines = self.charge_line_ids.line_id.filtered(lambda line: not line.reconciled and line.amount_residual > 0)
        if not lines:
            return
        self._note_refusal(lines)
        if self.company_id._cobranca_get_creditor_gap():
            return
        Link = self.env["cobranca.debt.link"]
        row = (self.company_id.id, self.partner_id.id, lines.ids, Link._get_expiry(self.company_id))
        [address] = Link._make_links([row])
        self.mandate_id._send_mail(REFUSED, cobranca_link=address, cobranca_is_ended=self.mandate_id.state != "active")

    def _note_refusal(self, lines):
        """Into the register of contacts: whoever speaks with the customer next knows."""
        self.env["cobranca.interaction"]._record(
            self.company_id,
            self.partner_id,
            "system",
            "other",
            reached="nobody",
            user_id=False,
            note=self.env._(
                "Card refused on %(date)s: %(card)s. %(message)s",
                date=format_date(self.env, self.date),
                card=self.mandate_id.card_name,
                message=self.message or "",
            ),
            lines=lines,
        )
