import json

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from .crawler_common import ABSURD, CANARIES, FOREIGN, INSIDERS, JSON, OUTSIDERS, OWN, CrawlerCommon

QUIET = ("odoo.http", "odoo.sql_db", "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
# What supervisors may make: windows of their own. Managers set up subscriptions and goals besides.
WINDOWS = {
    "cobranca.aging.choose": ("create", "write", "web_save"),
    "cobranca.cohort.page": ("create",),
    "cobranca.delay.page": ("create",),
    "cobranca.report.export": ("create", "write", "web_save"),
}
MANAGED = {
    "cobranca.kpi": ("write", "web_save"),
    "cobranca.report.subscription": ("create", "write", "web_save", "unlink"),
}
SENT = "cobranca.report.sending"
# Of these, supervisors see what they made themselves; what was sent names such a file.
PRIVATE = ("cobranca.aging.choose", "cobranca.report.export", "cobranca.report.job", SENT)
VALUES = {
    "cobranca.aging.choose": {"day": "2026-06-01"},
    "cobranca.kpi": {"goal": 3},
    "cobranca.report.subscription": {"month_day": 4},
}
NEW = {"cobranca.report.export": {"kind": "aging"}, "cobranca.report.subscription": {"kind": "aging", "lang": "en_US"}}
GROUPS = {"groupby": ["company_id"], "aggregates": ["__count"]}


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30 15:00:00")
class TestReportsCrawler(CrawlerCommon):
    """Everything of the reports, asked by everybody by the protocols of Odoo: of one's own company, or nothing."""

    def reads(self, model, names, numbers):
        """[(method, arguments, keywords)] of the ways to read a model."""
        groups = GROUPS if "company_id" in self.env[model]._fields else {**GROUPS, "groupby": ["create_uid"]}
        return (
            ("search_read", [[]], {"fields": names}),
            ("export_data", [numbers, [name for name in names if name != "id"]], {}),
            ("web_read_group", [[]], groups),
            ("formatted_read_group", [[]], groups),
            ("read", [numbers], {}),
        )

    @mute_logger(*QUIET)
    def test_outsiders_read_nothing(self):
        for login in OUTSIDERS:
            self.authenticate(login, login)
            for model in self.our_models():
                numbers = sum(self.ids[model], [])
                self.assert_refused(self.call(model, "search_read", []), f"{login} {model}")
                for method, args, kwargs in self.reads(model, ["display_name"], numbers):
                    self.assert_refused(self.dispatch(model, method, *args, **kwargs), f"{login} {model}.{method}")

    @mute_logger(*QUIET)
    def test_insiders_read_their_company(self):
        """Every field of every row."""
        for login, place in (("supervisor", 0), ("manager", 0), ("stranger", 1)):
            self.authenticate(login, login)
            user, mark, seen = self.get_user(login), (OWN, FOREIGN)[place], ""
            for model in self.our_models():
                names = list(self.env[model].with_user(user).fields_get(attributes=["type"]))
                is_brief = login == "manager" or model in PRIVATE
                reads = self.reads(model, names, self.ids[model][place][:3])
                for method, args, kwargs in reads[: 1 if is_brief else 3]:
                    found = self.call(model, method, *args, **kwargs)
                    text = json.dumps(found, ensure_ascii=False)
                    self.assertIn("result", found, f"{login} {model}.{method} {text}")
                    self.assert_blind(login, text, f"{model}.{method}")
                    seen += text
            for canary in (CANARIES[mark][0], CANARIES[mark][-3]):
                self.assertIn(canary, seen, "the positive control")

    @mute_logger(*QUIET)
    def test_rows_of_another_company(self):
        """By their numbers, by questions about them, and by pretending to be in that company."""
        for login, place in (("stranger", 0), ("supervisor", 1)):
            self.authenticate(login, login)
            other = (self.company | self.second)[place]
            for model in self.our_models():
                for method in ("read", "export_data")[: 1 + place]:
                    for number in self.ids[model][place][:1]:
                        # What the query of a report leaves out is not there, what it does not is refused.
                        found = self.dispatch(model, method, [number], ["display_name"])
                        self.assert_known(found, f"{login} {model}.{method} {number}")
                        self.assertIn(found.get("result", []), ([], {"datas": []}), f"{login} {model}.{method}")
                found = self.dispatch(model, "search_read", [], context={"allowed_company_ids": other.ids})
                self.assert_refused(found, f"{login} {model} in {other.name}")
                narrow = {"cobranca_report_ids": self.ids[model][place], "cobranca_report_since": "2000-01-01"}
                found = self.dispatch(model, "search_read", [], limit=9, context=narrow)
                self.assert_blind(login, str(found), model)
                if "company_id" in self.env[model]._fields:
                    found = self.dispatch(model, "search_count", [["company_id.name", "like", other.name]])
                    self.assertEqual(found.get("result"), 0, f"{login} {model}: {found}")

    @mute_logger(*QUIET)
    def test_rows_that_are_not_there(self):
        self.authenticate("supervisor", "supervisor")
        for model in self.our_models():
            # Odoo takes 0 for a record that is still being made.
            for numbers in ([0], [number for number in ABSURD if number]):
                found = self.dispatch(model, "read", numbers, ["display_name"])
                self.assert_known(found, f"{model}.read {numbers}")
                self.assert_blind("supervisor", str(found), f"{model}.read {numbers}")

    @mute_logger(*QUIET)
    def test_fields_for_managers(self):
        """What a supervisor may not read he may neither ask for, sort by nor group by."""
        self.authenticate("supervisor", "supervisor")
        hidden = {
            (model, name)
            for model in self.our_models()
            for name in set(self.env[model]._fields) - set(self.env[model].with_user(self.supervisor).fields_get())
        }
        self.assertIn(("cobranca.report.subscription", "outside_emails"), hidden)
        for model, name in hidden:
            for method, args, kwargs in (
                ("search_read", [[[name, "!=", False]]], {}),
                ("search_count", [[[name, "=", False]]], {}),
                ("search_read", [[]], {"order": name}),
                ("search_read", [[], [name]], {}),
                ("formatted_read_group", [[]], {"groupby": [name], "aggregates": ["__count"]}),
                ("web_read_group", [[]], {"groupby": [name], "aggregates": ["__count"]}),
                ("web_search_read", [[]], {"specification": {name: {}}}),
            ):
                self.assert_refused(self.call(model, method, *args, **kwargs), f"{model}.{name} {method}")
            self.assertNotIn("@example.com", json.dumps(self.call(model, "export_data", self.ids[model][0], [name])))

    # --- writing ---

    def writes(self, model, numbers, company):
        """[(method, arguments)] of all ways to change rows."""
        values = VALUES.get(model, {"company_id": company.id})
        return (
            ("create", [NEW.get(model, values)]),
            ("write", [numbers, values]),
            ("web_save", [numbers[:1], values, {"id": {}}]),
            ("unlink", [numbers]),
        )

    @mute_logger(*QUIET)
    def test_outsiders_write_nothing(self):
        before = self.content()
        for login in OUTSIDERS:
            self.authenticate(login, login)
            for model in self.our_models():
                for method, args in self.writes(model, sum(self.ids[model], []), self.company):
                    self.assert_refused(self.dispatch(model, method, *args), f"{login} {model}.{method}")
        self.assertEqual(self.content(), before)

    @mute_logger(*QUIET)
    def test_insiders_write_what_is_theirs(self):
        kept = [model for model in self.our_models() if model not in (*WINDOWS, *MANAGED, SENT)]
        before = self.content(*kept)
        for login, place in (("supervisor", 0), ("manager", 0), ("stranger", 1)):
            self.authenticate(login, login)
            for model in self.our_models():
                own, others = (self.ids[model][place], self.ids[model][1 - place])
                allowed = (WINDOWS if login == "supervisor" else {**WINDOWS, **MANAGED}).get(model, ())
                for method, args in self.writes(model, own, (self.company, self.second)[place]):
                    what, found = f"{login} {model}.{method}", self.dispatch(model, method, *args)
                    if method in allowed and (method == "create" or not (login == "supervisor" and model in PRIVATE)):
                        self.assertIn("result", found, f"{what}: {found}")
                    else:
                        self.assert_refused(found, what)
                for method, args in self.writes(model, others, (self.company, self.second)[place])[1:]:
                    self.assert_refused(self.dispatch(model, method, *args), f"{login} {model}.{method} of others")
        self.assertEqual(self.content(*kept), before)

    # --- methods ---

    def arguments(self, model, method, number):
        """What a method is called with that wants nothing but its rows."""
        is_of_model = getattr(getattr(type(self.env[model]), method), "_api_model", False)
        return [] if is_of_model else [[number]]

    @mute_logger(*QUIET)
    def test_outsiders_do_nothing(self):
        before, methods = self.content(), self.our_methods()
        self.assertGreater(len(methods), 40)
        for login in OUTSIDERS:
            self.authenticate(login, login)
            for model, method in methods:
                for numbers in self.ids.get(model, ([1],)):
                    found = self.call(model, method, *self.arguments(model, method, (numbers or [1])[0]))
                    self.assert_known(found, f"{login} {model}.{method}")
                    self.assert_blind(login, str(found), f"{login} {model}.{method}")
        self.assertEqual(self.content(), before)

    @mute_logger(*QUIET)
    def test_insiders_do_it_to_what_is_theirs(self):
        for login, place in (("supervisor", 0), ("manager", 0), ("stranger", 1)):
            self.authenticate(login, login)
            done = set()
            for model, method in self.our_methods():
                own, others = (self.ids.get(model, ([], []))[turn] for turn in (place, 1 - place))
                for number in [*others[:1], *own[:1], *(ABSURD if login == "manager" else ())]:
                    ask = self.dispatch if number in ABSURD else self.call
                    found = ask(model, method, *self.arguments(model, method, number))
                    what = f"{login} {model}.{method} {number}"
                    self.assert_known(found, what)
                    self.assert_blind(login, str(found), what)
                    if number in own and "error" not in found:
                        done.add((model, method))
            self.assertGreater(len(done), 30 if login == "supervisor" else 34)

    # --- what keeps companies apart ---

    def test_the_rule_of_each_report(self):
        """Queries leave out other companies; the rule alone would too: of rows of both it lets pass those of one."""
        for model in self.our_models():
            self.assertTrue(all(self.ids[model]), f"{model}: without rows of both companies nothing is proved")
            numbers = sum(self.ids[model], [])
            rows = self.everybody(model).browse(numbers)
            Rule = self.env["ir.rule"].with_user(self.manager).with_context(allowed_company_ids=self.company.ids)
            passed = rows.filtered_domain(Rule._compute_domain(model, "read"))
            self.assertEqual(sorted(passed.ids), sorted(self.ids[model][0]), model)

    @mute_logger(*QUIET)
    def test_the_protocol_of_programs(self):
        """The same models by their keys, without a session."""
        self.authenticate(None, None)
        for login in ("supervisor", "stranger", "collector", "agency"):
            user = self.get_user(login)
            Keys = self.env["res.users.apikeys"].with_user(user).sudo()
            headers = {**JSON, "Authorization": f"Bearer {Keys._generate('rpc', 'crawler', '2040-01-01')}"}
            # Each key is looked up with much work, so that only who reads something asks for everything.
            for model in self.our_models()[:: 1 if login == "supervisor" else 5]:
                answer = self.ask(f"/json/2/{model}/search_read", data="{}", headers=headers)
                self.assertEqual(answer.status_code, 200 if login in INSIDERS else 403, f"{login} {model}")
                self.assert_blind(login, answer.text, model)
        for headers in (JSON, {**JSON, "Authorization": "Bearer 0123456789"}):
            answer = self.ask("/json/2/cobranca.aging.report/search_read", data="{}", headers=headers)
            self.assertEqual(answer.status_code, 401)
