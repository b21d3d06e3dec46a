import re

from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import file_open

from .common import GROUP, CobrancaCommon

FOLDER = "cobranca_recorrente/static/import/"
PRODUCTS = (
    "Mensalidade Ensino Fundamental",
    "Mensalidade Ensino Médio",
    "Plano Academia Essencial",
    "Plano Academia Completo",
    "Assinatura Gestor Essencial",
    "Assinatura Gestor Profissional",
)


@tagged("post_install", "-at_install")
class TestContractImport(CobrancaCommon):
    """Odoo's own import screen, with the shipped files, by a supervisor in Portuguese."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name in PRODUCTS:
            cls.make_product(name, 1.0)
        cls.importer = new_test_user(
            cls.env, "importer", f"{GROUP}supervisor,base.group_partner_manager,base.group_allow_export", lang="pt_BR"
        )

    def import_text(self, text, dryrun=False):
        """Upload, take the columns that the screen proposes, import.

        :return: (result of the import, columns proposed)
        """
        wizard = (
            self.env["base_import.import"]
            .with_user(self.importer)
            .with_context(lang="pt_BR")
            .create(
                {
                    "res_model": "cobranca.contract",
                    "file": text.encode(),
                    "file_name": "contratos.csv",
                    "file_type": "text/csv",
                }
            )
        )
        # As the screen sends them, whatever the language.
        numbers = {"float_thousand_separator": ",", "float_decimal_separator": "."}
        options = {"quoting": '"', "has_headers": True, "separator": "", "encoding": "utf-8", **numbers}
        preview = wizard.parse_preview(options)
        self.assertNotIn("error", preview)
        proposed = ["/".join(preview["matches"].get(number, [])) or False for number in range(len(preview["headers"]))]
        return wizard.execute_import(proposed, preview["headers"], preview["options"], dryrun=dryrun), proposed

    def read_file(self, name):
        with file_open(FOLDER + name) as file:
            return file.read()

    def test_shipped_file_of_200(self):
        before = self.env["cobranca.contract"].search_count([])
        result, columns = self.import_text(self.read_file("exemplo_200_contratos.csv"))
        self.assertEqual(result["messages"], [])
        self.assertNotIn(False, columns, "every column of the file is recognised by itself")
        contracts = self.env["cobranca.contract"].browse(result["ids"])
        self.assertEqual((len(contracts), self.env["cobranca.contract"].search_count([])), (200, before + 200))
        self.assertEqual(len(contracts.partner_id), 200)
        first = contracts.filtered(lambda contract: contract.reference == "SIS-0001")
        row = self.read_file("exemplo_200_contratos.csv").splitlines()[1].split(";")
        self.assertEqual(first.customer_document, row[0])
        self.assertEqual((first.partner_id.name, first.partner_id.email), (row[1], row[2]))
        self.assertEqual(first.date_start.strftime("%d/%m/%Y"), row[8])
        self.assertEqual(first.line_ids.product_id.name, row[13])
        self.assertEqual(f"{first.line_ids.price_unit:.2f}".replace(".", ","), row[15])
        self.assertEqual(set(contracts.mapped("state")), {"draft"})

    def test_imported_contracts_bill_only_what_the_old_system_did_not(self):
        result, _columns = self.import_text(self.read_file("exemplo_200_contratos.csv"))
        contracts = self.env["cobranca.contract"].browse(result["ids"])
        first_days = {contract._get_next_effective_date() for contract in contracts}
        self.assertTrue(all(day.isoformat() >= "2026-12-01" for day in first_days))

    def test_imported_contracts_can_be_activated_as_they_are(self):
        """What the shipped files say was billed ends where a period ends."""
        for name in ("exemplo_200_contratos.csv", "modelo_contratos.csv"):
            result, _columns = self.import_text(self.read_file(name))
            contracts = self.env["cobranca.contract"].browse(result["ids"])
            with freeze_time("2026-11-30 15:00:00"):
                contracts.with_user(self.importer).action_activate()
            self.assertEqual(set(contracts.mapped("state")), {"active"})

    def test_prices_are_read_as_the_file_writes_them(self):
        header, first, *_others = self.read_file("modelo_contratos.csv").splitlines()
        for written, meant in (("119,90", 119.9), ("1.280,00", 1280.0), ("1.500", 1500.0), ("119.90", 119.9)):
            with self.subTest(written=written):
                row = first.replace("119,90", written)
                self.assertIn(written, row)
                result, _columns = self.import_text(f"{header}\n{row}\n")
                contract = self.env["cobranca.contract"].browse(result["ids"])
                self.assertEqual(contract.line_ids.price_unit, meant)

    def test_two_ways_of_writing_numbers_are_refused(self):
        header, first, *_others = self.read_file("modelo_contratos.csv").splitlines()
        rows = [first, first.replace("119,90", "1,280.00")]
        result, _columns = self.import_text("\n".join([header, *rows]))
        self.assertIn("119,90", result["messages"][0]["message"])
        self.assertFalse(result.get("ids"))

    def test_columns_of_terms_items_and_beneficiaries(self):
        result, _columns = self.import_text(self.read_file("exemplo_200_contratos.csv"))
        contracts = self.env["cobranca.contract"].browse(result["ids"])
        of = {contract.reference: contract for contract in contracts}
        rows = [row.split(";") for row in self.read_file("exemplo_200_contratos.csv").splitlines()[1:]]
        for row in filter(lambda row: row[7], rows):
            contract, student = of[row[7]], of[row[7]].beneficiary_id
            self.assertEqual((contract.beneficiary_name or "", contract.beneficiary_document or ""), (row[6], row[5]))
            self.assertEqual(contract.date_end and contract.date_end.strftime("%d/%m/%Y") or "", row[9])
            self.assertEqual(f"{contract.minimum_months}", row[11])
            if row[6] and not row[5]:
                self.assertEqual(student.parent_id, contract.partner_id)
        self.assertTrue(any(row[5] for row in rows) and any(row[6] and not row[5] for row in rows))
        once = of["SIS-0002"].line_ids[1]
        self.assertEqual((once.recurrence, str(once.date_start), once.price_unit), ("once", "2026-12-28", 99.0))
        self.assertEqual(set(contracts.line_ids.mapped("billing_timing")), {"advance"})

    def test_a_template_completes_a_row(self):
        template = self.env["cobranca.contract.template"].create({"name": "Plano anual", "minimum_months": 7})
        header, row, *_more = self.read_file("modelo_contratos.csv").splitlines()
        names, cells = header.split(";"), row.split(";")
        cells[names.index("Fidelidade (meses)")] = "Plano anual"
        names[names.index("Fidelidade (meses)")] = "Modelo"
        result, _columns = self.import_text("\n".join([";".join(names), ";".join(cells)]))
        contract = self.env["cobranca.contract"].browse(result["ids"])
        self.assertEqual((contract.template_id, contract.minimum_months), (template, 7))
        self.assertEqual(contract.line_ids.product_id.name, "Plano Academia Essencial")

    def test_empty_cells_leave_it_to_the_template(self):
        self.env["cobranca.contract.template"].create({"name": "Plano anual", "due_day": 7, "term_months": 12})
        header, row, *_more = self.read_file("modelo_contratos.csv").splitlines()
        names, cells = header.split(";"), row.split(";")
        for name, cell in (("Dia de vencimento", ""), ("Término", ""), ("Fidelidade (meses)", "0")):
            cells[names.index(name)] = cell
        result, _columns = self.import_text("\n".join([f"{header};Modelo", ";".join([*cells, "Plano anual"])]))
        self.assertEqual(result["messages"], [])
        contract = self.env["cobranca.contract"].browse(result["ids"])
        self.assertEqual((contract.due_day, contract.minimum_months), (7, 0))

    def test_beneficiary_without_customer(self):
        header, row, *_more = self.read_file("modelo_contratos.csv").splitlines()
        names, cells = header.split(";"), row.split(";")
        cells[names.index("CPF ou CNPJ")], cells[names.index("Nome do beneficiário")] = "", "Leo"
        result, _columns = self.import_text("\n".join([header, ";".join(cells)]))
        self.assertNotIn("singleton", result["messages"][0]["message"])
        self.assertFalse(result.get("ids"))

    def test_every_wrong_row_is_told(self):
        header, good, *_more = self.read_file("modelo_contratos.csv").splitlines()
        place = {name: number for number, name in enumerate(header.split(";"))}

        def row_with(column, value, document):
            cells = good.split(";")
            cells[place["CPF ou CNPJ"]] = document
            cells[place[column]] = value
            return ";".join(cells)

        wrong = {
            1: ("Dia de vencimento", "45", "vencimento"),
            3: ("Itens/Produto", "Plano que não existe", "Plano que não existe"),
            4: ("CPF do beneficiário", "123", "123"),
            6: ("Itens/Tipo", "Mensalmente", "Mensalmente"),
            7: ("CPF ou CNPJ", "11.111.111/1111-11", "11.111.111/1111-11"),
        }
        documents = ["529.982.247-25", "111.444.777-35"] * 4
        rows = [
            row_with(*wrong[number][:2], document) if number in wrong else row_with("Referência", "X", document)
            for number, document in enumerate(documents)
        ]
        result, _columns = self.import_text("\n".join([header, *rows]))
        self.assertFalse(result["ids"])
        told = {message["rows"]["from"]: message["message"] for message in result["messages"]}
        self.assertEqual(sorted(told), sorted(wrong), result["messages"])
        for number, (_column, _value, text) in wrong.items():
            self.assertIn(text, told[number])

    def test_template_file(self):
        result, _columns = self.import_text(self.read_file("modelo_contratos.csv"))
        self.assertEqual((result["messages"], len(result["ids"])), ([], 2))

    def test_same_customer_twice_is_one_customer(self):
        header, row, *_rest = self.read_file("modelo_contratos.csv").splitlines()
        bare = re.sub(r"[./-]", "", row.split(";")[0])
        again = ";".join([bare, *row.split(";")[1:]])
        result, _columns = self.import_text("\n".join([header, row, again]))
        contracts = self.env["cobranca.contract"].browse(result["ids"])
        self.assertEqual((len(contracts), len(contracts.partner_id)), (2, 1))

    def test_wrong_document_names_the_row_and_imports_nothing(self):
        header, good, other, *_more = self.read_file("modelo_contratos.csv").splitlines()
        bad = ";".join(["111.111.111-11", *other.split(";")[1:]])
        before = self.env["cobranca.contract"].search_count([])
        result, _columns = self.import_text("\n".join([header, good, bad]))
        self.assertEqual(len(result["messages"]), 1, result["messages"])
        [message] = result["messages"]
        self.assertEqual(message["rows"], {"from": 1, "to": 1})
        self.assertIn("não é um CPF ou CNPJ válido", message["message"])
        self.assertEqual(self.env["cobranca.contract"].search_count([]), before)
