import { Component, onWillStart, useState } from "@odoo/owl";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { download } from "@web/core/network/download";
import { registry } from "@web/core/registry";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { useService } from "@web/core/utils/hooks";
import { user } from "@web/core/user";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const { DateTime } = luxon;
// Rows of an opened step, and of a reason, before one asks for all.
const FIRST_ROWS = 7;

/** What the ladders would send on a day, to whom not and why: nothing here sends or writes anything. */
export class Simulation extends Component {
    static template = "cobranca_recorrente.Simulation";
    static components = { DateTimeInput, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        const { params = {}, context = {} } = this.props.action;
        this.state = useState({
            date: params.date || context.simulation_date || false,
            policyId: params.policy_id || context.simulation_policy_id || false,
            facts: null,
            open: {},
            whole: {},
            reason: false,
            isLoading: false,
            error: "",
        });
        // Of two answers that cross, only the later question's counts.
        this.question = 0;
        onWillStart(() => this.load());
        const options = { bypassEditableProtection: false, allowRepeat: false };
        useHotkey("arrowleft", () => this.move(-1), options);
        useHotkey("arrowright", () => this.move(1), options);
    }

    get facts() {
        return this.state.facts;
    }

    get reason() {
        return this.facts.reasons.find((reason) => reason.key === this.state.reason) || this.facts.reasons[0];
    }

    get dayProps() {
        return {
            id: "o_cobranca_simulated_day",
            type: "date",
            value: DateTime.fromISO(this.state.date),
            onApply: (day) => day && this.setDate(day.toISODate()),
        };
    }

    async load() {
        const question = ++this.question;
        this.state.isLoading = true;
        try {
            const facts = await this.orm.call("cobranca.dunning.simulation", "simulate", [], {
                date: this.state.date,
                policy_id: this.state.policyId,
            });
            if (question !== this.question) {
                return;
            }
            this.state.error = "";
            this.state.facts = facts;
            this.state.date = facts.date;
            this.openFirst();
        } catch (error) {
            if (question !== this.question) {
                return;
            }
            if (!error.data?.message || !this.state.facts) {
                throw error;
            }
            this.state.error = error.data.message;
            this.state.date = this.state.facts.date;
        } finally {
            if (question === this.question) {
                this.state.isLoading = false;
            }
        }
    }

    /** One step is open from the start, the one of most customers: it shows what there is to see. */
    openFirst() {
        const groups = this.facts.groups;
        if (groups.length && !groups.some((group) => this.state.open[group.id])) {
            const most = Math.max(...groups.map((group) => group.customers));
            this.state.open[groups.find((group) => group.customers === most).id] = true;
        }
        this.state.whole = {};
    }

    move(days) {
        this.setDate(DateTime.fromISO(this.state.date).plus({ days }).toISODate());
    }

    setDate(date) {
        if (date && date !== this.state.date) {
            this.state.date = date;
            return this.load();
        }
    }

    setPolicy(value) {
        this.state.policyId = parseInt(value) || false;
        return this.load();
    }

    toggle(group) {
        this.state.open[group.id] = !this.state.open[group.id];
    }

    choose(reason) {
        this.state.reason = reason.key;
    }

    rowsOf(part, key) {
        return this.state.whole[key] ? part.rows : part.rows.slice(0, FIRST_ROWS);
    }

    hiddenOf(part, key) {
        return this.state.whole[key] ? 0 : Math.max(part.rows.length - FIRST_ROWS, 0) + part.more;
    }

    showAll(key) {
        this.state.whole[key] = true;
    }

    openPartner(row) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "res.partner",
            res_id: row.partner_id,
            views: [[false, "form"]],
        });
    }

    async exportFile() {
        await download({
            url: "/cobranca/simulacao.xlsx",
            data: {
                dia: this.state.date,
                regua: this.state.policyId || "",
                empresas: user.activeCompanies.map((company) => company.id).join("-"),
            },
        });
    }
}

registry.category("actions").add("cobranca_simulation", Simulation);
