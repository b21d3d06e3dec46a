"""A customer with all that the page of open payments can show; added inside a worker process."""

LOGIN = "iraneide"


def add_to_company():
    """Give the model of companies what the tests prepare the page with."""
    # Not at the top: only a process with Odoo has it.
    from odoo.addons.base.models.res_company import ResCompany

    ResCompany.make_page_for_test = make_page_for_test


def make_page_for_test(self):
    """A customer with a late debt, one of tomorrow with a discount, one of later, and one that he has paid.

    :return: dict: addresses of pages by a link, login (and password) of the customer in the portal
    """
    from datetime import timedelta

    today = self.env.company._cobranca_today()
    make_company(self.env)
    customer = make_customer(self.env)
    dues = [today - timedelta(days=30), today + timedelta(days=1), today + timedelta(days=20)]
    names = ("Mensalidade passada", "Mensalidade deste mês", "Mensalidade seguinte")
    lines = self.env["account.move.line"]
    for name, due, amount in zip(names, dues, (189.9, 190.0, 250.0), strict=True):
        lines |= make_invoice(self.env, customer, name, due, amount)
    paid = make_invoice(self.env, customer, "Mensalidade antiga", today - timedelta(days=60), 80.0)
    pay(self.env, paid, today - timedelta(days=50))
    last = today + timedelta(days=14)
    wanted = [(lines, last), (paid, last), (lines, today - timedelta(days=1))]
    rows = [(self.env.company.id, customer.id, of.ids, until) for of, until in wanted]
    links = ["/my/pagamentos/" + link.rpartition("/")[2] for link in self.env["cobranca.debt.link"]._make_links(rows)]
    return {
        **dict(zip(("link", "paid", "expired"), links, strict=True)),
        "login": LOGIN,
        "lines": lines.ids,
        "invoice": lines[0].move_id.id,
    }


def make_company(env):
    """A company that can be reached, with fine, interest and a discount for paying in time."""
    from odoo.addons.cobranca_recorrente.models.cobranca_company_policy import FIRST, ON

    env.company.write(
        {
            "name": "Brumalva",
            "email": "financeiro@brumalva.example",
            "phone": "(11) 5555-0100",
            "vat": "11.222.333/0001-81",
            "street": "Rua das Jacarandás, 410",
            "city": "São Paulo",
            "cobranca_contact_hours": "seg. a sex., 9h às 18h",
        }
    )
    account = {"acc_number": "1-0", "partner_id": env.company.partner_id.id, "allow_out_payment": True}
    pix = {"proxy_type": "email", "proxy_value": "financeiro@brumalva.example"}
    env.company.cobranca_pix_bank_id = env["res.partner.bank"].create({**account, **pix})
    terms = {"fine_percent": 2.0, "interest_percent": 1.0, "discount_ids": [(0, 0, {"percent": 5.0})]}
    policy = env["cobranca.charge.policy"].create(
        {"name": "Do teste", "audience": "all", "version_ids": [(0, 0, terms)]}
    )
    env.company.with_context(**{FIRST: ON}).cobranca_charge_policy_id = policy


def make_customer(env):
    """:return: a customer with a CPF, who has a user of the portal"""
    contact = {"email": "iraneide@exemplo.example", "phone": "(81) 98765-4321", "lang": "pt_BR"}
    customer = env["res.partner"]._cobranca_find_or_create("529.982.247-25", {"name": "Iraneide Sá Barreto", **contact})
    user = {"name": customer.name, "login": LOGIN, "password": LOGIN, "lang": "pt_BR", "partner_id": customer.id}
    group = env.ref("base.group_portal")
    env["res.users"].with_context(no_reset_password=True).create({**user, "group_ids": [(6, 0, group.ids)]})
    return customer


def make_invoice(env, customer, name, due, amount):
    """:return: the receivable line of a posted invoice"""
    item = {"name": name, "price_unit": amount, "quantity": 1, "tax_ids": [(5, 0, 0)]}
    move = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": customer.id,
            "invoice_date": min(due, env.company._cobranca_today()),
            "invoice_date_due": due,
            "invoice_payment_term_id": False,
            "invoice_line_ids": [(0, 0, item)],
        }
    )
    move.action_post()
    return move.line_ids.filtered(lambda line: line.display_type == "payment_term")


def pay(env, line, day):
    """Money of a bank for a whole line."""
    journal = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1)
    amount = line.amount_residual
    bank = {"account_id": journal.default_account_id.id, "debit": amount}
    credit = {"account_id": line.account_id.id, "partner_id": line.partner_id.id, "credit": amount}
    entry = env["account.move"].create(
        {"journal_id": journal.id, "date": day, "line_ids": [(0, 0, bank), (0, 0, credit)]}
    )
    entry.action_post()
    (entry.line_ids.filtered("credit") + line).reconcile()
