import { registry } from "@web/core/registry";
import { DESK, ProposalDialog } from "./proposal_dialog";

/**
 * Opens the simulation of an agreement over what stands behind it: a customer, a case or invoices.
 *
 * Nothing is written before something is sent; what stands behind is read anew after it.
 */
export async function simulateProposal(env, action, options = {}) {
    const { partner_id = false, line_ids = [], counter_of_id = false } = action.params || {};
    const facts = await env.services.orm.call(DESK, "simulate_open", [partner_id, line_ids], { counter_of_id });
    let next = false;
    env.services.dialog.add(
        ProposalDialog,
        {
            facts,
            done: ({ message, action: following }) => {
                env.services.notification.add(message, { type: "success" });
                next = following;
            },
        },
        {
            onClose: async () => {
                await options.onClose?.();
                if (next) {
                    await env.services.action.doAction(next);
                }
            },
        }
    );
}

registry.category("actions").add("cobranca_negociacao.proposal_simulate", simulateProposal);
