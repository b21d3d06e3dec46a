"""The life of an agreement, from a telephone: entry and five, the entry by Pix, one installment late, then broken.

Months go by: each look at it is at a server of a later day.
"""

import datetime
import re
import zoneinfo

import pytest

from e2e.test_negotiation import ODD, OPEN, Walk
from e2e.test_payment_page import enter
from e2e.test_pix_payment import DESK, OFX, book_all_certain, bring_in, fields_of

# The first installment is due a month after the entry: so many days after signing it is late, though not for long;
# the second one is announced as the end of the agreement, and then it ends.
LATE, WARNED, BROKEN = 40, 82, 90
STATE = "SELECT state FROM cobranca_agreement"
TOLD = "SELECT count(*) FROM cobranca_message WHERE agreement_id IS NOT NULL AND state = 'sent'"
PAID = "SELECT count(*) FROM cobranca_agreement_installment i JOIN account_move_line l ON l.id = i.line_id WHERE {}"
CHARGES = "SELECT coalesce(sum(amount), 0) FROM cobranca_charge WHERE state = 'paid' AND kind <> 'discount'"
FINANCING = """
    SELECT coalesce(-sum(balance), 0) FROM account_move_line
     WHERE parent_state = 'posted' AND account_id IN (SELECT cobranca_financing_account_id FROM res_company)
"""
# The document of an agreement is an invoice to Odoo, on an account in transit.
SALES = """
    SELECT sum(-line.balance)
      FROM account_move_line line
      JOIN account_move move ON move.id = line.move_id
      JOIN account_account account ON account.id = line.account_id
     WHERE move.move_type = 'out_invoice' AND move.state = 'posted' AND account.account_type LIKE 'income%%'
"""


@pytest.fixture
def facts(processes, smtp):
    """What the worker has prepared, see negotiating.py, and the login of a supervisor."""
    [worker] = processes.workers(1)
    worker.inject("e2e.negotiating:add_to_company")
    found = worker.call("res.company", "make_late_customer_for_test", smtp.host, smtp.port)
    group = worker.call("ir.model.data", "_xmlid_to_res_id", "cobranca_recorrente.cobranca_group_supervisor")
    user = {"name": "Olívia", "login": "olivia", "password": "olivia", "lang": "pt_BR", "group_ids": [(6, 0, [group])]}
    worker.call("res.users", "create", user, context={"no_reset_password": True})
    worker.terminate()
    return found


def day_in(days):
    return datetime.datetime.now(zoneinfo.ZoneInfo("America/Sao_Paulo")).date() + datetime.timedelta(days=days)


def shown_pix(page):
    """:return: (identifier, amount as text) of the Pix on a page"""
    code = fields_of(page.input_value(".o_cobranca_pix_code"))
    return fields_of(code["62"])["05"], code["54"]


def bank_says(browser, server, day, txid, amount, file):
    """The bank's file of a day comes in, and what is certain of it is booked."""
    file.write_text(OFX.format(day=f"{day:%Y%m%d}", amount=amount, txid=txid), encoding="utf-8")
    desk = browser.open_page(server.url).log_in("olivia", "olivia", DESK)
    bring_in(desk, file)
    book_all_certain(desk)
    desk.check()


def agree_on_entry_and_five(walk, link, smtp):
    """From the link to the Pix of the entry, with the code that was sent."""
    enter(walk.visit, link)
    walk.press(".o_cobranca_negotiate")
    walk.page.wait_for_selector(".o_cobranca_negotiation.o_cobranca_follows")
    walk.page.locator("#plan_long").check()
    walk.visit.wait_until_quiet()
    walk.press(".o_cobranca_continue")
    walk.sign()
    [digits] = set(re.findall(r"\b\d{6}\b", smtp.mails[-1].text("plain")))
    walk.accept(digits)
    walk.page.wait_for_selector(".o_cobranca_pix_code")
    return shown_pix(walk.page)


