"""Two agencies: from the draw of their customers to the bill of a commission, and a case recalled while it is open."""

import re
from decimal import ROUND_HALF_UP, Decimal

import pytest

from e2e.placing import PERCENT
from e2e.test_agreement_life import bank_says, day_in, shown_pix
from e2e.test_negotiation import ODD, Walk
from e2e.test_payment_page import enter, violations
from harness.browser import action_path

HOME = "/my/distribuicoes"
# Odoo's own frame around the pages of who is logged in is Odoo's to mend.
OURS = ".o_cobranca_agency"
BATCHES, PLACEMENTS = "/odoo/distribuicoes-propostas", action_path("cobranca_negociacao.cobranca_placement_action")
STATEMENTS = action_path("cobranca_negociacao.cobranca_agency_statement_action")
PLACED = """
    SELECT json_agg(json_build_object('id', id, 'agency', agency_id, 'name', customer_name) ORDER BY id)
      FROM cobranca_placement WHERE state = 'active'
"""
CONTACT = """
    SELECT concat_ws('|', contact.channel, contact.outcome, login, callback_at IS NOT NULL)
      FROM cobranca_interaction contact JOIN cobranca_placement placement ON placement.id = contact.placement_id
      JOIN res_users users ON users.id = contact.user_id
     WHERE contact.placement_id = %s AND contact.outcome = 'call_later'
"""
PROPOSAL = """
    SELECT concat_ws('|', proposal.state, proposal.role, login)
      FROM cobranca_proposal proposal JOIN res_users users ON users.id = proposal.user_id
     WHERE proposal.placement_id = %s
"""
INSTALLMENTS = """
    SELECT count(*) FROM cobranca_agreement_installment item
      JOIN cobranca_placement_line placed ON placed.line_id = item.line_id AND placed.is_live
     WHERE placed.placement_id = %s
"""
LEDGER = """
    SELECT concat_ws('|', count(*), sum(amount), sum(commission), min(placement_id), max(placement_id))
      FROM cobranca_agency_receipt
"""
STATEMENT = """
    SELECT concat_ws('|', state, agency_id, receipt_count, amount_received, amount_commission, amount_transfer)
      FROM cobranca_agency_statement
"""
BILL = """
    SELECT concat_ws('|', bill.move_type, bill.state, bill.amount_total, agency.id, account.account_type)
      FROM cobranca_agency_statement statement
      JOIN account_move bill ON bill.id = statement.bill_id
      JOIN cobranca_agency agency ON agency.partner_id = bill.partner_id
      JOIN account_move_line line ON line.move_id = bill.id AND line.display_type = 'product'
      JOIN account_account account ON account.id = line.account_id
"""
# All that somebody of an agency could change of a case.
TRACES = """
    SELECT concat_ws('|', placement.xmin, placement.state, placement.end_reason, placement.contacted_at,
           (SELECT count(*) FROM cobranca_interaction), (SELECT count(*) FROM cobranca_proposal),
           (SELECT count(*) FROM cobranca_promise), (SELECT count(*) FROM cobranca_dispute))
      FROM cobranca_placement placement WHERE placement.id = %s
"""


@pytest.fixture
def facts(processes, smtp):
    """What the worker has prepared, see placing.py."""
    [worker] = processes.workers(1)
    worker.inject("e2e.placing:add_to_company")
    found = worker.call("res.company", "make_agencies_for_test", smtp.host, smtp.port)
    worker.terminate()
    return found


def press(visit, selector):
    """Press a button of the web client; what it opens has come."""
    visit.page.click(selector)
    visit.wait_until_quiet()


def go(visit, selector):
    """Press a button or link that leads to another page."""
    with visit.page.expect_navigation() as found:
        visit.page.click(selector)
    visit.wait_until_quiet()
    return found.value


