"""The named screens of which `make screenshots` takes pictures, and what is done on each.

To add one, add a `Screen`. It is taken from a copy of the demo database, so that steps may
change data, by a fresh visitor of the given width: 1366 (desktop) or 390 (telephone).
"""

from dataclasses import dataclass

DESKTOP, TELEPHONE = 1366, 390


@dataclass(frozen=True)
class Screen:
    """One picture, `docs/screenshots/<name>.png`.

    :param str path: path of the page, such as `/my/contratos`; or else
    :param str action: xmlid or path of an action of the web client; or else
    :param str menu: xmlid of a menu of the web client
    :param str user: login; None: a visitor who is not logged in
    :param tuple wait_for: CSS selectors that must be visible in the end
    :param tuple steps: what is done before the picture, see `click`, `fill`, `press`
    :param bool full_page: the whole page instead of what fits the window
    """

    name: str
    path: str = ""
    action: str = ""
    menu: str = ""
    user: str | None = "admin"
    width: int = DESKTOP
    wait_for: tuple = ()
    steps: tuple = ()
    full_page: bool = False


def click(selector):
    """A step: click on the first element that fits."""
    return lambda page: page.locator(selector).first.click()


def fill(selector, text):
    """A step: write into a field."""
    return lambda page: page.locator(selector).first.fill(text)


def press(key):
    """A step: press a key where the cursor is, such as `Enter`."""
    return lambda page: page.keyboard.press(key)


def tall(height):
    """A step: a window so high that all of a form is seen, which scrolls inside of the page."""
    return lambda page: page.set_viewport_size({"width": page.viewport_size["width"], "height": height})


def search(text):
    """Steps: replace the filters of a list or kanban view by a text that is searched for."""
    field = ".o_searchview_input"
    return (click(".o_facet_remove"), fill(field, text), press("Enter"))


QUEUE = "cobranca_recorrente.cobranca_case_action_queue"
DEBTS = ".o_cobranca_case .o_field_widget[name=debts_html] table"

REPORTS = "cobranca_relatorios"
CARD, PIVOT = ".o_cobranca_card_value", ".o_pivot_cell_value"

