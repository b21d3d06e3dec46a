import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const dialog = ".modal ";
/** Steps name fields and buttons, never texts, so the tours run in any language. */
const review = [
    { trigger: `${dialog}button[name=action_review]`, run: "click" },
    { trigger: `${dialog}.o_field_widget[name=effect_html] td`, content: "the effect is shown" },
    { trigger: `${dialog}button[name=action_confirm]`, run: "click" },
    { trigger: "body:not(:has(.modal))", content: "the dialog is closed" },
];
const press = (name) => ({ trigger: `.o_statusbar_buttons button[name=${name}]`, run: "click" });

tours.add("cobranca_contract_pause_resume", {
    steps: () => [
        press("action_pause"),
        { trigger: `${dialog}.o_field_widget[name=reason] input`, run: "edit Viagem" },
        ...review,
        { trigger: ".ribbon", content: "the contract is paused" },
        press("action_resume"),
        ...review,
        { trigger: ".o_statusbar_buttons button[name=action_pause]", content: "it is charged again" },
    ],
});

tours.add("cobranca_contract_change_price", {
    steps: () => [
        press("action_amend"),
        { trigger: `${dialog}.o_field_widget[name=moment] input[data-value=today]`, run: "click" },
        { trigger: `${dialog}.o_data_row:first td[name=price_unit]`, run: "click" },
        { trigger: `${dialog}.o_selected_row .o_field_widget[name=price_unit] input`, run: "edit 620 && press Tab" },
        ...review,
        { trigger: ".o_field_widget[name=line_ids] .o_data_row:nth-child(3)", content: "old, new and adjustment" },
    ],
});

tours.add("cobranca_contract_terminate_with_fee", {
    steps: () => [
        press("action_terminate"),
        { trigger: `${dialog}.o_field_widget[name=reason_id] input`, run: "edit Motivo do teste" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Motivo do teste)", run: "click" },
        { trigger: `${dialog}.o_field_widget[name=is_waived]`, content: "a fee is proposed" },
        ...review,
        { trigger: ".o_statusbar_buttons button[name=action_reopen]", content: "it has its end" },
        press("action_settle"),
        { trigger: ".o_form_view button[name=action_view_cobranca_contract]", content: "the invoice of the fee" },
    ],
});
