"""The collectors' desk of the demo: what they did day by day, through the methods that the screens call."""

import random
from datetime import datetime, time, timedelta

import pytz
from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from demo.agency import PLACED, Agencies
from demo.debtors import CHOSEN_DAYS, DEBTORS
from demo.ladder import Ladder
from demo.negotiation import NEGOTIATING, OF_AGREEMENTS, Negotiation

# Since so many days the collectors write down whom they spoke with.
DESK_DAYS = 120
# Of the late payments of others, this share was called about before.
CALLED = 0.6
NOTES = (
    ("informed", "Reenviei o Pix e o boleto atualizado."),
    ("informed", "Confirmou que recebeu a nota; pagamento programado."),
    ("no_answer", "Não atendeu; mandei mensagem."),
    ("informed", "Esqueceu, vai pagar pelo aplicativo."),
    ("left_message", "Deixei recado para retornar."),
)


class Desk:
    """Chooses the debtors among the customers, and plays their acts."""

    def __init__(self, demo, payments):
        self.demo, self.env, self.company = demo, demo.env, demo.company
        self.payments = payments
        self.users = {user.login: user for user in demo.users}
        self.people = {}
        self.acts = {}
        self.resumed = {}
        self.ladder = Ladder(demo, self)
        self.negotiation = Negotiation(demo, self)
        self.agencies = Agencies(demo, self)
        payments.refused = self.refuses

    # --- who ---

    def choose(self, day):
        """Give each debtor of the list a contract, once: of customers who have been paying for a while."""
        if self.people or day < self.demo.today - timedelta(days=CHOSEN_DAYS):
            return
        taken, sizes = self.env["res.partner"], set()
        for number, debtor in enumerate(DEBTORS + NEGOTIATING + PLACED):
            contracts = self._get_eligible(debtor, day).filtered(lambda c, taken=taken: c.partner_id not in taken)
            # Whom a phone of the list is given is called there, not at the phone of who pays.
            contracts = contracts.sorted(lambda c, own=debtor.contact: bool(c.partner_id.child_ids) == bool(own))
            if debtor.is_big:  # and no two of them alike
                contracts = contracts.filtered(lambda c: self._get_size(c) not in sizes) or contracts
                contracts = contracts.sorted(self._get_size, reverse=True)
            if not contracts:
                raise ValueError(f"no contract for debtor {number} of the {debtor.business}")
            contract = contracts[0]
            sizes.add(self._get_size(contract))
            taken |= contract.partner_id
            self._prepare(number, debtor, contract)

    def _get_eligible(self, debtor, day):
        contracts = self.demo.contracts
        special = self.env["cobranca.contract"].union(contracts.drafts, *contracts.values())
        chain = contracts["chain"].partner_id
        begun = day - timedelta(days=45)
        return (contracts.by_business[debtor.business] - special).filtered(
            lambda c: c.state == "active"
            and c.date_start <= begun
            and not (c.pause_ids or c.close_reason_id or c.charge_policy_id)
            and not (c.renewal == "none" and c.date_end)
            and c.partner_id != chain
        )

    def _get_size(self, contract):
        lines = contract.line_ids.filtered(lambda line: line.recurrence == "recurring" and not line.date_end)
        return sum(line.price_unit * line.quantity for line in lines)

    def _prepare(self, number, debtor, contract):
        self.people[contract] = debtor
        contract.collector_id = self.users.get(debtor.collector)
        contract.partner_id.write(debtor.contact)
        for place, act in enumerate(debtor.acts):
            moment = (9 + number * 5 % 8, (number * 17 + 10) % 60) if act.what != "reply" else (19, 12)
            self.acts.setdefault(self.back(act.day), []).append((*moment, number, place, contract, act))
            if debtor.resumes and act.what in ("pay", "agree", "agree_there"):
                self.resumed[contract] = self.back(act.day)

    @property
    def contracts(self):
        """The contracts of all debtors, none before they are chosen."""
        return self.env["cobranca.contract"].union(*self.people)

    def refuses(self, contract, due):
        """Is what falls due on a day left unpaid by this debtor?"""
        debtor = self.people.get(contract)
        if not debtor or due < self.demo.today - timedelta(days=debtor.unpaid_for):
            return False
        return contract not in self.resumed or due < self.resumed[contract]

    def back(self, count):
        """The business day so many before today; a negative count is a day to come."""
        days = self.payments.days
        if count < 0:
            return days.add(days.next(self.demo.today), -count - 1)
        return days.add(days.previous(self.demo.today), -count)

    def _to_utc(self, day, hour, minute):
        moment = pytz.timezone(self.company.cobranca_tz).localize(datetime.combine(day, time(hour, minute)))
        return moment.astimezone(pytz.utc).replace(tzinfo=None)

    # --- what happens ---

    def play(self, day):
        """What happens on a day, between the last look at the contracts and the next one."""
        if day >= self.demo.today - timedelta(days=DESK_DAYS) and self.people:
            with freeze_time(self._to_utc(day, 8, 30)):
                self._decide_promises(day)
                self.negotiation.follow()
                self.agencies.follow()
            self.ladder.play(day)
            self._call_others(day)
            for hour, minute, _number, _place, contract, act in sorted(
                self.acts.pop(day, []), key=lambda item: item[:4]
            ):
                with freeze_time(self._to_utc(day, hour, minute)):
                    # Around some holidays an invoice is not late yet on the day of an act: then it is left out.
                    if act.what in OF_AGREEMENTS or self._get_case(contract.partner_id):
                        getattr(self, f"_{act.what}")(contract, **act.values)
        with freeze_time(self._to_utc(day, 20, 0)):
            self.payments.receive(day)

    def _decide_promises(self, day):
        Promise = self.env["cobranca.promise"]
        Promise.search([("state", "=", "open"), ("date_limit", "<", day)])._decide()

    def _call_others(self, day):
        """Customers who will pay late were called about a week before; some promised the day on which they paid."""
        paid_on = self.payments.days.add(day, 3)
        if not self.payments.days.is_open(day) or paid_on >= self.demo.today:
            return
        for invoice in self.payments.planned_late(paid_on):
            chance = random.Random(f"desk {invoice.id}")
            contract = invoice.cobranca_period_ids.contract_id[:1]
            if contract in self.people or chance.random() > CALLED:
                continue
            with freeze_time(self._to_utc(day, chance.randrange(9, 17), chance.randrange(60))):
                # Around holidays what is paid next week may not be late yet.
                late = sum(self._get_case(contract.partner_id).mapped("line_count"))
                if late == 1 and chance.random() < 0.4:
                    self.payments.promised.add(invoice.id)
                    self._speak(contract, "promised", "Paga por Pix no dia combinado.", until_day=paid_on)
                elif late:
                    self._speak(contract, *chance.choice(NOTES))

    def _get_case(self, partner):
        return self.env["cobranca.case"]._refresh(self.company, partner)

    def _get_user(self, contract):
        return contract.collector_id or self.users["iris"]

    def _speak(self, contract, outcome, note, until=None, until_day=None, next_at=None, reason=None, channel="call"):
        """As at the desk: open the customer, write down how it ended."""
        partner = contract.partner_id
        case = self._get_case(partner).with_user(self._get_user(contract))
        person = partner._cobranca_get_payer()
        values = {"outcome": outcome, "note": note, "channel": channel}
        if person != partner and outcome not in ("no_answer", "left_message", "wrong_contact"):
            values["contact_id"] = person.id
        if reason:
            values["reason_id"] = self.env.ref(f"cobranca_recorrente.cobranca_delinquency_reason_{reason}").id
        if next_at:
            days, *clock = next_at
            values["next_date"] = self._to_utc(self.back(days), *clock)
        if outcome == "promised":
            day = until_day or self.back(until)
            amount = self.env["cobranca.promise"]._get_highest_amount(case.sudo()._get_lines(), day)
            values |= {"promise_date": day, "promise_amount": amount}
        case.desk_register(values)

    def _reply(self, contract, text):
        self.env["cobranca.interaction"]._record(
            self.company,
            contract.partner_id,
            "email",
            "replied",
            direction="in",
            reached="right",
            user_id=False,
            note=text,
            lines=self._get_case(contract.partner_id)._get_lines(),
        )

    def _pay(self, contract, how):
        """By the payment dialog of the invoices, as people do."""
        lines = self._get_case(contract.partner_id)._get_lines()
        day = self.company._cobranca_today()
        amount = float(sum(charges.total for charges in lines._cobranca_get_debts(day).values()))
        if how == "half":
            lines = lines[:1]
            amount = round(lines.amount_residual / 2, -1)
        elif how == "principal":
            amount = sum(lines.mapped("amount_residual"))
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=lines.move_id.ids
        )
        register.create(
            {
                "journal_id": self.payments.journal.id,
                "payment_date": day,
                "amount": amount,
                "group_payment": True,
            }
        )._create_payments()

    def _dispute(self, contract, reason, text):
        line = self._get_case(contract.partner_id)._get_lines()[-1:]
        user = self._get_user(contract)
        self._speak(contract, "disputed", text)
        self.env["cobranca.dispute"].with_user(user)._record(line.with_user(user), line.amount_residual, reason, text)

    def _decide_dispute(self, contract, state, text):
        dispute = self.env["cobranca.dispute"].search(
            [("partner_id", "=", contract.partner_id.id), ("state", "=", "open")]
        )
        dispute.with_user(self.users["otavio"])._decide(state, text)

    def _pause(self, contract, reason, note, days, login):
        self.env["cobranca.hold.start"].with_user(self.users[login]).create(
            {
                "partner_id": contract.partner_id.id,
                "reason": reason,
                "note": note,
                "is_open_ended": days is None,
                "date_to": days is not None and self.demo.today + relativedelta(days=days),
            }
        ).action_start()

    def _agree(self, contract, kind, text, edits):
        self.negotiation.agree(contract, kind, text, edits)

    def _offer(self, contract, kinds):
        self.negotiation.offer(contract, kinds)

    def _ask(self, contract, kind, reason, edits):
        self.negotiation.ask(contract, kind, reason, edits)

    def _pay_installments(self, contract):
        self.negotiation.pay_installments(contract)

    def _pay_off(self, contract):
        self.negotiation.pay_off(contract)

    def _place(self, contract, agency):
        self.agencies.place(contract, agency)

    def _work(self, contract, **values):
        self.agencies.work(contract, **values)

    def _agree_there(self, contract, kind, text):
        self.agencies.agree_there(contract, kind, text)

    def _recall(self, contract, note):
        self.agencies.recall(contract, note)

    def _prefer(self, contract, channel, hour, refused, note):
        contract.partner_id.with_user(self._get_user(contract))._cobranca_write_preferences(
            channel, hour, refused, note
        )

    # --- the morning of today ---

    def refresh(self):
        """As the nightly jobs do: how customers pay, and whose turn it is."""
        self.env["cobranca.promise"]._cron_decide()
        self.env["cobranca.behavior"]._cron_refresh()
        self.env["cobranca.case"]._cron_refresh()
        self.agencies.bring_up_to_date()
