import inspect

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import SQL, mute_logger

from .common import GROUP, OTHER_CPF, CobrancaCommon

OURS = "odoo.addons.cobranca_recorrente."
# Their records belong to no company: who may call them may call them everywhere.
SHARED = ("cobranca.price.index", "cobranca.price.index.value", "cobranca.close.reason", "cobranca.contract.template")


@tagged("post_install", "-at_install")
@freeze_time("2026-01-05 15:00:00")
class TestRpc(CobrancaCommon):
    """Every button of ours, called directly by who has nothing to do with the record."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        other = cls.env["res.company"].create({"name": "Other"})
        own = {"company_id": other.id, "company_ids": [Command.set(other.ids)], "lang": "en_US"}
        caio = cls.make_customer("Caio Nogal", OTHER_CPF)
        cls.strangers = {
            "portal": new_test_user(cls.env, "caio", "base.group_portal", lang="en_US", partner_id=caio.id),
            "internal": new_test_user(cls.env, "nara", "base.group_user", lang="en_US"),
            "other company": new_test_user(cls.env, "otavio", GROUP + "manager", **own),
        }
        usage = {"product_id": cls.product.id, "recurrence": "usage", "billing_timing": "arrears"}
        lines = [Command.create({"product_id": cls.product.id}), Command.create(usage)]
        cls.contract = cls.make_contract(
            line_ids=lines, index_id=cls.env["cobranca.price.index"].search([], limit=1).id
        )
        cls.move = cls.env["cobranca.contract.billing"]._bill(cls.contract)
        cls.contract._park("Look at it")
        reading = {"contract_id": cls.contract.id, "product_id": cls.product.id, "external_key": "a"}
        cls.env["cobranca.contract.usage"].create({**reading, "date": "2026-01-03", "quantity": 1})
        cls.env["cobranca.billing.conference"].create({"month": "2026-01-01"})
        cls.env["cobranca.billing.stop"].sudo().create(
            {"company_id": cls.company.id, "date": "2026-01-05", "reason": "x"}
        )
        cls.env.flush_all()

    def buttons(self):
        """{model: names of its public methods without arguments that are ours}, of models with rows."""
        found = {}
        for name, model in self.env.items():
            if not model._auto or model._abstract or name in SHARED:
                continue
            for method, function in inspect.getmembers(type(model), inspect.isfunction):
                if method.startswith("action_") and function.__module__.startswith(OURS):
                    get_public_method(model, method)
                    found.setdefault(name, []).append(method)
        return found

    def snapshot(self):
        self.env.flush_all()
        tables = [
            model._table for name, model in self.env.items() if name.startswith("cobranca.") and self.has_rows(model)
        ]
        rows = {}
        for table in (*tables, "account_move", "mail_message", "mail_activity", "res_company"):
            rows[table] = self.env.execute_query(SQL("SELECT to_jsonb(t) FROM %s t ORDER BY id", SQL.identifier(table)))
        return rows

    def has_rows(self, model):
        return model._auto and not model._abstract and not model._transient

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_nobody_else_changes_anything(self):
        buttons = self.buttons()
        self.assertIn("action_cobranca_send_again", buttons["account.move"])
        self.assertIn("action_bill", buttons["cobranca.contract"])
        before = self.snapshot()
        for persona, user in self.strangers.items():
            for name, methods in buttons.items():
                records = self.move if name == "account.move" else self.env[name].search([], limit=1)
                for method in methods if records else ():
                    with self.subTest(persona=persona, call=f"{name}.{method}"):
                        mine = records.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
                        try:
                            with self.env.cr.savepoint():
                                getattr(mine, method)()
                        except (AccessError, UserError):
                            self.env.invalidate_all()
                        self.assertEqual(self.snapshot(), before)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_wizards_take_no_foreign_records(self):
        """A dialog of one's own about a contract or an invoice of another company."""
        user = self.strangers["other company"]
        before = self.snapshot()
        reason = self.env.ref("cobranca_recorrente.cobranca_close_reason_price")
        calls = {
            "cobranca.contract.amend": {"contract_id": self.contract.id},
            "cobranca.contract.suspend": {"contract_id": self.contract.id},
            "cobranca.contract.terminate": {"contract_id": self.contract.id, "reason_id": reason.id},
            "cobranca.contract.reschedule": {"contract_id": self.contract.id, "due_day": 20},
            "cobranca.delivery.note": {"move_ids": [Command.set(self.move.ids)], "note": "x"},
            "cobranca.nfse.register": {"company_id": self.company.id, "invoice_number": self.move.name, "number": "1"},
            "cobranca.contract.adopt.invoices": {"contract_ids": [Command.set(self.contract.ids)]},
            "cobranca.settings": {"company_id": self.company.id, "cobranca_max_catch_up": 99},
            "cobranca.oca.contract.adopt": {"company_id": self.company.id},
            "cobranca.billing.forecast": {"company_id": self.company.id, "computed_at": "2026-01-05 15:00:00"},
        }
        for name, values in calls.items():
            with self.subTest(wizard=name), self.assertRaises(UserError), self.env.cr.savepoint():
                wizard = self.env[name].with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
                made = wizard.create(values)
                for step in ("action_review", "action_search", "action_confirm", "action_save", "action_adopt"):
                    if hasattr(made, step):
                        getattr(made, step)()
            self.env.invalidate_all()
        self.assertEqual(self.snapshot(), before)
