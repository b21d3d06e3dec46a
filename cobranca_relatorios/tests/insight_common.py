from datetime import date

from .common import ReportCommon


class InsightCommon(ReportCommon):
    """The sentences about what a test writes, and what they lead to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Snapshot = cls.env["cobranca.portfolio.snapshot"]
        cls.Insight = cls.env["cobranca.insight"].with_user(cls.supervisor)
        cls.customers = cls.env["res.partner"].create([{"name": f"Cliente {n}"} for n in range(8)])

    def insights(self):
        self.Snapshot._take_months(self.company)
        self.Snapshot._take(self.company, date(2026, 6, 19))
        self.env.invalidate_all()
        return {one.code: one for one in self.Insight.search([("company_id", "=", self.company.id)])}

    def records(self, one):
        action = one.action_open()
        context = {name: value for name, value in action.get("context", {}).items() if name != "group_by"}
        return self.env[action["res_model"]].with_user(self.supervisor).with_context(**context).search(action["domain"])
