"""The last twelve months of the demo company, month after month."""

from contextlib import suppress
from unittest import mock

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.sql_db import Cursor

from demo.contracts import INDEX, publish
from demo.desk import Desk
from demo.payments import Payments

MONTHS = 12
# The day of each month on which people change things; the other look is at its end.
MIDDLE = 12
# After the last of those: every so many days, so that what is due this week has been billed.
LATELY = 3
LEFT_TO_APPROVE = 4


class Story:
    """Plays the months: contracts begin, change, pause, are readjusted, end; each month is billed and mostly paid."""

    def __init__(self, demo):
        self.demo = demo
        self.env = demo.env
        self.random = demo.people.random
        self.day = None
        self.first_day = (demo.today - relativedelta(months=MONTHS)).replace(day=1)
        self.payments = Payments(demo, self.first_day)
        self.desk = Desk(demo, self.payments)
        self.played_until = self.first_day

    def play(self):
        # What people registered carries the day on which they did it.
        with mock.patch.object(Cursor, "now", lambda _cursor: fields.Datetime.now()):
            self._play_months()

    def play_until_yesterday(self):
        """What happened since the last look."""
        with mock.patch.object(Cursor, "now", lambda _cursor: fields.Datetime.now()):
            self.live(self.demo.today - relativedelta(days=1))

    def _play_months(self):
        with freeze_time(f"{self.first_day} 15:00:00"):
            self._activate(self.first_day)
        for day in self._get_looks():
            with freeze_time(f"{day} 15:00:00"):
                self._play((day.year - self.first_day.year) * 12 + day.month - self.first_day.month, day)
                self.env.cr.commit()

    def _get_looks(self):
        """The days on which people look at their contracts, the last one at most a few days ago."""
        months = [self.first_day + relativedelta(months=number) for number in range(MONTHS + 1)]
        days = [day for month in months for day in (month.replace(day=MIDDLE), month + relativedelta(day=31))]
        days = [day for day in days if day < self.demo.today]
        since = (self.demo.today - days[-1]).days
        return days + [days[-1] + relativedelta(days=number) for number in range(LATELY, since, LATELY)]

    def _play(self, number, day):
        self.day = day
        self._activate(day)
        if day.day == MIDDLE:
            index = self.env["cobranca.price.index"].search([("code", "=", INDEX["code"])])
            publish(index, day - relativedelta(months=1))
            for what in self._events().get(number, ()):
                what(day)
            self._renew_school(day)
            self._bring_usage(day)
        self.env["cobranca.contract.maintenance"]._cron_maintain()
        self._approve_readjustments(day)
        self.env["cobranca.contract.billing"]._cron_bill()
        self._settle_parked()
        self._check_billing(day)
        self._deliver(day)
        self.desk.choose(day)
        self.live(day)

    def _is_last_month(self, day):
        """What came up in the last month is left to be looked at."""
        return day + relativedelta(months=1) > self.demo.today

    def _of(self, business):
        contracts = self.demo.contracts.by_business[business] - self.demo.contracts.drafts
        kept = self.env["cobranca.contract"].union(*(self.demo.contracts[role] for role in self.demo.contracts))
        kept |= self.desk.contracts
        # Changes are made by people: what nobody decided would be held for checking.
        begun = (contracts - kept).filtered(lambda contract: contract.date_start <= self.day)
        active = begun.filtered(lambda contract: contract.state == "active" and not contract.close_reason_id)
        return active.with_user(self.demo.users[1])

    def _activate(self, day):
        """Contracts are activated a few days before they begin."""
        contracts = self.env["cobranca.contract"].union(*self.demo.contracts.by_business.values())
        ready = (contracts - self.demo.contracts.drafts).filtered(
            lambda c: c.state == "draft" and c.date_start <= day + relativedelta(days=20)
        )
        for contract in ready:
            if not contract.billed_until:
                contract.action_tick_policy()
            contract.action_activate()
            if contract.state == "draft":
                contract._activate_despite("O cliente já combinou a regularização.")

    def _events(self):
        """{month of the history: what happens in it}."""
        return {
            1: [self._upgrade],
            2: [self._enrol, self._pause_some],
            3: [self._end_one],
            4: [self._upgrade, self._move_due_day],
            5: [self._resume_all, self._end_one],
            6: [self._add_item],
            7: [self._end_one, self._pause_some],
            8: [self._upgrade],
            9: [self._resume_all, self._end_one],
            10: [self._add_item, self._end_one],
            11: [self._pause_some],
        }

    # --- what happens ---

    def _enrol(self, day):
        """The school charges the enrolment of the year once."""
        for contract in self._of("school")[:20]:
            values = {"recurrence": "once", "date_start": day, "product_id": self.demo.products["enrolment"].id}
            contract.line_ids.create({"contract_id": contract.id, **values})

    def _upgrade(self, day):
        """Two software customers change their plan in the middle of a month, one from the next period on."""
        contracts = self._of("software").filtered(lambda c: not c.is_paused and len(c.change_ids) == 1)[:3]
        plan = self.demo.products["saas_pro"]
        for contract, at_once in zip(contracts, (True, True, False), strict=False):
            line = contract.line_ids.filtered(lambda item: item.recurrence == "recurring" and not item.date_end)[:1]
            start = day + relativedelta(days=3) if at_once else contract._get_next_effective_date()
            values = {"product_id": plan.id, "name": plan.name, "price_unit": plan.list_price}
            contract._change_items(start, [(line, values)], reason="Mudança para o plano Profissional")

    def _add_item(self, day):
        contract = self._of("gym").filtered(lambda c: len(c.line_ids) == 1 and not c.is_paused)[:1]
        values = {"product_id": self.demo.products["gym_family"].id, "quantity": 1}
        contract._change_items(contract._get_next_effective_date(), [(None, values)], reason="Inclusão de dependente")

    def _pause_some(self, day):
        """One comes back on a day that is known, one when he says so."""
        first, second = self._of("gym").filtered(lambda c: not c.pause_ids)[:2]
        first._pause(day + relativedelta(days=5), day + relativedelta(days=34), "Férias")
        second._pause(day + relativedelta(days=2), None, "Lesão, com atestado médico")

    def _resume_all(self, day):
        for contract in self._of("gym"):
            if any(not pause.date_end for pause in contract.pause_ids):
                contract._resume(day)

    def _approve_readjustments(self, day):
        """Readjustments are approved in the month before they count; the last ones are left to be looked at."""
        Readjustment = self.env["cobranca.contract.readjustment"]
        soon = day + relativedelta(days=20)
        ready = [("state", "=", "proposed"), ("problem", "=", False), ("date_effective", "<=", soon)]
        kept = LEFT_TO_APPROVE if self._is_last_month(day) else 0
        # Of who leaves nothing is readjusted any more.
        found = Readjustment.search(ready).filtered(lambda readjustment: not readjustment.contract_id.close_reason_id)
        found[kept:].with_user(self.demo.users[1]).action_approve()

    def _renew_school(self, day):
        """Two families of three have confirmed the next school year two months before it."""
        school = self.demo.contracts.by_business["school"].filtered(lambda c: c.state == "active")
        ending = school.filtered(lambda c: c.date_end and c.date_end <= day + relativedelta(days=60))
        ending.filtered(lambda c: c.id % 3).with_user(self.demo.users[1]).action_renew()

    def _move_due_day(self, day):
        self._of("gym")[5:6]._change_due_day(20, "Novo dia de pagamento do salário")

    def _end_one(self, day):
        """Customers leave for different reasons; the gym charges its fee within the minimum term."""
        business = self.random.choice(["gym", "gym", "software"])
        contract = self._of(business).filtered(lambda c: not c.is_paused)[-1:]
        reasons = self.env["cobranca.close.reason"].search([("is_by_customer", "=", True)])
        fee, _explanation = contract._get_termination_fee(day)
        contract._end(day, self.random.choice(reasons), fee=fee, fee_product=self.demo.products["fee"])

    def _bring_usage(self, day):
        product = self.demo.products["saas_messages"]
        metered = self._of("software").filtered(lambda c: product in c.line_ids.product_id and c.date_start <= day)
        rows = [
            {
                "contract_id": contract.id,
                "product_id": product.id,
                "date": max(day - relativedelta(days=5), contract.date_start),
                # Each customer has his own habit.
                "quantity": round((200 + contract.id * 37 % 500) * self.random.uniform(0.88, 1.12)),
                "external_key": f"{contract.name}-{day:%Y-%m}",
            }
            for contract in metered
        ]
        self.env["cobranca.contract.usage"].create(rows)

    def _settle_parked(self):
        """What an end or a change gives back becomes a credit note at once."""
        parked = self.env["cobranca.contract"].search([("park_reason", "!=", False)]).with_user(self.demo.users[1])
        for contract in parked.filtered("has_open_items"):
            with suppress(UserError):  # its day has not come
                contract.action_settle()
                contract.action_unpark()

    def _check_billing(self, day):
        """The supervisor looks at what is held, and releases each month at its end."""
        if day.replace(day=1) >= self.demo.today.replace(day=1):
            return
        held = self.env["cobranca.contract"].search([("hold_reason", "!=", False)])
        held.with_user(self.demo.users[1]).action_release_hold()
        if day.day != MIDDLE:
            Conference = self.env["cobranca.billing.conference"]
            Conference._refresh_month(self.demo.company, day.replace(day=1))
            Conference.search([("state", "=", "open")]).with_user(self.demo.users[1]).action_release()

    def _deliver(self, day):
        """The invoices have gone out by e-mail; some came back, and the older ones of those were told by telephone."""
        for invoice in self.env["account.move"].search([("cobranca_delivery_state", "=", "to_send")]):
            address = {"cobranca_delivery_email": invoice.cobranca_recipient_email, "cobranca_delivery_attempts": 1}
            if invoice.partner_id.id % 23:
                sent = {"cobranca_delivery_channel": "email", "cobranca_delivery_date": fields.Datetime.now()}
                invoice._cobranca_set_delivery("sent", **sent, **address)
                continue
            invoice._cobranca_set_delivery("undelivered", "bounced", "550 5.1.1 mailbox unavailable", **address)
            if not self._is_last_month(day):
                invoice._cobranca_deliver_otherwise("phone", "Enviada por WhatsApp, com confirmação")
        self._number_notes(day)

    def _number_notes(self, day):
        """Service invoices are registered for some months; those of the last days are still missing."""
        if day + relativedelta(months=2) > self.demo.today:
            self.demo.company.cobranca_nfse_required = True
        pending = [("cobranca_nfse_state", "=", "pending"), ("invoice_date", "<", day - relativedelta(days=10))]
        for number, invoice in enumerate(self.env["account.move"].search(pending, order="id"), start=1):
            invoice._cobranca_set_nfse("issued", {"number": f"{day:%Y%m%d}{number:04}", "date": day})

    def live(self, day):
        """The days since the last look: customers pay, and the collectors speak with those who do not."""
        self.payments.learn(day, self.played_until)
        while self.played_until < day:
            self.played_until += relativedelta(days=1)
            self.desk.play(self.played_until)
