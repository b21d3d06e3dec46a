"""Plays a script of the ladder into Odoo, by the methods that people and the crons call."""

from collections import defaultdict
from datetime import timedelta

from odoo import Command

from . import ladder_calendar as cal
from .ladder_script import CITY_DAYS, STATE_DAYS


class LadderWorld:
    """A script in a company of Odoo; numbers of the script become records and back.

    :param case: a test of `DunningCommon`
    :param clock: of freezegun, in force
    """

    def __init__(self, case, script, clock):
        self.env, self.case, self.script, self.clock = case.env, case, script, clock
        self.company = case.company
        self.promises, self.disputes, self.holds = {}, {}, []
        self.set_clock(script.first, 1)
        self.make_places()
        self.make_policies()
        self.make_people()
        self.make_lines()

    def set_clock(self, day, hour):
        self.clock.move_to(cal.utc("SP", day, hour))

    # --- what there is ---

    def make_places(self):
        city = self.env["res.city"].search([("name", "=", "São Paulo"), ("country_id.code", "=", "BR")], limit=1)
        self.company.partner_id.write({"state_id": city.state_id.id, "city_id": city.id, "city": city.name})
        days = [{"date": day, "scope": "municipal", "city_id": city.id} for day in CITY_DAYS]
        days += [
            {"date": day, "scope": "state", "state_id": self.env.ref(f"base.state_br_{uf.lower()}").id}
            for uf, dates in STATE_DAYS.items()
            for day in dates
        ]
        self.env["cobranca.holiday"].create([{"name": "Holiday", **values} for values in days])
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.currencies = dict(enumerate((dollar | self.company.currency_id).sorted("id")))

    def make_policies(self):
        names = {tag for policy in self.script.policies for tag in policy.tags}
        self.tags = {name: self.env["res.partner.category"].create({"name": name}) for name in sorted(names)}
        self.levels, self.policies = {}, {}
        for policy in self.script.policies:
            self.policies[policy.id] = self.make_policy(policy)

    def make_policy(self, policy):
        record = self.env["cobranca.dunning.policy"].create(
            {
                "name": f"Ladder {policy.id}",
                "sequence": policy.sequence,
                "company_id": self.company.id,
                "category_ids": [Command.set([self.tags[tag].id for tag in policy.tags])],
                "min_amount": policy.min_amount / 100,
                "min_days_between": policy.min_days,
                "max_per_week": policy.max_week,
                "business_day_rule": policy.business,
                "send_hour": policy.hour,
            }
        )
        for level in policy.levels:
            self.levels[level.id] = self.make_level(record, level)
        record.sudo().write(
            {
                "state": policy.state,
                "date_from": policy.date_from,
                "entry_rule": policy.entry,
                "entry_level_id": policy.entry_level is not None and self.levels[policy.entry_level].id,
            }
        )
        return record

    def make_level(self, policy, level):
        return self.env["cobranca.dunning.level"].create(
            {
                "policy_id": policy.id,
                "name": f"Step {level.id}",
                "trigger": level.trigger,
                "days": level.days or 0,
                "min_amount": level.min_amount / 100,
                "is_reviewed": level.reviewed,
                "control_percent": level.control_percent,
                "control_seed": level.control_seed or "none",
                "channel_ids": [
                    Command.create({"sequence": number, "channel": channel, **self.case.prepare_words(channel)})
                    for number, channel in enumerate(level.channels)
                ],
            }
        )

    def make_people(self):
        """Customers; who is drawn into a control group hangs on their ids, which the oracle has to know."""
        country = self.env.ref("base.br")
        self.debtors = {}
        for debtor in self.script.debtors:
            state = debtor.uf and self.env.ref(f"base.state_br_{debtor.uf.lower()}")
            self.debtors[debtor.id] = self.env["res.partner"].create(
                {
                    "name": f"Customer {debtor.id}",
                    "lang": "en_US",
                    "country_id": country.id,
                    "state_id": state and state.id,
                    "email": debtor.email,
                    "phone": debtor.phone,
                    "street": debtor.street,
                    "city": "Centro",
                    "zip": "01001-000",
                    "category_id": [Command.set([self.tags[tag].id for tag in debtor.tags])],
                }
            )
            debtor.key = self.debtors[debtor.id].id
        for level in (level for policy in self.script.policies for level in policy.levels):
            level.key = self.levels[level.id].id

    def make_lines(self):
        """An entry for each day, also for days to come."""
        groups = defaultdict(list)
        for line in self.script.lines:
            groups[line.booked].append(line)
        self.lines = {}
        for booked, lines in groups.items():
            items = [(line.debtor, line.residual, line.due, line.currency) for line in lines]
            made = self.post(self.case.journal, booked, items, 1)
            self.lines.update(zip((line.id for line in lines), made, strict=True))

    def post(self, journal, day, items, sign):
        """A posted entry with a receivable line for each of (debtor, cents, due date, currency).

        A dollar is a real here.
        """
        commands = [
            Command.create(
                {
                    "account_id": self.case.receivable.id,
                    "partner_id": self.debtors[debtor].id,
                    "currency_id": self.currencies[currency].id,
                    "balance": sign * cents / 100,
                    "amount_currency": sign * cents / 100,
                    "date_maturity": due,
                    "name": f"item {number}",
                    # Odoo leaves lines of such journals out of what is asked for.
                    "no_followup": False,
                }
            )
            for number, (debtor, cents, due, currency) in enumerate(items)
        ]
        total = -sign * sum(cents for _debtor, cents, _due, _currency in items) / 100
        account = journal.default_account_id or self.case.income
        commands.append(Command.create({"account_id": account.id, "balance": total, "name": "other side"}))
        move = self.env["account.move"].create({"journal_id": journal.id, "date": day, "line_ids": commands})
        move.action_post()
        lines = move.line_ids.filtered(lambda line: line.account_id == self.case.receivable)
        return lines.sorted(lambda line: int(line.name.split()[1]))

    # --- what happens ---

    def happen(self, event, day):
        kind, *arguments = event
        getattr(self, f"do_{kind}")(*arguments, day=day)

    def pay_all(self, events, day):
        """What comes in at once is one entry of the bank; these come first in each phase of a script."""
        if not events:
            return
        items = []
        for _kind, number, cents in events:
            line = self.script.lines[number]
            items.append((line.debtor, cents, day, line.currency))
        credits = self.post(self.case.bank, day, items, -1)
        for (_kind, number, _cents), credit in zip(events, credits, strict=True):
            (self.lines[number] + credit).reconcile()

    def do_promise(self, number, lines, cents, promised, day):
        records = self.env["account.move.line"].union(*(self.lines[line] for line in lines))
        Promise = self.env["cobranca.promise"].with_user(self.case.collector)
        self.promises[number] = Promise._record(records.with_user(self.case.collector), promised, cents / 100).sudo()
        self.holds += [None] * len(lines)

    def do_cancel_promise(self, number, day):
        self.promises[number].with_user(self.case.collector).action_cancel()

    def do_dispute(self, number, line, day):
        line = self.lines[line].with_user(self.case.collector)
        Dispute = self.env["cobranca.dispute"].with_user(self.case.collector)
        self.disputes[number] = Dispute._record(line, line.amount_residual_currency, "service")
        self.holds.append(None)

    def do_decide_dispute(self, number, day):
        self.disputes[number].with_user(self.case.supervisor)._decide("rejected", "We looked at it.")

    def do_hold(self, debtor, line, days, reason, day):
        Hold = self.env["cobranca.hold"].with_user(self.case.supervisor)
        last = None if days is None else day + timedelta(days=days)
        lines = None if line is None else self.lines[line]
        self.holds.append(Hold._start(self.company, self.debtors[debtor], reason, day, last, lines=lines))

    def do_end_hold(self, number, day):
        self.holds[number].action_end()

    def do_refuse(self, debtor, channels, day):
        self.env["cobranca.opt.out"].with_user(self.case.collector)._set_refused(self.debtors[debtor], channels)

    def do_contact(self, debtor, day):
        Interaction = self.env["cobranca.interaction"].with_user(self.case.collector)
        Interaction._register_contact(self.company, self.debtors[debtor], {"outcome": "no_answer"})

    def do_call(self, debtor, day):
        if "call" in self.messages_of(debtor, ("todo",)).mapped("channel"):
            self.do_contact(debtor, day)

    def do_data(self, debtor, name, value, day):
        self.debtors[debtor][name] = value

    def do_block(self, line, is_blocked, day):
        self.lines[line].no_followup = is_blocked

    def do_policy(self, number, state, day):
        self.policies[number].sudo().state = state

    def do_approve(self, debtor, day):
        if messages := self.messages_of(debtor, ("review",)):
            messages.with_user(self.case.supervisor).action_approve()

    def do_done(self, debtor, day):
        self.messages_of(debtor, ("todo",))._note_sent()

    def messages_of(self, debtor, states):
        return self.env["cobranca.message"].search(
            [("partner_id", "=", self.debtors[debtor].id), ("state", "in", states)]
        )
