import { registry } from "@web/core/registry";
import { PagePart } from "./page_part";

/**
 * The page of open payments works by plain forms. With JavaScript the total follows each choice by itself, and a bar
 * with the total stays in sight until the means of payment are.
 */
export class OpenPayments extends PagePart {
    static selector = ".o_cobranca_payments:has(.o_cobranca_choice)";

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
        const drawn = await this.drawAnew(this.el.querySelector(".o_cobranca_choice"), ".o_cobranca_open");
        if (!drawn) {
            return;
        }
        this.keepFocus(() => {
            const old = this.el.querySelector(".o_cobranca_open");
            const services = this.services["public.interactions"];
            for (const child of old.children) {
                services.stopInteractions(child);
            }
            this.replace(old, drawn.fresh);
            for (const child of old.children) {
                services.startInteractions(child);
            }
            window.history.replaceState(null, "", drawn.address);
            this.prepare();
        });
    }
}

registry.category("public.interactions").add("cobranca_recorrente.open_payments", OpenPayments);
