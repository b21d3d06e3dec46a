from odoo import fields, models

from ..tools.retention import LAWFUL_YEARS
from .cobranca_company_contact import CONTACT

DECISIONS = [("none", "Say nothing"), ("warn", "Ask for a reason"), ("block", "Only a supervisor, with a reason")]

# What managers set.
SETTINGS = ("cobranca_activation_overdue", "cobranca_activation_overdue_days", "cobranca_activation_limit")
SETTINGS += ("cobranca_retention_years", *CONTACT)


class CobrancaCompanyPerson(models.AbstractModel):
    """What a company looks at before it sells more to a customer, and how long it keeps his data."""

    _name = "cobranca.company.person"
    _description = "Credit and Personal Data of a Company's Customers"

    cobranca_activation_overdue = fields.Selection(
        selection=DECISIONS,
        string="Customer with overdue debts",
        default="warn",
        required=True,
        groups="base.group_user",
        help="What happens when a contract is activated for a customer with debts overdue for longer than the days "
        "below.",
    )
    cobranca_activation_overdue_days = fields.Integer(
        string="Overdue for more than (days)", default=30, groups="base.group_user"
    )
    cobranca_activation_limit = fields.Selection(
        selection=DECISIONS,
        string="Customer above his credit limit",
        default="warn",
        required=True,
        groups="base.group_user",
        help="What is open and the first charge of the contract are compared with Odoo's credit limit of the customer.",
    )

    cobranca_retention_years = fields.Integer(
        string="Documents kept (years)",
        default=LAWFUL_YEARS,
        groups="base.group_user",
        help="Whole years after the year of a document (CTN, art. 173 and 195): only then the personal data of its "
        "customer may be removed.",
    )

    _check_cobranca_retention = models.Constraint(
        "CHECK (cobranca_retention_years BETWEEN 5 AND 50)",
        "Documents are kept for 5 years at least (CTN, art. 173 and 195), for 50 at most.",
    )
    _check_cobranca_activation = models.Constraint(
        "CHECK (cobranca_activation_overdue_days BETWEEN 0 AND 3650)",
        "The days overdue are zero or more, 3650 at most.",
    )
