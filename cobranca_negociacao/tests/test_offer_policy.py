from datetime import date
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from ..tools import bands
from .offer_common import TODAY, OfferCommon


@freeze_time("2026-11-19 15:00:00")
@tagged("post_install", "-at_install")
class TestOfferPolicy(OfferCommon):
    def use(self, version):
        """Somebody asked for an offer by these rules."""
        rule = version.rule_ids[:1] or self.make_rule(version)
        self.make_authority("collector", max_count=1)
        lines = self.owe((100, "2026-11-01"))
        found = self.find(lines)
        self.assertEqual(found.rule, rule)
        approval = self.Approval.with_user(self.collector)
        return approval._request(self.company, self.customer, self.plan(100, count=3), found, TODAY, "He lost his job")

    # === VERSIONS === #

    def test_newest_version_that_has_begun_counts(self):
        later = self.version.copy({"date_from": "2026-11-20"})
        older = self.version.copy({"date_from": "2026-11-01"})
        found = {day: self.Policy._get_version(self.company, date(2026, 11, day)) for day in (1, 19, 20)}
        self.assertEqual(found, {1: older, 19: older, 20: later})
        self.assertEqual(self.Policy._get_version(self.company, date(2020, 1, 1)), self.version)
        self.assertEqual(self.policy.with_user(self.collector).current_version_id, older)
        self.assertEqual(older.with_user(self.collector).display_name, "Ours, since 11/01/2026")
        self.assertEqual(self.version.display_name, "Ours, since the beginning")

    def test_company_day_decides(self):
        """Two in the morning of London is still the day before in São Paulo."""
        later = self.version.copy({"date_from": "2026-11-20"})
        with freeze_time("2026-11-20 02:00:00"):
            self.policy.invalidate_recordset()
            self.assertEqual(self.policy.current_version_id, self.version)
        with freeze_time("2026-11-20 03:00:00"):
            self.policy.invalidate_recordset()
            self.assertEqual(self.policy.current_version_id, later)

    def test_rules_are_copied_into_a_later_version(self):
        self.make_rule(delay_to=30, principal_percent=7)
        action = self.policy.with_user(self.manager).action_new_version()
        version = self.Version.browse(action["res_id"])
        self.assertEqual((version.date_from, version.rule_ids.principal_percent), (date(2026, 11, 20), 7))
        again = self.Version.browse(version.with_user(self.manager).action_new_version()["res_id"])
        self.assertEqual(again.date_from, date(2026, 11, 21), "after the newest")
        empty = self.Policy.create({"name": "Empty", "active": False})
        self.assertFalse(self.Version.browse(empty.action_new_version()["res_id"]).date_from)
        self.assertIn("11/20/2026", self.policy.message_ids[1].body)

    def test_one_version_of_a_day(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.Version.create({"policy_id": self.policy.id})

    def test_rules_that_were_used_do_not_change(self):
        rule = self.make_rule()
        self.use(self.version)
        version, rule = self.version.with_user(self.manager), rule.with_user(self.manager)
        self.version.invalidate_recordset()
        self.assertTrue(version.is_used)
        other = self.version.copy({"date_from": "2027-01-01"})
        moved = other.rule_ids.with_user(self.manager)
        for change in (
            lambda: rule.write({"principal_percent": 90}),
            lambda: rule.write({"version_id": other.id}),
            lambda: moved.write({"version_id": version.id}),
            lambda: self.Rule.with_user(self.manager).create({"version_id": version.id, "audience": "business"}),
            lambda: version.write({"date_from": "2026-01-01"}),
            rule.unlink,
            version.unlink,
        ):
            with self.assertRaisesRegex(UserError, "Change rules"), self.env.cr.savepoint():
                change()
        with self.assertRaisesRegex(UserError, "archive it"):
            self.policy.with_user(self.manager).unlink()
        self.assertFalse(other.is_used)
        moved.principal_percent = 90
        other.with_user(self.manager).unlink()

    # === ONE IN FORCE === #

    def test_one_policy_in_force(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.Policy.create({"name": "Second", "active": True})
        second = self.Policy.with_user(self.manager).create({"name": "Second"})
        self.assertFalse(second.active, "waits until somebody puts it in force")
        second.action_put_in_force()
        self.assertEqual((second.active, self.policy.active), (True, False))
        self.assertIn("No rules are valid today", second.warning)
        other = self.env["res.company"].create({"name": "Other"})
        self.assertTrue(self.Policy.create({"name": "Theirs", "company_id": other.id, "active": True}).active)
        self.assertTrue(second.active)

    def test_next_one_in_the_same_breath(self):
        """Archived and followed by another before anything is written to the database."""
        self.policy.action_archive()
        self.assertTrue(self.Policy.create({"name": "Next", "active": True}).active)

    def test_archived_policy_counts_no_more(self):
        self.policy.action_archive()
        self.assertFalse(self.Policy._get_version(self.company, TODAY))

    # === OVERLAP === #

    def test_overlap_is_refused_with_both_names(self):
        self.make_rule(delay_from=0, delay_to=30)
        names = "“Late 0 to 30 days” and “Late 30 to 60 days”"
        with self.assertRaisesRegex(ValidationError, names), self.env.cr.savepoint():
            self.make_rule(delay_from=30, delay_to=60)
        apart = self.make_rule(delay_from=31, delay_to=60)
        with self.assertRaisesRegex(ValidationError, "overlap"), self.env.cr.savepoint():
            apart.delay_from = 25
        self.make_rule(delay_from=61, amount_below=1000)
        self.make_rule(delay_from=61, amount_from=1000)
        self.make_rule(delay_from=0, audience="consumer")
        self.make_rule(delay_from=0, segment_id=self.put_in_segment(self.customer).id)
        self.make_rule(self.version.copy({"date_from": "2026-12-01", "rule_ids": []}), delay_from=30)
        with self.assertRaisesRegex(ValidationError, r"R\$\s*1,000\.00 or more"):
            self.make_rule(delay_from=400, amount_from=5000)

    def test_database_refuses_what_two_people_write_at_once(self):
        """Neither sees the rule of the other; the first check by name is set aside here."""
        shapes = [
            ({"delay_to": 30}, {"delay_from": 30}),
            ({}, {"delay_from": 5, "delay_to": 5, "amount_from": 3, "amount_below": 4}),
            ({"audience": "consumer"}, {"audience": "consumer", "amount_from": 100}),
        ]
        for number, (one, other) in enumerate(shapes):
            version = self.version.copy({"date_from": date(2027, 1, 1 + number), "rule_ids": []})
            self.make_rule(version, **one)
            with (
                self.subTest(one=one, other=other),
                patch.object(bands, "overlaps", lambda _bands: []),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(IntegrityError, "cobranca_offer_rule_no_overlap"),
                self.env.cr.savepoint(),
            ):
                self.make_rule(version, **other)

    def test_database_agrees_with_the_check(self):
        """What may stand side by side is not refused by the constraint either."""
        for values in (
            {"delay_to": 30},
            {"delay_from": 31, "amount_below": 1000},
            {"delay_from": 31, "amount_from": 1000},
            {"audience": "business"},
            {"audience": "consumer"},
            {"segment_id": self.put_in_segment(self.customer).id},
        ):
            self.make_rule(**values)
        self.assertEqual(self.version.rule_count, 6)

    def test_bands_go_upwards(self):
        for number, values in enumerate(
            (
                {"delay_from": 30, "delay_to": 10},
                {"amount_from": 10, "amount_below": 10},
                {"delay_from": -1},
                {"rate_percent": 101, "method": "simple"},
                {"fine_percent": 100.01},
                {"max_count": 121},
                {"min_installment": -1},
            )
        ):
            with (
                self.subTest(values=values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.make_rule(self.version.copy({"date_from": date(2027, 1, 1 + number)}), **values)

    # === WORDS === #

    def test_warnings_of_rules(self):
        rule = self.make_rule(method="price", rate_percent=2, max_count=10, free_count=3)
        self.assertIn("Decreto 22.626/1933, art. 4º", self.policy.with_user(self.manager).warning)
        rule.method = "simple"
        self.assertIn("More than 1 %", rule.warning)
        rule.rate_percent = 1
        self.assertFalse(self.policy.warning)
        rule.free_count = 10
        self.assertIn("never charged", rule.warning)
        rule.write({"method": "sac", "free_count": 3, "audience": "business", "rate_percent": 3})
        self.assertFalse(rule.warning)

    def test_limits_in_words(self):
        rule = self.make_rule(
            interest_percent=50,
            correction_percent=0,
            principal_percent=0,
            min_down_percent=20,
            max_count=6,
            min_installment=50,
            method="simple",
            rate_percent=1,
            free_count=3,
            max_first_days=7,
            validity_days=5,
        )
        text = rule.with_user(self.collector).limits_text.replace("\N{NO-BREAK SPACE}", " ")
        self.assertEqual(
            text,
            "Discount up to: fine 100 %, interest 50 %. Down payment of 20 % or more, up to 6 installments. No "
            "installment below R$ 50.00. More than 3 installments cost 1 % a month. First payment within 7 days; the "
            "offer is valid for 5 days.",
        )
        rule.write({"fine_percent": 0, "interest_percent": 0, "max_count": 0})
        self.assertTrue(rule.limits_text.startswith("No discount. Everything is paid at once. First payment"))

    # === RIGHTS === #

    def test_floors_are_for_people_of_collection(self):
        rule = self.make_rule()
        self.assertEqual(rule.with_user(self.collector).principal_percent, 100)
        for record in (self.policy, self.version, rule, self.make_authority("collector")):
            self.assertTrue(record.with_user(self.collector).has_access("read"))
            self.assertFalse(record.with_user(self.collector).has_access("write"))
            self.assertFalse(record.with_user(self.supervisor).has_access("write"))
            self.assertTrue(record.with_user(self.manager).has_access("write"))
            self.assertFalse(record.with_user(self.outsider).has_access("read"))
        for action in ("action_new_version", "action_put_in_force"):
            with self.assertRaises(AccessError):
                getattr(self.policy.with_user(self.supervisor), action)()

    def test_other_companies_are_out_of_sight(self):
        other = self.env["res.company"].create({"name": "Other"})
        policy = self.Policy.create({"name": "Theirs", "company_id": other.id, "active": True})
        version = self.Version.create({"policy_id": policy.id, "rule_ids": [(0, 0, {})]})
        authority = self.Authority.create({"company_id": other.id, "role": "collector"})
        for record in (policy, version, version.rule_ids, authority):
            self.assertFalse(record.with_user(self.manager).has_access("read"))

    # === SCREENS === #

    def test_manager_writes_rules_on_the_screen(self):
        with Form(self.version.with_user(self.manager)) as form, form.rule_ids.new() as rule:
            rule.delay_from, rule.delay_to, rule.fine_percent = 31, 90, 80
            self.assertIn("fine 80 %", rule.limits_text)
        self.assertEqual(self.version.rule_ids.display_name, "Late 31 to 90 days")
        with Form(self.Policy.with_user(self.manager)) as form:
            form.name = "New"
        self.assertFalse(form.record.active)
