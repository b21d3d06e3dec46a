import { Component, onWillStart, useState } from "@odoo/owl";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { formatMonetary } from "@web/views/fields/formatters";
import { parseMonetary } from "@web/views/fields/parsers";

const MODEL = "cobranca.statement.desk";

/** Invoices that somebody chooses by hand for money that came in, each with its amount. */
export class StatementChoice extends Component {
    static template = "cobranca_recorrente.StatementChoice";
    static props = { line: Object, match: Function, close: Function };

    setup() {
        this.orm = useService("orm");
        useAutofocus({ refName: "search" });
        const [first] = this.props.line.suggestions;
        this.state = useState({
            text: this.props.line.payer || "",
            partnerId: first ? first.partner_id : false,
            debts: [],
            chosen: {},
        });
        this.find = useDebounced(() => this.load(), 300);
        onWillStart(() => this.load());
    }

    async load() {
        const { text, partnerId } = this.state;
        const found = await this.orm.call(MODEL, "desk_debts", [this.props.line.id, partnerId ? "" : text, partnerId]);
        // What is chosen stays in sight.
        const kept = this.state.debts.filter((debt) => this.isChosen(debt) && !found.some((each) => each.id === debt.id));
        this.state.debts = [...kept, ...found];
    }

    setText(text) {
        this.state.text = text;
        this.state.partnerId = false;
        this.find();
    }

    isChosen(debt) {
        return debt.id in this.state.chosen;
    }

    toggle(debt) {
        if (this.isChosen(debt)) {
            delete this.state.chosen[debt.id];
        } else {
            const amount = Math.max(Math.min(debt.number, this.left), 0);
            this.state.chosen[debt.id] = Math.round(amount * 100) / 100;
        }
    }

    setAmount(debt, value) {
        try {
            this.state.chosen[debt.id] = parseMonetary(value);
        } catch {
            this.state.chosen[debt.id] = 0;
        }
    }

    show(amount) {
        return formatMonetary(amount, { noSymbol: true });
    }

    get sum() {
        return Object.values(this.state.chosen).reduce((sum, amount) => sum + amount, 0);
    }

    get left() {
        return Math.round((this.props.line.number - this.sum) * 100) / 100;
    }

    /** The customer of whom the rest becomes a credit, where no invoice is chosen. */
    get customer() {
        const chosen = this.state.debts.find((debt) => this.isChosen(debt)) || this.state.debts[0];
        return chosen ? { id: chosen.partner_id, name: chosen.customer } : null;
    }

    get canMatch() {
        const amounts = Object.values(this.state.chosen);
        return this.left >= 0 && this.customer && amounts.every((amount) => amount > 0);
    }

    confirm() {
        const shares = Object.entries(this.state.chosen).map(([id, amount]) => ({ line_id: parseInt(id), amount }));
        return this.props.match(shares, this.customer.id);
    }
}
