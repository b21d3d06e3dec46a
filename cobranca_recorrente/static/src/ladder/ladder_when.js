import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Days from the due date as people say them: a number, and before or after. */
export class LadderWhen extends Component {
    static template = "cobranca_recorrente.LadderWhen";
    static props = { ...standardFieldProps };

    get days() {
        return this.props.record.data[this.props.name];
    }

    get side() {
        if (!this.days) {
            return "due";
        }
        return this.days < 0 ? "before" : "after";
    }

    get words() {
        const number = Math.abs(this.days);
        if (this.side === "due") {
            return _t("on the due day");
        }
        if (this.side === "before") {
            return number === 1 ? _t("1 day before the due date") : _t("%s days before the due date", number);
        }
        return number === 1 ? _t("1 day after the due date") : _t("%s days after the due date", number);
    }

    update(number, side) {
        const days = side === "due" ? 0 : Math.max(Math.abs(number), 1) * (side === "before" ? -1 : 1);
        return this.props.record.update({ [this.props.name]: days });
    }

    onNumber(ev) {
        const number = parseInt(ev.target.value, 10) || 0;
        const side = number < 0 ? "before" : this.side === "due" ? "after" : this.side;
        return this.update(number, number ? side : "due");
    }

    onSide(ev) {
        return this.update(this.days, ev.target.value);
    }
}

registry.category("fields").add("cobranca_ladder_when", {
    component: LadderWhen,
    supportedTypes: ["integer"],
});
