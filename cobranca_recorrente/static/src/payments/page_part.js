import { Interaction } from "@web/public/interaction";

/**
 * A part of a page that follows a form on it: with each choice the server draws the part anew. Whatever goes wrong is
 * told by the page itself, which is then loaded as without JavaScript.
 */
export class PagePart extends Interaction {
    setup() {
        this.asked = 0;
    }

    /**
     * Draw a part of the page for what a form says now.
     *
     * @param {HTMLFormElement} form
     * @param {string} selector of the part
     * @returns {Promise<{ address: string, fresh: Element } | undefined>} nothing when a later choice is on its way, or
     * when the page is being left
     */
    async drawAnew(form, selector) {
        const address = `${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`;
        const turn = ++this.asked;
        let text;
        try {
            const answer = await this.waitFor(fetch(address, { credentials: "same-origin" }));
            text = answer.ok ? await this.waitFor(answer.text()) : "";
        } catch {
            text = "";
        }
        if (turn !== this.asked) {
            return;
        }
        const fresh = new DOMParser().parseFromString(text, "text/html").querySelector(selector);
        if (!fresh) {
            window.location.assign(address);
            return;
        }
        return { address, fresh };
    }

    /**
     * Put the fresh part in the place of the old one; what was opened stays open.
     *
     * @param {Element} old
     * @param {Element} fresh
     */
    replace(old, fresh) {
        const opened = [...old.querySelectorAll("details")].map((details) => details.open);
        old.replaceChildren(...document.adoptNode(fresh).childNodes);
        old.querySelectorAll("details").forEach((details, place) => {
            details.open = details.open || opened[place];
        });
    }

    /**
     * Run something that replaces what has the focus, and give it back.
     *
     * @param {() => void} draw
     */
    keepFocus(draw) {
        const focused = document.activeElement?.id;
        draw();
        if (focused) {
            document.getElementById(focused)?.focus();
        }
    }
}