SCREENS = (
    Screen("login", path="/web/login", user=None, wait_for=("input[name=login]",)),
    Screen("login-390", path="/web/login", user=None, width=TELEPHONE, wait_for=("input[name=login]",)),
    Screen(
        "apps",
        action="base.open_module_tree",
        steps=search("Cobrança"),
        wait_for=(".o_kanban_record:has-text('Cobrança')",),
    ),
    Screen("contracts", menu="cobranca_recorrente.cobranca_contract_menu_all", wait_for=(".o_data_row",)),
    Screen(
        "contract",
        menu="cobranca_recorrente.cobranca_contract_menu_all",
        steps=(click(".o_data_row:nth-child(9) td[name=partner_id]"),),
        wait_for=(".o_form_view .o_field_widget[name=line_ids] .o_data_row",),
    ),
    Screen(
        "contract-periods",
        menu="cobranca_recorrente.cobranca_contract_menu_all",
        steps=(click(".o_data_row:nth-child(9) td[name=partner_id]"), click("a[name=periods]")),
        wait_for=(".o_field_widget[name=period_ids] .o_data_row",),
    ),
    Screen(
        "contracts-kanban",
        menu="cobranca_recorrente.cobranca_contract_menu_all",
        steps=(click(".o_switch_view.o_kanban"),),
        wait_for=(".o_kanban_record:not(.o_kanban_ghost)",),
    ),
    Screen("billed-periods", menu="cobranca_recorrente.cobranca_contract_period_menu", wait_for=(".o_data_row",)),
    Screen("parked", menu="cobranca_recorrente.cobranca_contract_menu_parked", wait_for=(".o_data_row",)),
    Screen(
        "settings",
        menu="cobranca_recorrente.cobranca_settings_menu",
        wait_for=(".modal [name=cobranca_issue_lead_days]",),
    ),
    # The first customer of the queue is open, and promises: the key says so, day and amount are proposed.
    Screen(
        "queue",
        action=QUEUE,
        user="iris",
        steps=(press("1"),),
        wait_for=(DEBTS, ".o_cobranca_outcomes .o_cobranca_confirm"),
    ),
    Screen("queue-390", action=QUEUE, user="iris", width=TELEPHONE, wait_for=(".o_kanban_record, .o_data_row",)),
    Screen(
        "case-390",
        action=QUEUE,
        user="iris",
        width=TELEPHONE,
        steps=(click(".o_kanban_record:not(.o_kanban_ghost), .o_data_row"), tall(1850)),
        wait_for=(DEBTS,),
    ),
    Screen(
        "customer-collection",
        action="cobranca_recorrente.cobranca_case_action",
        user="iris",
        steps=(
            click(".o_data_row:has-text('Promessa não cumprida') td[name=partner_id]"),
            click("button[name=action_open_partner]"),
            click(".o_notebook a[name=cobranca]"),
            tall(1800),
        ),
        wait_for=(".o_cobranca_tab table",),
    ),
    Screen(
        "promises",
        menu="cobranca_recorrente.cobranca_promise_menu",
        user="iris",
        steps=(click(".o_facet_remove"),),
        wait_for=(".o_data_row",),
    ),
    Screen("contacts", menu="cobranca_recorrente.cobranca_interaction_menu", user="iris", wait_for=(".o_data_row",)),
    Screen("training", menu="cobranca_recorrente.cobranca_case_menu_train", user="iris", wait_for=(DEBTS,)),
    Screen(
        "ladder",
        menu="cobranca_recorrente.cobranca_dunning_policy_menu",
        user="nara",
        steps=(click(".o_data_row:nth-child(4) td[name=name]"), tall(1250)),
        wait_for=("iframe",),
    ),
    Screen(
        "simulation",
        menu="cobranca_recorrente.cobranca_dunning_simulation_menu",
        user="nara",
        wait_for=("table",),
    ),
    Screen("notices", menu="cobranca_recorrente.cobranca_message_menu", user="otavio", wait_for=(".o_data_row",)),
    Screen("portal-home-390", path="/my", user="cliente", width=TELEPHONE, wait_for=(".o_portal_my_home",)),
    Screen(
        "portal-contracts-390",
        path="/my/contratos",
        user="cliente",
        width=TELEPHONE,
        wait_for=(".o_cobranca_contracts a",),
    ),
    Screen(
        "portal-contract",
        path="/my/contratos",
        user="cliente",
        steps=(click(".o_cobranca_contracts a"),),
        wait_for=("dl",),
    ),
    Screen(
        "portal-contract-390",
        path="/my/contratos",
        user="cliente",
        width=TELEPHONE,
        steps=(click(".o_cobranca_contracts a"),),
        wait_for=("dl",),
        full_page=True,
    ),
    Screen(
        "portal-payments-390",
        path="/my/pagamentos",
        user="cliente",
        width=TELEPHONE,
        wait_for=(".o_cobranca_creditor",),
        full_page=True,
    ),
    Screen(
        "statement-matching",
        action="/odoo/conciliar-recebimentos",
        wait_for=(".o_cobranca_statement_row.active",),
    ),
    Screen("card-charges", menu="cobranca_recorrente.cobranca_card_charge_menu", wait_for=(".o_data_row",)),
    Screen("agreements", menu="cobranca_negociacao.cobranca_agreement_menu", user="nara", wait_for=(".o_data_row",)),
    Screen(
        "agreement",
        menu="cobranca_negociacao.cobranca_agreement_menu",
        user="nara",
        steps=(click(".o_facet_remove"), click(".o_data_row:has-text('Quebrado') td[name=name]"), tall(1500)),
        wait_for=(".o_field_widget[name=installment_ids] .o_data_row",),
    ),
    Screen(
        "proposal",
        action=QUEUE,
        user="iris",
        steps=(click("button[name=action_negotiate]"),),
        wait_for=(".modal",),
    ),
    Screen(
        "approvals",
        menu="cobranca_negociacao.cobranca_offer_approval_menu",
        user="nara",
        wait_for=(".o_data_row",),
    ),
    Screen(
        "offer-policy",
        menu="cobranca_negociacao.cobranca_offer_policy_menu",
        user="nara",
        steps=(click(".o_data_row td[name=name]"),),
        wait_for=(".o_form_view",),
    ),
    Screen("agency-list", path="/my/distribuicoes", user="celia", wait_for=(".o_cobranca_agency_list tbody a",)),
    Screen(
        "agency-case",
        path="/my/distribuicoes",
        user="celia",
        steps=(click(".o_cobranca_agency_list tbody a"),),
        wait_for=("#contact_outcome",),
        full_page=True,
    ),
    Screen(
        "agency-case-390",
        path="/my/distribuicoes",
        user="celia",
        width=TELEPHONE,
        steps=(click(".o_cobranca_agency_list tbody a"),),
        wait_for=("#contact_outcome",),
        full_page=True,
    ),
    Screen("agency-statements", path="/my/distribuicoes/prestacoes", user="celia", wait_for=("tbody a",)),
    Screen("overview", menu=f"{REPORTS}.cobranca_overview_menu", user="nara", steps=(tall(1900),), wait_for=(CARD,)),
    Screen(
        "overview-390",
        action=f"{REPORTS}.cobranca_overview_action",
        user="nara",
        width=TELEPHONE,
        steps=(tall(3600),),
        wait_for=(CARD,),
    ),
    Screen("by-delay", menu=f"{REPORTS}.cobranca_aging_report_menu", user="nara", wait_for=(PIVOT,)),
    Screen(
        "monthly-position", menu=f"{REPORTS}.cobranca_portfolio_snapshot_menu", user="nara", wait_for=(".o_data_row",)
    ),
    Screen("roll", menu=f"{REPORTS}.cobranca_portfolio_roll_menu", user="nara", wait_for=(PIVOT,)),
    Screen("by-due-month", menu=f"{REPORTS}.cobranca_cohort_page_menu", user="nara", wait_for=(".o_form_view table",)),
    Screen("steps", menu=f"{REPORTS}.cobranca_step_report_menu", user="nara", wait_for=(PIVOT,)),
    Screen("mrr", menu=f"{REPORTS}.cobranca_mrr_report_menu", user="nara", wait_for=(PIVOT,)),
    Screen(
        "cash-forecast",
        menu=f"{REPORTS}.cobranca_cash_forecast_menu",
        user="nara",
        steps=(tall(1200),),
        wait_for=("td",),
    ),
    Screen("dashboard", path="/odoo/dashboards", user="nara", steps=(tall(3000),), wait_for=(".o-figure",)),
)