def test_from_the_draw_to_the_bill(browser, server, processes, facts, smtp, postgres, tmp_path):
    desk = place(browser, server, tmp_path)
    placed = postgres.value(PLACED)
    [own] = [each for each in placed if each["name"] == "Iraneide Sá Barreto"]
    [first, second] = sorted({each["agency"] for each in placed}, key=lambda agency: agency != own["agency"])
    visits = {agency: log_in(browser, server, facts["people"], agency, placed) for agency in (first, second)}

    found = work(visits[first], own, facts["callback"], tmp_path)
    assert postgres.value(CONTACT, [own["id"]]) == f"call|call_later|{facts['people'][first][1]}|t"
    assert postgres.value(PROPOSAL, [own["id"]]) == f"sent|agency|{facts['people'][first][1]}"
    entry = accept_and_pay(browser, server, processes, smtp, postgres, tmp_path)
    assert postgres.value(INSTALLMENTS, [own["id"]]) > 1, "they are with the agency in the place of the debts"
    commission = (Decimal(entry) * PERCENT / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert postgres.value(LEDGER) == f"1|{entry}|{commission}|{own['id']}|{own['id']}"

    [lost, kept] = [each for each in placed if each["agency"] == second]
    recall_under_hands(desk, postgres, visits[second], lost, own)
    visits[second].goto(HOME)
    assert names_in(visits[second]) == {kept["name"]}
    for visit in visits.values():
        visit.check()
    server.terminate()

    found += settle(browser, processes, postgres, facts["people"], (first, second), (entry, commission), tmp_path)
    assert not found, "\n".join(found)
    assert postgres.value(ODD) == 0, "every entry is balanced"


def place(browser, server, folder):
    """The supervisor looks at what the rule finds and proposes it; a manager approves.

    :return: Visit of the supervisor
    """
    desk = browser.open_page(server.url).log_in("olivia", "olivia", "/odoo")
    desk.open_menu("cobranca_negociacao.cobranca_placement_assign_menu")
    press(desk, ".modal button[name=action_simulate]")
    desk.screenshot(folder / "1-simulated.png")
    press(desk, ".modal button[name=action_propose]")
    desk.page.wait_for_selector(".modal", state="detached")
    assert not desk.page.locator("button[name=action_approve]").count(), "nobody approves what he proposed"
    desk.check()
    manager = browser.open_page(server.url).log_in("marta", "marta", BATCHES)
    press(manager, ".o_data_row td[name=name]")
    press(manager, "button[name=action_approve]")
    press(manager, ".modal .btn-primary")
    manager.page.wait_for_selector("button[name=action_approve]", state="detached")
    manager.screenshot(folder / "2-approved.png")
    manager.check()
    return desk


def names_in(visit):
    """The customers of the list of an agency."""
    return set(visit.page.locator(".o_cobranca_agency_list tbody a").all_inner_texts())


def log_in(browser, server, people, agency, placed):
    """Somebody of an agency sees its two customers, and nobody else's.

    :return: his Visit
    """
    login = people[agency][1]
    visit = browser.open_page(server.url).log_in(login, login, HOME)
    assert names_in(visit) == {each["name"] for each in placed if each["agency"] == agency}
    assert len(names_in(visit)) == 2
    visit.check()
    for other in (each for each in placed if each["agency"] != agency):
        assert other["name"] not in visit.page.content()
        assert visit.goto(f"{HOME}/{other['id']}").status == 404
        assert other["name"] not in visit.page.content()
    assert all("404" in problem for problem in visit.take_problems())
    return visit


def work(visit, own, callback, folder):
    """A call that is to be repeated, and on it a proposal by e-mail.

    :return: what keeps somebody out of these pages
    """
    page, path = visit.page, f"{HOME}/{own['id']}"
    visit.goto(HOME)
    found = violations(visit, OURS)
    go(visit, f".o_cobranca_agency_list a:has-text('{own['name']}')")
    found += violations(visit, OURS)
    visit.screenshot(folder / "3-case.png", full_page=True)
    page.select_option("#contact_outcome", "call_later")
    page.fill("#contact_callback", callback)
    page.fill("#contact_note", "Prefere à tarde")
    go(visit, "form[action$='/contato'] button[type=submit]")
    visit.goto(path)
    assert "Prefere à tarde" in page.inner_text(".o_cobranca_agency_contacts")
    page.check("#offer_short")
    page.check("[name=caminho][value=email]")
    go(visit, ".o_cobranca_send")
    assert page.locator(".o_cobranca_agency_proposals li").count() == 1
    found += violations(visit, OURS)
    visit.screenshot(folder / "4-offered.png", full_page=True)
    visit.check()
    return found


def accept_and_pay(browser, server, processes, smtp, postgres, folder):
    """The customer comes by the link of the e-mail, on a telephone; the bank's file brings the entry.

    :return: its amount, as text
    """
    [worker] = processes.workers(1)
    worker.call("mail.mail", "process_email_queue")
    [mail] = smtp.to("iraneide@exemplo.example")
    link = re.search(r"/my/pagamentos/[\w.-]+/negociar", mail.text()).group()
    walk = Walk(browser.open_page(server.url, 390), folder)
    enter(walk.visit, link)
    assert walk.page.locator(".o_cobranca_sent").count(), "what was sent, before anything else"
    walk.look("5-sent")
    walk.press(".o_cobranca_continue")
    walk.sign()
    [digits] = set(re.findall(r"\b\d{6}\b", smtp.mails[-1].text("plain")))
    walk.accept(digits)
    walk.page.wait_for_selector(".o_cobranca_pix_code")
    walk.look("6-thanks")
    txid, entry = shown_pix(walk.page)
    assert postgres.value("SELECT amount FROM cobranca_agreement_installment ORDER BY number LIMIT 1") == float(entry)
    walk.visit.check()
    bank_says(browser, server, day_in(0), txid, entry, folder / "entrada.ofx")
    worker.call("cobranca.agency.receipt", "_cron_collect")
    worker.terminate()
    assert not walk.found, "\n".join(walk.found)
    return entry


def recall_under_hands(desk, postgres, visit, lost, foreign):
    """A supervisor takes a customer back while somebody of the agency has his page open: nothing of it works."""
    page, path = visit.page, f"{HOME}/{lost['id']}"
    visit.goto(path)
    page.select_option("#contact_outcome", "no_answer")
    token = page.locator(".o_cobranca_agency_once [name=csrf_token]").first.get_attribute("value")
    desk.goto(PLACEMENTS)
    press(desk, f".o_data_row:has-text('{lost['name']}') td[name=name]")
    press(desk, "button[name=action_recall]")
    desk.page.fill(".modal [name=note] input", "O cliente voltou a falar conosco")
    press(desk, ".modal button[name=action_recall]")
    desk.page.wait_for_selector(".modal", state="detached")
    desk.check()
    before = postgres.value(TRACES, [lost["id"]])
    assert "|ended|recalled|" in before

    assert go(visit, "form[action$='/contato'] button[type=submit]").status == 404
    said = page.inner_text("main")
    assert "Esta página não está disponível" in said and lost["name"] not in page.content()
    forms = {
        "contato": {"canal": "call", "resultado": "no_answer"},
        "promessa": {"canal": "call", "dia": f"{day_in(3)}", "valor": "100,00"},
        "devolver": {"motivo": "Não atende"},
        "proposta": {"plano": "cash", "caminho": "call"},
        "pedido": {"mensal": "50,00", "motivo": "Perdeu a loja", "caminho": "call"},
    }
    for name, form in forms.items():
        assert page.request.post(f"{visit.url}{path}/{name}", form={"csrf_token": token, **form}).status == 404, name
    assert postgres.value(TRACES, [lost["id"]]) == before, "a POST changes nothing"
    for number in (lost["id"], foreign["id"], 2**31 - 1):
        assert visit.goto(f"{HOME}/{number}").status == 404
        assert page.inner_text("main") == said, "it tells nothing of what there is"
    assert all("404" in problem for problem in visit.take_problems())


def settle(browser, processes, postgres, people, agencies, sums, folder):
    """The month is over: its statement is made, sent, agreed by both, and billed.

    :return: what keeps somebody out of these pages
    """
    (first, second), (entry, commission) = agencies, sums
    days = next(days for days in range(2, 40) if day_in(days).day == 2)
    [worker] = processes.workers(1)
    worker.inject("billing.clock:set_now", f"{day_in(days)} 15:00:00")
    worker.call("cobranca.agency.statement", "_cron_prepare")
    worker.terminate()
    facts = f"{first}|1|{entry}|{commission}|0.00"
    assert postgres.value(STATEMENT) == f"draft|{facts}"
    server = processes.later_server(days)
    open_statement(browser, server, "olivia", "action_send").check()
    admin = browser.open_page(server.url).log_in(people[first][0], people[first][0], f"{HOME}/prestacoes")
    found = violations(admin, OURS)
    go(admin, "tbody a")
    found += violations(admin, OURS)
    assert f"R$ {commission}".replace(".", ",") in admin.page.inner_text("main").replace("\xa0", " ")
    path = admin.page.url
    go(admin, ".o_cobranca_agree")
    assert not admin.page.locator(".o_cobranca_agree").count(), "once"
    admin.screenshot(folder / "7-agreed.png", full_page=True)
    admin.check()
    rival = browser.open_page(server.url).log_in(people[second][0], people[second][0], f"{HOME}/prestacoes")
    assert not rival.page.locator("tbody").count()
    rival.check()
    assert rival.goto(path).status == 404
    assert all("404" in problem for problem in rival.take_problems())
    desk = open_statement(browser, server, "marta", "action_agree")
    press(desk, "button[name=action_bill]")
    desk.page.wait_for_selector(".o_form_view [name=invoice_line_ids]")
    desk.screenshot(folder / "8-bill.png")
    desk.check()
    assert postgres.value(STATEMENT) == f"billed|{facts}"
    assert postgres.value(BILL) == f"in_invoice|draft|{commission}|{first}|expense"
    return found


def open_statement(browser, server, login, action):
    """Somebody of the company opens the statement and presses a button of it."""
    desk = browser.open_page(server.url).log_in(login, login, STATEMENTS)
    press(desk, ".o_data_row td[name=name]")
    press(desk, f"button[name={action}]")
    desk.page.wait_for_selector(f"button[name={action}]", state="detached")
    return desk
