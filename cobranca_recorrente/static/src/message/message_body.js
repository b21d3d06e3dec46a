import { Component, useRef } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A message as it was sent, in a frame of its own: nothing in it runs, and its links lead nowhere from here. */
export class MessageBody extends Component {
    static template = "cobranca_recorrente.MessageBody";
    static props = { ...standardFieldProps };

    setup() {
        this.frame = useRef("frame");
    }

    get content() {
        const value = this.props.record.data[this.props.name];
        return value ? `<!DOCTYPE html><html><head><base target="_blank"></head><body>${value}</body></html>` : "";
    }

    /** As high as its content, so that only the page scrolls. */
    fit() {
        const page = this.frame.el?.contentDocument;
        if (page?.body) {
            this.frame.el.style.height = `${page.documentElement.scrollHeight + 4}px`;
        }
    }
}

registry.category("fields").add("cobranca_message_body", {
    component: MessageBody,
    displayName: _t("Message as it was sent"),
    supportedTypes: ["text", "html"],
});
