from odoo import fields, models

STATEMENT_GUARD = [("auto", "When statements are imported"), ("always", "Always"), ("never", "Never")]
# What managers set.
PAID_SETTINGS = ("cobranca_statement_guard", "cobranca_statement_days", "cobranca_claim_days")
PAID_SETTINGS += ("cobranca_link_days", "cobranca_link_asks_document")
PAID_SETTINGS += ("cobranca_charge_back_days", "cobranca_charge_back_forgives")


class CobrancaCompanyPaid(models.AbstractModel):
    """How a company takes care that nobody is asked who has paid, and how its customers see what is open."""

    _name = "cobranca.company.paid"
    _description = "Payments that Arrive, of a Company"

    cobranca_statement_guard = fields.Selection(
        selection=STATEMENT_GUARD,
        string="Reminders wait for the bank statement",
        default="auto",
        required=True,
        groups="base.group_user",
        help="After the due date nobody is reminded before a statement of the days on which he may have paid was "
        "imported. “When statements are imported”: only while statements of the last 60 days are there.",
    )
    cobranca_statement_days = fields.Integer(
        string="Statement must show (business days after due)",
        default=0,
        groups="base.group_user",
        help="How long a payment made on the due date takes to be in the statement: a Pix comes on the same day (0), "
        "a boleto on the next business day (1). A due date on a day without banks counts as the next business day.",
    )
    cobranca_claim_days = fields.Integer(
        string="“I have paid” pauses reminders (business days)",
        default=5,
        groups="base.group_user",
        help="So long nobody is reminded of what he says he has paid; meanwhile somebody looks for the payment.",
    )
    cobranca_charge_back_days = fields.Integer(
        string="After a chargeback nobody is reminded for (business days)",
        default=2,
        groups="base.group_user",
        help="So long somebody may speak with the customer before the ladder goes on; 0: it goes on at once.",
    )
    cobranca_charge_back_forgives = fields.Boolean(
        string="No charges for the time until a chargeback",
        default=True,
        groups="base.group_user",
        help="The debt counted as paid between the payment and the day on which the bank took it back.",
    )
    cobranca_link_days = fields.Integer(
        string="Link to open payments valid (days)",
        default=14,
        groups="base.group_user",
        help="Afterwards its page offers a new link, by the e-mail that is registered.",
    )
    cobranca_link_asks_document = fields.Boolean(
        string="Link asks for the first digits of the CPF",
        default=True,
        groups="base.group_user",
        help="Before a person sees anything. Companies are not asked: their invoices are no secret of one person.",
    )

    _check_cobranca_paid = models.Constraint(
        "CHECK (cobranca_statement_days BETWEEN 0 AND 10 AND cobranca_claim_days BETWEEN 1 AND 30 "
        "AND cobranca_link_days BETWEEN 1 AND 90 AND cobranca_charge_back_days BETWEEN 0 AND 10)",
        "Statements are waited for 0 to 10 business days, payments are looked for 1 to 30, links hold 1 to 90 days, "
        "and after a chargeback nobody is reminded for 0 to 10 business days.",
    )
