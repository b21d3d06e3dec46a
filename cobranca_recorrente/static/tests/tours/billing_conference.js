import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** A supervisor looks at what makes the difference between two months, then releases the month. */
tours.add("cobranca_billing_conference", {
    steps: () => [
        { trigger: ".o_data_row td[name=display_name]", run: "click" },
        { trigger: "div[name=equation] button:nth-child(2)", run: "click" },
        { trigger: ".o_list_view .o_data_row:only-child td[name=new]", content: "the contract behind the figure" },
        { trigger: ".o_back_button, .breadcrumb-item:last-of-type a", run: "click" },
        { trigger: ".o_statusbar_buttons button[name=action_release]", run: "click" },
        { trigger: ".o_statusbar_buttons button[name=action_reopen]", content: "the month is released" },
    ],
});

/** A contract that could not be billed: its reason is read, its cause mended on the form, and it is billed. */
tours.add("cobranca_contract_parked_repaired", {
    steps: () => [
        { trigger: ".o_data_row td[name=park_reason]", run: "click" },
        { trigger: ".alert-warning .o_field_widget[name=park_reason]", content: "the reason is on the form" },
        { trigger: ".o_field_widget[name=line_ids] .o_data_row td[name=product_id]", run: "click" },
        { trigger: ".o_selected_row .o_field_widget[name=product_id] input", run: "edit Mensalidade do" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Mensalidade do teste)", run: "click" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved .alert-warning button[name=action_unpark]", run: "click" },
        { trigger: ".o_statusbar_buttons button[name=action_bill]", run: "click" },
        { trigger: ".o_form_view button[name=action_view_cobranca_contract]", content: "its invoice is shown" },
    ],
});
