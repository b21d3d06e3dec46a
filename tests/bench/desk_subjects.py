"""The measured work of the collection queue in the section `charges`; run by child.py inside Odoo."""

from datetime import timedelta

from odoo.fields import Command

from ledger import make_ledger

# So many debtors of one entry: more lines in a move make Odoo slow, not us.
DEBTS_OF_AN_ENTRY = 1000
ACTION = "cobranca_recorrente.cobranca_case_action_queue"


def make_debtors(env, number):
    """A ledger with history, and so many customers with something late."""
    make_ledger.fill(env.cr, 2 * number)
    env.invalidate_all()
    partners = env["res.partner"].create(
        [{"name": f"Devedor {n:06}", "phone": "(11) 98765-4321"} for n in range(1, number + 1)]
    )
    today = env.company._cobranca_today()
    income = env.company.cobranca_service_account_id
    account = partners[0].property_account_receivable_id
    for start in range(0, number, DEBTS_OF_AN_ENTRY):
        items = [
            Command.create(
                {
                    "account_id": account.id,
                    "partner_id": partner.id,
                    "balance": 100 + place,
                    "date_maturity": today - timedelta(days=5 + place % 90),
                }
            )
            for place, partner in enumerate(partners[start : start + DEBTS_OF_AN_ENTRY])
        ]
        total = sum(100 + place for place in range(len(items)))
        other = Command.create({"account_id": income.id, "balance": -total})
        date = today - timedelta(days=100)
        env["account.move"].create({"move_type": "entry", "date": date, "line_ids": [*items, other]}).action_post()


def open_cases(env, number):
    """The queue of today, as the night left it."""
    queue_refresh(env, number)


def queue_refresh(env, number):
    """The measured work of the night: every case of the company."""
    Case = env["cobranca.case"]
    partners = env["res.partner"].browse(Case._get_concerned(env.company))
    for start in range(0, len(partners), 500):
        Case._refresh(env.company, partners[start : start + 500])
        env.flush_all()
        env.invalidate_all()


def queue_again(env, number):
    """The same when every case is known and each amount went up by a day."""
    env.cr.execute("UPDATE cobranca_case SET amount = amount - 1")
    queue_refresh(env, number)


def queue_list(env, number):
    """What the browser asks for when the queue is opened."""
    Case, domain = env["cobranca.case"], [("is_due", "=", True), ("collector_id", "in", [env.uid, False])]
    fields = ("callback_at", "queue_date", "partner_id", "why", "days_late", "amount", "attended_by", "currency_id")
    names = {name: {"fields": {"display_name": {}}} if name.endswith("_id") else {} for name in fields}
    found = Case.web_search_read(domain, names, limit=40)
    return {"shown": len(found["records"]), "done": Case.desk_summary(domain)["done"]}


def queue_open(env, number):
    """What it asks for when a customer is opened: lock and the whole form."""
    case = env["cobranca.case"].search([], limit=1, offset=7)
    taken = case.desk_take()
    [screen] = case.web_read(
        {name: {} for name in ("head_html", "debts_html", "contacts_html", "behavior_html", "script_html", "prefill")}
    )
    return {"taken": int(taken["is_taken"]), "characters": sum(len(str(text)) for text in screen.values())}


def queue_register(env, number):
    """What it sends when a promise is registered."""
    case = env["cobranca.case"].search([], limit=1, offset=7)
    prefill = case.prefill
    values = {name: prefill[name] for name in ("promise_date", "promise_amount")}
    done = case.desk_register({"outcome": "promised", **values})
    return {"contacts": int(bool(done["interaction"]))}


def count_cases(env, number):
    """How many of the invented debtors have an open case."""
    return env["cobranca.case"].search_count([("state", "=", "open"), ("partner_id.name", "=like", "Devedor %")])
