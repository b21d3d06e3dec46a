"""States of messages and how they follow each other; here, because several models speak of them."""

# Only forward: from which states each state is reached.
BEFORE = {
    "queued": ("review",),
    "todo": ("review", "queued"),
    "sent": ("queued", "todo"),
    "delivered": ("sent",),
    "read": ("sent", "delivered"),
    "undelivered": ("review", "queued", "todo", "sent", "delivered"),
    "cancelled": ("review", "queued", "todo"),
}
# On the way to the customer: no other step of his begins.
PENDING = ("review", "queued", "todo")
REACHED = ("sent", "delivered", "read")
