import { Component } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";

const HIGHEST = 1600;

/** The message as the customer will read it: nothing in it runs, and its links lead nowhere from here. */
export class ProposalPreview extends Component {
    static template = "cobranca_negociacao.ProposalPreview";
    static components = { Dialog };
    static props = { subject: String, body: String, close: Function, "*": true };

    get page() {
        return `<!DOCTYPE html><html><head><base target="_blank"></head><body>${this.props.body}</body></html>`;
    }

    /** As high as its content, so that only the dialog scrolls. */
    fit(ev) {
        const height = ev.target.contentDocument?.documentElement?.scrollHeight;
        ev.target.style.height = height ? `${Math.min(height + 4, HIGHEST)}px` : "";
    }
}
