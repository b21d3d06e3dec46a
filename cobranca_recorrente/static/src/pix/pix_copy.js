import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** Copies the code of a Pix, in browsers without a clipboard of their own too. Without scripts the code is selected by hand. */
export class PixCopy extends Interaction {
    static selector = ".o_cobranca_pix";
    dynamicContent = {
        ".o_cobranca_pix_copy": { "t-on-click": this.copy },
        ".o_cobranca_pix_code": { "t-on-focus": (ev) => ev.currentTarget.select() },
    };

    async copy() {
        const isCopied = await this.waitFor(this.write());
        const said = this.el.querySelector(".o_cobranca_pix_said");
        said.textContent = isCopied ? said.dataset.copied : said.dataset.byHand;
    }

    async write() {
        const field = this.el.querySelector(".o_cobranca_pix_code");
        try {
            await navigator.clipboard.writeText(field.value);
            return true;
        } catch {
            // No secure connection, or the browser refuses: the old way.
            field.focus();
            field.select();
            return document.execCommand("copy");
        }
    }
}

registry.category("public.interactions").add("cobranca_recorrente.pix_copy", PixCopy);
