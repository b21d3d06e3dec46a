import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/** A form is sent once, however often its button is pressed; the server knows a second one as well. */
export class AgencyForm extends Interaction {
    static selector = ".o_cobranca_agency_once";
    dynamicContent = {
        _root: { "t-on-submit": this.onSubmit },
        // Who comes back by the browser's button may send again.
        _window: { "t-on-pageshow": () => (this.isSent = false) },
    };

    setup() {
        this.isSent = false;
    }

    onSubmit(ev) {
        if (this.isSent) {
            ev.preventDefault();
        }
        this.isSent = true;
    }
}

registry.category("public.interactions").add("cobranca_negociacao.agency_form", AgencyForm);
