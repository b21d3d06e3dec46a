import { registry } from "@web/core/registry";

/**
 * A customer opens his link on the phone: his digits first, then those payments only, then "I have paid".
 * Selectors name classes and fields, never texts, so the tours run in any language.
 */
const enter = [
    { trigger: "#question_digits", run: "edit 5299" },
    { trigger: ".o_cobranca_question button[type=submit]", run: "click", expectUnloadPage: true },
];

registry.category("web_tour.tours").add("cobranca_link_claim", {
    steps: () => [
        ...enter,
        { trigger: ".o_cobranca_payment:only-of-type details summary", run: "click" },
        { trigger: ".o_cobranca_payment details[open]", content: "why it is this amount" },
        { trigger: ".o_cobranca_claim", run: "click", expectUnloadPage: true },
        { trigger: "input[name=pagamento]:checked", content: "one payment is chosen already" },
        { trigger: "select[name=como]", run: "selectByIndex 0" },
        { trigger: ".o_cobranca_claim_form summary", run: "click" },
        { trigger: "textarea[name=observacao]", run: "edit Paguei pelo aplicativo" },
        { trigger: ".o_cobranca_claim_form button[type=submit]", run: "click", expectUnloadPage: true },
        { trigger: ".alert-success", content: "he is thanked" },
        { trigger: ".o_cobranca_told", content: "and sees that it is being verified" },
        { trigger: ".o_cobranca_payments:not(:has(.o_cobranca_claim))", content: "nothing is left to tell" },
    ],
});

registry.category("web_tour.tours").add("cobranca_link_only", {
    steps: () => [
        ...enter,
        { trigger: ".o_cobranca_payments:not(:has(.o_cobranca_payment ~ .o_cobranca_payment))", content: "one payment" },
        { trigger: ".o_cobranca_payment a[href*='/fatura/']", content: "with its invoice" },
        { trigger: ".o_cobranca_creditor", content: "and a person to speak with" },
    ],
});

registry.category("web_tour.tours").add("cobranca_link_choose", {
    steps: () => [
        ...enter,
        { trigger: ".o_cobranca_follows", content: "the total follows by itself" },
        { trigger: ".o_cobranca_payment:last-of-type input[name=pagamento]", run: "click" },
        {
            trigger: ".o_cobranca_payment.o_cobranca_chosen:first-of-type ~ .o_cobranca_payment:not(.o_cobranca_chosen)",
            content: "one of two is chosen",
        },
        { trigger: ".o_cobranca_less summary", run: "click" },
        { trigger: "#choice_amount", run: "edit 50,00" },
        { trigger: ".o_cobranca_less button", run: "click" },
        { trigger: ".o_cobranca_part", content: "he sees what he pays now" },
        { trigger: ".o_cobranca_day", run: "click", expectUnloadPage: true },
        {
            trigger: "#day_date",
            run() {
                const field = document.querySelector("#day_date");
                field.value = field.max;
            },
        },
        { trigger: ".o_cobranca_day_form button", run: "click", expectUnloadPage: true },
        { trigger: ".alert-success", content: "the day is kept" },
        { trigger: ".o_cobranca_payment .o_cobranca_told", content: "and shown with each payment" },
        { trigger: ".o_cobranca_doubt", run: "click", expectUnloadPage: true },
        { trigger: "select[name=assunto]", run: "selectByIndex 0" },
        { trigger: "select[name=pagamento]", run: "selectByIndex 2" },
        { trigger: "textarea[name=mensagem]", run: "edit Cancelei o adicional" },
        { trigger: ".o_cobranca_doubt_form button", run: "click", expectUnloadPage: true },
        { trigger: ".alert-success", content: "he is thanked" },
        { trigger: ".o_cobranca_payment:not(.o_cobranca_chosen)", content: "what he contests is not put before him" },
    ],
});
