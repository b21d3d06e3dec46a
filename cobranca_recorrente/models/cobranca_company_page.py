from odoo import fields, models

# What managers set.
PAGE_SETTINGS = ("cobranca_reminder_days", "cobranca_doubt_days")


class CobrancaCompanyPage(models.AbstractModel):
    """What customers may do on the page of open payments besides paying."""

    _name = "cobranca.company.page"
    _description = "Page of Open Payments, of a Company"

    cobranca_reminder_days = fields.Integer(
        string="Customers choose the day of a reminder (days ahead)",
        default=10,
        groups="base.group_user",
        help="On their page they choose a day up to so many days ahead: until then no reminders, on that day one. "
        "Never further than promises may be. 0 = not offered.",
    )
    cobranca_doubt_days = fields.Integer(
        string="Questions are answered within (business days)",
        default=2,
        groups="base.group_user",
        help="The page tells the customer until which day a person answers; the task has that deadline.",
    )

    _check_cobranca_page = models.Constraint(
        "CHECK (cobranca_reminder_days BETWEEN 0 AND 60 AND cobranca_doubt_days BETWEEN 1 AND 10)",
        "The day of a reminder is at most 60 days ahead, questions are answered within 1 to 10 business days.",
    )

    # === BUSINESS METHODS === #

    def _cobranca_has_payment_page(self):
        """Do the customers of this company pay on the page of open payments, in place of Odoo's own pages?

        Charges, Pix and the calendar of that page are Brazilian: another country's company keeps what Odoo has.
        """
        self.ensure_one()
        company = self.sudo()  # sudo: where the company is, whoever asks
        return (company.account_fiscal_country_id or company.country_id).code == "BR"
