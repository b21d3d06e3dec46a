import json
import re
from datetime import date

from freezegun import freeze_time

from odoo.addons.spreadsheet.utils.validate_data import fields_in_spreadsheet, menus_xml_ids_in_spreadsheet

from .common import ReportCommon
from .work_writer import WorkWriter

DASHBOARDS = ("overview", "months", "ladder", "negotiation", "agencies")
CALL = re.compile(r'(?:ODOO\.LIST|PIVOT\.VALUE|PIVOT\.HEADER|PIVOT)\((\d+)(?:,(\d+|"[^"]*"))?(?:,"([^"]*)")?')

FIELD = re.compile(r'"(?:#)?([a-z_]+)(?::[a-z]+)?"(?=[,)])')
# What stands below each head, with what its formula needs to be shown.
LADDER = {
    "Titles reached": {"sent_count"},
    "Delivered": {"delivered_count"},
    "Seen": {"read_count"},
    "Paid before the next": {"paid_before_count"},
    "Of those reached (%)": {"paid_before_count", "sent_count"},
    "Recovered in 15 days": {"amount_recovered"},
    "Of what was open (%)": {"amount_recovered", "amount_judged", "sent_count"},
}
CAUSES = {
    "Cause": {"name", "link"},
    "Customers asked": {"contact_count"},
    "Overdue then": {"amount_overdue"},
    "Share (%)": {"name", "share"},
}
AGENCIES = {
    "Customers placed": {"placement_count", "agency_id"},
    "Placed": {"amount_placed", "agency_id"},
    "Recovered": {"amount_recovered", "agency_id"},
    "Commission": {"amount_commission", "agency_id"},
    "Recovered net": {"amount_net", "agency_id"},
    "Of what was placed (%)": {"net_rate", "agency_id"},
    "Cost (%)": {"cost_rate", "agency_id"},
}
CHECKS = {
    "Expected": {"amount_forecast", "cutoff"},
    "Came": {"amount_actual", "cutoff"},
    "Difference (%)": {"amount_forecast", "amount_actual", "cutoff"},
    "Plain rule": {"amount_baseline", "cutoff"},
}
EFFECTS = {
    "Reminded": {"name", "reminded_count"},
    "Control group": {"name", "control_count"},
    "Uplift (points)": {"name", "is_enough", "difference"},
    "At least": {"name", "is_enough", "low"},
    "At most": {"name", "is_enough", "high"},
}


