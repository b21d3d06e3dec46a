from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .common import CobrancaCommon

PRESETS = ("school", "gym", "saas_month", "saas_year", "ecommerce")


@tagged("post_install", "-at_install")
@freeze_time("2026-01-05 15:00:00")
class TestContractTemplate(CobrancaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fee = cls.make_product("Enrolment", 90.0)
        cls.template = cls.env["cobranca.contract.template"].create(
            {
                "name": "Plan",
                "company_id": cls.company.id,
                "due_day": 20,
                "issue_lead_days": 7,
                "minimum_months": 6,
                "ends": "months",
                "term_months": 12,
                "invoice_note": "Thank you",
                "line_ids": [
                    Command.create({"name": "Plan of {month}", "product_id": cls.product.id, "price_unit": 99.0}),
                    Command.create(
                        {
                            "name": "Enrolment {year}",
                            "product_id": cls.fee.id,
                            "recurrence": "once",
                            "days_after_start": 3,
                        }
                    ),
                ],
            }
        )

    def new_contract(self, **values):
        values = {"partner_id": self.customer.id, "template_id": self.template.id, "date_start": "2026-01-31", **values}
        return self.env["cobranca.contract"].with_user(self.supervisor).create(values)

    def facts(self, lines):
        return [(line.name, line.price_unit, line.recurrence, line.date_start) for line in lines]

    def test_create_copies_conditions_and_lines(self):
        contract = self.new_contract()
        self.assertEqual((contract.due_day, contract.issue_lead_days, contract.minimum_months), (20, 7, 6))
        self.assertEqual((contract.invoice_note, str(contract.date_end)), ("Thank you", "2027-01-30"))
        names = [(name, price, str(day or "")) for name, price, _type, day in self.facts(contract.line_ids)]
        self.assertEqual(names, [("Plan of {month}", 99.0, ""), ("Enrolment {year}", 90.0, "2026-02-03")])

    def test_what_is_given_wins(self):
        line = Command.create({"product_id": self.product.id, "price_unit": 1.0})
        contract = self.new_contract(due_day=3, line_ids=[line], date_end="2026-12-31")
        self.assertEqual((contract.due_day, str(contract.date_end)), (3, "2026-12-31"))
        self.assertEqual(contract.line_ids.mapped("price_unit"), [1.0])

    def test_form_copies_and_a_change_of_the_template_changes_no_contract(self):
        with Form(self.env["cobranca.contract"].with_user(self.supervisor)) as form:
            form.partner_id = self.customer
            form.template_id = self.template
            self.assertEqual(form.due_day, 20)
            self.assertEqual(len(form.line_ids), 2)
        contract = form.record
        self.assertEqual(contract.line_ids.mapped("price_unit"), [99.0, 90.0])
        self.template.with_user(self.manager).write({"due_day": 1, "line_ids": [Command.clear()]})
        self.assertEqual((contract.due_day, len(contract.line_ids)), (20, 2))

    def test_form_asks_for_the_product_and_keeps_the_text(self):
        preset = self.env.ref("cobranca_recorrente.cobranca_contract_template_gym")
        form = Form(self.env["cobranca.contract"].with_user(self.supervisor))
        form.partner_id = self.customer
        form.template_id = preset
        with self.assertRaisesRegex(AssertionError, "product_id is a required field"):
            form.save()
        with Form(self.env["cobranca.contract"].with_user(self.supervisor)) as form:
            form.partner_id = self.customer
            form.template_id = preset
            with form.line_ids.edit(0) as line:
                line.product_id = self.product
        line = form.record.line_ids
        self.assertEqual((line.name, line.price_unit), ("Gym plan, {inicio} to {fim}", 350.0))

    def test_without_products_a_message_says_what_to_do(self):
        preset = self.env.ref("cobranca_recorrente.cobranca_contract_template_school")
        with self.assertRaisesRegex(ValidationError, "School has items without a product: Tuition, Enrolment fee"):
            self.new_contract(template_id=preset.id)

    def test_presets(self):
        template = {
            name: self.env.ref(f"cobranca_recorrente.cobranca_contract_template_{name}").with_user(self.supervisor)
            for name in PRESETS
        }
        for preset in template.values():
            for line in preset.line_ids:
                self.assertTrue(line.product_name and line._needs_product())
        school, gym = template["school"], template["gym"]
        day = self.env["cobranca.contract"]._fields["date_start"].to_date("2026-02-09")
        values = school._prepare_contract_values(day)
        self.assertEqual((str(values["date_end"]), values["renewal"], values["due_day"]), ("2026-12-31", "notice", 5))
        values = gym._prepare_contract_values(day)
        self.assertEqual((values["due_day"], values["termination_fee_percent"]), (9, 10.0))
        self.assertTrue(values["is_distance_sale"] and template["ecommerce"].is_distance_sale)
        monthly = template["saas_month"]
        self.assertEqual(monthly.line_ids.mapped("recurrence"), ["recurring", "usage"])
        self.assertEqual((monthly.due_mode, monthly.renewal), ("term", "auto"))
        self.assertEqual(template["saas_year"].interval_unit, "year")

    def test_each_preset_is_activated_and_billed(self):
        used = self.make_product("Used", 2.0)
        for name in PRESETS:
            preset = self.env.ref(f"cobranca_recorrente.cobranca_contract_template_{name}").with_user(self.supervisor)
            choices = [
                {"line": line, "product": used if line.recurrence == "usage" else self.product, "price_unit": 10.0}
                for line in preset.line_ids
            ]
            contract = preset._start_contract(self.customer, self.env.company._cobranca_today(), choices)
            contract.with_user(self.supervisor).action_activate()
            self.assertTrue(contract.with_user(self.supervisor)._get_preview(2), name)

    def test_rights_and_companies(self):
        self.assertEqual(self.template.with_user(self.supervisor).name, "Plan")
        with self.assertRaises(AccessError):
            self.template.with_user(self.supervisor).name = "Mine"
        with self.assertRaises(AccessError):
            self.env["cobranca.contract.template"].with_user(self.collector).search([])
        other = self.env["res.company"].create({"name": "Other"})
        theirs = self.template.copy({"company_id": other.id})
        shared = self.template.copy({"company_id": False, "line_ids": [Command.clear()]})
        seen = self.env["cobranca.contract.template"].with_user(self.manager).search([])
        self.assertIn(shared, seen)
        self.assertNotIn(theirs, seen)
        with self.assertRaises(AccessError):
            theirs.line_ids.with_user(self.manager).read(["name"])

    def test_template_only_on_a_draft(self):
        contract = self.new_contract()
        contract.action_activate()
        with self.assertRaisesRegex(UserError, "while a contract is a draft"):
            contract.template_id = self.template.copy()

    def test_save_as_template(self):
        contract = self.new_contract()
        with self.assertRaises(AccessError):
            contract.action_save_as_template()
        action = contract.with_user(self.manager).action_save_as_template()
        made = self.env["cobranca.contract.template"].browse(action["res_id"])
        self.assertEqual((made.due_day, made.minimum_months, made.invoice_note), (20, 6, "Thank you"))
        self.assertEqual(made.line_ids.mapped("price_unit"), [99.0, 90.0])
        self.assertEqual(made.line_ids.mapped("days_after_start"), [0, 3])
        again = self.new_contract(template_id=made.id)
        self.assertEqual(self.facts(again.line_ids), self.facts(contract.line_ids))

    def test_texts_are_copied_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        self.template.with_context(lang="pt_BR").invoice_note = "Obrigado"
        self.template.line_ids[0].with_context(lang="pt_BR").name = "Plano de {mes}"
        self.customer.lang = "pt_BR"
        contract = self.new_contract()
        self.assertEqual((contract.invoice_note, contract.line_ids[0].name), ("Obrigado", "Plano de {mes}"))

    def test_unknown_words_in_braces_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "quinzena"):
            self.template.with_user(self.manager).line_ids[0].name = "Plan {quinzena}"
