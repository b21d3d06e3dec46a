"""A customer who is late, of a company that lets its customers negotiate; added inside a worker process."""

from e2e.paying import LOGIN, make_company, make_customer, make_invoice


def add_to_company():
    """Give the model of companies what the test prepares its customer with."""
    # Not at the top: only a process with Odoo has it.
    from odoo.addons.base.models.res_company import ResCompany

    ResCompany.make_late_customer_for_test = make_late_customer_for_test
    ResCompany.bring_statement_for_test = bring_statement_for_test


def make_late_customer_for_test(self, smtp_host, smtp_port):
    """A customer with two late invoices and one of later, the offers of a new company, a mail server.

    :return: dict: address of the page by a link, ids of the late lines, login of the customer
    """
    from datetime import timedelta

    today = self.env.company._cobranca_today()
    make_company(self.env)
    # What names an agreement and sends the code.
    self.env.company.write({"zip": "01310-100", "state_id": self.env.ref("base.state_br_sp").id})
    self.env["ir.mail_server"].search([]).active = False
    self.env["ir.mail_server"].create(
        {"name": "Fake", "smtp_host": smtp_host, "smtp_port": smtp_port, "smtp_encryption": "none"}
    )
    customer = make_customer(self.env)
    customer.write({"street": "Rua das Flores, 20", "city": "Recife", "zip": "50030-230"})
    lines = self.env["account.move.line"]
    for name, days, amount in (("Mensalidade de setembro", 40, 189.9), ("Mensalidade de outubro", 10, 195.6)):
        lines |= make_invoice(self.env, customer, name, today - timedelta(days=days), amount)
    later = make_invoice(self.env, customer, "Mensalidade seguinte", today + timedelta(days=20), 195.6)
    row = (self.env.company.id, customer.id, (lines | later).ids, today + timedelta(days=14))
    [link] = self.env["cobranca.debt.link"]._make_links([row])
    return {"link": "/my/pagamentos/" + link.rpartition("/")[2], "lines": lines.ids, "later": later.ids, "login": LOGIN}


def bring_statement_for_test(self):
    """The bank's file of today, without a payment: nobody can have paid unseen."""
    today = self.env.company._cobranca_today()
    journal = self.env["account.journal"].search([("type", "=", "bank")], limit=1)
    content = f"Data;Histórico;Valor\n{today:%d/%m/%Y};TARIFA BANCARIA;-12,90"
    self.env["cobranca.statement.import"]._import(journal, f"{today}.csv", content.encode())