@freeze_time("2026-06-19 15:00:00")
class TestDashboards(ReportCommon):
    """The sheets read what is there, and what they read is what the pages show."""

    def dashboard(self, name):
        return self.env.ref(f"cobranca_relatorios.cobranca_dashboard_{name}").with_user(self.supervisor)

    def content(self, name):
        return json.loads(self.dashboard(name)._get_serialized_readonly_dashboard())["snapshot"]

    def cells(self, name):
        return {
            f"{sheet['name']}!{cell}": text
            for sheet in self.content(name)["sheets"]
            for cell, text in sheet["cells"].items()
        }

    def write_book(self):
        customers = self.env["res.partner"].create([{"name": f"Cliente {n}"} for n in range(8)])
        for number, customer in enumerate(customers):
            self.ledger.invoice(customer, date(2026, 2, 1), date(2026, 4, 1), 9000 if number < 3 else 1000)
            title = self.ledger.invoice(customer, date(2026, 5, 2), date(2026, 5, 20), 500)
            self.ledger.pay(title, date(2026, 6, 2), 500)
        self.env["cobranca.portfolio.snapshot"]._take_months(self.company)
        self.env.flush_all()
        self.env.invalidate_all()

    def test_every_field_and_menu_that_a_sheet_names_is_there(self):
        for name in DASHBOARDS:
            content = self.content(name)
            for model, fields in fields_in_spreadsheet(content).items():
                for field in fields:
                    parts = field.split(".")[0].split(":")[0]
                    self.assertIn(parts, {*self.env[model]._fields, "__count"}, f"{name}: {model}.{field}")
            for menu in menus_xml_ids_in_spreadsheet(content):
                self.assertTrue(self.env.ref(menu).with_user(self.supervisor).action, menu)

    def test_every_formula_names_a_list_or_pivot_and_a_column_of_it(self):
        for name in DASHBOARDS:
            content = self.content(name)
            for cell, text in self.cells(name).items():
                for number, second, third in CALL.findall(text):
                    if "ODOO.LIST" in text:
                        self.assertIn(third, content["lists"][number]["columns"], cell)
                        continue
                    measures = {measure["id"] for measure in content["pivots"][number]["measures"]}
                    if second.startswith('"') and not second.startswith('"#'):
                        self.assertIn(second.strip('"'), measures, cell)

    def test_months_carry_their_granularity_apart(self):
        """A row named "month:month" loads without a word and stays empty."""
        for name in DASHBOARDS:
            for pivot in self.content(name)["pivots"].values():
                for dimension in (*pivot["rows"], *pivot["columns"]):
                    field = self.env[pivot["model"]]._fields[dimension["fieldName"]]
                    self.assertEqual(field.type in ("date", "datetime"), "granularity" in dimension, dimension)

    def rows_of(self, number):
        """What a list of the overview gives to its cells."""
        listed = self.content("overview")["lists"][number]
        order = ", ".join(f"{term['name']} {'asc' if term['asc'] else 'desc'}" for term in listed["orderBy"])
        Model = self.env[listed["model"]].with_user(self.supervisor)
        return Model.search_read(listed["domain"], listed["columns"], order=order)

    def test_cards_show_what_the_page_shows(self):
        self.write_book()
        figures = self.env["cobranca.kpi.report"].with_user(self.supervisor)
        shown = figures.search([("is_main", "=", True), ("company_id", "=", self.company.id)])
        self.assertEqual([row["value_text"] for row in self.rows_of("1")], shown.mapped("value_text"))
        cells = self.cells("overview")
        labels = dict(self.env["cobranca.kpi"]._fields["code"].selection)
        self.assertEqual(
            [cells[f"Data!A{place}"] for place in range(1, 7)],
            [f'=_t("{labels[code]}")' for code in shown.mapped("code")],
        )
        self.assertNotIn("·", shown.mapped("value_text")[:3])

    def test_sentences_lead_to_their_records(self):
        self.write_book()
        rows = self.rows_of("2")
        self.assertTrue(rows)
        for row in rows:
            link = json.loads(row["link"].removeprefix("odoo://view/"))
            action = link["action"]
            Model = self.env[action["modelName"]].with_user(self.supervisor)
            self.assertTrue(Model.search_count(action["domain"]), row["text"])
            self.assertEqual(link["name"], row["text"])

    def test_the_chart_has_the_bands_of_the_page(self):
        self.write_book()
        [chart] = [
            figure["data"]
            for figure in self.content("overview")["sheets"][0]["figures"]
            if figure["data"]["type"] == "odoo_bar"
        ]
        meta = chart["metaData"]
        Model = self.env[meta["resModel"]].with_user(self.supervisor)
        rows = Model._read_group(chart["searchParams"]["domain"], meta["groupBy"], [f"{meta['measure']}:sum"])
        self.assertEqual(len(rows), 7)
        self.assertEqual({band: amount for band, amount in rows if amount}, {"3": 32000})

    def test_the_map_of_months_reads_the_positions(self):
        self.write_book()
        pivot = self.content("months")["pivots"]["1"]
        Model = self.env[pivot["model"]].with_user(self.supervisor)
        rows = Model._read_group(pivot["domain"], ["month:month"], [measure["id"] for measure in pivot["measures"]])
        positions = self.env[pivot["model"]].search([("company_id", "=", self.company.id)], order="month")
        self.assertEqual([row[0] for row in rows], positions.mapped("month"))
        self.assertAlmostEqual(rows[-1][1], positions[-1].rate_0, 2)
        self.assertEqual(rows[-1][1], 100)

    def test_the_map_of_due_months_shows_what_the_page_shows(self):
        self.write_book()
        pivot = self.content("overview")["pivots"]["1"]
        Model = self.env[pivot["model"]].with_user(self.supervisor)
        groups = ["month:month", "after"]
        rows = Model._read_group(pivot["domain"], groups, [measure["id"] for measure in pivot["measures"]])
        page = self.env["cobranca.cohort.page"].with_user(self.supervisor)._get_heat_map(self.company)
        shown = {(row["month"], f"{cell['days']:03}"): cell["rate"] for row in page for cell in row["cells"]}
        self.assertEqual(
            {(month, after): rate for month, after, rate, *_sums in rows},
            {key: rate for key, rate in shown.items() if rate is not None},
        )
        # April: eight debts of 32000, none paid; May: eight of 500, each paid thirteen days late.
        self.assertIn((date(2026, 4, 1), "000", 100, 32000, 8), rows)
        self.assertIn((date(2026, 5, 1), "015", 0, 4000, 8), rows)

    def test_rows_of_the_overview_are_those_of_the_position(self):
        self.write_book()
        lists = self.content("overview")["lists"]
        for number, name in (("3", "step"), ("4", "cause"), ("5", "week")):
            self.assertEqual(lists[number]["model"], f"cobranca.portfolio.{name}")
        rows = self.rows_of("5")
        self.assertEqual([row["amount_received"] for row in rows if row["week"] == date(2026, 6, 1)], [4000])
        self.assertEqual((len(rows), rows[0]["week"] < rows[-1]["week"]), (26, True))

    def test_the_list_of_steps_has_their_figures_in_their_order(self):
        work = WorkWriter(self.ledger)
        later, first = work.make_levels([15, 5])
        for level, day, state in ((later, date(2026, 5, 1), "sent"), (first, date(2026, 4, 21), "read")):
            title = self.ledger.invoice(self.customer, date(2026, 3, 1), date(2026, 4, 16), 100)
            work.step(title, level, day, state)
        self.write_book()
        rows = self.rows_of("3")
        names = ("name", "sent_count", "delivered_count", "read_count")
        shown = [(level.display_name, 1, count, count) for level, count in ((first, 1), (later, 0))]
        self.assertEqual([tuple(row[name] for name in names) for row in rows], shown)

    def fields_below(self, name, title, heads):
        """Which fields the first row below each head of a block is made of."""
        cells = self.cells(name)
        [start] = [int(cell.split("!A")[1]) for cell, text in cells.items() if f"[{title}]" in text]
        found = {}
        for cell, text in cells.items():
            place = re.fullmatch(r"Dashboard!([A-L])(\d+)", cell)
            head = re.fullmatch(r'=_t\("([^"]*)"\)', text)
            if place and head and head[1] in heads and start < int(place[2]) < start + 4:
                formula = cells[f"Dashboard!{place[1]}{int(place[2]) + 1}"]
                for data in re.findall(r"Data!([A-L]\d+)", formula):
                    formula += cells[f"Data!{data}"]
                found.setdefault(head[1], set()).update(FIELD.findall(formula))
        return found

    def test_each_column_shows_the_field_of_its_head(self):
        for name, title, heads in (
            ("overview", "Ladder: the last 90 days, step by step", LADDER),
            ("overview", "Causes, as customers told them in twelve months", CAUSES),
            ("overview", "Agencies, net of commission", AGENCIES),
            ("ladder", "Forecasts of four weeks beside what came", CHECKS),
            ("ladder", "What a step adds: paid in a week, beside the control group", EFFECTS),
        ):
            self.assertEqual(self.fields_below(name, title, heads), heads, title)

    def test_one_company_is_shown_at_a_time(self):
        company, ledger = self.make_second_company()
        ledger.invoice(self.customer, date(2026, 4, 1), date(2026, 4, 10), 70)
        self.write_book()
        both = self.env["cobranca.portfolio.snapshot"].with_context(allowed_company_ids=[company.id, self.company.id])
        both._take_months(company)
        for listed in self.content("overview")["lists"].values():
            Model = self.env[listed["model"]].with_user(self.supervisor)
            rows = Model.with_context(allowed_company_ids=[company.id, self.company.id]).search(listed["domain"])
            self.assertLessEqual(rows.company_id, company)
        snapshots = self.content("months")["pivots"]["1"]
        self.assertEqual(both.with_user(self.supervisor).search(snapshots["domain"]).company_id, company)

    def test_every_list_and_pivot_of_the_overview_is_of_one_company(self):
        for name in ("overview", "months", "ladder"):
            content = self.content(name)
            for source in (*content["lists"].values(), *content["pivots"].values()):
                self.assertIn(["is_current", "=", True], source["domain"], f"{name}: {source['model']}")

    def test_supervisors_see_them_and_collectors_do_not(self):
        Dashboard = self.env["spreadsheet.dashboard"]
        group = self.env.ref("cobranca_relatorios.spreadsheet_dashboard_group_cobranca")
        advanced = self.env.ref("cobranca_relatorios.spreadsheet_dashboard_group_cobranca_advanced")
        domain = [("dashboard_group_id", "in", (group + advanced).ids)]
        self.assertEqual(len(Dashboard.with_user(self.supervisor).search(domain)), len(DASHBOARDS))
        self.assertEqual(len(Dashboard.with_user(self.manager).search(domain)), len(DASHBOARDS))
        self.assertFalse(Dashboard.with_user(self.collector).search(domain))

    def test_without_positions_a_sample_is_shown(self):
        overview = self.dashboard("overview")
        self.assertTrue(overview._dashboard_is_empty())
        self.assertFalse(re.search(r"ODOO\.|PIVOT", json.dumps(overview._get_sample_dashboard())))
        self.write_book()
        self.assertFalse(self.dashboard("overview")._dashboard_is_empty())
