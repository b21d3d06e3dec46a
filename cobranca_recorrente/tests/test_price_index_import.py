from datetime import date

from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import file_open

from .common import GROUP, CobrancaCommon

HEADER = "Index;Reference month;Variation (%)"
# What the import screen says of numbers unless the user changes it.
SCREEN = {"float_thousand_separator": ",", "float_decimal_separator": "."}


@freeze_time("2020-02-10 15:00:00")
@tagged("post_install", "-at_install")
class TestPriceIndexImport(CobrancaCommon):
    """Odoo's own import screen, by a manager in English; the shipped template in Portuguese."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ipca = cls.env.ref("cobranca_recorrente.cobranca_price_index_ipca")
        cls.Value = cls.env["cobranca.price.index.value"]
        cls.Value.search([]).unlink()
        cls.importer = new_test_user(cls.env, "importer", f"{GROUP}manager,base.group_allow_export", lang="en_US")

    def import_rows(self, *rows, header=HEADER, dryrun=False, lang="en_US"):
        """Upload, take the columns that the screen proposes, import. Return its result."""
        self.importer.lang = lang
        wizard = self.env["base_import.import"].with_user(self.importer).with_context(lang=lang)
        wizard = wizard.create(
            {
                "res_model": "cobranca.price.index.value",
                "file": "\n".join([header, *rows]).encode(),
                "file_name": "indices.csv",
                "file_type": "text/csv",
            }
        )
        options = {"quoting": '"', "has_headers": True, "separator": "", "encoding": "utf-8", **SCREEN}
        preview = wizard.parse_preview(options)
        self.assertNotIn("error", preview)
        columns = ["/".join(preview["matches"].get(number, [])) or False for number in range(len(preview["headers"]))]
        self.assertEqual(columns, ["index_id", "imported_month", "imported_percent"], "recognised by themselves")
        return wizard.execute_import(columns, preview["headers"], preview["options"], dryrun=dryrun)

    def stored(self):
        return {(value.index_id.code, value.month): value.percent for value in self.Value.search([])}

    def assert_refused(self, result, row, message):
        self.assertEqual(len(result["messages"]), 1, result["messages"])
        [told] = result["messages"]
        self.assertEqual((told["type"], told["rows"]), ("error", {"from": row, "to": row}))
        self.assertRegex(told["message"], message)

    def test_decimal_comma_and_point(self):
        for rows in (["IPCA;2019-11-01;0,51", "IGP-M;2019-12-01;-2,090001"], ["IPCA;2019-10-01;0.10"]):
            self.assertEqual(self.import_rows(*rows)["messages"], [])
        expected = {("IPCA", date(2019, 11, 1)): 0.51, ("IGP-M", date(2019, 12, 1)): -2.090001}
        self.assertEqual(self.stored(), {**expected, ("IPCA", date(2019, 10, 1)): 0.1})
        self.assertEqual(set(self.Value.search([]).mapped("source")), {"csv"})
        self.assertIn("11/2019: 0.51%", "".join(self.ipca.message_ids.mapped("body")))

    def test_shipped_template_in_portuguese(self):
        with file_open("cobranca_recorrente/static/import/modelo_indices.csv") as file:
            header, *rows = file.read().splitlines()
        self.assertEqual(header, "Índice;Mês de referência;Variação (%)")
        self.assertEqual(self.import_rows(*rows, header=header, lang="pt_BR")["messages"], [])
        self.assertEqual({month for _code, month in self.stored()}, {date(2019, 11, 1), date(2019, 12, 1)})
        self.assertEqual(len(self.stored()), len(rows))

    def test_forms_of_a_month(self):
        for number, text in enumerate(("03/2019", "4/2019", "01/05/2019", "2019-06-01", "2019-07")):
            self.assertEqual(self.import_rows(f"IPCA;{text};0,{number}")["messages"], [])
        self.assertEqual({month for _code, month in self.stored()}, {date(2019, number, 1) for number in range(3, 8)})

    def test_a_day_that_may_be_a_month_is_refused(self):
        for text in ("15/11/2019", "11/01/2019"):
            self.assert_refused(self.import_rows(f"IPCA;{text};0,51"), 0, f"{text} is no month. Write November 2019")
        by_date = self.Value.with_user(self.importer).load(
            ["index_id", "month", "percent"], [["IPCA", "2019-01-11", "0.51"]]
        )
        self.assert_refused(by_date, 0, "01/11/2019 is no first day of a month. Choose the date format")
        self.assertEqual(self.stored(), {})

    def test_a_small_figure_is_not_read_as_a_large_one(self):
        """With the screen's own separators, a number column would read 0,05 as 5 %."""
        self.assertEqual(self.import_rows("IPCA;11/2019;0,05")["messages"], [])
        self.assertEqual(self.stored(), {("IPCA", date(2019, 11, 1)): 0.05})

    def test_exported_values_come_in_again(self):
        self.import_rows("IPCA;11/2019;0,51", "IPCA;12/2019;-0,02")
        values = self.Value.search([])
        columns = ["index_id", "imported_month", "imported_percent"]
        rows = values.with_user(self.importer).export_data(columns)["datas"]
        result = self.Value.with_user(self.importer).load(columns, rows)
        self.assertEqual((result["messages"], sorted(result["ids"])), ([], sorted(values.ids)))

    def test_the_same_file_again_changes_nothing(self):
        rows = ["IPCA;2019-11-01;0,51", "IPCA;2019-12-01;1,15"]
        first = self.import_rows(*rows)
        again = self.import_rows(*rows, "IPCA;2019-10-01;0,10")
        self.assertEqual((again["messages"], again["ids"][:2]), ([], first["ids"]))
        self.assertEqual(len(self.stored()), 3)

    def test_another_figure_names_its_row_and_imports_nothing(self):
        self.import_rows("IPCA;2019-12-01;1,15")
        result = self.import_rows("IPCA;2019-11-01;0,51", "IPCA;2019-12-01;1,25")
        self.assert_refused(result, 1, "IPCA 12/2019 is stored with 1.15%, the file says 1.25%. Correct the file")
        self.assertEqual(self.stored(), {("IPCA", date(2019, 12, 1)): 1.15})

    def test_a_month_twice_in_one_file(self):
        self.assertEqual(self.import_rows("IPCA;2019-12-01;1,15", "IPCA;2019-12-01;1,15")["messages"], [])
        self.assertEqual(len(self.stored()), 1)
        result = self.import_rows("IPCA;2019-11-01;0,51", "IPCA;2019-11-01;0,52")
        self.assert_refused(result, 1, "11/2019 is stored with 0.51%, the file says 0.52%")
        self.assertEqual(len(self.stored()), 1)

    def test_bad_rows_say_what_to_do(self):
        good = "IPCA;2019-11-01;0,51"
        self.assert_refused(self.import_rows(good, "IPCA;2019-12-01;"), 1, "variation of the month is missing")
        self.assert_refused(self.import_rows(good, "IPCA;2019-12-01;115,0"), 1, "115.00% in 12/2019 cannot be right")
        self.assert_refused(self.import_rows(good, "IPCA;2019-12-01;1.151,2"), 1, "1.151,2 is no percentage")
        self.assert_refused(self.import_rows(good, "IPCA;;0,1"), 1, "The month is missing")
        self.assert_refused(self.import_rows(good, "IPCA;2020-03-01;0,1"), 1, "03/2020 has not come yet")
        self.assert_refused(self.import_rows(good, "IPCX;2019-12-01;0,1"), 1, "IPCX")
        self.assert_refused(self.import_rows(good, "FIXO;2019-12-01;0,1"), 1, "fixed percentage")
        self.assertEqual(self.stored(), {})

    def test_from_the_screen_of_one_index(self):
        """The central bank's own file has no column for the index."""
        Value = self.Value.with_user(self.importer).with_context(default_index_id=self.ipca.id)
        for _time in range(2):
            result = Value.load(["month", "percent"], [["2019-11-01", "0.51"]])
            self.assertEqual(result["messages"], [])
        self.assertEqual(self.stored(), {("IPCA", date(2019, 11, 1)): 0.51})

    def test_zero_is_a_figure(self):
        self.assertEqual(self.import_rows("IPCA;2019-11-01;0,00", "IPCA;2019-12-01;0,51")["messages"], [])
        self.assertEqual(self.stored()["IPCA", date(2019, 11, 1)], 0.0)

    def test_a_figure_of_the_central_bank_is_not_overwritten_by_a_file(self):
        self.Value.sudo().create(
            {"index_id": self.ipca.id, "month": "2019-12-01", "percent": 1.15, "source": "bcb", "is_published": True}
        )
        self.assertEqual(self.import_rows("IPCA;2019-12-01;1,15")["messages"], [])
        self.assertEqual(self.Value.search([]).source, "bcb")
        self.assert_refused(self.import_rows("IPCA;2019-12-01;1,16"), 0, "stored with 1.15%")

    def test_a_test_run_brings_nothing_in(self):
        self.assertEqual(self.import_rows("IPCA;2019-12-01;1,15", dryrun=True)["messages"], [])
        self.assertEqual(self.stored(), {})

    def test_the_screen_offers_the_template(self):
        [template] = self.Value.with_user(self.importer).get_import_templates()
        with file_open(template["template"].lstrip("/")) as file:
            self.assertTrue(file.readline())
