from odoo import api, fields, models
from odoo.exceptions import UserError

COLLECTOR = "cobranca_recorrente.cobranca_group_collector"
STATES = [
    ("proposed", "To be approved"),
    ("active", "With the agency"),
    ("ended", "Placement ended"),
    ("refused", "Not placed"),
]
# Why a placement ended.
REASONS = [
    ("recalled", "Recalled"),
    ("returned", "Returned by the agency"),
    ("paid", "Nothing is open any more"),
    ("dispute", "Customer disputes"),
    ("court", "Court case or Procon"),
    ("over_indebtedness", "Over-indebtedness"),
    ("deceased", "Deceased"),
    ("term", "End of the term"),
    ("other", "Other"),
]
ARMS = [("champion", "Champion"), ("challenger", "Challenger")]


class CobrancaPlacement(models.Model):
    """A customer's debts that an agency collects for a time: never two agencies at once.

    People of the agency read the rows that are theirs now, and of these only the fields without groups.
    Rows are written by methods only.
    """

    _name = "cobranca.placement"
    _description = "Placement with an Agency"
    _inherit = [
        "cobranca.placement.offer",
        "cobranca.placement.earning",
        "cobranca.placement.notice",
        "cobranca.placement.life",
        "cobranca.placement.agreement",
        "cobranca.placement.follow",
        "cobranca.placement.review",
        "cobranca.placement.screen",
        "cobranca.placement.work",
    ]
    _order = "callback_at, amount desc, id"
    _check_company_auto = True

    # --- what its people may see ---
    name = fields.Char(string="Number", required=True, readonly=True, copy=False, default="/", index="trigram")
    state = fields.Selection(selection=STATES, default="proposed", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(comodel_name="res.currency", required=True, readonly=True)
    line_count = fields.Integer(string="Debts", readonly=True, aggregator=None)
    amount_original = fields.Monetary(string="Original", readonly=True)
    amount = fields.Monetary(string="Today", readonly=True, help="Open amounts with fine, interest and correction.")
    days_late = fields.Integer(string="Late days", readonly=True, aggregator="max", help="Of the oldest debt.")
    placed_on = fields.Date(string="With the agency since", readonly=True)
    ends_on = fields.Date(string="Term until", readonly=True, index=True)
    contacted_at = fields.Datetime(string="Last contact", readonly=True)
    last_outcome = fields.Char(readonly=True, help="Key of the outcome of the last contact of the agency.")
    callback_at = fields.Datetime(string="Callback", readonly=True)
    # --- what they may not; who it is they read on pages and in files alone, which count and write that down ---
    customer_name = fields.Char(
        string="Name", readonly=True, index="trigram", groups=COLLECTOR, help="As it was placed."
    )
    document = fields.Char(string="CPF or CNPJ (masked)", readonly=True, groups=COLLECTOR)
    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True, groups=COLLECTOR)
    agency_id = fields.Many2one(
        comodel_name="cobranca.agency",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        groups=COLLECTOR,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        groups=COLLECTOR,
    )
    line_ids = fields.One2many(
        comodel_name="cobranca.placement.line",
        inverse_name="placement_id",
        string="Placed debts",
        readonly=True,
        groups=COLLECTOR,
    )
    amount_placed = fields.Monetary(
        readonly=True, groups=COLLECTOR, help="With all charges of the day of the placement."
    )
    first_contact_at = fields.Datetime(string="First contact", readonly=True, groups=COLLECTOR)
    base_ends_on = fields.Date(
        string="Term without agreements",
        readonly=True,
        groups=COLLECTOR,
        help="Set while the term goes on with an agreement; a break goes back to it.",
    )
    refreshed_on = fields.Date(string="As of", readonly=True, groups=COLLECTOR)
    arm = fields.Selection(selection=ARMS, readonly=True, groups=COLLECTOR)
    batch_id = fields.Many2one(
        comodel_name="cobranca.placement.batch",
        string="Proposal",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups=COLLECTOR,
    )
    rule_id = fields.Many2one(
        comodel_name="cobranca.placement.rule",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups=COLLECTOR,
    )
    ended_on = fields.Date(readonly=True, groups=COLLECTOR)
    end_reason = fields.Selection(selection=REASONS, readonly=True, index=True, groups=COLLECTOR)
    end_note = fields.Char(readonly=True, groups=COLLECTOR)
    ended_by_id = fields.Many2one(comodel_name="res.users", string="Ended by", readonly=True, groups=COLLECTOR)

    _uniq_live = models.UniqueIndex(
        "(company_id, partner_id, currency_id, agency_id) WHERE state IN ('proposed', 'active')",
        "This customer is with the agency already.",
    )
    _agency_idx = models.Index("(agency_id, callback_at, amount DESC, id) WHERE state = 'active'")
    _check_end = models.Constraint(
        "CHECK ((ended_on IS NOT NULL) = (state = 'ended') AND (state <> 'active' OR ends_on IS NOT NULL))",
        "A placement that runs has a term, one that has ended says when.",
    )

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Placements stay in the register: recall what the agency shall not work any more."))