def follow_on(processes, days, is_done=lambda: False):
    """The bank's files of later days, the nightly job over agreements, and the mails, until something is done."""
    [worker] = processes.workers(1)
    worker.inject("e2e.negotiating:add_to_company")
    for each in days:
        worker.inject("billing.clock:set_now", f"{day_in(each)} 15:00:00")
        worker.call("res.company", "bring_statement_for_test")
        worker.call("cobranca.agreement", "_cron_follow")
        worker.call("cobranca.dunning.engine", "_cron_deliver")
        if is_done():
            break
    worker.terminate()


def test_entry_and_five_then_broken(browser, server, processes, facts, smtp, postgres, tmp_path):
    # The invoice of later is not negotiated: it is late, and paid, together with the first installment.
    everything = [facts["lines"] + facts["later"]]
    principal, sales = postgres.value(OPEN, everything), postgres.value(SALES)
    walk = Walk(browser.open_page(server.url, 390), tmp_path)
    txid, entry = agree_on_entry_and_five(walk, facts["link"], smtp)
    assert postgres.value(PAID.format("true")) == 6, "entry and five"
    bank_says(browser, server, day_in(0), txid, entry, tmp_path / "entrada.ofx")
    assert postgres.value(PAID.format("l.reconciled")) == 1
    server.terminate()
    late = pay_one_late(browser, processes, postgres, tmp_path)

    # On a Sunday or holiday nothing leaves: then on the next day.
    follow_on(processes, range(WARNED, WARNED + 4), lambda: postgres.value(TOLD))
    assert postgres.value(TOLD) == 1, "by e-mail"
    assert postgres.value(STATE) == "active", "announced first"
    follow_on(processes, [BROKEN])
    assert postgres.value(STATE) == "broken"

    charges, financing = float(postgres.value(CHARGES)), float(postgres.value(FINANCING))
    left = float(postgres.value(OPEN, everything))
    assert round(left, 2) == round(float(principal) - float(entry) - float(late) + charges + financing, 2)
    assert postgres.value(ODD) == 0, "every entry is balanced"
    assert postgres.value(SALES) == sales, "an agreement sells nothing"
    last = processes.later_server(BROKEN)
    look_at_the_page(browser, last, tmp_path)
    look_at_the_books(browser, last, tmp_path)


def pay_one_late(browser, processes, postgres, folder):
    """Some days after the first installment was due its payer sees what it costs by then, and pays that.

    :return: the amount
    """
    later = processes.later_server(LATE)
    phone = browser.open_page(later.url, 390).log_in("iraneide", "iraneide", "/my/pagamentos")
    txid, amount = shown_pix(phone.page)
    phone.screenshot(folder / "late.png", full_page=True)
    assert float(amount) > float(postgres.value("SELECT amount FROM cobranca_agreement_installment WHERE number = 1"))
    phone.check()
    bank_says(browser, later, day_in(LATE), txid, amount, folder / "parcela.ofx")
    assert postgres.value(PAID.format("l.reconciled")) == 2
    assert postgres.value(CHARGES) > 0, "of the late installment"
    assert postgres.value(STATE) == "active"
    later.terminate()
    return amount


def look_at_the_page(browser, server, folder):
    """What the customer finds after the break."""
    phone = browser.open_page(server.url, 390).log_in("iraneide", "iraneide", "/my/pagamentos")
    assert "Mensalidade de outubro" in phone.page.inner_text("main"), "what was agreed over is open again"
    phone.screenshot(folder / "open-again.png", full_page=True)
    phone.goto("/my/acordos")
    assert "Encerrado" in phone.page.inner_text("main")
    phone.screenshot(folder / "agreements.png", full_page=True)
    phone.check()


def look_at_the_books(browser, server, folder):
    """The agreement as the finance team sees it."""
    desk = browser.open_page(server.url).log_in("olivia", "olivia", "/odoo")
    desk.open_action("cobranca_negociacao.cobranca_agreement_action")
    desk.page.click(".o_facet_remove")
    desk.page.click(".o_data_row td[name=name]")
    desk.wait_until_quiet()
    desk.screenshot(folder / "agreement.png")
    assert "Quebrado" in desk.page.inner_text(".o_form_view")
    rows = desk.page.locator("[name=installment_ids] .o_data_row")
    assert [rows.nth(place).inner_text().count("Sem efeito") for place in range(6)] == [0, 0, 1, 1, 1, 1]
    desk.check()
