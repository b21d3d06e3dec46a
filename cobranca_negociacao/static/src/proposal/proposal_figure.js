import { Component, useEffect, useRef } from "@odoo/owl";
import { localization } from "@web/core/l10n/localization";

const IS_SIZED_BY_CONTENT = window.CSS?.supports("field-sizing", "content");

/**
 * A figure that can be typed over: shown as it is read, edited as it is typed.
 *
 * What comes from the server meanwhile never takes the field away from who is in it.
 */
export class ProposalFigure extends Component {
    static template = "cobranca_negociacao.ProposalFigure";
    static props = { text: String, value: String, label: String, attempt: Number, change: Function };

    setup() {
        this.input = useRef("input");
        this.isIn = false;
        this.begun = "";
        useEffect(
            () => this.refresh(),
            () => [this.props.text, this.props.value, this.props.attempt]
        );
    }

    get typed() {
        return this.props.value.replace(".", localization.decimalPoint);
    }

    write(text) {
        this.input.el.value = text;
        this.fit();
    }

    /** As wide as its text, that the line is under the figure alone: by hand where the browser cannot. */
    fit() {
        if (!IS_SIZED_BY_CONTENT) {
            this.input.el.style.width = `calc(${Math.max(this.input.el.value.length, 2)}ch + 4px)`;
        }
    }

    refresh() {
        if (!this.isIn) {
            this.write(this.props.text);
        } else if (this.input.el.value === this.begun) {
            this.begin();
        }
    }

    begin() {
        this.isIn = true;
        this.begun = this.typed;
        this.write(this.typed);
        this.input.el.select();
    }

    take() {
        const text = this.input.el.value.trim();
        if (text && text !== this.begun) {
            this.begun = this.input.el.value;
            this.props.change(text);
        }
    }

    leave() {
        this.isIn = false;
        this.take();
        this.write(this.props.text);
    }

    /** Enter takes the figure over without leaving it; Escape gives it up and leaves the dialog open. */
    onKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            this.take();
        } else if (ev.key === "Escape" && this.input.el.value !== this.begun) {
            ev.preventDefault();
            ev.stopPropagation();
            this.begin();
        }
    }
}
