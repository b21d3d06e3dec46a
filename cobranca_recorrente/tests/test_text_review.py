from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .message_text_common import MessageTextCommon

GOOD = "<p>Olá, <t t-out='object.greeting'/></p><p>Podemos ajudar?</p>"
CREDITOR = "{{ object.creditor }} ({{ object.creditor_document }})"


@tagged("post_install", "-at_install")
class TestTextReview(MessageTextCommon):
    """What managers may write, and what nobody may."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mail = cls.env.ref("cobranca_recorrente.mail_template_dunning_after_15")
        cls.legal = cls.env.ref("cobranca_recorrente.mail_template_dunning_after_60")
        cls.sms = cls.env.ref("cobranca_recorrente.sms_template_dunning_after_15")
        cls.message = cls.make_message()
        cls.model = cls.env["ir.model"]._get("cobranca.message")
        cls.by_manager = cls.mail.with_user(cls.manager)

    def test_unlawful_texts_are_refused_with_the_words_and_advice(self):
        for values, words, advice in (
            ({"body_html": "<p>Pague ou tomaremos medidas.</p>"}, "tomaremos medidas", "possibility"),
            ({"body_html": "<p>Não seja <b>calo</b>teiro</p>"}, "caloteiro", "judges the person"),
            ({"subject": "Sua dívida de {{ object.day_text }}"}, "dívida", "Your invoice of October"),
            ({"subject": "Fatura de {{ object.amount_text }}"}, "R$ 1,00", "Your invoice of October"),
            ({"body_html": "<p>Seu nome irá ao SPC</p>"}, "SPC", "notification only"),
            ({"body_html": "<img alt='ÚLTIMO AVISO'/>"}, "ÚLTIMO AVISO", "calmly"),
            ({"body_html": "<p>Avisaremos sua família</p>"}, "Avisaremos sua família", "own affair"),
        ):
            with self.subTest(words=words):
                with self.assertRaises(ValidationError) as refused, self.env.cr.savepoint():
                    self.by_manager.write(values)
                self.assertIn(f"“{words}”", str(refused.exception))
                self.assertIn(advice, str(refused.exception))

    def test_remarks_do_not_refuse(self):
        self.by_manager.body_html = "<p>Pague imediatamente!!!</p>"
        checks = {check["code"]: check for check in self.by_manager._cobranca_get_findings()}
        self.assertEqual(checks["urgency"]["severity"], "warning")
        self.assertIn("“imediatamente”", checks["urgency"]["remarks"][0])
        self.assertTrue(checks["tone"]["is_ok"] and checks["subject"]["is_ok"] and checks["creditor"]["is_ok"])
        self.assertIn("fa-exclamation-circle", self.by_manager.cobranca_review)

    def test_every_language_is_looked_at(self):
        bad = "Caro devedor"
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.by_manager.with_context(lang="pt_BR").subject = bad
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.by_manager.update_field_translations("subject", {"pt_BR": bad})
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.by_manager.update_field_translations("body_html", {"pt_BR": f"<p>{bad}</p>"})
        self.by_manager.update_field_translations("subject", {"pt_BR": "Tudo bem?"})
        self.assertEqual(self.mail.with_context(lang="pt_BR").subject, "Tudo bem?")

    def test_new_texts_are_looked_at(self):
        Template = self.env["mail.template"].with_user(self.manager)
        values = {"name": "Own", "model_id": self.model.id, "subject": "Tudo bem?", "body_html": GOOD}
        own = Template.create(values)
        self.assertTrue(own.cobranca_review)
        own.copy()
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            Template.create({**values, "body_html": "<p>Evite um processo</p>"})
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            own.write({"subject": "Cobrança", "name": "x"})

    def test_only_a_notification_may_speak_of_the_law(self):
        text = "<p>Após 10 dias, o credor poderá recorrer às vias judiciais, conforme a lei.</p>"
        self.legal.with_user(self.manager).body_html = text
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.by_manager.body_html = text
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.legal.with_user(self.manager).cobranca_kind = "notice"
        checks = {check["code"]: check for check in self.legal._cobranca_get_findings(kind="notice")}
        self.assertFalse(checks["tone"]["is_ok"], "as what it would be sent")

    def test_short_texts_name_the_creditor_and_a_link(self):
        sms = self.sms.with_user(self.manager)
        sms.body = CREDITOR + ": veja {{ object.pay_link }}"
        for body, missing in (
            (CREDITOR + ": veja", "no way to answer"),
            ("{{ object.creditor }}: veja {{ object.pay_link }}", "CDC, art. 42-A"),
            ("Veja {{ object.pay_link }}", "CDC, art. 42-A"),
            (CREDITOR + ": sua fatura venceu. {{ object.pay_link }}", "“venceu”"),
            (CREDITOR + ": {{ object.amount_text }} {{ object.pay_link }}", "“R$ 1,00”"),
        ):
            with self.subTest(body=body):
                with self.assertRaises(ValidationError) as refused, self.env.cr.savepoint():
                    sms.body = body
                self.assertIn(missing, str(refused.exception))

    def test_what_the_company_lacks_is_part_of_the_review(self):
        self.company.vat = False
        [check] = [check for check in self.mail._cobranca_get_findings(self.company) if check["code"] == "creditor"]
        self.assertEqual((check["is_ok"], check["severity"]), (False, "error"))
        self.assertIn("CNPJ or CPF", check["remarks"][0])

    # --- rights ---

    def test_managers_write_these_texts_and_no_code(self):
        self.by_manager.write({"subject": "{{ object.topic }}", "body_html": GOOD})
        for code in ("{{ object.env['res.users'].search([]) }}", "{{ object.partner_id.email }}", "{{ 7*7 }}"):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.by_manager.subject = code
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.by_manager.update_field_translations("subject", {"pt_BR": code})
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.sms.with_user(self.manager).body = f"{CREDITOR} {{{{ object.pay_link }}}} {code}"
        for body in ("<t t-out='object.sudo()'/>", "<t t-if='1'>x</t>", "<a t-att-href='object.pay_link'>x</a>"):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.by_manager.body_html = body

    def test_managers_write_no_other_templates(self):
        other = self.env.ref("cobranca_recorrente.mail_template_contract_invoice")
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            other.with_user(self.manager).subject = "x"
        others = self.env["sms.template"].create(
            {"name": "x", "body": "x", "model_id": self.env["ir.model"]._get("res.partner").id}
        )
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            others.with_user(self.manager).body = "y"
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.env["sms.template"].with_user(self.manager).create(
                {"name": "x", "body": "x", "model_id": others.model_id.id}
            )
        for template in (self.mail, self.sms):
            with self.assertRaisesRegex(UserError, "stay texts"), self.env.cr.savepoint():
                template.with_user(self.manager).model_id = others.model_id
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                template.with_user(self.manager).unlink()

    def test_others_only_read(self):
        for user in (self.supervisor, self.collector, new_test_user(self.env, "clerk", "base.group_user")):
            for template, field_name in ((self.mail, "subject"), (self.sms, "body")):
                self.assertTrue(template.with_user(user)[field_name])
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    template.with_user(user)[field_name] = f"{CREDITOR} {{{{ object.pay_link }}}}"

    def test_templates_of_others_are_none_of_our_business(self):
        other = self.env["mail.template"].create(
            {"name": "x", "model_id": self.env["ir.model"]._get("res.partner").id, "subject": "Sua dívida"}
        )
        self.assertFalse(other.cobranca_review)
        other.body_html = "<p>URGENTE</p>"
