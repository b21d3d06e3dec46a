from odoo import api, models
from odoo.fields import Domain
from odoo.tools import split_every


class CobrancaPlacementFollow(models.AbstractModel):
    """What a new day does to placements."""

    _name = "cobranca.placement.follow"
    _description = "Daily Run of Placements"

    # === BUSINESS METHODS === #

    @api.model
    def _get_over_domain(self, company):
        """Placements whose last day is over where the company is."""
        return self._get_running_domain(company) & Domain("ends_on", "<", company._cobranca_today())

    @api.model
    def _get_stale_domain(self, company):
        """Placements whose amounts are not those of today."""
        return self._get_running_domain(company) & Domain("refreshed_on", "!=", company._cobranca_today())

    @api.model
    def _get_running_domain(self, company):
        return Domain("company_id", "=", company.id) & Domain("state", "=", "active")

    def _follow_day(self, company):
        """Terms end, those of agreements go on as long as these, what is prescribed is not asked for, amounts grow."""
        self.filtered("base_ends_on")._follow_agreements(company._cobranca_today())
        self._take_prescribed(company)
        over = self.filtered_domain(self._get_over_domain(company))
        over._end("term")
        (self - over)._refresh_amounts()

    def _take_prescribed(self, company):
        """Nobody demands what is prescribed (CC, art. 206, § 5º; STJ, REsp 2.088.100): agencies do not either."""
        own = self.filtered(lambda record: record.state == "active")
        old = self.env["cobranca.case"]._get_prescribed(company, own._get_lines())
        items = own.line_ids.filtered(lambda item: item.is_live and item.line_id.id in old)
        if items:
            own = items.placement_id
            own._take_out(items)
            over = own.filtered(lambda record: not record._get_lines())
            over._end("other", self.env._("Its debts are prescribed"))

    # === SCHEDULED ACTIONS === #

    @api.model
    def _cron_follow(self, batch_size=200):
        """End the placements whose term is over, and write the amounts of the others down anew.

        What is over comes first; a run that is cut short goes on with what is not of today yet.
        """
        batches = []
        for get_domain in (self._get_over_domain, self._get_stale_domain):
            for company in self.env["res.company"].search(Domain.TRUE):
                ids = self.search(get_domain(company), order="id").ids
                batches += [company._cobranca_localize(self.browse(part)) for part in split_every(batch_size, ids)]
        self.env["cobranca.batch.run"]._cron_each(batches, lambda batch: batch._follow_day(batch.env.company))
