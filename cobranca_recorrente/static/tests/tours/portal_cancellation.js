import { registry } from "@web/core/registry";

/**
 * A customer looks at his contract, asks to leave, and takes it back.
 * Selectors name classes and fields, never texts, so the tour runs in any language.
 */
registry.category("web_tour.tours").add("cobranca_portal_cancellation", {
    steps: () => [
        { trigger: ".o_cobranca_contracts a", run: "click", expectUnloadPage: true },
        { trigger: ".o_cobranca_charges details:nth-child(12)", content: "twelve charges are shown" },
        { trigger: ".o_cobranca_charges details:first-child summary", run: "click" },
        { trigger: ".o_cobranca_charges details[open] li", content: "what the charge consists of" },
        { trigger: ".o_cobranca_leave", run: "click", expectUnloadPage: true },
        { trigger: "#code_soon", run: "click" },
        { trigger: "select[name=reason]", run: "selectByIndex 1" },
        { trigger: "textarea[name=text]", run: "edit Vou me mudar" },
        { trigger: ".o_cobranca_cancellation button[type=submit]", run: "click", expectUnloadPage: true },
        { trigger: ".o_cobranca_request strong", content: "the protocol is shown" },
        { trigger: ".o_cobranca_request button[type=submit]", run: "click", expectUnloadPage: true },
        { trigger: ".o_cobranca_leave", content: "he may ask again" },
    ],
});
