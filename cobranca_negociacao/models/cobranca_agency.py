from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .cobranca_agency_watch import ACTIVITY

MONEY_TO = [("company", "To us"), ("agency", "To the agency, which passes it on")]
COLLECTOR = "cobranca_recorrente.cobranca_group_collector"
AGENCY = "cobranca_negociacao.cobranca_group_agency"


class CobrancaAgency(models.Model):
    """A collection agency: an operator of personal data in the name of the company (LGPD, art. 5 VII and 39)."""

    _name = "cobranca.agency"
    _description = "Collection Agency"
    _inherit = [
        "cobranca.agency.money",
        "cobranca.agency.room",
        "cobranca.agency.screen",
        "cobranca.agency.watch",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(related="partner_id.name", store=True)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Agency",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('is_company', '=', True)]",
        help="Its people are contacts of this company, with a user of the portal each.",
    )
    # --- what was agreed ---
    term_days = fields.Integer(
        string="Term (days)", default=90, required=True, tracking=True, help="So long a debt stays with the agency."
    )
    agreement_days = fields.Integer(
        string="After the last installment (days)",
        default=15,
        required=True,
        tracking=True,
        help="While an agreement that the agency made is kept, the term goes on until so many days after its end.",
    )
    tail_days = fields.Integer(
        string="Commission after the end (days)",
        default=15,
        required=True,
        tracking=True,
        help="What comes in so many days after a debt was recalled or its term ended still earns commission.",
    )
    commission_ids = fields.One2many(comodel_name="cobranca.agency.commission", inverse_name="agency_id")
    fee_percent = fields.Float(
        string="Fees asked from customers (%)",
        digits=(5, 2),
        tracking=True,
        help="Honorários de cobrança: on top of each payment of the agreements that this agency offers from now on. "
        "They are booked as owed to it, shown in the proposal and in the term, earn no commission, and lapse when the "
        "agreement breaks. Consumers owe them only where a contract says so, for work that was done, and equally in "
        "both directions (CDC, art. 51 XII): ask your lawyer first.",
    )
    money_to = fields.Selection(
        selection=MONEY_TO, string="Customers pay", default="company", required=True, tracking=True
    )
    # --- how far it may go ---
    authority_ids = fields.One2many(comodel_name="cobranca.offer.authority", inverse_name="agency_id")
    may_call = fields.Boolean(string="Phone", default=True, tracking=True)
    may_whatsapp = fields.Boolean(string="WhatsApp", default=True, tracking=True)
    may_sms = fields.Boolean(string="SMS", tracking=True)
    may_email = fields.Boolean(string="E-mail", default=True, tracking=True)
    most_contacts_day = fields.Integer(string="Contacts a day", default=1, required=True, tracking=True)
    most_contacts_week = fields.Integer(string="Contacts a week", default=3, required=True, tracking=True)
    max_count = fields.Integer(string="Customers at once", tracking=True, help="0: no limit.")
    max_amount = fields.Monetary(string="Amount at once", tracking=True, help="0: no limit.")
    # --- whom it may be given ---
    operator_signed_on = fields.Date(string="Operator agreement signed on", tracking=True)
    operator_until = fields.Date(
        string="Operator agreement valid until",
        tracking=True,
        help="The agreement between controller and operator of personal data (LGPD, art. 39). Without a valid one "
        "nothing is placed and the agency sees nothing.",
    )
    operator_attachment_ids = fields.Many2many(comodel_name="ir.attachment", string="Operator agreement", copy=False)
    is_suspended = fields.Boolean(
        string="Access suspended", tracking=True, help="At once: the people of the agency see nothing any more."
    )
    is_open = fields.Boolean(
        string="Access open", readonly=True, help="Active, not suspended, with a valid operator agreement."
    )

    placement_ids = fields.One2many(comodel_name="cobranca.placement", inverse_name="agency_id", string="Placements")
    placement_count = fields.Integer(string="With the agency", compute="_compute_placed")
    placement_amount = fields.Monetary(string="Amount with the agency", compute="_compute_placed")

    collected_at = fields.Datetime(
        string="Payments collected",
        readonly=True,
        copy=False,
        help="When the ledger of its commission was last updated.",
    )

    _uniq_partner = models.UniqueIndex("(company_id, partner_id)", "This agency is there already.")
    _check_terms = models.Constraint(
        """CHECK (term_days BETWEEN 1 AND 1095 AND agreement_days BETWEEN 0 AND 365 AND tail_days BETWEEN 0 AND 365
            AND fee_percent BETWEEN 0 AND 20 AND most_contacts_day BETWEEN 1 AND 10
            AND most_contacts_week BETWEEN 1 AND 30 AND max_count >= 0 AND max_amount >= 0)""",
        "A term is of 1 to 1095 days; fees are up to 20 %, contacts up to 10 a day and 30 a week.",
    )

    # === COMPUTE METHODS === #

    @api.depends("placement_ids.state", "placement_ids.amount")
    def _compute_placed(self):
        rows = self.env["cobranca.placement"]._read_group(
            [("agency_id", "in", self.ids), ("state", "=", "active")], ["agency_id"], ["__count", "amount:sum"]
        )
        found = {agency.id: figures for agency, *figures in rows}
        for agency in self:
            agency.placement_count, agency.placement_amount = found.get(agency.id, (0, 0.0))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        agencies = super().create(vals_list)
        agencies._follow_access()
        return agencies

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"active", "is_suspended", "operator_until", "operator_signed_on"}:
            self._follow_access()
        if vals.get("active") is False:
            self._follow_archiving()
        if "operator_until" in vals:
            # What was asked for is done; what ends soon again is asked for anew.
            self.activity_unlink([ACTIVITY])
        return result

    @api.constrains("partner_id", "company_id")
    def _check_partner(self):
        for agency in self:
            partner = agency.partner_id
            if not partner.is_company or partner != partner.commercial_partner_id:
                raise ValidationError(self.env._("An agency is a company of its own: choose its main contact."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Agencies stay in the register: archive the one that does not work any more."))

    # === BUSINESS METHODS === #

    def _has_operator_agreement(self, date):
        """Is there an agreement on personal data that holds on a day?"""
        self.ensure_one()
        begun = self.operator_signed_on and self.operator_signed_on <= date
        return bool(begun and self.operator_until and self.operator_until >= date)

    def _check_may_take(self, placements, date):
        """:raise UserError: for more placements than this agency may be given on a day, or for any without agreement"""
        self.ensure_one()
        if not self._may_take(date):
            raise UserError(
                self.env._(
                    "%(agency)s has no operator agreement (LGPD) that holds today, or its access is suspended: nothing "
                    "can be placed with it.",
                    agency=self.name,
                )
            )
        count = self.placement_count + len(placements)
        amount = self.placement_amount + sum(placements.mapped("amount"))
        if (self.max_count and count > self.max_count) or (self.max_amount and amount > self.max_amount):
            raise UserError(
                self.env._(
                    "%(agency)s would have %(count)s customers and %(amount)s at once, more than agreed: place fewer.",
                    agency=self.name,
                    count=count,
                    amount=self.currency_id.format(amount),
                )
            )

    @api.model
    def _get_own(self, company=None):
        """The agency of the current user, if it may work now.

        :param company: res.company; None: of whichever company
        :return: cobranca.agency, with the rights of the system
        """
        user = self.env.user
        if not user.has_group(AGENCY):
            return self.browse()
        # sudo: the agency's own facts, of which its pages choose what they show
        own = self.sudo()
        domain = Domain("partner_id", "=", user.commercial_partner_id.id) & Domain("is_open", "=", True)
        return own.search(domain & Domain("company_id", "=", company.id) if company else domain)

    def _get_channels(self):
        """By which ways its people may contact customers.

        :return: list of channels of `cobranca.interaction`
        """
        self.ensure_one()
        allowed = {
            "call": self.may_call,
            "whatsapp": self.may_whatsapp,
            "sms": self.may_sms,
            "email": self.may_email,
        }
        return [channel for channel, may in allowed.items() if may]

    def _get_percent(self, days_late):
        """The commission on a debt that is placed so many days late.

        :return: float, percent; 0 where no band holds
        """
        self.ensure_one()
        bands = self.commission_ids.filtered(lambda band: band.days_from <= days_late)
        return max(bands, key=lambda band: band.days_from).percent if bands else 0.0
