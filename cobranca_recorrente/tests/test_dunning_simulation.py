import io
from collections import Counter
from datetime import date, timedelta
from random import Random
from unittest.mock import patch

import openpyxl
import psycopg2
from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from ..tools import ladder_plan
from .dunning_common import DunningCommon

DAY = date(2026, 11, 19)  # a Thursday
MORNING = "2026-11-19 12:30:00"
DEBTORS = 160
LATE = (-3, -1, 0, 2, 3, 4, 7, 8, 10, 15, 16, 21, 30, 45)
HOSTILE = '=HYPERLINK("http://evil.example","x")'


@tagged("post_install", "-at_install")
class TestDunningSimulation(DunningCommon):
    """A simulated day is the day that the run makes of it, and leaves no trace."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Simulation = cls.env["cobranca.dunning.simulation"]
        cls.random = Random(19)
        cls.ladder.level_ids.filtered(lambda level: level.days == 30).write(
            {
                "is_reviewed": True,
                "channel_ids": [Command.clear()]
                + [
                    Command.create({"channel": channel, "sequence": number, **cls.prepare_words(channel)})
                    for number, channel in enumerate(("call", "letter"))
                ],
            }
        )
        for days in (3, 7, 15):
            cls.level(days).channel_ids = [
                Command.create({"channel": "sms", "sequence": 9, **cls.prepare_words("sms")})
            ]
        cls.level(7).write({"control_percent": 30, "control_seed": "test"})
        tag = cls.env["res.partner.category"].create({"name": "Paused"})
        cls.paused = cls.make_ladder(steps=(3, 10), category_ids=[Command.set(tag.ids)])
        cls.paused.sudo().state = "paused"
        cls.people = cls.make_people(tag)
        # Three of ten, whatever their ids are: those draw others in each run, and nobody in some.
        first = cls.people[0].id
        cls.startClassPatcher(
            patch.object(
                ladder_plan,
                "is_control",
                lambda level, debtor: level.days > 0 and level.control_percent > 0 and (debtor - first) % 10 < 3,
            )
        )
        with freeze_time("2026-11-05 12:30:00"):
            cls.lines = cls.make_portfolio()
            cls.pause_some()
        # What is still waiting after a week is given back by the run.
        cls.run_some("2026-11-12", cls.people[:70])
        cls.run_some("2026-11-17", cls.people[60::3])

    @classmethod
    def run_some(cls, day, partners):
        """Half of the messages leave; some do not arrive, the others are still under way."""
        with freeze_time(f"{day} 13:00:00"):
            made = cls.engine._claim(cls.company, date.fromisoformat(day), partners)
            for number, message in enumerate(made.filtered(lambda message: message.state == "queued")):
                if number % 2:
                    message._note_sent()
                elif not number % 3:
                    message._fail("failed", "mailbox unknown")

    @classmethod
    def make_people(cls, tag):
        states = cls.env["res.country.state"].search(
            [("code", "in", ("MT", "SP", "AC")), ("country_id.code", "=", "BR")]
        )
        random = cls.random
        people = cls.env["res.partner"].create(
            [
                {
                    "name": f"Debtor {number:03d}",
                    "email": f"debtor{number}@example.com" if random.random() < 0.8 else False,
                    "phone": random.choice(["(11) 98765-4321", "(11) 3333-4444", False]),
                    "state_id": random.choice([*states.ids, False]),
                    "category_id": [Command.set(tag.ids if random.random() < 0.08 else [])],
                }
                for number in range(DEBTORS)
            ]
        )
        for partner in people[::11]:
            cls.env["cobranca.opt.out"]._set_refused(partner, ["email"])
        people[0].name = HOSTILE
        return people

    @classmethod
    def make_portfolio(cls):
        items = [
            (partner, cls.random.choice((35, 120.5, 999.99)), DAY - timedelta(days=cls.random.choice(LATE)))
            for partner in cls.people
            for _line in range(cls.random.choice((1, 1, 2, 3)))
        ]
        return cls.post_lines(date(2026, 9, 1), items)

    @classmethod
    def pause_some(cls):
        """Pauses of a customer, of one line, promises; and one line that was marked."""
        Hold = cls.env["cobranca.hold"]
        day = date(2026, 11, 5)
        for reason, partners in (("vacation", cls.people[3::17]), ("court", cls.people[5::23])):
            for partner in partners:
                Hold._start(cls.company, partner, reason, day, date(2026, 12, 1))
        for line in cls.lines[4::29]:
            Hold._start(cls.company, line.partner_id, "dispute", day, date(2026, 12, 1), lines=line)
        held = Hold.search([("line_id", "!=", False)]).line_id
        for line in cls.lines[7::31] - held:
            cls.env["cobranca.promise"]._record(line, date(2026, 11, 25), line.amount_residual)
        cls.lines[9::37].no_followup = True

    def simulate(self, day=DAY, user=None, policy=None):
        return self.Simulation.with_user(user or self.collector).simulate(str(day), policy and policy.id)

    def writes(self):
        """Rows written by this transaction so far, in all tables."""
        self.env.flush_all()
        [(count,)] = self.env.execute_query(
            SQL("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables")
        )
        return count

    # === EQUALITY === #

    @freeze_time(MORNING)
    def test_the_run_makes_what_was_simulated(self):
        simulated = self.simulate()
        plan = self.engine._select(self.company, DAY)
        channels = self.Simulation._get_channel_labels()
        made = self.engine._run(self.company, DAY)
        self.assertGreater(len(made), 25)
        expected = Counter(
            (
                message.partner_id.id,
                message.currency_id.name,
                message.level_id.id,
                channels[message.channel],
                frozenset(message.line_ids.mapped("name")),
                round(message.amount, 2),
            )
            for message in made
        )
        shown = Counter(
            (
                row["partner_id"],
                row["currency"],
                group["id"],
                row["channel"],
                frozenset(row["invoices"].split(", ")),
                round(row["amount"], 2),
            )
            for group in simulated["groups"]
            for row in group["rows"]
        )
        self.assertEqual(shown, expected)
        # The same lines take the same steps, and the same customers are drawn for the control group.
        claims = {
            (line.key, line.level.key, bool(item.channel is None))
            for item in (*plan.messages, *plan.control)
            for line in item.claims
        }
        notices = self.Notice.search([("date", "=", DAY)])
        self.assertEqual({(n.line_id.id, n.level_id.id, n.is_control) for n in notices}, claims)
        self.assertTrue(notices.filtered("is_control"))

    @freeze_time(MORNING)
    def test_everybody_is_told_once(self):
        """Who has a step to take either gets something or is left out with a reason; the sums fit."""
        facts = self.simulate()
        told = {row["id"] for group in facts["groups"] for row in group["rows"]}
        out = [row["id"] for reason in facts["reasons"] for row in reason["rows"]]
        self.assertEqual(len(out), len(set(out)))
        self.assertFalse(told & set(out))
        self.assertEqual(facts["total"]["customers"], sum(group["customers"] for group in facts["groups"]))
        self.assertEqual(facts["total"]["left_out"], sum(reason["count"] for reason in facts["reasons"]))
        self.assertEqual(facts["paid"]["count"], 0)
        keys = {reason["key"] for reason in facts["reasons"]}
        self.assertGreaterEqual(keys, {"too_soon", "held", "in_progress", "control", "paused", "undelivered"})

    # === NO TRACE === #

    @freeze_time(MORNING)
    def test_nothing_is_written(self):
        before = self.writes()
        self.assertTrue(self.simulate()["groups"])
        self.Simulation.with_user(self.collector)._get_workbook_of(str(DAY), False)
        self.assertEqual(self.writes(), before)

    @freeze_time(MORNING)
    def test_writes_are_refused(self):
        """Whoever adds something that writes is stopped by PostgreSQL; afterwards all is as before."""

        def write(simulation, company, plan):
            simulation.env["res.partner"].sudo().search([], limit=1).write({"comment": "x"})
            simulation.env.flush_all()

        with (
            patch.object(type(self.Simulation), "_get_reasons", write),
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.ReadOnlySqlTransaction),
        ):
            self.simulate()
        self.env.invalidate_all()
        self.customer.comment = "written"
        self.env.flush_all()

    @freeze_time(MORNING)
    def test_the_run_itself_cannot_run_in_it(self):
        with (
            mute_logger("odoo.sql_db", "odoo.addons.cobranca_recorrente.models.cobranca_dunning_engine"),
            self.assertRaises(psycopg2.errors.ReadOnlySqlTransaction),
            self.Simulation._read_only(),
        ):
            self.engine._insert_claims(self.company, DAY, self.engine._select(self.company, DAY).messages, [])

    # === WHAT IS SHOWN === #

    @freeze_time(MORNING)
    def test_one_ladder_and_observation(self):
        self.ladder.sudo().state = "observing"
        facts = self.simulate()
        self.assertTrue(facts["groups"], "shown is what it would send")
        self.assertIn("under observation", " ".join(facts["notes"]))
        self.assertFalse(self.engine._run(self.company, DAY))
        paused = self.simulate(policy=self.paused)
        self.assertEqual((paused["groups"], [r["key"] for r in paused["reasons"]]), ([], ["paused"]))

    @freeze_time(MORNING)
    def test_reasons_are_explained(self):
        reasons = {reason["key"]: reason for reason in self.simulate()["reasons"]}
        self.assertEqual(reasons["too_soon"]["label"], "Contact less than 3 days ago")
        self.assertEqual(reasons["too_soon"]["text"], "leave on 23/11", "the 20th is a holiday")
        self.assertIn("Last contact on 17/11", reasons["too_soon"]["rows"][0]["found"])
        self.assertIn("Vacation", reasons["held"]["text"])
        self.assertIn("until 01/12", reasons["held"]["rows"][0]["found"])
        self.assertIn("not delivered", reasons["undelivered"]["rows"][0]["found"])

    @freeze_time(MORNING)
    def test_money_that_may_pay_for_it_is_named(self):
        partner = self.env["res.partner"].create({"name": "Fits", "email": "fits@example.com"})
        self.owe(77.7, "2026-11-03", partner=partner)
        self.post_lines(date(2026, 11, 18), [(partner, 77.7, date(2026, 11, 18))], sign=-1)
        rows = {row["name"]: row for reason in self.simulate()["reasons"] for row in reason["rows"]}
        reasons = {reason["key"] for reason in self.simulate()["reasons"] if "Fits" in str(reason["rows"])}
        self.assertEqual(reasons, {"probably_paid"})
        self.assertIn("77.70", rows["Fits"]["found"])

    @freeze_time(MORNING)
    def test_hours_of_another_zone(self):
        rows = [row for group in self.simulate()["groups"] for row in group["rows"]]
        by_state = {self.env["res.partner"].browse(row["partner_id"]).state_id.code: row["hour"] for row in rows}
        self.assertEqual(by_state["MT"], "09:00 (MT)")
        self.assertEqual(by_state["SP"], "09:00")

    @freeze_time(MORNING)
    def test_quiet_day_names_the_next_one(self):
        sunday = self.simulate(date(2026, 11, 22))
        self.assertEqual(sunday["groups"], [])
        self.assertIn("not_business_day", {reason["key"] for reason in sunday["reasons"]})
        self.assertEqual(sunday["next"]["date"], "2026-11-23")
        self.assertIn("not simulated", " ".join(sunday["notes"]))

    # === FILE === #

    @freeze_time(MORNING)
    def test_workbook(self):
        facts = self.simulate()
        name, content = self.Simulation.with_user(self.collector)._get_workbook_of(str(DAY), False)
        self.assertEqual(name, "simulation-2026-11-19.xlsx")
        book = openpyxl.load_workbook(io.BytesIO(content))
        sent, left_out = book.worksheets
        self.assertEqual(sent.max_row - 1, facts["total"]["messages"])
        for sheet in (sent, left_out):
            self.assertEqual(sheet.freeze_panes, "A2")
            self.assertTrue(sheet.auto_filter.ref.startswith("A1:"))
        for row in sent.iter_rows(min_row=2):
            self.assertEqual([cell.data_type for cell in row], [*"ssssss", *"nnn", "s"])
        hostile = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == HOSTILE]
        self.assertEqual([cell.data_type for cell in hostile], ["s"])

    # === RIGHTS AND BAD INPUT === #

    @freeze_time(MORNING)
    def test_who_and_which_day(self):
        stranger = new_test_user(self.env, "stranger", "base.group_user")
        with self.assertRaises(AccessError):
            self.simulate(user=stranger)
        for wrong in ("2026-13-40", "tomorrow", "1900-01-01", "2999-01-01"):
            with self.assertRaisesRegex(UserError, "within a year"):
                self.simulate(wrong)
        self.assertEqual(self.simulate("")["date"], "2026-11-19")

    @freeze_time(MORNING)
    def test_another_company_sees_its_own(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.collector.company_ids += other
        facts = self.Simulation.with_user(self.collector).with_company(other).simulate(str(DAY))
        self.assertEqual((facts["groups"], facts["reasons"]), ([], []))
        self.assertFalse({policy["id"] for policy in facts["policies"]} & set((self.ladder + self.paused).ids))
