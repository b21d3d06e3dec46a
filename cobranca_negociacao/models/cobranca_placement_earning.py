from odoo import fields, models

# After these ends what comes in soon still earns: the agency worked for it, and did not give it back.
TAIL = ("recalled", "term", "paid")


class CobrancaPlacementEarning(models.AbstractModel):
    """Until when money for a placement earns commission."""

    _name = "cobranca.placement.earning"
    _description = "Commission of a Placement"

    earns_until = fields.Date(
        string="Commission until",
        readonly=True,
        groups="cobranca_recorrente.cobranca_group_collector",
        help="What came in after this day earns no commission. Fixed when the placement ends.",
    )

    # === BUSINESS METHODS === #

    def _end(self, reason, note=False):
        ended = super()._end(reason, note)
        for (agency, ended_on), own in ended.grouped(lambda record: (record.agency_id, record.ended_on)).items():
            days = agency.tail_days if reason in TAIL else 0
            own.write({"earns_until": fields.Date.add(ended_on, days=days)})
        return ended

    def _take_out(self, items):
        """Money for a debt that was taken out alone earns until this day."""
        super()._take_out(items)
        for company, own in items.grouped("company_id").items():
            own.write({"ended_on": company._cobranca_today()})
