import { registry } from "@web/core/registry";
import { PagePart } from "@cobranca_recorrente/payments/page_part";

/**
 * The page works by plain forms. With JavaScript a slider says what can be paid a month, and offers and plan follow
 * each choice. Every figure comes from the server.
 */
export class Negotiation extends PagePart {
    static selector = ".o_cobranca_payments:has(.o_cobranca_negotiation)";

    start() {
        // On the page itself: what is in it is replaced with each choice.
        this.addListener(this.el, "input", (ev) => ev.target.matches(".o_cobranca_slider") && this.onSlide(ev.target));
        this.addListener(this.el, "change", (ev) => this.onChange(ev.target));
        this.prepare();
    }

    /** What is shown only where there is JavaScript. */
    prepare() {
        this.el.querySelector(".o_cobranca_negotiation").classList.add("o_cobranca_follows");
        const slider = this.el.querySelector(".o_cobranca_slider");
        if (slider) {
            slider.classList.remove("d-none");
            this.tell(slider);
        }
    }

    /** The amount moves with the slider; the plan follows when it rests. */
    onSlide(slider) {
        this.el.querySelector(".o_cobranca_monthly").value = `${slider.value},00`;
        this.choose("fit");
        this.tell(slider);
    }

    onChange(target) {
        if (!target.form?.matches(".o_cobranca_offers")) {
            return;
        }
        if (target.matches(".o_cobranca_slider")) {
            this.onSlide(target);
        } else if (target.matches(".o_cobranca_monthly")) {
            this.choose("fit");
        }
        this.refresh();
    }

    choose(code) {
        this.el.querySelector(`#plan_${code}`).checked = true;
    }

    /** What the slider says, and how much of it is filled. */
    tell(slider) {
        const part = (slider.value - slider.min) / Math.max(slider.max - slider.min, 1);
        slider.style.setProperty("--cobranca-part", `${Math.round(part * 100)}%`);
        slider.setAttribute("aria-valuetext", `${slider.dataset.symbol} ${slider.value}`);
    }

    async refresh() {
        const part = ".o_cobranca_negotiation";
        const drawn = await this.drawAnew(this.el.querySelector(".o_cobranca_offers"), part);
        if (!drawn) {
            return;
        }
        this.keepFocus(() => {
            this.replace(this.el.querySelector(part), drawn.fresh);
            this.el.querySelector(".o_cobranca_said").textContent = drawn.fresh.dataset.said;
            this.prepare();
        });
    }
}

registry.category("public.interactions").add("cobranca_negociacao.negotiation", Negotiation);
