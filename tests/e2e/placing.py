"""Late customers whom two agencies are to work, and their people; added inside a worker process."""

from e2e.negotiating import make_late_customer_for_test
from e2e.paying import make_invoice

PERCENT = 18
OTHERS = (
    ("Otoniel Braga Cajueiro", "111.444.777-35", 320.0),
    ("Zulmira Tavares Lobo", "390.533.447-05", 415.5),
    ("Wanderley Pitanga", "168.995.350-09", 278.4),
)
# Who works where: (agency, [(login, name, group)]).
AGENCIES = (
    ("Pontefirme Assessoria", [("celia", "Célia", "agency_admin"), ("davi", "Davi", "agency")]),
    ("Rumo Certo Cobranças", [("rui", "Rui", "agency_admin"), ("nara", "Nara", "agency")]),
)
STAFF = (("olivia", "Olívia", "supervisor"), ("marta", "Marta", "manager"))


def add_to_company():
    """Give the model of companies what the test prepares the agencies with."""
    # Not at the top: only a process with Odoo has it.
    from odoo.addons.base.models.res_company import ResCompany

    ResCompany.make_agencies_for_test = make_agencies_for_test


def make_agencies_for_test(self, smtp_host, smtp_port):
    """Four late customers, two agencies with half of a rule's customers each, and the people of all.

    :return: dict: ids of the late lines of the customer who negotiates and the address of his page, people of each
        agency {id: logins}, an hour at which he may be called back
    """
    env = self.env
    facts = make_late_customer_for_test(self, smtp_host, smtp_port)
    today = env.company._cobranca_today()
    for name, document, amount in OTHERS:
        contact = {"name": name, "email": f"{name.split()[0].lower()}@exemplo.example", "lang": "pt_BR"}
        customer = env["res.partner"]._cobranca_find_or_create(document, contact)
        make_invoice(env, customer, "Mensalidade", day_before(today, 50), amount)
    people = {}
    for name, team in AGENCIES:
        agency = make_agency(env, name, today)
        people[agency.id] = [login for login, _name, _group in team]
        for login, person, group in team:
            user = make_user(env, login, person, f"cobranca_negociacao.cobranca_group_{group}")
            user.partner_id.parent_id = agency.partner_id
    for login, person, group in STAFF:
        make_user(env, login, person, f"cobranca_recorrente.cobranca_group_{group}")
    shares = [(0, 0, {"agency_id": agency, "percent": 50}) for agency in people]
    env["cobranca.placement.rule"].create({"name": "Um mês de atraso", "days_from": 30, "share_ids": shares})
    return {"lines": facts["lines"], "link": facts["link"], "people": people, "callback": find_hour(env, today)}


def make_agency(env, name, today):
    """:return: cobranca.agency that may work and negotiate, for one percentage of what comes in"""
    from billing.offering import AUTHORITY

    partner = env["res.partner"].create({"name": name, "is_company": True, "email": "contato@assessoria.example"})
    return env["cobranca.agency"].create(
        {
            "partner_id": partner.id,
            "operator_signed_on": today,
            "operator_until": day_before(today, -365),
            "commission_ids": [(0, 0, {"days_from": 0, "percent": PERCENT})],
            "authority_ids": [(0, 0, AUTHORITY)],
        }
    )


def make_user(env, login, name, group):
    values = {"name": name, "login": login, "password": login, "lang": "pt_BR", "tz": "America/Sao_Paulo"}
    groups = env.ref(group).ids
    return env["res.users"].with_context(no_reset_password=True).create({**values, "group_ids": [(6, 0, groups)]})


def day_before(today, days):
    from datetime import timedelta

    return today - timedelta(days=days)


def find_hour(env, today):
    """:return: three in the afternoon of the next day on which customers may be called, as a page takes it"""
    from datetime import datetime, time

    nowhere = env["res.country.state"]
    days = (day_before(today, -days) for days in range(1, 15))
    Window = env["cobranca.contact.window"]
    day = next(day for day in days if Window._is_open(nowhere, datetime.combine(day, time(18))))
    return f"{day}T15:00"
