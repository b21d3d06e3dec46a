from odoo import models

# Discount and installments: the rest is told by the simulation.
SENTENCES = 2


class CobrancaCase(models.Model):
    _name = "cobranca.case"
    _inherit = ["cobranca.case.placement", "cobranca.case"]

    # === ACTIONS === #

    def action_negotiate(self):
        """Open the simulation of proposals over what is late."""
        self.ensure_one()
        return self.env["cobranca.proposal.desk"]._get_action(self.partner_id, self._get_lines())

    def action_dossier(self):
        """Download all that proves what is late.

        :raise UserError: where nothing is open
        """
        self.ensure_one()
        return self.env["cobranca.debt.dossier"]._get_action(self)

    # === BUSINESS METHODS === #

    def _get_concessions(self):
        """What was offered and still stands, and what the collector may concede by policy and his own authority."""
        concessions = super()._get_concessions()
        if self.is_training or self.currency_id != self.company_id.currency_id:
            return concessions
        return [*concessions, *self._get_open_offers(), *self._get_own_limits()]

    def _get_open_offers(self):
        """Proposals that the customer may still accept, in sentences."""
        proposals = self.env["cobranca.proposal"].search(
            [("company_id", "=", self.company_id.id), ("partner_id", "=", self.partner_id.id), ("state", "=", "sent")]
        )
        return [
            self.env._(
                "%(name)s stands until %(day)s: %(plan)s",
                name=proposal.name,
                day=proposal.until_text,
                plan=proposal.plan_text,
            )
            for proposal in proposals
        ]

    def _get_own_limits(self):
        """How far the user may go with this customer today, in sentences; none where nothing may be conceded."""
        company, lines = self.company_id, self._get_lines()
        engine = self.env["cobranca.offer.engine"]
        if not lines:
            return []
        found = engine._find(company, self.partner_id, lines, company._cobranca_today(), engine._get_role())
        if not found.rule or not found.authority:
            return []
        sentences = self.env["cobranca.offer.words"]._describe_limits(found.limits, company.currency_id)
        return list(sentences)[:SENTENCES]
