from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, consteq
from odoo.tools.misc import format_date

from ..tools import card

LONGEST_AGENT = 200


class CobrancaCardConsent(models.AbstractModel):
    """How a customer lets a saved card be charged, and takes that back, in the portal."""

    _name = "cobranca.card.consent"
    _description = "How a Card Is Authorised"

    # === BUSINESS METHODS === #

    @api.model
    def _accept(self, company, debtor, token, text_hash, scope="all", contracts=None, expiry="", ip="", agent=""):
        """Write down what a customer accepted. An earlier authorisation ends: one card is charged, never two.

        The caller knows that the user speaks for this debtor.

        :param company: res.company
        :param debtor: res.partner, the commercial one
        :param token: payment.token
        :param str text_hash: of the text that he was shown; it must be the one of this moment
        :param contracts: cobranca.contract, with scope `contracts`
        :param str expiry: until when the card is valid, as he typed it, such as 08/27
        :return: cobranca.card.mandate
        :raise UserError: with what keeps the card from being authorised, and what to do
        :raise LockError: while the card of before is being charged
        """
        contracts = contracts if scope == "contracts" else self.env["cobranca.contract"]
        current, version = company._cobranca_get_card_text()
        if not consteq(text_hash or "", card.fingerprint(current)):
            raise UserError(self.env._("The text has changed meanwhile. Please read it again, and accept it."))
        self._check_wanted(company, debtor, token, scope, contracts)
        until = self._read_expiry(company, token, expiry)
        Mandate = self.sudo()  # sudo: written by methods only
        self._claim_debtor(debtor)
        earlier = Mandate.search([("company_id", "=", company.id), ("partner_id", "=", debtor.id)])
        earlier.filtered(lambda mandate: mandate.state == "active")._end("replaced")
        mandate = Mandate.create(
            {
                "company_id": company.id,
                "partner_id": debtor.id,
                "token_id": token.id,
                "card_name": token.display_name,
                "provider_name": token.provider_id.name,
                "date_expiry": until,
                "scope": scope,
                "contract_ids": [Command.set(contracts.ids)],
                "date_from": company._cobranca_today(),
                "text": current,
                "text_version": version,
                "text_hash": card.fingerprint(current),
                "accepted_at": fields.Datetime.now(),
                "accepted_by_id": self.env.uid,
                "accepted_ip": ip or False,
                "accepted_agent": (agent or "")[:LONGEST_AGENT] or False,
            }
        )
        mandate._mark_automatic()
        mandate._note(self.env._("Authorised automatic payment by %(card)s.", card=mandate.card_name))
        return mandate

    @api.model
    def _claim_debtor(self, debtor):
        """Two at once make one after the other: the second waits and gets a serialization failure.

        His request begins again and finds what the first one authorised.
        """
        self.env.flush_all()
        self.env.execute_query(
            SQL("UPDATE res_partner SET write_date = write_date WHERE id = %s RETURNING id", debtor.id)
        )

    @api.model
    def _check_wanted(self, company, debtor, token, scope, contracts):
        if not company.sudo().cobranca_card_enabled:  # sudo: a setting, whoever asks
            raise UserError(self.env._("Automatic payment by card is not offered at the moment. Please write to us."))
        if not token or token not in self._get_tokens(company, debtor):
            raise UserError(self.env._("Choose one of your saved cards, or save one first."))
        if scope not in dict(self._fields["scope"].selection) or (scope == "contracts" and not contracts):
            raise UserError(self.env._("Choose at least one contract, or all of them."))
        if contracts - self._get_contracts(company, debtor):
            raise AccessError(self.env._("Choose among your own contracts."))

    @api.model
    def _read_expiry(self, company, token, expiry):
        """The last day of a card: as the provider tells it, else as the customer typed it."""
        try:
            month, year = token._cobranca_get_expiry() or card.parse_expiry(expiry)
            until = card.last_day(month, year)
        except ValueError:
            raise UserError(self.env._("Write until when the card is valid as on the card, such as 08/27.")) from None
        if until and until < company._cobranca_today():
            raise UserError(self.env._("This card is not valid any more: save another one."))
        return until

    @api.model
    def _get_tokens(self, company, debtor):
        """The saved cards of a customer and his people that this company may charge without them.

        :return: payment.token
        """
        # sudo: the customer's own cards; what of them is shown is chosen by the page
        tokens = (
            self.env["payment.token"]
            .sudo()
            .search(
                [
                    ("partner_id", "child_of", debtor.id),
                    ("provider_id.company_id", "=", company.id),
                    ("provider_id.state", "in", ("enabled", "test")),
                    ("provider_id.capture_manually", "=", False),
                ]
            )
        )
        return tokens.filtered(lambda token: token.partner_id.commercial_partner_id == debtor)

    @api.model
    def _get_contracts(self, company, debtor):
        """The contracts that a customer may choose.

        :return: cobranca.contract
        """
        # sudo: the customer's own
        return (
            self.env["cobranca.contract"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("commercial_partner_id", "=", debtor.id),
                    ("state", "=", "active"),
                ]
            )
        )

    @api.model
    def _find_own(self, company, debtor, mandate_id):
        """An active authorisation of a customer.

        :return: cobranca.card.mandate, empty for somebody else's
        """
        own = [("company_id", "=", company.id), ("partner_id", "=", debtor.id), ("state", "=", "active")]
        # sudo: the customer's own
        return self.sudo().search([("id", "=", mandate_id), *own])

    # --- page ---

    @api.model
    def _get_card_page(self, company, debtor):
        """All that a customer sees of his automatic payment: plain values.

        :return: dict
        """
        # sudo: the customer's own, of which these values are chosen, and what every page tells of the company
        mandates = self.sudo().search(
            [("company_id", "=", company.id), ("partner_id", "=", debtor.id)], order="id desc", limit=10
        )
        active = mandates.filtered(lambda mandate: mandate.state == "active")[:1]
        text, _version = company._cobranca_get_card_text()
        rules = company.sudo()  # sudo: what every page tells of the company
        return {
            "is_offered": bool(rules.cobranca_card_enabled),
            "active": active._prepare_card_row() if active else None,
            "earlier": [mandate._prepare_card_row() for mandate in mandates - active],
            "cards": [{"id": token.id, "name": token.display_name} for token in self._get_tokens(company, debtor)],
            "contracts": [
                {"id": contract.id, "name": contract.display_name} for contract in self._get_contracts(company, debtor)
            ],
            "text": text,
            "text_hash": card.fingerprint(text),
            "creditor": self.env["cobranca.debt.page"]._get_creditor(rules),
        }

    def _prepare_card_row(self):
        self.ensure_one()
        labels = dict(self._fields["end_reason"]._description_selection(self.env))
        return {
            "id": self.id,
            "card": self._get_card_words(),
            "since": format_date(self.env, self.date_from),
            "ended": self.ended_at and format_date(self.env, self.ended_at.date()) or "",
            "why": labels.get(self.end_reason, ""),
            "contracts": self.contract_ids.mapped("display_name") if self.scope == "contracts" else [],
        }
