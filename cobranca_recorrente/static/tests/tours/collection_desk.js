import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const FIRST = ".o_cobranca_queue_list .o_data_row:contains(Amélia Teste)";
const OPEN = (name) => `.o_cobranca_queue_customer .o_field_widget[name=head_html]:contains(${name})`;

/** A collector works his queue: two customers promise to pay, the second with another amount. */
tours.add("cobranca_desk_two_promises", {
    steps: () => [
        { trigger: `${FIRST}.o_cobranca_queue_open`, content: "the first of the queue is open by itself" },
        { trigger: OPEN("Amélia Teste") },
        { trigger: ".o_cobranca_outcomes button[data-outcome=promised]", run: "click" },
        { trigger: ".o_cobranca_outcomes input[name=note]", run: "edit Recebe na sexta" },
        { trigger: ".o_cobranca_outcomes .o_cobranca_confirm", run: "click" },
        { trigger: ".o_notification:contains(Amélia Teste)", content: "what was written is told" },
        { trigger: OPEN("Bento Teste"), content: "the next customer is open" },
        { trigger: ".o_cobranca_outcomes button[data-outcome=promised]", run: "click" },
        { trigger: ".o_cobranca_outcomes input[name=promise_amount]", run: "edit 100" },
        { trigger: ".o_cobranca_outcomes .o_cobranca_confirm", run: "click" },
        { trigger: ".o_cobranca_queue_customer:not(:has(.o_field_widget[name=head_html]))", content: "nobody is left" },
    ],
});

/** One paid, the other did not: he is first in the queue, and the words fit. Keys alone register it. */
tours.add("cobranca_desk_broken_promise", {
    steps: () => [
        { trigger: ".o_cobranca_queue_list .o_data_row:contains(Bento Teste) td[name=why] .text-bg-danger" },
        { trigger: "body:not(:has(.o_data_row:contains(Amélia Teste)))", content: "who has paid is not called" },
        { trigger: OPEN("Bento Teste") },
        { trigger: ".o_cobranca_queue_customer .o_field_widget[name=contacts_html] .text-danger" },
        { trigger: "body", run: "press 3" },
        { trigger: ".o_notification:contains(Bento Teste) .o_notification_buttons button", content: "it can be taken back", run: "click" },
        { trigger: OPEN("Bento Teste"), content: "and he is back in the queue" },
    ],
});
