import { Component, useState } from "@odoo/owl";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { Dialog } from "@web/core/dialog/dialog";
import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";
import { Mutex } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { ProposalColumn } from "./proposal_column";
import { ProposalPreview } from "./proposal_preview";
import { ProposalReason } from "./proposal_reason";

const { DateTime } = luxon;
export const DESK = "cobranca.proposal.desk";
const MOST_COLUMNS = 4;

/**
 * Up to four proposals side by side. Every figure comes from the server, which follows each change;
 * here is only what was chosen. Columns come one after the other in the page: Tab goes down each of them.
 */
export class ProposalDialog extends Component {
    static template = "cobranca_negociacao.ProposalDialog";
    static components = { DateTimeInput, Dialog, ProposalColumn };
    static props = { facts: Object, done: Function, close: Function };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        // One after the other: each change begins with what the one before it made.
        this.mutex = new Mutex();
        const { values, result } = this.props.facts;
        this.state = useState({
            values,
            result,
            monthly: values?.monthly || "",
            channel: this.channels.find((channel) => channel.is_possible)?.key || "email",
            waiting: 0,
            error: "",
            attempt: 0,
        });
    }

    get facts() {
        return this.props.facts;
    }

    get channels() {
        return this.facts.channels || [];
    }

    get title() {
        return _t("Simulate an agreement · %s", this.facts.title);
    }

    get result() {
        return this.state.result;
    }

    get rows() {
        const { down, present } = this.result.labels;
        const labels = {
            before: [_t("Amount of today")],
            fine: [_t("Discount on the fine")],
            interest: [_t("Discount on the interest")],
            correction: [_t("Discount on the correction")],
            principal: [_t("Discount on the principal")],
            financing: [_t("Interest of the installments")],
            total: [_t("Total of the agreement")],
            down: [down ? _t("Down payment on %s", down) : _t("Down payment")],
            installments: [_t("Installments")],
            end: [_t("Ends on")],
            present: [_t("Present value for the company"), present],
        };
        return this.result.rows.map((key) => ({ key, label: labels[key][0], note: labels[key][1] || "" }));
    }

    /** Columns with their place, which is how the server knows them. */
    get columns() {
        return this.result.columns.map((column, place) => ({
            ...column,
            place,
            terms: this.state.values.columns[place],
        }));
    }

    get isBusy() {
        return this.state.waiting > 0;
    }

    get monthlyText() {
        const { monthly } = this.state;
        return /^\d+\.\d+$/.test(monthly) ? monthly.replace(".", localization.decimalPoint) : monthly;
    }

    get sendable() {
        return this.result.sendable || [];
    }

    get canAdd() {
        return this.columns.length < MOST_COLUMNS;
    }

    get sendText() {
        const count = this.sendable.length;
        return count > 1 ? _t("Send the %s for the customer to choose", count) : _t("Send the proposal");
    }

    get firstProps() {
        return {
            id: "o_cobranca_proposal_first",
            class: "o_cobranca_proposal_first form-control",
            type: "date",
            value: this.state.values.first ? DateTime.fromISO(this.state.values.first) : false,
            onApply: (day) => day && this.setFirst(day.toISODate()),
        };
    }

    isChosen(debt) {
        return this.state.values.line_ids.includes(debt.id);
    }

    // --- questions to the server ---

    /**
     * Asks once all before it is answered; what cannot be is said in a line, and all stays as it was.
     *
     * @param {Function} args gives the arguments by the values of that moment
     * @param {Function} [take] takes the answer over before the next question is asked
     * @returns {Promise<Object|null>} the answer, null where it was refused
     */
    async ask(method, args, take = () => {}) {
        this.state.waiting += 1;
        try {
            return await this.mutex.exec(async () => {
                const answer = await this.orm.call(DESK, method, args(this.state.values));
                this.state.error = "";
                take(answer);
                return answer;
            });
        } catch (error) {
            this.refuse(error);
            return null;
        } finally {
            this.state.waiting -= 1;
        }
    }

    refuse(error) {
        if (!error.exceptionName?.startsWith("odoo.exceptions.")) {
            throw error;
        }
        this.state.error = error.data?.message || error.message;
        // What was typed is drawn anew as it stands.
        this.state.attempt += 1;
    }

    follow(method, args) {
        return this.ask(method, args, ({ values, result }) => {
            Object.assign(this.state, { values, result, monthly: values.monthly || "" });
        });
    }

    edit(place, field, value) {
        return this.follow("simulate_edit", (values) => [values, place, field, value]);
    }

    toggle(debt, ev) {
        const chosen = this.state.values.line_ids;
        const lines = this.isChosen(debt) ? chosen.filter((id) => id !== debt.id) : [...chosen, debt.id];
        if (!lines.length) {
            ev.target.checked = true;
            this.state.error = _t("Choose at least one invoice.");
            return;
        }
        return this.edit(false, "line_ids", lines);
    }

    setFirst(first) {
        if (first !== this.state.values.first) {
            return this.edit(false, "first", first);
        }
    }

    setMonthly(text) {
        this.state.monthly = text;
        if (text.trim()) {
            return this.follow("fit", (values) => [values, text, values.first]);
        }
    }

    /** Columns come and go here alone: the server says what those that are left amount to. */
    show(change) {
        let shown = null;
        return this.ask(
            "simulate",
            (values) => {
                shown = { ...values, columns: change(values.columns) };
                return [shown];
            },
            (result) => Object.assign(this.state, { values: shown, result })
        );
    }

    remove(place) {
        return this.show((columns) => columns.filter((_column, other) => other !== place));
    }

    copy(place) {
        return this.show((columns) => {
            const keys = columns.map((column) => column.key);
            let number = 1;
            while (keys.includes(`own${number}`)) {
                number += 1;
            }
            return [...columns, { ...columns[place], key: `own${number}` }];
        });
    }

    // --- what leaves the dialog ---

    async send(places) {
        // A figure that was just typed is still being worked out: nobody sends what he has not seen.
        if (!this.isBusy) {
            this.finish(await this.ask("send", (values) => [values, places, this.state.channel]));
        }
    }

    finish(answer) {
        if (answer) {
            this.props.done(answer);
            this.props.close();
        }
    }

    askApproval(place) {
        if (this.isBusy) {
            return;
        }
        const { title, limit } = this.result.columns[place];
        this.dialog.add(ProposalReason, {
            title,
            details: limit.details,
            ask: async (reason) => this.finish(await this.ask("ask_approval", (values) => [values, place, reason, this.state.channel])),
        });
    }

    async preview() {
        if (this.isBusy) {
            return;
        }
        const message = await this.ask("preview", (values) => [values, this.sendable]);
        if (message) {
            this.dialog.add(ProposalPreview, message);
        }
    }
}
