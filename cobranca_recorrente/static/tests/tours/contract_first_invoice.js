import { registry } from "@web/core/registry";

/**
 * The first thing a user does: a new contract, its line, activate, bill.
 * Selectors name fields and buttons, never texts, so the tour runs in any language.
 */
registry.category("web_tour.tours").add("cobranca_contract_first_invoice", {
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: ".o_field_widget[name=partner_id] input", run: "edit Zuleica" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Zuleica Teste)", run: "click" },
        // Due tomorrow or later whatever the day: the last day of the month.
        { trigger: ".o_field_widget[name=due_day] input", run: "edit 31" },
        { trigger: ".o_field_widget[name=issue_lead_days] input", run: "edit 40" },
        { trigger: ".o_field_widget[name=line_ids] .o_field_x2many_list_row_add a", run: "click" },
        { trigger: ".o_selected_row .o_field_widget[name=product_id] input", run: "edit Mensalidade do" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Mensalidade do teste)", run: "click" },
        { trigger: ".o_selected_row .o_field_widget[name=quantity] input", run: "edit 2" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved", content: "the contract is saved" },
        { trigger: ".o_statusbar_buttons button[name=action_activate]", run: "click" },
        { trigger: ".o_statusbar_buttons button[name=action_bill]", run: "click" },
        {
            trigger: ".o_form_view .o_field_widget[name=invoice_date_due], .o_form_view div[name=invoice_date_due]",
            content: "the invoice is shown",
        },
        { trigger: "button[name=action_view_cobranca_contract]", run: "click" },
        { trigger: ".o_form_view button[name=action_view_invoices]", content: "back on the contract" },
    ],
});
