import { Component, useEffect, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { FormRenderer } from "@web/views/form/form_renderer";
import { LadderPreview } from "./ladder_preview";

const DAYS = "days";
const FIRST_DAYS = 3;
const MORE_DAYS = 15;
const ICONS = { email: "envelope-o", sms: "mobile", whatsapp: "whatsapp", call: "phone", letter: "file-text-o" };

/** The steps of a ladder on a time line; below it the chosen one as its ordinary fields, and what a customer reads. */
export class LadderField extends Component {
    static template = "cobranca_recorrente.LadderField";
    static components = { FormRenderer, LadderPreview };
    static props = { ...standardFieldProps, views: Object };

    setup() {
        this.dialog = useService("dialog");
        this.state = useState({ id: "", place: "" });
        this.icons = ICONS;
        useHotkey("arrowleft", () => this.move(-1), { allowRepeat: true });
        useHotkey("arrowright", () => this.move(1), { allowRepeat: true });
        // A record is another one after it was saved, and is written to only when it is told to be.
        useEffect(
            () => {
                this.edit();
            },
            () => [this.selected?.id, this.isEditable]
        );
    }

    get list() {
        return this.props.record.data[this.props.name];
    }

    get isEditable() {
        return !this.props.readonly && this.props.record.isInEdition;
    }

    get records() {
        return this.list.records.filter((level) => level.data.active !== false);
    }

    /** From the earliest to the latest, as they come. */
    get steps() {
        const steps = this.records.filter((level) => level.data.trigger === DAYS);
        return steps.sort((one, other) => one.data.days - other.data.days);
    }

    get events() {
        return this.records.filter((level) => level.data.trigger !== DAYS);
    }

    /** What stands on the line: the steps, and the due day between them. */
    get line() {
        const line = this.steps.map((level) => ({ level, key: level.id }));
        const isAtDue = (item) => item.level.data.days === 0;
        if (!line.some(isAtDue)) {
            const after = line.findIndex((item) => item.level.data.days > 0);
            line.splice(after < 0 ? line.length : after, 0, { level: null, key: "due" });
        }
        return line;
    }

    get selected() {
        const all = [...this.steps, ...this.events];
        return (
            all.find((level) => level.id === this.state.id) ||
            all.find((level) => this.placeOf(level) === this.state.place) ||
            all.find((level) => this.standing(level).count && level.data.days > 0) ||
            all[0]
        );
    }

    /** A step is known again by what makes it one of a ladder: its day, or its event. */
    placeOf(level) {
        return level.data.trigger === DAYS ? `${level.data.days}` : level.data.trigger;
    }

    standing(level) {
        return this.props.record.data.standing?.[level.resId] || {};
    }

    when(level) {
        const { trigger, days } = level.data;
        if (trigger !== DAYS) {
            return level.fields.trigger.selection.find(([key]) => key === trigger)[1];
        }
        if (!days) {
            return _t("Falls due");
        }
        return days > 0 ? `D+${days}` : `D−${-days}`;
    }

    channels(level) {
        const rows = [...level.data.channel_ids.records];
        return rows.sort((one, other) => one.data.sequence - other.data.sequence).map((row) => row.data.channel);
    }

    get dueWords() {
        return {
            next: _t("no banks: on the next business day"),
            previous: _t("no banks: on the business day before"),
            same: _t("on days without banks too"),
        }[this.props.record.data.business_day_rule];
    }

    get title() {
        const { name } = this.selected.data;
        return [this.when(this.selected), name].filter(Boolean).join(" · ");
    }

    /** All that the preview hangs on: it is read again when any of it has changed. */
    get version() {
        return JSON.stringify([this.props.record.data.standing, this.list.records.length]);
    }

    async edit() {
        const level = this.selected;
        if (!level) {
            return;
        }
        this.state.id = level.id;
        this.state.place = this.placeOf(level);
        if (this.isEditable && !level.isInEdition) {
            await this.list.enterEditMode(level);
        }
    }

    async select(level) {
        if (this.isEditable && this.list.editedRecord && !(await this.list.leaveEditMode())) {
            return;
        }
        this.state.id = level.id;
        this.state.place = this.placeOf(level);
    }

    move(by) {
        const all = [...this.steps, ...this.events];
        const level = all[all.findIndex((item) => item.id === this.selected?.id) + by];
        if (level) {
            this.select(level);
        }
    }

    /** A step after the last one. */
    add() {
        const last = this.steps.at(-1)?.data.days;
        return this.create(last === undefined ? FIRST_DAYS : Math.max(last, 0) + MORE_DAYS);
    }

    addEvent() {
        const [trigger] = this.freeEvents;
        return this.create(0, { default_trigger: trigger[0], default_name: trigger[1] });
    }

    get freeEvents() {
        const used = this.events.map((level) => level.data.trigger);
        const all = this.props.record.data[this.props.name].fields.trigger?.selection || [];
        return all.filter(([key]) => key !== DAYS && !used.includes(key));
    }

    /** The same step on the next free day. */
    duplicate() {
        const used = this.steps.map((level) => level.data.days);
        let days = this.selected.data.days + 1;
        while (used.includes(days)) {
            days++;
        }
        const { name, tone, min_amount, is_reviewed } = this.selected.data;
        return this.create(days, {
            default_name: _t("%s (copy)", name),
            default_tone: tone,
            default_min_amount: min_amount,
            default_is_reviewed: is_reviewed,
            default_playbook_id: this.selected.data.playbook_id?.id || false,
        });
    }

    /** New steps write by the same channels and texts as the chosen one, until somebody chooses others. */
    async create(days, values = {}) {
        if (this.list.editedRecord && !(await this.list.leaveEditMode())) {
            return;
        }
        const rows = this.selected ? [...this.selected.data.channel_ids.records] : [];
        const channels = rows.map((row) => [
            0,
            0,
            {
                channel: row.data.channel,
                sequence: row.data.sequence,
                mail_template_id: row.data.mail_template_id?.id || false,
                sms_template_id: row.data.sms_template_id?.id || false,
            },
        ]);
        const context = {
            default_days: days,
            default_channel_ids: channels,
            default_name: _t("New step"),
            ...values,
        };
        const level = await this.list.addNewRecord({ context, mode: "edit", position: "bottom" });
        this.state.id = level.id;
        this.state.place = this.placeOf(level);
    }

    remove() {
        const level = this.selected;
        if (level.isNew) {
            return this.list.delete(level);
        }
        this.dialog.add(ConfirmationDialog, {
            title: _t("Take the step out"),
            body: _t(
                "Nobody gets “%s” any more. What was sent stays in the register, and customers go on with the step after it.",
                level.data.name
            ),
            confirmLabel: _t("Take out"),
            confirm: async () => {
                await level.update({ active: false });
                await this.list.leaveEditMode();
                this.state.id = "";
                this.state.place = "";
            },
            cancel: () => {},
        });
    }
}

export const ladderField = {
    component: LadderField,
    displayName: _t("Ladder"),
    supportedTypes: ["one2many"],
    useSubView: true,
    fieldDependencies: [
        { name: "standing", type: "json" },
        { name: "business_day_rule", type: "selection" },
    ],
    extractProps: ({ views }) => ({ views }),
};

registry.category("fields").add("cobranca_ladder", ladderField);
