from odoo.tests import tagged

from odoo.addons.cobranca_recorrente.tests.common import CobrancaCommon


@tagged("post_install", "-at_install")
class TestOfferDefaults(CobrancaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Policy = cls.env["cobranca.offer.policy"].with_context(active_test=False)
        cls.Authority = cls.env["cobranca.offer.authority"]

    def of(self, company):
        domain = [("company_id", "=", company.id)]
        return self.Policy.search(domain), self.Authority.search(domain)

    def make_company(self, name="Later", chart=True):
        company = self.env["res.company"].create({"name": name, "country_id": self.env.ref("base.br").id})
        if chart:
            self.env["account.chart.template"].try_loading("br", company=company, install_demo=False)
        return company

    def test_company_of_the_database_can_negotiate(self):
        policy, authorities = self.of(self.company)
        # A database that began in Portuguese alone has its words only.
        self.assertIn(policy.name, ("Standard negotiation policy", "Política de negociação padrão"))
        self.assertTrue(policy.active)
        self.assertFalse(policy.warning)
        self.assertEqual(
            policy.current_version_id.rule_ids.with_context(lang="en_US").mapped("display_name"),
            [
                "Late 0 to 30 days",
                "Late 31 to 90 days",
                "Late 91 to 180 days",
                "Late 181 to 360 days",
                "Late 361 days or more",
            ],
        )
        self.assertEqual(authorities.mapped("role"), ["self_service", "collector", "supervisor", "manager"])

    def test_later_company_gets_its_own(self):
        self.assertEqual([len(records) for records in self.of(self.make_company("Bare", chart=False))], [0, 0])
        policy, authorities = self.of(self.make_company())
        self.assertEqual((len(policy.version_ids.rule_ids), len(authorities)), (5, 4))
        self.assertFalse(policy & self.of(self.company)[0])

    def test_greater_roles_concede_more(self):
        for company in (self.company, self.make_company()):
            _policy, authorities = self.of(company)
            for less, more in zip(authorities, authorities[1:], strict=False):
                one, other = less._get_limits(), more._get_limits()
                for component, percent in one.percents.items():
                    self.assertLessEqual(percent, other.percents[component], (less.role, component))
                self.assertLessEqual(one.max_count, other.max_count)
                self.assertGreaterEqual(one.min_down_percent, other.min_down_percent)

    def test_what_is_there_stays(self):
        policy, authorities = self.of(self.company)
        policy.action_archive()
        authorities[0].max_count = 1
        authorities[1].unlink()
        for _time in range(2):
            self.env["account.chart.template"]._cobranca_load_company(self.company)
            self.env["cobranca.offer.defaults"]._give_all()
        now, authorities = self.of(self.company)
        self.assertEqual((now, now.active), (policy, False))
        self.assertEqual(len(authorities), 4, "only the missing one is made again")
        self.assertEqual(authorities[0].max_count, 1)

    def test_shipped_name_in_each_language(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        policy, _authorities = self.of(self.make_company())
        self.assertEqual(policy.with_context(lang="en_US").name, "Standard negotiation policy")
        self.assertNotEqual(policy.with_context(lang="pt_BR").name, False)
