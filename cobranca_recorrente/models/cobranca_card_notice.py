import logging
from datetime import timedelta

from odoo import api, models

_logger = logging.getLogger(__name__)


class CobrancaCardNotice(models.AbstractModel):
    """Cards that expire: their customers are told once, with the way to another card; then the authorisation ends."""

    _name = "cobranca.card.notice"
    _description = "Expiring Cards"

    # === SCHEDULED ACTIONS === #

    @api.model
    def _cron_notice(self):
        """Tell who has to be told of an expiring card, and end what is not valid any more."""
        progress = self.env["ir.cron"]._commit_progress
        # sudo: run by the cron for all companies
        Mandate = self.env["cobranca.card.mandate"].sudo()
        for company in Mandate.search([("state", "=", "active"), ("date_expiry", "!=", False)]).company_id:
            today = company._cobranca_today()
            self._end_expired(company, today)
            ids = self._search_expiring(company, today).ids
            if not progress(remaining=len(ids)):
                return
            for mandate_id in ids:
                mandate = Mandate.browse(mandate_id).try_lock_for_update()
                try:
                    mandate.filtered(lambda own: own.state == "active" and not own.notice_on)._tell_expiry(today)
                except Exception:  # one text that cannot be written keeps nobody else from being told
                    self.env.cr.rollback()
                    self.env.invalidate_all()
                    _logger.exception("Customer of card authorisation %s could not be told", mandate_id)
                if not progress(1):
                    return

    # === BUSINESS METHODS === #

    @api.model
    def _search_expiring(self, company, today):
        """The active authorisations whose customers have to be told today.

        :return: cobranca.card.mandate
        """
        limit = today + timedelta(days=company.cobranca_card_notice_days)
        # sudo: run by the cron
        Mandate = self.env["cobranca.card.mandate"].sudo()
        own = [("company_id", "=", company.id), ("state", "=", "active"), ("notice_on", "=", False)]
        return Mandate.search([*own, ("date_expiry", ">=", today), ("date_expiry", "<=", limit)], order="id")

    @api.model
    def _end_expired(self, company, today):
        # sudo: run by the cron
        Mandate = self.env["cobranca.card.mandate"].sudo()
        own = [("company_id", "=", company.id), ("state", "=", "active")]
        Mandate.search([*own, ("date_expiry", "<", today)]).try_lock_for_update()._end("expired")
