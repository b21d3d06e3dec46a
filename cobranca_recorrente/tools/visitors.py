"""Who asks for a page: a person with a browser, or a program that looks at links on somebody's behalf."""

import re

# Mail clients and messengers open what is sent to show a preview, and guards of mailboxes to look for harm.
PROGRAMS = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|scan|prefetch|monitor|facebookexternalhit|whatsapp|telegram|slack|skype"
    r"|outlook|office|thunderbird|linkcheck|urlpreview|http-?client|curl|wget|python|java/|okhttp|go-http|axios"
)


def is_browser(agent: str | None, purpose: str | None = "") -> bool:
    """Does a person look at what he gets?

    :param agent: the header User-Agent
    :param purpose: what the headers Sec-Purpose, Purpose and X-Moz say

    >>> phone = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36"
    >>> is_browser(phone), is_browser(phone, "prefetch;prerender"), is_browser("WhatsApp/2.24.1 A"), is_browser(None)
    (True, False, False, False)
    >>> is_browser("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")
    False
    """
    agent = (agent or "").casefold()
    return agent.startswith("mozilla/") and not PROGRAMS.search(agent) and not (purpose or "").strip()
