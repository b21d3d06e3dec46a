"""The path of the README in one walk: install, contract, invoice, reminder, payment, agreement, agency, report.

Each part has its own tour in the suite; this one, of two and a half minutes, is among the long forms.
"""

import re
from decimal import Decimal

import openpyxl
import pytest

from e2e.test_agency_life import go, names_in, place, press
from e2e.test_agreement_life import agree_on_entry_and_five, bank_says, day_in, shown_pix
from e2e.test_negotiation import ODD, Walk
from e2e.walking import CUSTOMER, CUSTOMER_EMAIL, PRODUCT
from harness import fresh_database
from harness.browser import action_path
from harness.waiting import wait_until

LAST_ADDON, INSTALL_LIMIT_S = "cobranca_relatorios", 180
# The step after the due date, however Sundays and holidays fall.
DAYS_TO_REMINDER = range(4, 12)
INSTALLED = "SELECT count(*) FROM ir_module_module WHERE state = 'installed' AND name LIKE 'cobranca_%%'"
OVERVIEW = action_path("cobranca_relatorios.cobranca_overview_action")
OPEN = """
    SELECT SUM(line.amount_residual)
      FROM account_move_line line JOIN account_account account ON account.id = line.account_id
     WHERE line.parent_state = 'posted' AND line.amount_residual > 0
       AND account.account_type = 'asset_receivable' AND account.non_trade IS NOT TRUE
"""
DEBT = """
    SELECT line.amount_residual FROM account_move_line line JOIN res_partner partner ON partner.id = line.partner_id
     WHERE partner.email = %s AND line.display_type = 'payment_term'
"""


@pytest.fixture(scope="module")
def database(databases):
    """Odoo alone, as somebody has it who reads the README."""
    name = fresh_database.create(databases, databases.base_template())
    yield name
    databases.drop(name)


@pytest.mark.soak
def test_from_the_installation_to_the_reports(browser, server, processes, smtp, postgres, tmp_path):
    install(browser, server, postgres, tmp_path)
    facts = prepare(processes, smtp)
    make_contract(browser, server, tmp_path)
    assert postgres.value(DEBT, [CUSTOMER_EMAIL]) == 250
    start_ladder(browser, server, tmp_path)
    server.terminate()

    days, reminder = wait_for_reminder(processes, smtp)
    later = processes.later_server(days)
    pay(browser, later, days, reminder, tmp_path)
    assert postgres.value(DEBT, [CUSTOMER_EMAIL]) == 0

    walk = Walk(browser.open_page(later.url, 390), tmp_path)
    txid, entry = agree_on_entry_and_five(walk, facts["link"], smtp)
    bank_says(browser, later, day_in(days), txid, entry, tmp_path / "entrada.ofx")
    walk.visit.check()

    place(browser, later, tmp_path)
    work_as_agency(browser, later, facts["people"])
    assert postgres.value(ODD) == 0, "every entry is balanced"
    read_reports(browser, later, processes, postgres, days, tmp_path)


def install(browser, server, postgres, folder):
    """The administrator finds the last addon among the apps and activates it."""
    admin = browser.open_page(server.url).log_in("admin", "admin", "/odoo/apps")
    admin.page.click(".o_facet_remove")
    admin.page.fill(".o_searchview_input", LAST_ADDON)
    # Who is faster than what is proposed searches for nothing, and finds the first app of all.
    admin.page.wait_for_selector(".o_searchview_autocomplete .o-dropdown-item")
    admin.page.keyboard.press("Enter")
    admin.page.wait_for_selector(f".o_searchview_facet:has-text('{LAST_ADDON}')")
    admin.wait_until_quiet()
    admin.page.click(".o_kanban_record button[name=button_immediate_install]")
    wait_until(lambda: postgres.value(INSTALLED) == 3, "the last addon brings the others", INSTALL_LIMIT_S)
    # The web client comes anew by itself; what it asked before is of no interest.
    admin.page.wait_for_timeout(1000)
    admin.goto("/odoo")
    admin.screenshot(folder / "1-installed.png")
    admin.take_problems()


def prepare(processes, smtp):
    """What was there before: a mail server, late customers, people with their rights, two agencies.

    :return: dict: link of a late customer, people of the agencies
    """
    [worker] = processes.workers(1)
    worker.inject("e2e.walking:add_to_company")
    facts = worker.call("res.company", "make_agencies_for_test", smtp.host, smtp.port)
    worker.call("res.company", "make_first_customer_for_test")
    worker.terminate()
    return facts


def choose(visit, field, text, inside=""):
    """Type into a field that names a record, and take what is proposed."""
    visit.page.fill(f"{inside} .o_field_widget[name={field}] input", text)
    visit.page.click(f".o-autocomplete--dropdown-item:has-text('{text}') >> nth=0")
    visit.wait_until_quiet()


