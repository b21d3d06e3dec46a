from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .record_common import TODAY, RecordCommon

MODELS = (
    "cobranca.access.log",
    "cobranca.delinquency.reason",
    "cobranca.dispute",
    "cobranca.hold",
    "cobranca.interaction",
    "cobranca.opt.out",
    "cobranca.promise",
    "cobranca.promise.line",
)
OF_COMPANY = ("cobranca.dispute", "cobranca.hold", "cobranca.interaction", "cobranca.promise", "cobranca.promise.line")


@tagged("post_install", "-at_install")
class TestRecordRights(RecordCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.promised = cls.Promise._record(cls.line, TODAY + timedelta(days=5), 500.0)
        cls.Dispute._record(cls.later_line, 300.0, "service")
        cls.Interaction._record(cls.company, cls.customer, "call", "informed")
        cls.env["cobranca.opt.out"].with_user(cls.collector)._set_refused(cls.customer, ["sms"])
        cls.env["cobranca.access.log"].with_user(cls.collector)._log(cls.customer, "unmask")
        cls.portal = new_test_user(cls.env, "portal_ana", "base.group_portal")
        cls.portal.partner_id = cls.customer
        cls.internal = new_test_user(cls.env, "internal", "base.group_user")

    def test_customer_in_the_portal_and_other_staff_see_none_of_it(self):
        for user in (self.portal, self.internal, self.env.ref("base.public_user")):
            for name in MODELS:
                with self.subTest(user=user.login, model=name):
                    model = self.env[name].with_user(user)
                    for operation in ("read", "write", "create", "unlink"):
                        self.assertFalse(model.has_access(operation))
                    with self.assertRaises(AccessError):
                        model.search([])

    def test_fields_of_the_customer_are_hidden_from_others(self):
        ours = {name for name in self.env["res.partner"]._fields if name.startswith("cobranca_")}
        for user in (self.portal, self.internal):
            seen = self.env["res.partner"].with_user(user).fields_get()
            self.assertFalse(ours & seen.keys())
            with self.assertRaises(AccessError):
                self.customer.with_user(user).read(["cobranca_sentence"])
            with self.assertRaises(AccessError):
                self.env["res.partner"].with_user(user).search([("cobranca_opt_out_ids.channel", "=", "sms")])

    def test_others_cannot_call_the_buttons(self):
        for user in (self.portal, self.internal):
            for method in ("action_cancel",):
                with self.subTest(user=user.login, method=method), self.assertRaises(AccessError):
                    getattr(self.promised.with_user(user), method)()
            for record, method in (
                (self.env["cobranca.hold"].search([], limit=1), "action_end"),
                (self.env["cobranca.dispute"].search([], limit=1), "action_withdraw"),
                (self.customer, "action_cobranca_unmask"),
            ):
                with self.subTest(user=user.login, method=method), self.assertRaises(AccessError):
                    getattr(record.with_user(user), method)()

    def test_collector_writes_only_by_the_methods(self):
        for name in MODELS:
            model = self.env[name].with_user(self.collector)
            for operation in ("write", "create", "unlink"):
                with self.subTest(model=name, operation=operation):
                    self.assertFalse(model.has_access(operation))
        with self.assertRaises(AccessError):
            self.promised.with_user(self.collector).write({"state": "kept"})

    def test_who_looked_is_for_supervisors(self):
        self.assertFalse(self.env["cobranca.access.log"].with_user(self.collector).has_access("read"))
        self.assertTrue(self.env["cobranca.access.log"].with_user(self.supervisor).search([]))

    def test_companies_are_kept_apart(self):
        other = self.env["res.company"].create({"name": "Other company"})
        outsider = new_test_user(
            self.env,
            "outsider",
            "cobranca_recorrente.cobranca_group_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        for name in OF_COMPANY:
            with self.subTest(model=name):
                self.assertTrue(self.env[name].with_user(self.collector).search([]))
                self.assertFalse(self.env[name].with_user(outsider).search([]))
        with self.assertRaises(AccessError):
            self.promised.with_user(outsider).action_cancel()
        wizard = self.env["cobranca.promise.register"].with_user(outsider).create({"partner_id": self.customer.id})
        self.assertFalse(wizard.line_ids)

    def test_a_dialog_is_of_who_opened_it(self):
        wizard = (
            self.env["cobranca.promise.register"].with_user(self.collector).create({"partner_id": self.customer.id})
        )
        with self.assertRaises(AccessError):
            wizard.with_user(self.supervisor).action_register()

    def test_merged_customers_keep_their_record(self):
        double = self.make_customer("Ana L.", "168.995.350-09")
        line = self.receivable(self.make_invoice(100.0, "2026-11-10", double))
        promise = self.Promise._record(line, TODAY + timedelta(days=5), 100.0)
        self.Interaction._record(self.company, double, "call", "informed")
        self.env["cobranca.opt.out"]._set_refused(double, ["sms", "email"])
        before = {name: self.env[name].search_count([]) for name in MODELS}
        double.vat = False
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge((self.customer + double).ids, self.customer)
        self.assertEqual({name: self.env[name].search_count([]) for name in MODELS}, before)
        self.assertEqual(promise.partner_id, self.customer)
        self.assertEqual(self.customer._cobranca_get_refused_channels()[self.customer], {"sms", "email"})
