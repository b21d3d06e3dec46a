"""Customers and contracts of a school, a gym and a software house."""

from dateutil.relativedelta import relativedelta

from odoo import Command

SCHOOL, GYM, SOFTWARE = 45, 45, 30
# What single contracts of the demo are there to show: {what: (business, number)}.
ROLES = {
    "portal": ("school", 0),
    "chain": ("software", 20),
}
CHAIN_SIZE = 3
# Families of the school who pay early, for a discount.
EARLY = slice(1, 6)
DRAFTS = 4
# Customers read the code, in letters and on their page; no index that anybody publishes has it.
INDEX = {"code": "IPS", "name": "IPS, preços de serviços (valores inventados para a demonstração)"}


class Contracts(dict):
    """{role: contract}, with all contracts of each business and those that stay drafts."""

    by_business: dict
    drafts = None


def make_index(env, first_day):
    """An index with invented values: the demo asks no outside service, and pretends no published figure."""
    index = env["cobranca.price.index"].create({**INDEX, "kind": "series"})
    for number in range(-14, -1):
        publish(index, first_day + relativedelta(months=number))
    return index


def publish(index, day):
    """The value of the month of a day, invented: 0.25 to 0.50 %."""
    month = day.replace(day=1)
    index.value_ids.create({"index_id": index.id, "month": month, "percent": 0.25 + 0.05 * (month.month * 7 % 6)})


def make_early_policy(env):
    """The terms of the families with a discount for paying early."""
    terms = {"discount_ids": [Command.create({"days_before": 5, "percent": 5.0})]}
    return env["cobranca.charge.policy"].create(
        {"name": "Escola, com desconto de pontualidade", "version_ids": [Command.create(terms)]}
    )


class ContractMaker:
    """Makes the contracts of the three businesses, the same ones every time."""

    def __init__(self, demo, first_day):
        """:param date first_day: of what this database bills itself"""
        self.env = demo.env
        self.people = demo.people
        self.random = demo.people.random
        self.products = demo.products
        self.salespeople = demo.users[:2]
        iris, otavio = demo.users[2].id, demo.users[1].id
        # Some customers are nobody's: whoever has time takes them.
        self.collectors = [iris] * 7 + [otavio] * 2 + [False]
        self.index = make_index(demo.env, first_day)
        self.first_day = first_day
        self.states = {
            state.code: state.id
            for state in self.env["res.country.state"].search([("country_id", "=", self.env.ref("base.br").id)])
        }

    def make(self):
        """All contracts, in draft.

        :return: Contracts
        """
        kinds = {"school": (self._school, SCHOOL), "gym": (self._gym, GYM), "software": (self._software, SOFTWARE)}
        contracts = Contracts()
        contracts.by_business = {
            business: self.env["cobranca.contract"].create([self._prepare(*make()) for _ in range(count)])
            for business, (make, count) in kinds.items()
        }
        contracts.update({role: contracts.by_business[business][number] for role, (business, number) in ROLES.items()})
        contracts.drafts = contracts.by_business["gym"][-DRAFTS:]
        self._make_chain(contracts)
        contracts.by_business["school"][EARLY].charge_policy_id = make_early_policy(self.env)
        return contracts

    def _make_chain(self, contracts):
        """A customer with several contracts who wants one invoice."""
        of_software = contracts.by_business["software"]
        number = ROLES["chain"][1]
        chain = of_software[number : number + CHAIN_SIZE]
        customer = chain[0].partner_id
        customer.cobranca_group_invoices = True
        chain.write({"partner_id": customer.id, "due_day": chain[0].due_day})

    def _prepare(self, customer, terms, lines):
        start = self._draw_start()
        return {
            "partner_id": self._make_customer(customer).id,
            "user_id": self.random.choice(self.salespeople).id,
            "collector_id": self.random.choice(self.collectors),
            "date_start": start,
            "date_signed": min(start, self.first_day),
            "index_id": self.index.id,
            "billed_until": self._get_billed_until(start, terms),
            "date_end": self._get_end(start, terms),
            **terms,
            "line_ids": [Command.create({"product_id": self.products[key].id, **values}) for key, values in lines],
        }

    def _draw_start(self):
        """Most contracts are older than the history, some begin in the course of it."""
        months = self.random.choice([-33, -26, -20, -14, -11, -7, -4, -2, -1, 0, 2, 4, 6, 8])
        return self.first_day + relativedelta(months=months, day=self.random.choice([1, 1, 1, 5, 10, 15, 20, 28]))

    def _get_billed_until(self, start, terms):
        """Last day of the last whole period before the history: the rest was billed by the old system."""
        if start >= self.first_day:
            return False
        begin = terms.get("billing_day") or start.day
        next_begin = self.first_day + relativedelta(day=begin)
        if next_begin > self.first_day:
            next_begin = self.first_day + relativedelta(months=-1, day=begin)
        return next_begin - relativedelta(days=1)

    def _get_end(self, start, terms):
        """The school's contracts run for the school year, the gym's for twelve months at a time."""
        if "beneficiary_id" in terms:
            return self.first_day + relativedelta(years=1, month=12, day=31)
        if "minimum_months" not in terms:
            return False
        years = 1
        while start + relativedelta(years=years) <= self.first_day:
            years += 1
        return start + relativedelta(years=years) - relativedelta(days=1)

    def _make_customer(self, values):
        state, payer = values.pop("state"), values.pop("payer", None)
        document_type = "cnpj" if values["is_company"] else "cpf"
        return self.env["res.partner"].create(
            {
                **values,
                "child_ids": [Command.create({**payer, "type": "contact", "lang": "pt_BR"})] if payer else [],
                "state_id": self.states[state],
                "country_id": self.env.ref("base.br").id,
                "lang": "pt_BR",
                "l10n_latam_identification_type_id": self.env.ref(f"l10n_br.{document_type}").id,
            }
        )

    def _school(self):
        plan = self.random.choice(["fundamental", "fundamental", "medio"])
        lines = [(plan, {"name": "Mensalidade de {mês}/{ano}", "discount": self.random.choice([0, 0, 0, 5, 10])})]
        if self.random.random() < 0.4:
            lines.append(("integral", {}))
        if self.random.random() < 0.5:
            lines.append(("material", {}))
        student = self.env["res.partner"].create({"name": self.people.relative_name()})
        terms = {
            "billing_day": 1,
            "due_day": self.random.choice([5, 10]),
            "beneficiary_id": student.id,
            "renewal": "notice",
        }
        return self.people.person(), terms, lines

    def _gym(self):
        lines = [(self.random.choice(["gym_basic", "gym_basic", "gym_full"]), {})]
        if self.random.random() < 0.25:
            lines.append(("gym_family", {"quantity": self.random.choice([1, 2])}))
        terms = {
            "due_day": self.random.choice([1, 5, 10, 15, 20, 25, 31]),
            "minimum_months": 12,
            "termination_fee": "percent",
            "termination_fee_percent": 10.0,
            "is_distance_sale": self.random.random() < 0.5,
        }
        return self.people.person(), terms, lines

    def _software(self):
        lines = [(self.random.choice(["saas_basic", "saas_pro"]), {})]
        if self.random.random() < 0.6:
            users = {"quantity": self.random.randrange(1, 12), "discount": self.random.choice([0, 0, 10])}
            lines.append(("saas_user", users))
        if self.random.random() < 0.5:
            lines.append(("saas_messages", {"recurrence": "usage", "name": "Mensagens enviadas em {mês}"}))
        return self.people.company(), {"billing_day": 1, "due_day": self.random.choice([10, 15, 20])}, lines
