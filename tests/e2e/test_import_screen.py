"""A supervisor brings 200 contracts in through Odoo's own import screen."""

import pytest

from common import ROOT
from harness.browser import action_path

FILES = ROOT / "cobranca_recorrente/static/import"
PRODUCTS = (
    "Mensalidade Ensino Fundamental",
    "Mensalidade Ensino Médio",
    "Plano Academia Essencial",
    "Plano Academia Completo",
    "Assinatura Gestor Essencial",
    "Assinatura Gestor Profissional",
)
IMPORT_SCREEN = "/odoo/contratos/import?active_model=cobranca.contract"


@pytest.fixture(scope="module")
def supervisor(processes, postgres):
    """Login (and password) of a supervisor who may also make customers."""
    [worker] = processes.workers(1)
    services = [{"name": name, "type": "service", "taxes_id": [(5, 0, 0)]} for name in PRODUCTS]
    worker.call("product.product", "create", services)
    groups = [
        worker.call("ir.model.data", "_xmlid_to_res_id", xmlid)
        for xmlid in ("cobranca_recorrente.cobranca_group_supervisor", "base.group_partner_manager")
    ]
    values = {"name": "Olívia", "login": "olivia", "password": "olivia", "lang": "pt_BR", "group_ids": [(6, 0, groups)]}
    worker.call("res.users", "create", values, context={"no_reset_password": True})
    worker.terminate()
    return "olivia"


def open_import(browser, server, login, file):
    visit = browser.open_page(server.url).log_in(login, login, action_path("contratos"))
    visit.page.click(".o_cp_action_menus button")
    visit.page.click(".o_import_menu")
    visit.wait_until_quiet()
    visit.page.set_input_files("input[type=file]", file)
    visit.page.wait_for_selector(".o_import_data_content table tbody tr")
    visit.wait_until_quiet()
    return visit


def press(visit, name):
    """Press the button of the import screen whose Portuguese name begins so, and wait."""
    visit.page.get_by_role("button", name=name).first.click()
    visit.wait_until_quiet()


def test_a_wrong_cpf_is_told_and_nothing_comes_in(browser, server, supervisor, postgres, tmp_path):
    lines = (FILES / "modelo_contratos.csv").read_text(encoding="utf-8").splitlines()
    lines[2] = ";".join(["111.111.111-11", *lines[2].split(";")[1:]])
    file = tmp_path / "errado.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    visit = open_import(browser, server, supervisor, file)
    press(visit, "Importar")
    visit.page.wait_for_selector("text=111.111.111-11 não é um CPF ou CNPJ válido")
    assert postgres.value("SELECT count(*) FROM cobranca_contract") == 0


def test_the_file_of_200_comes_in(browser, server, supervisor, postgres):
    visit = open_import(browser, server, supervisor, FILES / "exemplo_200_contratos.csv")
    press(visit, "Teste")
    assert postgres.value("SELECT count(*) FROM cobranca_contract") == 0, "a test brings nothing in"
    press(visit, "Importar")
    visit.page.wait_for_selector(".o_list_view .o_data_row")
    assert postgres.value("SELECT count(*) FROM cobranca_contract WHERE state = 'draft'") == 200
    assert postgres.value("SELECT count(DISTINCT partner_id) FROM cobranca_contract") == 200
    visit.check()
