"""A customer who can save a card, and a company that charges cards; added inside a worker process."""

from e2e.paying import make_company, make_customer, make_invoice


def add_to_company():
    """Give the model of companies what the test prepares its customer with."""
    # Not at the top: only a process with Odoo has it.
    from odoo.addons.base.models.res_company import ResCompany

    ResCompany.make_card_customer_for_test = make_card_customer_for_test


def make_card_customer_for_test(self):
    """A customer whose invoice falls due tomorrow, and Odoo's provider for tests.

    :return: dict: the receivable line and its day
    """
    from datetime import timedelta

    make_company(self.env)
    self.env.company.write(
        {"cobranca_card_enabled": True, "cobranca_card_hour": 0, "cobranca_statement_guard": "never"}
    )
    demo = self.env.ref("payment.payment_provider_demo")
    demo.write({"state": "test", "is_published": True, "allow_tokenization": True})
    demo.payment_method_ids.active = True
    due = self.env.company._cobranca_today() + timedelta(days=1)
    line = make_invoice(self.env, make_customer(self.env), "Mensalidade", due, 189.9)
    return {"line": line.id, "due": due.isoformat()}
