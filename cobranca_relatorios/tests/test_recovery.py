"""The reports of what works beside the plain computation of `tools/recovery.py`, on hundreds of random cases."""

import random
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from unittest.mock import patch

from freezegun import freeze_time

from ..tools import recovery
from .common import ReportCommon
from .work_writer import WorkWriter

TODAY = date(2026, 6, 30)
CASES = 200


@freeze_time("2026-06-30 15:00:00")
class TestRecovery(ReportCommon):
    def setUp(self):
        super().setUp()
        income = self.ledger.income
        self.ledger.income = None  # none of these reports reads what was sold: half of the rows
        self.addCleanup(setattr, self.ledger, "income", income)
        self.work = WorkWriter(self.ledger)
        self.dice = random.Random(20260630)

    def report(self, model):
        return self.env[model].with_user(self.supervisor)

    def day(self, last=180):
        return TODAY - timedelta(days=self.dice.randint(0, last))

    def cents(self, most=100000):
        return Decimal(self.dice.randint(1, most)) / 100

    def to_cents(self, value):
        return Decimal(str(round(value, 2)))

    def pay(self, title, days):
        """Parts of a title, or all of it, on some days.

        :return: [(day, amount)]
        """
        left, paid = title.amount, []
        for day in sorted(days):
            part = min(left, self.dice.choice([left, self.cents(), left / 2])).quantize(Decimal("0.01"))
            if part:
                self.ledger.pay(title, day, part)
                paid.append((day, part))
                left -= part
        return paid

    def test_steps(self):
        levels = self.work.make_levels([3, 10, 20])
        debts, payments, steps = {}, [], []
        for number in range(CASES):
            due = self.day()
            title = self.ledger.invoice(self.customer, due, due, self.cents())
            debts[number] = title.amount
            came = self.pay(
                title, [due + timedelta(days=self.dice.randint(0, 50)) for _ in range(self.dice.randint(0, 3))]
            )
            payments += [recovery.Payment(number, day, amount) for day, amount in came]
            for level in self.dice.sample(levels, self.dice.randint(0, 3)):
                day, is_sent = due + timedelta(days=level.days + self.dice.randint(0, 9)), self.dice.random() < 0.8
                self.work.step(title, level, day, is_control=not is_sent)
                steps.append(recovery.Step(number, level, day, is_sent))
        expected = recovery.recover(debts, payments, steps, TODAY)
        sums = ["amount_recovered:sum", "amount_judged:sum", "recovery_rate:avg"]
        rows = self.report("cobranca.step.report")._read_group([("amount_judged", ">", 0)], ["level_id"], sums)
        found = {level: (self.to_cents(recovered), self.to_cents(whole)) for level, recovered, whole, _rate in rows}
        self.assertEqual(found, expected)
        self.assertEqual(
            {level: self.to_cents(rate) for level, _recovered, _whole, rate in rows},
            {level: recovery.percent(*values) for level, values in expected.items()},
        )
        self.check_narrow_rows()

    def check_narrow_rows(self):
        """Rows are the same whether all are computed, those of a time, or those of a page."""
        Report = self.report("cobranca.step.report")
        names = [name for name, field in Report._fields.items() if field.store]
        whole = {row["id"]: row for row in Report.search_read([], names)}
        self.assertGreater(len(whole), CASES)
        for days in (10, 40, 90):
            first = TODAY - timedelta(days=days)
            self.env.invalidate_all()
            found = {row["id"]: row for row in Report.search_read([("date", ">=", first)], names)}
            self.assertEqual(found, {number: row for number, row in whole.items() if row["date"] >= first})
        self.env.invalidate_all()
        page = Report.search_read([("is_reached", "=", True)], names, offset=20, limit=30)
        self.assertEqual(page, [row for row in whole.values() if row["is_reached"]][20:50])

    def test_promises(self):
        promises, records = defaultdict(list), self.env["cobranca.promise"]
        users = [self.collector, self.supervisor]
        for _number in range(CASES):
            made = self.day(60)
            title = self.ledger.invoice(self.customer, made, made - timedelta(days=9), self.cents())
            promised = made + timedelta(days=self.dice.randint(0, 20))
            limit = promised + timedelta(days=self.dice.randint(0, 3))
            amount = max(self.dice.choice([title.amount, title.amount / 2]).quantize(Decimal("0.01")), Decimal("0.01"))
            user = self.dice.choice(users)
            records |= self.work.promise(title, made, promised, limit, amount, user)
            days = [made + timedelta(days=self.dice.randint(0, 25)) for _ in range(self.dice.randint(0, 2))]
            paid = self.pay(title, [day for day in days if day <= TODAY])
            promises[user].append(recovery.Promise(amount, limit, paid))
        with patch.object(type(records), "_tell"):
            records._decide()
        sums = ["kept_count:sum", "matured_count:sum", "amount_kept:sum", "amount_matured:sum"]
        rows = self.report("cobranca.promise.report")._read_group([], ["user_id"], sums)
        for user, kept, matured, *amounts in rows:
            found = (kept, matured, *map(self.to_cents, amounts))
            self.assertEqual(found, recovery.keep_promises(promises[user], TODAY))
            self.assertTrue(0 < kept < matured)

    def test_agreements(self):
        Report, total, states, judged = self.report("cobranca.agreement.report"), [], [], {}
        for _number in range(CASES):
            signed = self.day(150)
            dues = [signed + timedelta(days=30 * month) for month in range(self.dice.randint(1, 2))]
            title = self.ledger.invoice(self.customer, signed, signed - timedelta(days=50), len(dues) * 10)
            agreement, items = self.ledger.agree([title], signed, [(due, 10) for due in dues])
            settled = [due + timedelta(days=self.dice.choice([-5, -1, 0, 0, 1, 9])) for due in dues]
            settled = settled[: self.dice.randint(0, len(dues))]
            settled = [day for day in settled if day <= TODAY]
            for item, day in zip(items, settled, strict=False):
                self.ledger.pay(item, day, 10)
            ended = self.dice.choice([None, None, max([*settled, signed + timedelta(days=35)])])
            is_paid = len(settled) == len(items)
            state = "paid" if is_paid else "broken" if ended and ended <= TODAY else "active"
            if state == "broken":
                self.work.end_agreement(agreement, items, ended)
            self.work.set_agreement(agreement, state=state)
            states.append(state)
            until = ended if state == "broken" else None
            own = [
                recovery.Installment(item.due, *([settled[position]] if position < len(settled) else [None, until]))
                for position, item in enumerate(items)
            ]
            judged[agreement] = recovery.pay_on_time(own, TODAY)
            total += own
        self.assertEqual({row.id: (row.on_time_count, row.matured_count) for row in Report.search([])}, judged)
        [(paid, decided, kept_rate, on_time_rate)] = Report._read_group(
            [], [], ["paid_count:sum", "decided_count:sum", "kept_rate:avg", "on_time_rate:avg"]
        )
        self.assertEqual((paid, decided), recovery.keep_agreements(states))
        self.assertEqual(self.to_cents(kept_rate), recovery.percent(paid, decided))
        self.assertEqual(self.to_cents(on_time_rate), recovery.percent(*recovery.pay_on_time(total, TODAY)))

    def test_agencies(self):
        sums = defaultdict(lambda: [Decimal(0)] * 3)
        agencies = [self.work.make_agency("Acerto"), self.work.make_agency("Recupera")]
        for _number in range(CASES):
            agency, placed = self.dice.choice(agencies), self.cents()
            record = self.work.place(agency, self.customer, self.day(), placed)
            recovered, commission = placed * self.dice.randint(0, 9) / 10, Decimal(0)
            recovered = recovered.quantize(Decimal("0.01"))
            if recovered:
                commission = (recovered * self.dice.randint(0, 30) / 100).quantize(Decimal("0.01"))
                self.work.receive(record, self.day(), recovered, commission)
            sums[agency] = [old + new for old, new in zip(sums[agency], (placed, recovered, commission), strict=True)]
        rates = ["gross_rate:avg", "net_rate:avg", "cost_rate:avg"]
        for agency, *found in self.report("cobranca.agency.performance")._read_group([], ["agency_id"], rates):
            self.assertEqual(tuple(map(self.to_cents, found)), recovery.count_agency(*sums[agency]))

    def test_who_stays(self):
        contract = self.make_contract(activate=False)
        people, expected = self.make_people(CASES), {}
        for partner in people:
            recovered_on = self.day(300)
            due = recovered_on - timedelta(days=self.dice.choice([29, 30, 31, 90]))
            title = self.ledger.invoice(partner, due, due, 10)
            self.ledger.pay(title, recovered_on, 10)
            invoices, contracts = [due], []
            if self.dice.random() < 0.5:
                near = recovered_on + timedelta(days=self.dice.choice([60, 90, 91, 180, 181]))
                invoices += [day for day in [near] if day <= TODAY]
                for day in invoices[1:]:
                    self.ledger.invoice(partner, day, day, 10)
            if self.dice.random() < 0.4:
                start, end = (
                    due,
                    self.dice.choice([None, recovered_on + timedelta(days=self.dice.choice([89, 90, 200]))]),
                )
                self.work.copy_contract(contract, partner, start, end)
                contracts.append((start, end))
            if (recovered_on - due).days >= 30:
                expected[partner] = [
                    recovery.stays(recovered_on, days, invoices, contracts, TODAY) for days in (90, 180)
                ]
        rows = self.report("cobranca.retention.report").search([])
        found = {
            row.partner_id: [
                bool(row.active_90_count) if row.judged_90_count else None,
                bool(row.active_180_count) if row.judged_180_count else None,
            ]
            for row in rows
        }
        self.assertEqual(found, expected)
        self.assertEqual(len(rows), len(expected))

    def test_money_after_contacts(self):
        users = [self.collector, self.supervisor]
        expected = defaultdict(Decimal)
        for partner in self.make_people(CASES):
            due = self.day(60)
            title = self.ledger.invoice(partner, due, due, self.cents())
            contacts = []
            for _number in range(self.dice.randint(0, 3)):
                day, hour = due + timedelta(days=self.dice.randint(-3, 30)), self.dice.randint(12, 20)
                is_heard, user = self.dice.random() < 0.7, self.dice.choice(users)
                heard = {} if is_heard else {"outcome": "no_answer", "reached": "nobody"}
                moment = datetime(day.year, day.month, day.day, hour)
                self.work.contact(partner, moment, user, **heard)
                if is_heard and day > due:
                    contacts.append((moment, len(contacts), user))
            days = [due + timedelta(days=self.dice.randint(0, 45)) for _ in range(2)]
            for day, amount in self.pay(title, days):
                before = [c for c in contacts if timedelta() <= day - c[0].date() <= timedelta(days=recovery.WINDOW)]
                if before:
                    expected[max(before)[2]] += amount
        rows = self.report("cobranca.collector.report")._read_group(
            [("kind", "=", "money")], ["user_id"], ["amount_received:sum"]
        )
        self.assertEqual({user: self.to_cents(amount) for user, amount in rows}, dict(expected))

    def make_people(self, count):
        values = {"name": "Customer", "active": True, "autopost_bills": "ask"}
        ids = [self.ledger._insert("res_partner", **values)[0][0] for _number in range(count)]
        self.env.cr.execute("UPDATE res_partner SET commercial_partner_id = id WHERE id = ANY(%s)", [ids])
        return self.env["res.partner"].browse(ids)
