import { registry } from "@web/core/registry";

const COLUMN = (key) => `.o_cobranca_proposal_column[data-column=${key}]`;
const CELL = (key, row) => `${COLUMN(key)} [data-row=${row}]`;
const FIGURE = (key, row) => `${CELL(key, row)} input`;
const SHOWS = (key, row, text, place = 0) => ({
    trigger: FIGURE(key, row),
    content: `${row} of ${key} is ${text}`,
    // What a field shows is no text of the page.
    run: () => waitFor(() => document.querySelectorAll(FIGURE(key, row))[place]?.value, text),
});
const OPEN = [
    { trigger: ".o_form_view .nav-link[name=cobranca]", run: "click" },
    { trigger: "button[name=action_cobranca_negotiate]", run: "click" },
    { trigger: ".modal-title:contains('Padaria Pão de Lurim Ltda.')" },
];

async function waitFor(read, expected) {
    for (let tries = 0; tries < 1200 && read() !== expected; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    if (read() !== expected) {
        throw new Error(`${read()} instead of ${expected}`);
    }
}

/** Where the keyboard is: column and row. */
function place() {
    const at = document.activeElement;
    return `${at.closest("[data-column]")?.dataset.column} ${at.closest("[data-row]")?.dataset.row}`;
}

const IS_AT = (expected) => ({ trigger: "body", content: `the keyboard is at ${expected}`, run: () => waitFor(place, expected) });

/** Nothing of what the company knows of an offer is in what the customer reads, and nothing in it runs. */
function checkPreview() {
    const frame = document.querySelector(".o_cobranca_proposal_message");
    if (frame.sandbox.contains("allow-scripts") || !frame.srcdoc.includes("3,914.29")) {
        throw new Error("the preview runs scripts, or shows no amount");
    }
    if (/authority|present value|3,849\.82/i.test(frame.srcdoc)) {
        throw new Error("the customer reads what is none of his business");
    }
}

/** A collector works figures out with the customer on the telephone; nothing is written. Then three are sent. */
registry.category("web_tour.tours").add("cobranca_proposal_simulate", {
    steps: () => [
        ...OPEN,
        { trigger: `${CELL("cash", "before")}:contains('3,991.69')` },
        SHOWS("cash", "total", "R$ 3,892.14".replace(" ", "\u00a0")),
        SHOWS("short", "down", "1,174.29"),
        { trigger: `${CELL("short", "present")}:contains('3,849.82')` },
        { trigger: `${CELL("short", "limit")} .o_cobranca_proposal_within` },
        // Tab goes down a column.
        { trigger: FIGURE("short", "down"), run: "edit 914,29 && press Tab" },
        IS_AT("short installments"),
        SHOWS("short", "down", "914.29"),
        SHOWS("short", "installments", "R$ 1,000.00".replace(" ", "\u00a0"), 1),
        // A percentage where an amount stands; what cannot be changes nothing.
        { trigger: FIGURE("short", "interest"), run: "edit 50% && press Tab" },
        IS_AT("short principal"),
        SHOWS("short", "interest", "− 22.15"),
        { trigger: FIGURE("short", "total"), run: "edit 9000 && press Enter" },
        { trigger: ".o_cobranca_proposal_error:contains('more than is owed')" },
        { trigger: FIGURE("short", "interest"), run: "edit 0 && press Enter" },
        { trigger: ".o_cobranca_proposal:not(:has(.o_cobranca_proposal_error))" },
        SHOWS("short", "total", "R$ 3,914.29".replace(" ", "\u00a0")),
        // One invoice less, and back.
        { trigger: ".o_cobranca_proposal_list .form-check:last input", run: "click" },
        { trigger: `${CELL("cash", "before")}:not(:contains('3,991.69'))` },
        { trigger: ".o_cobranca_proposal_list .form-check:last input", run: "click" },
        { trigger: `${CELL("cash", "before")}:contains('3,991.69')` },
        // A copy with one figure changed, taken out again.
        { trigger: `${COLUMN("cash")} .o_cobranca_proposal_more`, run: "click" },
        { trigger: `${COLUMN("cash")} .o_cobranca_proposal_copy`, run: "click" },
        { trigger: `${COLUMN("own1")} .o_cobranca_proposal_more`, run: "click" },
        { trigger: `${COLUMN("own1")} .o_cobranca_proposal_remove`, run: "click" },
        { trigger: `.o_cobranca_proposal:not(:has(${COLUMN("own1")}))` },
        { trigger: ".o_cobranca_proposal_preview", run: "click" },
        { trigger: ".o_cobranca_proposal_message", run: checkPreview },
        { trigger: ".modal:has(.o_cobranca_proposal_message) .modal-footer .btn-primary", run: "click" },
        // Twice by an impatient hand: sent once.
        {
            trigger: ".o_cobranca_proposal_send:contains('3')",
            run: ({ anchor }) => {
                anchor.click();
                anchor.click();
            },
        },
        { trigger: ".o_notification:contains('sent')" },
        { trigger: "body:not(:has(.o_cobranca_proposal))" },
    ],
});

/** What fits the customer's pocket is more than the collector may concede: he asks, with a reason. */
registry.category("web_tour.tours").add("cobranca_proposal_pocket", {
    steps: () => [
        ...OPEN,
        { trigger: ".o_cobranca_proposal_monthly", run: "edit 600,00 && press Enter" },
        SHOWS("fit", "down", "600.00"),
        SHOWS("fit", "installments", "6"),
        { trigger: `${CELL("fit", "limit")} .o_cobranca_proposal_beyond` },
        { trigger: `${CELL("fit", "limit")} .o_cobranca_proposal_detail:contains('6')` },
        { trigger: `.o_cobranca_proposal:not(:has(${COLUMN("fit")} .o_cobranca_proposal_send_one))` },
        { trigger: `${COLUMN("fit")} .o_cobranca_proposal_ask`, run: "click" },
        { trigger: ".o_cobranca_proposal_confirm:disabled", content: "without a reason nobody is asked" },
        { trigger: "#o_cobranca_proposal_reason", run: "edit Customer of ten years" },
        { trigger: ".o_cobranca_proposal_confirm:enabled", run: "click" },
        { trigger: ".o_notification:contains('waits for approval')" },
        { trigger: "body:not(:has(.o_cobranca_proposal))" },
    ],
});

/** A court decides: nothing to negotiate, and why beside each invoice. */
registry.category("web_tour.tours").add("cobranca_proposal_nothing", {
    steps: () => [
        ...OPEN,
        { trigger: ".o_cobranca_proposal_empty li:contains('Court')" },
        { trigger: ".o_cobranca_proposal:not(:has(.o_cobranca_proposal_columns, .btn-primary))" },
        { trigger: ".o_cobranca_proposal .modal-footer .btn:contains('Close')", run: "click" },
        { trigger: "body:not(:has(.o_cobranca_proposal))" },
    ],
});
