"""An agency with a key and a customer placed with it; added inside a worker process."""

from e2e.paying import make_company, make_customer, make_invoice


def add_to_company():
    """Give the model of companies what the test prepares the agency with."""
    # Not at the top: only a process with Odoo has it.
    from odoo.addons.base.models.res_company import ResCompany

    ResCompany.make_agency_for_test = make_agency_for_test
    ResCompany.recall_for_test = recall_for_test
    ResCompany.take_for_test = take_for_test


def make_agency_for_test(self):
    """A customer with two late invoices, with an agency since yesterday.

    :return: dict: key and secret of its system, those of its other one (other), number of the placement, ids of agency
        and debts
    """
    from datetime import timedelta

    env, today = self.env, self.env.company._cobranca_today()
    make_company(env)
    customer = make_customer(env)
    partner = env["res.partner"].create({"name": "Pontefirme", "is_company": True})
    years = {"operator_signed_on": today - timedelta(days=9), "operator_until": today + timedelta(days=365)}
    agency = env["cobranca.agency"].create({"partner_id": partner.id, **years})
    group = env.ref("cobranca_negociacao.cobranca_group_agency_admin")
    values = {"name": "Célia", "login": "celia", "group_ids": [(6, 0, group.ids)], "lang": "pt_BR"}
    user = env["res.users"].with_context(no_reset_password=True).create(values)
    user.partner_id.parent_id = partner
    values = {"name": "Sistema", "agency_id": agency.id, "user_id": user.id}
    keys = env["cobranca.agency.key"].create([values] * 2)
    items = [(make_invoice(env, customer, "Mensalidade", today - timedelta(days=late), 190.0)) for late in (40, 70)]
    shared = {"company_id": env.company.id, "currency_id": env.company.currency_id.id}
    placement = env["cobranca.placement"].create(
        {
            **shared,
            "agency_id": agency.id,
            "partner_id": customer.id,
            "name": "D/2026/000001",
            "customer_name": customer.name,
            "line_ids": [(0, 0, {**shared, "line_id": line.id, "due": line.date_maturity}) for line in items],
        }
    )
    placement._activate()
    return {
        "key": keys[0].identifier,
        "secret": keys[0].action_new_secret()["context"]["default_secret"],
        "other": [keys[1].identifier, keys[1].action_new_secret()["context"]["default_secret"]],
        "placement": placement.name,
        "agency": agency.id,
        "debts": placement.line_ids.ids,
    }


def recall_for_test(self):
    """Take back all that is with agencies."""
    self.env["cobranca.placement"].search([("state", "=", "active")])._recall("Voltou")


def take_for_test(self, event):
    """What a person of the agency is answered to an event: state, and whether it is repeated."""
    user = self.env["res.users"].search([("login", "=", "celia")])
    agency = self.env["cobranca.agency"].search([])
    [answer] = self.env["cobranca.agency.event"].with_user(user)._take(agency, [event], "file")
    return [answer.state, answer.is_repeated]
