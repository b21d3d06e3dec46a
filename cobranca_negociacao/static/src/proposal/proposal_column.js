import { Component, useState } from "@odoo/owl";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { localization } from "@web/core/l10n/localization";
import { ProposalFigure } from "./proposal_figure";

const { DateTime } = luxon;
const DISCOUNTS = new Set(["fine", "interest", "correction", "principal"]);

/** One proposal: its figures from top to bottom, what it may, and its button. */
export class ProposalColumn extends Component {
    static template = "cobranca_negociacao.ProposalColumn";
    static components = { DateTimeInput, ProposalFigure };
    static props = {
        column: Object,
        rows: Array,
        methods: Array,
        attempt: Number,
        isBusy: Boolean,
        canAdd: Boolean,
        edit: Function,
        send: Function,
        askApproval: Function,
        copy: Function,
        remove: Function,
    };

    setup() {
        this.state = useState({ isOpen: false });
    }

    get column() {
        return this.props.column;
    }

    get terms() {
        return this.column.terms;
    }

    cellOf(row) {
        return this.column.cells[row.key] || { text: "", note: "", value: false };
    }

    isGiven(row, cell) {
        return DISCOUNTS.has(row.key) && Number(cell.value) > 0;
    }

    /** What stands behind the number of installments. */
    amountOf(cell) {
        return cell.text.split("×").pop().trim();
    }

    /** A discount is typed as an amount or, with a percent sign, as a percentage. */
    edit(key, text) {
        const field = DISCOUNTS.has(key) && text.includes("%") ? `percent_${key}` : key;
        return this.props.edit(field, text);
    }

    get rate() {
        return this.terms.rate.replace(".", localization.decimalPoint);
    }

    /** Where no day was chosen, an installment falls due a month after the down payment. */
    dayOf(field) {
        const { first, [field]: day } = this.terms;
        return day || DateTime.fromISO(first).plus({ months: 1 }).toISODate();
    }

    dayProps(field) {
        const value = this.dayOf(field);
        return {
            id: `o_cobranca_proposal_${this.column.key}_${field}`,
            class: "form-control form-control-sm",
            type: "date",
            value: DateTime.fromISO(value),
            onApply: (day) => day && day.toISODate() !== value && this.props.edit(field, day.toISODate()),
        };
    }
}
