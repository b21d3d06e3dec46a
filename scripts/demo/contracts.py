"""Customers and contracts of a school, a gym and a software house."""

from dateutil.relativedelta import relativedelta

from odoo import Command

SCHOOL, GYM, SOFTWARE = 45, 45, 30
DRAFTS = 4


class ContractMaker:
    """Makes the contracts of the three businesses, the same ones every time."""

    def __init__(self, env, people, products, salespeople, history_start):
        """:param date history_start: first day of what this database bills itself"""
        self.env = env
        self.people = people
        self.random = people.random
        self.products = products
        self.salespeople = salespeople
        self.history_start = history_start
        self.states = {
            state.code: state.id
            for state in env["res.country.state"].search([("country_id", "=", env.ref("base.br").id)])
        }

    def make(self):
        """All contracts, in draft.

        :return: cobranca.contract
        """
        kinds = [self._school] * SCHOOL + [self._gym] * GYM + [self._software] * SOFTWARE
        return self.env["cobranca.contract"].create([self._prepare(*kind()) for kind in kinds])

    def _prepare(self, customer, due_day, lines):
        months_ago = self.random.choice([0, 1, 2, 4, 7, 11, 14, 20, 26, 33])
        start = self.history_start - relativedelta(months=months_ago)
        start += relativedelta(day=self.random.choice([1, 1, 1, 5, 10, 15, 20, 28]))
        return {
            "partner_id": self._make_customer(customer).id,
            "user_id": self.random.choice(self.salespeople).id,
            "date_start": start,
            "due_day": due_day,
            "billed_until": self.history_start - relativedelta(days=1) if start < self.history_start else False,
            "line_ids": [
                Command.create({"product_id": self.products[key].id, "quantity": quantity, "discount": discount})
                for key, quantity, discount in lines
            ],
        }

    def _make_customer(self, values):
        state = values.pop("state")
        document_type = "cnpj" if values["is_company"] else "cpf"
        return self.env["res.partner"].create(
            {
                **values,
                "state_id": self.states[state],
                "country_id": self.env.ref("base.br").id,
                "lang": "pt_BR",
                "l10n_latam_identification_type_id": self.env.ref(f"l10n_br.{document_type}").id,
            }
        )

    def _school(self):
        lines = [(self.random.choice(["fundamental", "fundamental", "medio"]), 1, self.random.choice([0, 0, 0, 5, 10]))]
        if self.random.random() < 0.4:
            lines.append(("integral", 1, 0))
        if self.random.random() < 0.5:
            lines.append(("material", 1, 0))
        return self.people.person(), self.random.choice([5, 10]), lines

    def _gym(self):
        lines = [(self.random.choice(["gym_basic", "gym_basic", "gym_full"]), 1, 0)]
        if self.random.random() < 0.25:
            lines.append(("gym_family", self.random.choice([1, 2]), 0))
        return self.people.person(), self.random.choice([1, 5, 10, 15, 20, 25, 31]), lines

    def _software(self):
        lines = [(self.random.choice(["saas_basic", "saas_pro"]), 1, 0)]
        if self.random.random() < 0.6:
            lines.append(("saas_user", self.random.randrange(1, 12), self.random.choice([0, 0, 10])))
        return self.people.company(), self.random.choice([10, 15, 20]), lines
