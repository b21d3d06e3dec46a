import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/**
 * The page of open payments works by plain forms. With JavaScript the total follows each choice by itself, and a bar
 * with the total stays in sight until the means of payment are.
 */
export class OpenPayments extends Interaction {
    static selector = ".o_cobranca_payments:has(.o_cobranca_choice)";
    setup() {
        this.asked = 0;
    }

    start() {
        // On the page itself: the form is replaced with each choice.
        this.addListener(this.el, "change", (ev) => ev.target.matches("input[name=pagamento]") && this.onChoice());
        this.addListener(this.el, "submit", (ev) => {
            if (ev.target.matches(".o_cobranca_choice")) {
                ev.preventDefault();
                this.onChoice();
            }
        });
        this.prepare();
    }

    destroy() {
        this.observer?.disconnect();
    }

    /** What is shown only where there is JavaScript. */
    prepare() {
        const open = this.el.querySelector(".o_cobranca_open");
        open.classList.add("o_cobranca_follows");
        this.observer?.disconnect();
        const bar = open.querySelector(".o_cobranca_bar");
        const means = open.querySelector("#payments_means");
        if (bar && means && window.matchMedia("(max-width: 767px)").matches) {
            this.observer = new IntersectionObserver(([seen]) => {
                const isBelow = !seen.isIntersecting && seen.boundingClientRect.top > 0;
                bar.classList.toggle("d-none", !isBelow);
            });
            this.observer.observe(means);
        }
    }

    async onChoice() {
        const form = this.el.querySelector(".o_cobranca_choice");
        const address = `${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`;
        const turn = ++this.asked;
        let text;
        try {
            const answer = await this.waitFor(fetch(address, { credentials: "same-origin" }));
            text = answer.ok ? await this.waitFor(answer.text()) : "";
        } catch {
            text = "";
        }
        if (turn !== this.asked) {
            return; // a later choice is on its way
        }
        const page = new DOMParser().parseFromString(text, "text/html");
        const fresh = page.querySelector(".o_cobranca_open");
        if (!fresh) {
            window.location.assign(address); // whatever it is, the page itself says it
            return;
        }
        const focused = document.activeElement?.id;
        const opened = [...this.el.querySelectorAll("details")].map((details) => details.open);
        const services = this.services["public.interactions"];
        const old = this.el.querySelector(".o_cobranca_open");
        const content = document.adoptNode(fresh);
        for (const child of old.children) {
            services.stopInteractions(child);
        }
        old.replaceChildren(...content.childNodes);
        [...this.el.querySelectorAll("details")].forEach((details, place) => {
            details.open = details.open || opened[place];
        });
        for (const child of old.children) {
            services.startInteractions(child);
        }
        window.history.replaceState(null, "", address);
        this.prepare();
        if (focused) {
            document.getElementById(focused)?.focus();
        }
    }
}

registry.category("public.interactions").add("cobranca_recorrente.open_payments", OpenPayments);
