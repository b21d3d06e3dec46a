"""How mails leave in the section `dunning`: to a server of another process, for us and for the peer alike.

And what the facts of its subjects are called.
"""

GROWTH = "MB more at its peak"
WARM = "queries once caches are filled"
WARM_S = "s once caches are filled"
ROWS = "rows more in all tables"


class NotSent(Exception):
    """Not every debtor got exactly one mail."""


def make_server(env):
    """An outgoing server; where it listens is known when it runs."""
    env["ir.mail_server"].create({"name": "Bench", "smtp_host": "127.0.0.1", "smtp_encryption": "none"})


def use_server(env, sink):
    """From now on mails go there."""
    env["ir.mail_server"].search([]).write({"smtp_host": sink.host, "smtp_port": sink.port})
    env.cr.commit()


def checked(sink, number):
    """The facts of what was sent.

    :raise NotSent: when it is not one mail for each debtor
    """
    if (sink.mails, sink.recipients) != (number, number):
        raise NotSent(f"{sink.mails} mails for {sink.recipients} addresses instead of {number}")
    return {"mails accepted": sink.mails}
