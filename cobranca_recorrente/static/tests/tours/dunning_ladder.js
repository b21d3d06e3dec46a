import { registry } from "@web/core/registry";

const STEP = (days) => `.o_cobranca_ladder_step[data-days='${days}']`;
const OPEN = ".o_cobranca_ladder_open";
const FIELDS = ".o_cobranca_ladder_fields";
const SAVED = ".o_form_saved, .o_form_status_indicator_buttons.invisible";

/** The sandboxed frame shows something, and cannot run anything. */
function checkFrame() {
    const frame = document.querySelector(".o_cobranca_ladder_frame");
    if (frame.sandbox.contains("allow-scripts") || !/\d/.test(frame.srcdoc)) {
        throw new Error("the preview runs scripts, or shows no amount");
    }
}

/** A manager looks where everybody stands, changes a step, reads what customers get, and starts the ladder. */
registry.category("web_tour.tours").add("cobranca_dunning_ladder", {
    steps: () => [
        { trigger: ".o_list_view .o_data_row:contains('Escada de teste') td[name=name]", run: "click" },
        { trigger: `${STEP(3)} .o_cobranca_ladder_count:contains('2')` },
        { trigger: ".alert:contains('nothing is sent')" },
        // The arrows of the keyboard go from step to step.
        { trigger: STEP(3), run: "click" },
        { trigger: `${STEP(3)}${OPEN}` },
        { trigger: ".o_cobranca_ladder", run: () => document.activeElement.blur() },
        { trigger: ".o_cobranca_ladder", run: "press ArrowRight" },
        { trigger: `${STEP(15)}${OPEN}` },
        { trigger: ".o_cobranca_ladder", run: "press ArrowLeft" },
        { trigger: `${STEP(3)}${OPEN}` },
        // Who gets it, one after the other, as they read it; no script may run in there.
        { trigger: ".o_cobranca_ladder_frame[sandbox='allow-same-origin']" },
        { trigger: ".o_cobranca_ladder_envelope:contains('Bento')" },
        { trigger: ".o_cobranca_ladder_next", run: "click" },
        { trigger: ".o_cobranca_ladder_envelope:contains('Amélia')" },
        { trigger: ".o_cobranca_ladder_frame", run: checkFrame },
        { trigger: ".o_cobranca_ladder_preview [data-channel=sms]", run: "click" },
        { trigger: ".o_cobranca_ladder_bubble" },
        { trigger: ".o_cobranca_ladder_test", run: "click" },
        { trigger: ".o_notification:contains('marked as a test')" },
        // Another day, another tone.
        { trigger: `${FIELDS} .o_field_widget[name=days] input`, run: "edit 5 && press Tab" },
        { trigger: `${STEP(5)}${OPEN}` },
        { trigger: `${FIELDS} .o_field_widget[name=tone] .o_selection_badge:contains('Firm')`, run: "click" },
        // One more step, made of the one that is open.
        { trigger: ".o_cobranca_ladder_add", run: "click" },
        { trigger: `${STEP(30)}${OPEN}` },
        { trigger: `${FIELDS} .o_field_widget[name=name] input`, run: "edit Last notice" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: SAVED },
        { trigger: `${STEP(30)}${OPEN}:contains('Last notice')` },
        { trigger: ".o_statusbar_buttons button[name=action_open_start]", run: "click" },
        { trigger: ".modal .o_field_widget[name=preview_html]:contains('2 customers are written to')" },
        { trigger: ".modal button[name=action_start]", run: "click" },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains('Running')" },
        { trigger: ".o_cobranca_ladder:not(:contains('nothing is sent'))" },
    ],
});

/** A collector reads the same and changes nothing. */
registry.category("web_tour.tours").add("cobranca_dunning_ladder_read", {
    steps: () => [
        { trigger: ".o_list_view .o_data_row:contains('Escada de teste') td[name=name]", run: "click" },
        { trigger: STEP(3), run: "click" },
        { trigger: ".o_cobranca_ladder_envelope:contains('Bento')" },
        {
            trigger: ".o_cobranca_ladder",
            run: () => {
                const refused = ".o_cobranca_ladder_add, .o_cobranca_ladder_test, button[name=action_open_start]";
                if (document.querySelector(refused) || document.querySelector(`${FIELDS} input:not([disabled])`)) {
                    throw new Error("a collector may change the ladder");
                }
            },
        },
    ],
});