def make_contract(browser, server, folder):
    """A monthly contract, due tomorrow for the first time; its first invoice is made at once."""
    desk = browser.open_page(server.url).log_in(
        "olivia", "olivia", action_path("cobranca_recorrente.cobranca_contract_action")
    )
    press(desk, ".o_list_button_add")
    choose(desk, "partner_id", CUSTOMER)
    desk.page.fill(".o_field_widget[name=due_day] input", str(day_in(1).day))
    press(desk, ".o_field_widget[name=line_ids] .o_field_x2many_list_row_add a")
    choose(desk, "product_id", PRODUCT, inside=".o_selected_row")
    press(desk, ".o_form_button_save")
    explained = desk.page.locator(".o_field_widget[name=policy_explained] input")
    if explained.count():
        explained.check()
    press(desk, ".o_statusbar_buttons button[name=action_activate]")
    desk.screenshot(folder / "2-contract.png")
    press(desk, ".o_statusbar_buttons button[name=action_bill]")
    desk.page.wait_for_selector(".o_form_view div[name=invoice_date_due]")
    desk.screenshot(folder / "3-invoice.png")
    desk.check()


def start_ladder(browser, server, folder):
    """A manager looks at whom each ladder would remind, and starts it."""
    desk = browser.open_page(server.url).log_in("marta", "marta", "/odoo")
    ladders = action_path("cobranca_recorrente.cobranca_dunning_policy_action")
    desk.goto(ladders)
    for place_in_list in range(desk.page.locator(".o_data_row").count()):
        desk.goto(ladders)
        press(desk, f".o_data_row >> nth={place_in_list} >> td[name=name]")
        press(desk, "button[name=action_open_start] >> visible=true >> nth=0")
        press(desk, ".modal button[name=action_start]")
        desk.page.wait_for_selector(".modal", state="detached")
    desk.screenshot(folder / "4-ladder.png")
    desk.check()


def wait_for_reminder(processes, smtp):
    """Days go by with the bank's files, and nobody pays, until the customer is reminded after the due date.

    :return: (how many days, address of her page)
    """
    [worker] = processes.workers(1)
    worker.inject("e2e.walking:add_to_company")
    for days in DAYS_TO_REMINDER:
        worker.inject("billing.clock:set_now", f"{day_in(days)} 15:00:00")
        worker.call("res.company", "bring_statement_for_test")
        worker.call("cobranca.dunning.engine", "_cron_run")
        worker.call("cobranca.dunning.engine", "_cron_deliver")
        if mails := smtp.to(CUSTOMER_EMAIL):
            break
    worker.terminate()
    assert len(mails) == 1, "once"
    return days, re.search(r"/my/pagamentos/[\w.-]+", mails[0].text()).group()


def pay(browser, server, days, link, folder):
    """By the link of the reminder, on a telephone; the bank's file brings the money."""
    phone = browser.open_page(server.url, 390)
    phone.goto(link)
    phone.page.fill("#question_digits", "1234")
    go(phone, ".o_cobranca_question button[type=submit]")
    phone.screenshot(folder / "5-reminded.png", full_page=True)
    txid, amount = shown_pix(phone.page)
    assert Decimal(amount) > 250, "with fine and interest"
    bank_says(browser, server, day_in(days), txid, amount, folder / "pix.ofx")
    phone.goto(link)
    assert phone.page.locator(".o_cobranca_settled").count()
    phone.check()


def work_as_agency(browser, server, people):
    """Each agency finds its own customers in the portal."""
    seen = []
    for login in (team[0] for team in people.values()):
        visit = browser.open_page(server.url).log_in(login, login, "/my/distribuicoes")
        seen.append(names_in(visit))
        visit.check()
    assert all(seen) and not set.intersection(*seen), "none is with both"


def read_reports(browser, server, processes, postgres, days, folder):
    """What all this comes to: on the overview, by delay, and in a workbook."""
    [worker] = processes.workers(1)
    worker.inject("billing.clock:set_now", f"{day_in(days)} 16:00:00")
    for model, job in (("portfolio.snapshot", "_cron_take"), ("cash.forecast", "_cron_refresh")):
        worker.call(f"cobranca.{model}", job)
    worker.terminate()
    total = f"{postgres.value(OPEN):.2f}"
    manager = browser.open_page(server.url).log_in("marta", "marta", OVERVIEW)
    manager.page.wait_for_selector(".o_cobranca_card_value")
    assert amount_in(manager.page.inner_text(".o_cobranca_overview_half h2 >> nth=0")) == total
    manager.screenshot(folder / "7-overview.png")
    manager.open_menu("cobranca_relatorios.cobranca_aging_report_menu")
    manager.page.wait_for_selector(".o_pivot_cell_value")
    assert amount_in(manager.page.inner_text(".o_pivot_cell_value >> nth=0")) == total
    manager.screenshot(folder / "8-by-delay.png")
    manager.open_menu("cobranca_relatorios.cobranca_report_export_menu")
    with manager.page.expect_download() as started:
        manager.page.click(".modal button[name=action_export]")
    manager.check()
    file = folder / started.value.suggested_filename
    started.value.save_as(file)
    book = openpyxl.load_workbook(file, data_only=True)
    figures = {f"{cell:.2f}" for sheet in book for row in sheet.values for cell in row if isinstance(cell, int | float)}
    assert total in figures


def amount_in(text):
    """The amount that a Brazilian reader finds in a text, as a number is written in code."""
    return re.search(r"\d[\d.]*,\d\d", text).group().replace(".", "").replace(",", ".")
