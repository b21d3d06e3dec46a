import { Component, onWillStart, useState } from "@odoo/owl";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { deserializeDate, serializeDate, serializeDateTime } from "@web/core/l10n/dates";
import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/views/fields/formatters";
import { parseFloat } from "@web/views/fields/parsers";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const { DateTime } = luxon;
const UNDO_MILLISECONDS = 5000;

/** How a contact ended: one click registers it and opens the next customer; only what needs a day asks for it. */
export class OutcomeBar extends Component {
    static template = "cobranca_recorrente.OutcomeBar";
    static components = { DateTimeInput };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.action = useService("action");
        this.outcomes = [
            { key: "promised", icon: "calendar-check-o", label: _t("Promised to pay"), asks: "promise" },
            { key: "says_paid", icon: "check", label: _t("Says it is paid") },
            { key: "no_answer", icon: "phone", label: _t("No answer") },
            { key: "call_later", icon: "clock-o", label: _t("Call later"), asks: "callback" },
            { key: "disputed", icon: "question-circle-o", label: _t("Disputes it") },
            { key: "other", icon: "ellipsis-h", label: _t("Other"), asks: "form" },
        ];
        this.state = useState({ chosen: "", isBusy: false, note: "", message: "", ...this.prefilled });
        // Nobody thinks in seconds here.
        this.momentFormat = localization.dateTimeFormat.replace(":ss", "");
        onWillStart(() => this.takeAlone());
        this.outcomes.forEach((outcome, place) => {
            useHotkey(`${place + 1}`, () => this.choose(outcome), { bypassEditableProtection: false });
        });
        useHotkey("control+enter", () => this.confirm(), { bypassEditableProtection: true });
    }

    /** Opened outside the queue, on a telephone for example: nobody else opens this customer meanwhile. */
    async takeAlone() {
        if (!this.env.cobrancaQueue) {
            const taken = await this.orm.call("cobranca.case", "desk_take", [[this.props.record.resId]]);
            this.state.message = taken.message;
        }
    }

    /** What the server proposes: days and hours are those of the company, wherever the browser is. */
    get prefilled() {
        const { promise_date, promise_amount, next_date } = this.props.record.data.prefill || {};
        return {
            promise_date: promise_date && deserializeDate(promise_date),
            promise_amount: formatFloat(promise_amount || 0, { digits: [16, 2] }),
            next_date: next_date && DateTime.fromISO(next_date, { zone: this.zone }),
        };
    }

    get zone() {
        return this.props.record.data.prefill?.tz;
    }

    get today() {
        const today = this.props.record.data.prefill?.today;
        return today ? deserializeDate(today) : DateTime.local();
    }

    get asks() {
        return this.outcomes.find((outcome) => outcome.key === this.state.chosen)?.asks;
    }

    choose(outcome) {
        if (this.state.isBusy) {
            return;
        }
        this.state.chosen = outcome.key;
        if (outcome.asks === "form") {
            return this.openRegister();
        }
        if (!outcome.asks) {
            return this.register();
        }
    }

    confirm() {
        if (this.state.chosen && this.asks && this.asks !== "form") {
            return this.register();
        }
    }

    get values() {
        const { chosen, note, promise_date, promise_amount, next_date } = this.state;
        const values = { outcome: chosen, note };
        if (this.asks === "promise") {
            values.promise_date = promise_date ? serializeDate(promise_date) : false;
            values.promise_amount = this.readAmount(promise_amount);
        }
        if (this.asks === "callback") {
            values.next_date = next_date ? serializeDateTime(next_date) : false;
        }
        return values;
    }

    /** An amount as people write it; what cannot be read is zero, and the server tells what to do. */
    readAmount(text) {
        try {
            return parseFloat(text);
        } catch {
            return 0;
        }
    }

    async register() {
        this.state.isBusy = true;
        try {
            const done = await this.orm.call("cobranca.case", "desk_register", [
                [this.props.record.resId],
                this.values,
            ]);
            this.tell(done);
            if (done.action) {
                await this.action.doAction(done.action, { onClose: () => this.goOn() });
            } else {
                await this.goOn();
            }
        } finally {
            this.state.isBusy = false;
        }
    }

    tell(done) {
        const caseId = this.props.record.resId;
        const buttons = [];
        // The bar is gone with its customer when the button is pressed: only the services stay.
        const { orm, notification } = this.env.services;
        const queue = this.env.cobrancaQueue;
        let close = () => {};
        if (done.interaction) {
            buttons.push({
                name: _t("Undo"),
                primary: true,
                onClick: async () => {
                    close();
                    await orm.call("cobranca.case", "desk_undo", [[caseId], done.interaction]);
                    await queue?.comeBack(caseId);
                    notification.add(_t("Taken back."), { type: "info" });
                },
            });
        }
        close = this.notification.add(done.message, {
            type: "success",
            autocloseDelay: UNDO_MILLISECONDS,
            buttons,
        });
    }

    openRegister() {
        const params = {
            type: "object",
            name: "action_register_other",
            resModel: "cobranca.case",
            resId: this.props.record.resId,
            onClose: () => this.goOn(),
        };
        this.state.chosen = "";
        return this.action.doActionButton(params);
    }

    /** In the queue the next customer comes; alone, the customer is read anew. */
    async goOn() {
        if (this.env.cobrancaQueue) {
            return this.env.cobrancaQueue.next();
        }
        await this.props.record.model.load();
        Object.assign(this.state, { chosen: "", note: "", ...this.prefilled });
    }
}

registry.category("view_widgets").add("cobranca_outcome_bar", {
    component: OutcomeBar,
    fieldDependencies: [{ name: "prefill", type: "json" }],
});
