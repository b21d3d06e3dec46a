from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import card

CARD_SETTINGS = ("cobranca_card_enabled", "cobranca_card_hour", "cobranca_card_retry_days", "cobranca_card_month_limit")
CARD_SETTINGS += ("cobranca_card_notice_days", "cobranca_card_text")


class CobrancaCompanyCard(models.AbstractModel):
    """How a company charges cards that its customers let it keep."""

    _name = "cobranca.company.card"
    _description = "Cards on File, of a Company"

    cobranca_card_enabled = fields.Boolean(
        string="Customers may pay by a card on file",
        groups="base.group_user",
        help="In the portal they authorise that a saved card is charged on each due date.",
    )
    cobranca_card_hour = fields.Integer(
        string="Cards are charged from (hour)",
        default=8,
        groups="base.group_user",
        help="In the time zone of the company: who is told of a charge is awake then.",
    )
    cobranca_card_retry_days = fields.Char(
        string="Refused charges again (days after due)",
        default="2, 5, 8",
        groups="base.group_user",
        help="With the amount of that day. A card that is lost, stolen, closed or false is never charged again; a "
        "refusal without a reason is tried once more.",
    )
    cobranca_card_month_limit = fields.Integer(
        string="Charges of one card in 30 days, at most",
        default=8,
        groups="base.group_user",
        help="Card brands fine who tries again and again.",
    )
    cobranca_card_notice_days = fields.Integer(
        string="Notice of an expiring card (days before)", default=30, groups="base.group_user"
    )
    cobranca_card_text = fields.Text(
        string="Text of the authorisation",
        translate=True,
        groups="base.group_user",
        help="What customers accept, as it is kept with each authorisation. Empty: the text of this product.",
    )
    cobranca_card_text_version = fields.Integer(
        string="Version of the text", default=1, readonly=True, groups="base.group_user"
    )

    _check_cobranca_card = models.Constraint(
        "CHECK (cobranca_card_hour BETWEEN 0 AND 20 AND cobranca_card_month_limit BETWEEN 1 AND 15 "
        "AND cobranca_card_notice_days BETWEEN 5 AND 90)",
        "Cards are charged from 0 to 20 h, 1 to 15 times in 30 days; notices leave 5 to 90 days before.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("cobranca_card_retry_days")
    def _check_cobranca_card_retry_days(self):
        for company in self:
            try:
                card.parse_days(company.cobranca_card_retry_days)
            except ValueError:
                raise ValidationError(
                    self.env._(
                        "Write the days after the due date on which a refused card is tried again, growing and up to "
                        "the 30th, such as 2, 5, 8; empty = never again."
                    )
                ) from None

    # === CRUD METHODS === #

    def write(self, vals):
        """A text that is changed is another version: earlier authorisations keep what they accepted."""
        if "cobranca_card_text" not in vals:
            return super().write(vals)
        for company in self:
            changed = (vals["cobranca_card_text"] or "").strip() != (company.cobranca_card_text or "").strip()
            own = {"cobranca_card_text_version": company.cobranca_card_text_version + 1} if changed else {}
            super(CobrancaCompanyCard, company).write({**vals, **own})
        return True

    # === BUSINESS METHODS === #

    def _cobranca_get_card_text(self):
        """What a customer accepts, in the language of the environment.

        :return: (text, version)
        """
        self.ensure_one()
        rules = self.sudo()  # sudo: what customers read before they accept
        text = (rules.cobranca_card_text or "").strip() or self.env._(
            "I authorise %(company)s to charge the card named here, on the due date of each invoice (on the next "
            "business day, when banks are closed), with the amount of that day. If the card is refused, the charge "
            "may be tried again within 30 days, with fine and interest where they are agreed. The number of the card "
            "is kept by the payment provider only. I may take this authorisation back at any time on this page, "
            "without a cost; what was charged before stays charged.",
            company=self.name,
        )
        return text, rules.cobranca_card_text_version
