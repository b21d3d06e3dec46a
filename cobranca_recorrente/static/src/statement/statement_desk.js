import { Component, onWillStart, useRef, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { useDebounced } from "@web/core/utils/timing";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { StatementChoice } from "./statement_choice";

const MODEL = "cobranca.statement.desk";
const PAGE = 80;

/** Money that came in at the left, what it may be for at the right; one key books the first suggestion. */
export class StatementDesk extends Component {
    static template = "cobranca_recorrente.StatementDesk";
    static components = { Layout, StatementChoice };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.display = { controlPanel: {} };
        this.root = useRef("root");
        this.state = useState({
            tab: "open",
            journalId: false,
            text: "",
            grade: false,
            limit: PAGE,
            facts: null,
            lineId: false,
            line: null,
            isChoosing: false,
            asideReason: "",
            asideNote: "",
            isAside: false,
            isBusy: false,
            progress: null,
        });
        this.search = useDebounced(() => this.load(), 300);
        onWillStart(async () => {
            await this.orm.call(MODEL, "desk_refresh", []);
            await this.load();
        });
        const options = { bypassEditableProtection: false };
        useHotkey("arrowdown", () => this.move(1), { ...options, allowRepeat: true });
        useHotkey("arrowup", () => this.move(-1), { ...options, allowRepeat: true });
        useHotkey("enter", () => this.takeFirst(), options);
        for (let number = 1; number <= 5; number++) {
            useHotkey(String(number), () => this.takeNumber(number), options);
        }
    }

    get facts() {
        return this.state.facts;
    }

    /** As it stands on the key, in no language. */
    get enterKey() {
        return "Enter";
    }

    get tabs() {
        const labels = { open: _t("To match"), matched: _t("Matched"), aside: _t("Not from customers") };
        return this.facts.tabs.map((tab) => ({ ...tab, label: labels[tab.key] }));
    }

    get certain() {
        return this.facts.grades.find((grade) => grade.key === "1");
    }

    // --- list ---

    async load(keepPlace = false) {
        const rows = this.facts ? this.facts.rows.map((row) => row.id) : [];
        const place = rows.indexOf(this.state.lineId);
        this.state.facts = await this.orm.call(MODEL, "desk_facts", [], {
            tab: this.state.tab,
            journal_id: this.state.journalId,
            text: this.state.text,
            grade: this.state.grade,
            limit: this.state.limit,
        });
        const now = this.facts.rows.map((row) => row.id);
        if (!now.includes(this.state.lineId)) {
            // What was just done is gone: the one that stood below it comes next.
            const next = keepPlace ? now[Math.min(Math.max(place, 0), now.length - 1)] : now[0];
            await this.open(next || false);
        }
    }

    async open(lineId) {
        this.state.lineId = lineId;
        this.state.isChoosing = false;
        this.state.isAside = false;
        this.state.line = lineId ? await this.orm.call(MODEL, "desk_line", [lineId]) : null;
        const row = this.root.el?.querySelector(`[data-line="${lineId}"]`);
        row?.scrollIntoView({ block: "nearest" });
    }

    move(step) {
        const rows = this.facts.rows;
        const place = rows.findIndex((row) => row.id === this.state.lineId) + step;
        if (rows[place]) {
            return this.open(rows[place].id);
        }
    }

    setTab(tab) {
        this.state.tab = tab;
        this.state.grade = false;
        this.state.limit = PAGE;
        return this.load();
    }

    setGrade(grade) {
        this.state.grade = this.state.grade === grade ? false : grade;
        return this.load();
    }

    setJournal(value) {
        this.state.journalId = parseInt(value) || false;
        return this.load();
    }

    setText(value) {
        this.state.text = value;
        this.search();
    }

    more() {
        this.state.limit += PAGE;
        return this.load();
    }

    async refresh() {
        await this.orm.call(MODEL, "desk_refresh", []);
        this.state.lineId = false;
        await this.load();
    }

    upload() {
        return this.action.doAction("cobranca_recorrente.cobranca_statement_upload_action", {
            additionalContext: { from_statement_desk: true },
            onClose: () => this.load(),
        });
    }

    // --- one movement ---

    /** Do something once, and go on with the movement that comes next. */
    async perform(method, args, message) {
        if (this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        try {
            await this.orm.call(MODEL, method, args);
            if (message) {
                this.notification.add(message, { type: "success" });
            }
        } finally {
            this.state.isBusy = false;
            await this.load(true);
        }
    }

    take(suggestion) {
        const undo = this.state.lineId;
        return this.perform("desk_take", [suggestion.id]).then(() => this.offerUndo(undo, suggestion.customer));
    }

    offerUndo(lineId, customer) {
        this.notification.add(_t("Matched: %s", customer), {
            type: "success",
            buttons: [{ name: _t("Undo"), onClick: () => this.undo(lineId) }],
        });
    }

    takeFirst() {
        const first = this.state.line?.suggestions[0];
        if (this.state.tab === "open" && first && first.grade !== "3" && !this.state.isChoosing) {
            return this.take(first);
        }
    }

    takeNumber(number) {
        const chosen = this.state.line?.suggestions[number - 1];
        if (this.state.tab === "open" && chosen && !this.state.isChoosing) {
            return this.take(chosen);
        }
    }

    match(shares, partnerId) {
        return this.perform("desk_match", [this.state.lineId, shares, partnerId], _t("Matched"));
    }

    undo(lineId) {
        return this.perform("desk_undo", [lineId], _t("Taken back: invoices and charges are as they were"));
    }

    setAside() {
        const { lineId, asideReason, asideNote } = this.state;
        return this.perform("desk_aside", [lineId, asideReason, asideNote], _t("Set aside"));
    }

    comeBack() {
        return this.perform("desk_aside", [this.state.lineId, false], _t("To be matched again"));
    }

    // --- all certain ones ---

    askCertain() {
        const { count, amount } = this.certain;
        this.dialog.add(ConfirmationDialog, {
            title: _t("Match all certain ones"),
            body: _t("%(count)s receipts, %(amount)s: each pays the invoice that its text names.", { count, amount }),
            confirmLabel: _t("Match them"),
            confirm: () => this.takeCertain(),
            cancel: () => {},
        });
    }

    /** Batch after batch, each kept for itself: who leaves the screen leaves the rest as it is. */
    async takeCertain() {
        const progress = (this.state.progress = { done: 0, failed: 0, total: this.certain.count, stop: false });
        try {
            let answer;
            do {
                answer = await this.orm.call(MODEL, "desk_take_certain", []);
                this.state.progress.done += answer.matched;
                this.state.progress.failed += answer.failed;
                await new Promise((resolve) => browser.setTimeout(resolve, 0));
            } while (answer.remaining && answer.matched && !this.state.progress.stop);
        } finally {
            this.state.progress = null;
            this.notification.add(
                progress.failed
                    ? _t("%(done)s matched, %(failed)s left for you to look at", { ...progress })
                    : _t("%s matched", progress.done),
                { type: "success" }
            );
            await this.load();
        }
    }
}

registry.category("actions").add("cobranca_statement_desk", StatementDesk);
