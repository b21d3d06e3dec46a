import { registry } from "@web/core/registry";

/**
 * What a newcomer does: a sector preset, its product and first customer, conditions explained, activated, billed, paid.
 * Selectors name fields, buttons and menus, never texts, so the tour runs in any language.
 */
registry.category("web_tour.tours").add("cobranca_contract_preset_to_paid", {
    steps: () => [
        { trigger: "button[data-menu-xmlid='cobranca_recorrente.cobranca_configuration_menu']", run: "click" },
        { trigger: "a[data-menu-xmlid='cobranca_recorrente.cobranca_contract_start_menu']", run: "click" },
        { trigger: ".modal .o_field_widget[name=template_id] .o_radio_item:nth-child(2) input", run: "click" },
        { trigger: ".modal tbody:not(:has(.o_data_row:nth-child(2))) .o_data_row td[name=price_unit]", run: "click" },
        { trigger: ".modal .o_selected_row .o_field_widget[name=price_unit] input", run: "edit 120 && press Tab" },
        { trigger: ".modal .o_field_widget[name=partner_id] input", run: "edit Zuleica" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Zuleica Teste)", run: "click" },
        { trigger: ".modal button[name=action_start]", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=policy_explained] input", run: "click" },
        { trigger: ".o_statusbar_buttons button[name=action_activate]", run: "click" },
        { trigger: ".o_statusbar_buttons button[name=action_bill]", run: "click" },
        { trigger: ".o_statusbar_buttons button[name=action_register_payment]", run: "click" },
        { trigger: ".modal button[name=action_create_payments]", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_form_view .ribbon", content: "the invoice is paid" },
    ],
});
