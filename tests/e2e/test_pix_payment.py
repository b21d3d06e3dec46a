"""A customer comes by a link on a telephone and pays by Pix; the bank's file brings the money, and he has paid."""

import datetime
import zoneinfo

import pytest

from e2e.test_payment_page import enter

DESK = "/odoo/conciliar-recebimentos"
OPEN = "SELECT sum(amount_residual) FROM account_move_line WHERE id = ANY(%s)"
CHARGES = "SELECT sum(amount) FROM cobranca_charge WHERE line_id = ANY(%s) AND state = 'paid' AND kind <> 'discount'"
DISCOUNT = """
    SELECT sum(item.discount)
      FROM cobranca_payment_quote_line item JOIN cobranca_payment_quote quote ON quote.id = item.quote_id
     WHERE quote.txid = %s
"""
ODD = "SELECT count(*) FROM (SELECT 1 FROM account_move_line GROUP BY move_id HAVING sum(balance) <> 0) odd"
REGISTER = "SELECT count(*) FROM cobranca_interaction WHERE outcome = 'paid'"
OFX = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
ENCODING:UTF-8
CHARSET:NONE

<OFX>
<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STMTRS><CURDEF>BRL
<BANKACCTFROM><BANKID>0341<ACCTID>1-0<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>{day}<DTEND>{day}
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>{day}<TRNAMT>{amount}<FITID>202600000000000000001<MEMO>PIX RECEBIDO {txid}</STMTTRN>
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>{day}<TRNAMT>-12.90<FITID>202600000000000000002<MEMO>TARIFA BANCARIA</STMTTRN>
</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""


@pytest.fixture(scope="module")
def facts(processes):
    """What the worker has prepared, see paying.py, and the login of a supervisor."""
    [worker] = processes.workers(1)
    worker.inject("e2e.paying:add_to_company")
    found = worker.call("res.company", "make_page_for_test")
    group = worker.call("ir.model.data", "_xmlid_to_res_id", "cobranca_recorrente.cobranca_group_supervisor")
    user = {"name": "Olívia", "login": "olivia", "password": "olivia", "lang": "pt_BR", "group_ids": [(6, 0, [group])]}
    worker.call("res.users", "create", user, context={"no_reset_password": True})
    worker.terminate()
    return found


def fields_of(code):
    """The fields of a code of a Pix: {number: value}, read as the Manual of the BR Code says."""
    found = {}
    while code:
        size = int(code[2:4])
        found[code[:2]], code = code[4 : 4 + size], code[4 + size :]
    return found


def bring_in(visit, file):
    """Import a statement on the screen, from the choice of the file to the first look at its receipts."""
    page = visit.page
    page.click(".o_cobranca_upload")
    page.wait_for_selector(".modal .o_field_many2many_binary input[type=file]", state="attached")
    page.set_input_files(".modal .o_field_many2many_binary input[type=file]", file)
    page.wait_for_selector(".modal .o_attachment")
    page.click(".modal button[name=action_preview]")
    page.wait_for_selector(".modal button[name=action_import]")
    page.click(".modal button[name=action_import]")
    page.wait_for_selector(".modal", state="detached")
    visit.wait_until_quiet()


def book_all_certain(visit):
    page = visit.page
    page.click("button.o_cobranca_certain")
    page.click(".modal .btn-primary")
    page.wait_for_selector("button.o_cobranca_certain", state="detached")
    visit.wait_until_quiet()


def test_link_to_pix_to_statement_to_paid(browser, server, facts, postgres, tmp_path):
    customer = browser.open_page(server.url, 390)
    enter(customer, facts["link"])
    code = fields_of(customer.page.input_value(".o_cobranca_pix_code"))
    txid, amount = fields_of(code["62"])["05"], code["54"]
    shown = customer.page.inner_text(".o_cobranca_total").replace("\xa0", " ")
    assert shown.replace(".", "") == f"R$ {amount}".replace(".", ",")
    customer.page.click(".o_cobranca_pix_copy")
    customer.page.wait_for_function("document.querySelector('.o_cobranca_pix_said').textContent.trim()")
    principal, registered = postgres.value(OPEN, [facts["lines"]]), postgres.value(REGISTER)
    assert principal > 0

    day = datetime.datetime.now(zoneinfo.ZoneInfo("America/Sao_Paulo")).date()
    file = tmp_path / "extrato.ofx"
    file.write_text(OFX.format(day=f"{day:%Y%m%d}", amount=amount, txid=txid), encoding="utf-8")
    desk = browser.open_page(server.url).log_in("olivia", "olivia", DESK)
    bring_in(desk, file)
    assert postgres.value(OPEN, [facts["lines"]]) == principal, "an import books nothing"
    book_all_certain(desk)
    desk.check()

    assert postgres.value(OPEN, [facts["lines"]]) == 0
    assert postgres.value("SELECT state FROM cobranca_payment_quote WHERE txid = %s", [txid]) == "paid"
    charges = postgres.value(CHARGES, [facts["lines"]])
    discount = postgres.value(DISCOUNT, [txid])
    assert charges > 0 < discount, "one was late, one was paid in time"
    assert round(principal + charges - discount, 2) == float(amount)
    assert postgres.value(ODD) == 0, "every entry is balanced"
    assert postgres.value(REGISTER) == registered + 1

    customer.goto(facts["link"])
    assert customer.page.locator(".o_cobranca_settled").count()
    assert not customer.page.locator(".o_cobranca_pix_code").count(), "nobody pays twice by mistake"
    customer.screenshot(tmp_path / "paid.png", full_page=True)
    customer.check()
