import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { useService } from "@web/core/utils/hooks";
import { registry } from "@web/core/registry";
import { View } from "@web/views/view";
import { listView } from "@web/views/list/list_view";
import { ListController } from "@web/views/list/list_controller";
import { ListRenderer } from "@web/views/list/list_renderer";
import { onWillStart, useEffect, useState, useSubEnv } from "@odoo/owl";

/**
 * The queue at the left, the customer who is spoken to at the right. On a small screen the list opens the form.
 */
export class QueueController extends ListController {
    static template = "cobranca_recorrente.QueueView";
    static components = { ...ListController.components, View };
    // One customer after the other: many at once are chosen in the list of all customers in collection.
    static defaultProps = { ...ListController.defaultProps, allowSelectors: false };

    setup() {
        super.setup();
        this.notification = useService("notification");
        this.action = useService("action");
        this.desk = useState({ resId: false, version: 0, summary: null, message: "" });
        // Keys, and the bar below the customer, ask the queue for the next one.
        useSubEnv({
            // The customer at the right gives the page no other name.
            config: { ...this.env.config, setDisplayName: () => {} },
            cobrancaQueue: {
                next: () => this.next(),
                comeBack: (resId) => this.comeBack(resId),
                desk: this.desk,
            },
        });
        onWillStart(() => this.loadSummary());
        useEffect(
            (isReady, resIds) => {
                if (isReady && !this.env.isSmall && !this.desk.resId && resIds.length) {
                    this.open(resIds[0]);
                }
            },
            () => [this.model.isReady && !this.model.useSampleModel, this.resIds]
        );
        useHotkey("arrowdown", () => this.move(1), { allowRepeat: true, bypassEditableProtection: false });
        useHotkey("arrowup", () => this.move(-1), { allowRepeat: true, bypassEditableProtection: false });
        useHotkey("enter", () => this.focusCall(), { bypassEditableProtection: false });
    }

    /** Customers of the page that is shown, in the order of the list. */
    get resIds() {
        const root = this.model.root;
        return root.isGrouped ? [] : root.records.map((record) => record.resId);
    }

    get formProps() {
        return {
            type: "form",
            resModel: this.props.resModel,
            resId: this.desk.resId,
            viewId: this.formViewId,
            display: { controlPanel: false },
            context: this.props.context,
            preventEdit: true,
            preventCreate: true,
        };
    }

    get formViewId() {
        const form = (this.env.config.views || []).find(([, type]) => type === "form");
        return form ? form[0] : false;
    }

    get percent() {
        const { done, total } = this.desk.summary || {};
        return total ? Math.round((100 * done) / total) : 100;
    }

    async loadSummary() {
        const domain = this.model?.root?.domain || this.props.domain;
        this.desk.summary = await this.orm.call(this.props.resModel, "desk_summary", [domain]);
    }

    async openRecord(record, options) {
        if (this.env.isSmall) {
            return super.openRecord(record, options);
        }
        await this.open(record.resId);
    }

    /** Open a customer and keep others from opening him; somebody else's is shown, and cannot be worked. */
    async open(resId) {
        const taken = await this.orm.call(this.props.resModel, "desk_take", [[resId]]);
        this.desk.resId = resId;
        this.desk.version++;
        this.desk.message = taken.message;
        if (!taken.is_open) {
            await this.reload();
        }
    }

    async reload() {
        await Promise.all([this.model.load(), this.loadSummary()]);
    }

    /** Who comes after the customer that was just registered: the list is read anew, payments may have changed it. */
    async next() {
        const before = this.resIds;
        const place = before.indexOf(this.desk.resId);
        const rest = [...before.slice(place + 1), ...before.slice(0, Math.max(place, 0))];
        await this.reload();
        const now = this.resIds;
        const following = rest.find((resId) => now.includes(resId)) || now.find((resId) => resId !== this.desk.resId);
        if (following) {
            await this.open(following);
        } else {
            this.desk.resId = false;
            this.desk.message = "";
        }
    }

    /** What was registered of a customer is taken back: he is spoken with again. */
    async comeBack(resId) {
        await this.reload();
        await this.open(resId);
    }

    move(step) {
        const resIds = this.resIds;
        const place = resIds.indexOf(this.desk.resId) + step;
        if (!this.env.isSmall && resIds[place]) {
            this.open(resIds[place]);
        }
    }

    focusCall() {
        this.rootRef.el.querySelector(".o_cobranca_call")?.focus();
    }

    async beforeLeave() {
        if (this.desk.resId) {
            await this.orm.call(this.props.resModel, "desk_release", [[this.desk.resId]]);
        }
        return super.beforeLeave(...arguments);
    }
}

export class QueueRenderer extends ListRenderer {
    setup() {
        super.setup();
        this.desk = useState(this.env.cobrancaQueue.desk);
    }

    getRowClass(record) {
        const isOpen = record.resId === this.desk.resId;
        return `${super.getRowClass(record)} ${isOpen ? "o_cobranca_queue_open" : ""}`;
    }
}

registry.category("views").add("cobranca_queue", {
    ...listView,
    Controller: QueueController,
    Renderer: QueueRenderer,
});
