import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { useAutofocus } from "@web/core/utils/hooks";

/** Why something beyond one's authority should be conceded; without it nobody is asked. */
export class ProposalReason extends Component {
    static template = "cobranca_negociacao.ProposalReason";
    static components = { Dialog };
    static props = { title: String, details: Array, ask: Function, close: Function };

    setup() {
        useAutofocus({ refName: "reason" });
        this.state = useState({ reason: "", isBusy: false });
    }

    async confirm() {
        this.state.isBusy = true;
        await this.props.ask(this.state.reason.trim());
        this.props.close();
    }
}
