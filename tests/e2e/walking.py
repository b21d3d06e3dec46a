"""The people of a company that has just installed the product; added inside a worker process."""

from e2e.placing import make_agencies_for_test

CUSTOMER, CUSTOMER_EMAIL, PRODUCT = "Ana Lindoso", "ana@exemplo.example", "Plano mensal"


def add_to_company():
    """Give the model of companies what the walk needs before its first screen."""
    # Not at the top: only a process with Odoo has it.
    from odoo.addons.base.models.res_company import ResCompany

    from e2e import negotiating

    negotiating.add_to_company()
    ResCompany.make_agencies_for_test = make_agencies_for_test
    ResCompany.make_first_customer_for_test = make_first_customer_for_test


def make_first_customer_for_test(self):
    """Who gets the first contract, and what is sold to her."""
    contact = {"name": CUSTOMER, "email": CUSTOMER_EMAIL, "phone": "(11) 98765-4321", "lang": "pt_BR"}
    self.env["res.partner"]._cobranca_find_or_create("123.456.789-09", contact)
    self.env["product.product"].create(
        {"name": PRODUCT, "type": "service", "list_price": 250.0, "taxes_id": [(5, 0, 0)]}
    )
