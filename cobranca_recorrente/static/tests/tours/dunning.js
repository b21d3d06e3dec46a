import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const STEP = (name) => `.o_cobranca_step:contains(${name})`;

/** A day is simulated: another day and back by a key, a reason is chosen, the file is taken. */
tours.add("cobranca_simulation", {
    steps: () => [
        { trigger: STEP("Step 3"), content: "who would get the step" },
        { trigger: `${STEP("Step 3")} a:contains(Amélia Teste)`, content: "the fullest step is open" },
        { trigger: ".o_cobranca_reason[data-reason=held]", run: "click" },
        { trigger: ".o_cobranca_simulation_left_out a:contains(Bento Teste)", content: "who is left out, by name" },
        { trigger: ".o_cobranca_export", run: "click" },
        { trigger: ".o_cobranca_day_after", run: "click" },
        { trigger: ".o_cobranca_simulation:contains(A day to come)", content: "another day says what it does not know" },
        { trigger: "body:not(:has(.modal))", run: "press ArrowLeft" },
        { trigger: "body:not(:has(.o_cobranca_simulation div:contains(A day to come)))", content: "and back" },
        { trigger: `body:not(:has(.o_cobranca_simulation button:contains(Send)))`, content: "nothing is sent from here" },
    ],
});

/** A supervisor looks at one message, and approves the others together. */
tours.add("cobranca_message_review", {
    steps: () => [
        { trigger: ".o_data_row:contains(Amélia Teste) td[name=partner_id]", run: "click" },
        { trigger: ".o_form_view iframe.o_cobranca_message_body", content: "what it will say" },
        { trigger: ".o_form_view button[name=action_approve]", run: "click" },
        { trigger: ".o_form_view .o_statusbar_status .o_arrow_button_current[data-value=queued]" },
        { trigger: ".breadcrumb a, .o_back_button a", run: "click" },
        { trigger: ".o_list_view:not(:has(.o_data_row:contains(Amélia Teste)))" },
        { trigger: "thead .o_list_record_selector input", run: "click" },
        { trigger: ".o_control_panel button[name=action_approve]", run: "click" },
        { trigger: ".o_view_nocontent", content: "nothing is left to review" },
    ],
});
