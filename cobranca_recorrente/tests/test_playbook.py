from psycopg2.errors import CheckViolation, ForeignKeyViolation

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..models.cobranca_playbook import SITUATIONS
from .common import CobrancaCommon

FORBIDDEN = ("spc", "serasa", "protest", "negativ", "advogad", "lawyer", "court", "justiça", "devedor", "inadimpl")
NAMES = {
    "contact": "Doralice",
    "me": "Nara",
    "company": "Brumalva",
    "total": "R$ 3.991,69",
    "oldest_due": "15/09/2026",
    "days": "65",
}


@tagged("post_install", "-at_install")
class TestPlaybook(CobrancaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shipped = cls.env["cobranca.playbook"].search([])
        cls.Playbook = cls.env["cobranca.playbook"].with_user(cls.collector)
        cls.segment = cls.env["cobranca.payer.segment"].search([], limit=1)

    def make(self, **values):
        return self.env["cobranca.playbook"].with_user(self.manager).create({"name": "Test", **values})

    def find(self, situation=False, is_consumer=True, days_late=10, segment=None, company=None):
        return self.Playbook._find(
            company or self.company,
            situation,
            is_consumer,
            days_late,
            self.env["cobranca.payer.segment"] if segment is None else segment,
        )

    # --- which one ---

    def test_something_is_said_in_every_situation(self):
        for situation, _label in SITUATIONS:
            for is_consumer in (True, False):
                with self.subTest(situation=situation, is_consumer=is_consumer):
                    found = self.find(situation, is_consumer)
                    self.assertEqual(found.situation, situation)
                    script = found._get_script(NAMES)
                    self.assertTrue(script["opening"] and script["steps"] and script["message"] and script["cards"])
        general = self.find()
        self.assertEqual((len(general), general.situation), (1, False))
        self.assertEqual(self.find("first", False).audience, "company")

    def test_what_asks_most_counts(self):
        self.assertIn(self.find("retry", days_late=20), self.shipped)
        late = self.make(situation="retry", min_days=15, sequence=99)
        self.assertEqual(self.find("retry", days_late=20), late)
        self.assertIn(self.find("retry", days_late=14), self.shipped)
        chosen = self.make(situation="retry", segment_ids=[Command.set(self.segment.ids)], company_id=self.company.id)
        self.assertEqual(self.find("retry", days_late=20, segment=self.segment), chosen)
        self.assertEqual(self.find("retry", days_late=20), late)

    def test_of_equals_the_first(self):
        second = self.make(situation="high", min_days=1, sequence=8)
        first = self.make(situation="high", min_days=1, sequence=7)
        self.assertEqual(self.find("high"), first)
        first.sequence = 9
        self.assertEqual(self.find("high"), second)

    def test_archived_and_removed_ones_are_not_used(self):
        own = self.make(situation="high", min_days=1)
        self.assertEqual(self.find("high"), own)
        own.active = False
        self.assertIn(self.find("high"), self.shipped)
        own.active = True
        self.assertEqual(self.find("high"), own)
        own.unlink()
        self.assertIn(self.find("high"), self.shipped)
        self.shipped.active = False
        self.assertFalse(self.find("high"))
        self.assertEqual(
            self.find("high")._get_script(NAMES), {"name": "", "opening": "", "steps": [], "message": "", "cards": []}
        )

    def test_company_has_its_own(self):
        other = self.env["res.company"].create({"name": "Other"})
        own = self.env["cobranca.playbook"].create({"name": "Own", "company_id": other.id, "situation": "first"})
        self.assertEqual(self.find("first", company=other).id, own.id)
        self.assertIn(self.find("first"), self.shipped)
        self.assertNotIn(own, self.Playbook.search([]))
        with self.assertRaises(AccessError):
            own.with_user(self.collector).read(["name"])
        with self.assertRaises(AccessError):
            own.with_user(self.manager).write({"name": "Taken"})

    def test_segment_in_use_is_kept(self):
        self.make(situation="retry", segment_ids=[Command.set(self.segment.ids)])
        with mute_logger("odoo.sql_db"), self.assertRaises(ForeignKeyViolation), self.env.cr.savepoint():
            self.segment.unlink()
        self.assertTrue(self.segment.exists())

    def test_many_conversations_few_queries(self):
        situations = [situation for situation, _label in SITUATIONS] * 20
        self.find("first")._get_script(NAMES)  # rights are looked up once
        for model in ("cobranca.playbook", "cobranca.playbook.card"):
            self.env[model].invalidate_model()
        with self.assertQueryCount(3):  # texts, which cards, their texts
            for situation in situations:
                self.find(situation)._get_script(NAMES)

    # --- what is said ---

    def test_facts_are_put_in(self):
        own = self.make(
            opening="Hello {contact}, this is {me}.",
            steps="Listen.\n\n  {total} since {oldest_due}, {days} days  \n",
            message="{contact}, call {company}",
            card_ids=[Command.create({"objection": "{company}?", "answer": "{me}!"})],
        )
        self.assertEqual(
            own.with_user(self.collector)._get_script(NAMES),
            {
                "name": "Test",
                "opening": "Hello Doralice, this is Nara.",
                "steps": ["Listen.", "R$ 3.991,69 since 15/09/2026, 65 days"],
                "message": "Doralice, call Brumalva",
                "cards": [{"objection": "Brumalva?", "answer": "Nara!"}],
            },
        )
        self.assertEqual(own._get_script({**NAMES, "contact": False})["message"], "…, call Brumalva")

    def test_facts_are_no_markup_and_no_placeholders(self):
        own = self.make(opening="{contact}")
        self.assertEqual(own._get_script({**NAMES, "contact": "{me} <b>"})["opening"], "{me} <b>")
        self.manager.name = "<script>x</script>"
        own = self.make(opening="{me}").with_user(self.manager)
        self.assertIn("&lt;script&gt;", own.preview)
        self.assertNotIn("<script>", own.preview)

    def test_unknown_words_and_broken_braces_are_refused(self):
        for field in ("opening", "steps", "message"):
            for text in ("Hello {nome}", "Hello {contact", "Hello contact}", "{}", "{{me}}", "{ me }", "{Me}"):
                with self.subTest(field=field, text=text):
                    with self.assertRaisesRegex(ValidationError, r"\{contact\} \{me\} \{company\}"):
                        self.make(**{field: text})
                    with self.assertRaises(ValidationError):
                        self.shipped[0].with_user(self.supervisor).write({field: text})
        Card = self.env["cobranca.playbook.card"].with_user(self.supervisor)
        for values in ({"objection": "{nome}", "answer": "x"}, {"objection": "x", "answer": "{nome"}):
            with self.assertRaisesRegex(ValidationError, "means nothing here"):
                Card.create(values)

    def test_message_tells_no_amount_and_no_delay(self):
        for name in ("total", "days"):
            with self.assertRaisesRegex(ValidationError, "somebody else may read"):
                self.make(message=f"Hello {{contact}}: {{{name}}}")
        with self.assertRaises(ValidationError) as refused:
            self.make(message="{total}")
        self.assertIn("{contact} {me} {company} {oldest_due}", str(refused.exception))
        self.make(opening="{total} {days}", steps="{total}")

    def test_translations_are_checked(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        own = self.make(message="Hello {contact}")
        with self.assertRaises(ValidationError):
            own.with_context(lang="pt_BR").message = "Olá {nome}"
        for text in ("Olá {nome}", "Olá {total}"):
            with self.assertRaises(ValidationError):
                own.update_field_translations("message", {"pt_BR": text})
        own.update_field_translations("message", {"pt_BR": "Olá, {contact}"})
        self.assertEqual(own.with_context(lang="pt_BR")._get_script(NAMES)["message"], "Olá, Doralice")
        self.assertEqual(own._get_script(NAMES)["message"], "Hello Doralice")

    def test_days_are_in_order(self):
        for values in ({"min_days": 9, "max_days": 8}, {"min_days": -1}, {"max_days": -1}):
            with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation), self.env.cr.savepoint():
                self.make(**values)
        self.make(min_days=9)

    def test_shipped_texts_are_kind_and_lawful(self):
        cards = self.env["cobranca.playbook.card"].search([])
        self.assertGreaterEqual(len(cards), 6)
        for lang, _name in self.env["res.lang"].get_installed():
            playbooks, answers = self.shipped.with_context(lang=lang), cards.with_context(lang=lang)
            playbooks._check_texts()
            answers._check_texts()
            texts = [text for name in ("name", "opening", "steps", "message") for text in playbooks.mapped(name)]
            words = " ".join([*texts, *answers.mapped("objection"), *answers.mapped("answer")]).lower()
            self.assertFalse([word for word in FORBIDDEN if word in words], lang)

    # --- screen and rights ---

    def test_preview_follows_what_is_typed(self):
        with Form(self.env["cobranca.playbook"].with_user(self.supervisor)) as form:
            form.name = "New"
            self.assertIn("Nothing is written yet", form.preview)
            form.opening = "Hello {contact}, {total} {"
            self.assertIn("Hello Mary", form.preview)
            self.assertIn("1,250.00", form.preview)
            form.opening = "Hello {contact}"

    def test_copy_says_so(self):
        first = self.shipped[0].with_user(self.manager)
        copy = first.copy()
        self.assertEqual((copy.name, copy.card_ids), (f"{first.name} (copy)", first.card_ids))
        self.assertEqual(first.copy({"name": "Mine"}).name, "Mine")

    def test_who_may_what(self):
        own = self.make(card_ids=[Command.create({"objection": "A", "answer": "B"})])
        for record in (own, own.card_ids):
            with self.subTest(model=record._name):
                rights = {
                    user.login: "".join(
                        "x" if record.with_user(user).has_access(operation) else "-"
                        for operation in ("read", "write", "create", "unlink")
                    )
                    for user in (
                        self.collector,
                        self.supervisor,
                        self.manager,
                        new_test_user(self.env, f"internal_{record._table}", "base.group_user"),
                        new_test_user(self.env, f"portal_{record._table}", "base.group_portal"),
                    )
                }
                self.assertEqual(list(rights.values()), ["x---", "xxx-", "xxxx", "----", "----"])
