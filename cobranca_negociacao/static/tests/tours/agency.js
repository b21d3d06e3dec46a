import { registry } from "@web/core/registry";

const SEND = (form) => `form[action$='/${form}'] button[type=submit]`;

/** Somebody of an agency works two customers: a contact, the next one, a contestation, a return; then the team. */
registry.category("web_tour.tours").add("cobranca_agency_work", {
    steps: () => [
        { trigger: ".o_cobranca_agency_list tbody tr:nth-child(2)" },
        { trigger: ".o_cobranca_agency_list a:contains('Padaria Pão de Lurim Ltda.')", run: "click", expectUnloadPage: true },
        { trigger: ".o_cobranca_agency_debts tbody tr:nth-child(3)" },
        // The way is chosen with the keyboard's own control, behind its label.
        { trigger: "label[for=contact_whatsapp]", run: "click" },
        { trigger: "#contact_outcome", run: "select no_answer" },
        { trigger: "#contact_note", run: "edit Rang for a minute" },
        { trigger: SEND("contato"), run: "click", expectUnloadPage: true },
        { trigger: ".alert[role=status]" },
        { trigger: "h1:contains('Ana Lindoso')" },
        { trigger: ".o_cobranca_agency_actions summary:last", run: "click" },
        { trigger: "#dispute_reason", run: "select service" },
        { trigger: "#dispute_text", run: "edit The course was cancelled" },
        { trigger: SEND("contestacao"), run: "click", expectUnloadPage: true },
        // It was the only debt: the customer is not with the agency any more.
        { trigger: ".o_cobranca_agency_list tbody:not(:contains('Ana Lindoso'))" },
        { trigger: ".o_cobranca_agency_list a:contains('Padaria')", run: "click", expectUnloadPage: true },
        { trigger: ".o_cobranca_agency_contacts:contains('Rang for a minute')" },
        { trigger: ".o_cobranca_agency_return summary", run: "click" },
        { trigger: "#return_reason", run: "edit Nobody answers" },
        { trigger: SEND("devolver"), run: "click", expectUnloadPage: true },
        { trigger: ".o_cobranca_agency_empty" },
        { trigger: "[name=agency_tab_people] a", run: "click", expectUnloadPage: true },
        { trigger: "#invite_name", run: "edit Bia Aroeira" },
        { trigger: "#invite_email", run: "edit bia@example.org" },
        { trigger: SEND("equipe") + ":not([name])", run: "click", expectUnloadPage: true },
        { trigger: ".o_cobranca_agency_people li:contains('Bia Aroeira')" },
    ],
});
