"""Late debts of many customers, the same for every subject of the section `dunning`.

One customer and one invoice are made by Odoo; the others are copies of their rows, which is a
thousand times faster and the same in every column, with our addons or another's.
"""

from datetime import timedelta

from odoo.fields import Command, Date
from odoo.tools import SQL

# Lines of a debtor, and over how many days their due dates are spread: 1 to 120 days ago.
LINES_EACH = 3
SPREAD = 40
TERM_DAYS = 30
AMOUNT = 125.12


def make_debts(env, debtors, lines=None):
    """So many customers with an e-mail address, and so many open invoices of theirs (default: three of each).

    :return: the first customer and his first invoice, made by Odoo
    """
    today = Date.context_today(env.user)
    customer = make_customer(env)
    invoice = make_invoice(env, customer, today)
    env.flush_all()
    copy_customers(env, customer, debtors)
    copy_invoices(env, invoice, today, debtors, (lines or LINES_EACH * debtors))
    env.cr.execute("DROP TABLE bench_debtor; ANALYZE res_partner, account_move, account_move_line")
    env.invalidate_all()
    return customer, invoice


def make_customer(env):
    """Without a phone, or a mail that fails would be followed by an SMS."""
    return env["res.partner"].create(
        {
            "name": "Cliente 000000",
            "email": "cliente000000@example.com",
            "street": "Rua do Porto, 12",
            "city": "Campinas",
            "zip": "13010-000",
            "state_id": env.ref("base.state_br_sp").id,
            "country_id": env.ref("base.br").id,
            "lang": "pt_BR",
        }
    )


def make_invoice(env, customer, today):
    product = env["product.product"].create({"name": "Mensalidade", "type": "service", "taxes_id": [Command.clear()]})
    item = {"product_id": product.id, "price_unit": AMOUNT, "tax_ids": [Command.clear()]}
    due = today - timedelta(days=1)
    invoice = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": customer.id,
            "invoice_date": due - timedelta(days=TERM_DAYS),
            "invoice_date_due": due,
            "invoice_payment_term_id": False,
            "invoice_line_ids": [Command.create(item)],
        }
    )
    invoice.action_post()
    return invoice


def copy_customers(env, customer, debtors):
    """The others, and a table of all of them: number and id."""
    env.cr.execute(
        "CREATE TEMPORARY TABLE bench_debtor AS SELECT n, CASE n WHEN 0 THEN %s ELSE nextval('res_partner_id_seq') END"
        " AS id FROM generate_series(0, %s) AS n",
        [customer.id, debtors - 1],
    )
    name, address = "'Cliente ' || to_char(n, 'FM000000')", "'cliente' || to_char(n, 'FM000000') || '@example.com'"
    changed = {
        "id": "debtor.id",
        "commercial_partner_id": "debtor.id",
        "name": name,
        "complete_name": name,
        "email": address,
        "email_normalized": address,
    }
    copy_rows(env, "res_partner", changed, "bench_debtor debtor", f"it.id = {customer.id} AND n > 0")


def copy_invoices(env, invoice, today, debtors, lines):
    """The first debtor's invoice is number 0; number n is of the debtor n modulo their count."""
    env.cr.execute(
        """
        CREATE TEMPORARY TABLE bench_debt AS
        SELECT debt.n, debtor.id AS partner, debtor.n AS number,
               CASE debt.n WHEN 0 THEN %(move)s ELSE nextval('account_move_id_seq') END AS move,
               %(today)s::date - (1 + debtor.n %% %(spread)s + debt.n / %(debtors)s * %(spread)s) AS due
          FROM generate_series(0, %(lines)s - 1) AS debt (n)
          JOIN bench_debtor debtor ON debtor.n = debt.n %% %(debtors)s
        """,
        {"move": invoice.id, "today": today, "spread": SPREAD, "debtors": debtors, "lines": lines},
    )
    issued, name = f"due - {TERM_DAYS}", "'FAT/' || to_char(n, 'FM000000')"
    moves = {
        "id": "move",
        "name": name,
        "payment_reference": name,
        "sequence_number": f"it.sequence_number + {lines} + n",
        "partner_id": "partner",
        "commercial_partner_id": "partner",
        "partner_shipping_id": "partner",
        "invoice_partner_display_name": "'Cliente ' || to_char(number, 'FM000000')",
        "date": issued,
        "invoice_date": issued,
        "invoice_date_due": "due",
    }
    copy_rows(env, "account_move", moves, "bench_debt", f"it.id = {invoice.id} AND n > 0")
    items = {
        "id": "nextval('account_move_line_id_seq')",
        "move_id": "move",
        "move_name": name,
        "partner_id": "partner",
        "date": issued,
        "invoice_date": issued,
        "date_maturity": "CASE WHEN it.date_maturity IS NULL THEN NULL ELSE due END",
    }
    copy_rows(env, "account_move_line", items, "bench_debt", f"it.move_id = {invoice.id} AND n > 0")
    env.cr.execute("DROP TABLE bench_debt")


def copy_rows(env, table, changed, source, condition):
    """Insert a copy of a row for each row of a source; `it` is the row, n the number of the source's."""
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
        " AND is_generated = 'NEVER'",
        [table],
    )
    values = {name: changed.get(name, f'it."{name}"') for (name,) in env.cr.fetchall()}
    env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s it CROSS JOIN %s WHERE %s",
            SQL.identifier(table),
            SQL(", ").join(map(SQL.identifier, values)),
            SQL(", ".join(values.values())),
            SQL.identifier(table),
            SQL(source),
            SQL(condition),
        )
    )
