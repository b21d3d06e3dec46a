"""What a payment provider's reason for refusing a card means: never again with it, or perhaps on another day.

Reasons as the providers document them; what is not listed is unknown.
"""

from .card import HARD, SOFT, UNKNOWN

REASONS = {
    "stripe": {
        HARD: """lost_card stolen_card pickup_card restricted_card fraudulent incorrect_number invalid_number
            invalid_account expired_card revocation_of_all_authorizations revocation_of_authorization stop_payment_order
            card_not_supported merchant_blacklist security_violation transaction_not_allowed""",
        SOFT: """insufficient_funds processing_error try_again_later issuer_not_available reenter_transaction
            card_velocity_exceeded withdrawal_count_limit_exceeded approve_with_id""",
    },
    "mercado_pago": {
        HARD: """cc_rejected_blacklist cc_rejected_card_disabled cc_rejected_high_risk cc_rejected_bad_filled_date
            cc_rejected_bad_filled_card_number cc_rejected_bad_filled_security_code cc_rejected_bad_filled_other
            cc_rejected_card_type_not_allowed""",
        SOFT: """cc_rejected_insufficient_amount cc_rejected_max_attempts cc_rejected_duplicated_payment
            cc_rejected_card_error cc_rejected_time_out""",
    },
    # The provider for demonstrations knows only these two.
    "demo": {HARD: "cancel", SOFT: "error"},
}
CLASS_OF = {
    (provider, reason): kind
    for provider, kinds in REASONS.items()
    for kind, reasons in kinds.items()
    for reason in reasons.split()
}


def classify(provider: str, reason: str) -> str:
    """
    >>> classify("stripe", "stolen_card"), classify("mercado_pago", "cc_rejected_insufficient_amount")
    ('hard', 'soft')
    >>> classify("stripe", "generic_decline"), classify("other", "51")
    ('unknown', 'unknown')
    """
    return CLASS_OF.get((provider, reason), UNKNOWN)


def read_reason(provider: str, data: object) -> str:
    """The reason in what a provider sent; empty where it tells none.

    >>> read_reason("mercado_pago", {"status": "rejected", "status_detail": "cc_rejected_blacklist"})
    'cc_rejected_blacklist'
    >>> read_reason("stripe", {"error": {"code": "card_declined", "decline_code": "stolen_card"}})
    'stolen_card'
    >>> read_reason("stripe", {"payment_intent": {"last_payment_error": {"code": "expired_card"}}})
    'expired_card'
    >>> read_reason("demo", {"simulated_state": "error"}), read_reason("stripe", {"payment_intent": None})
    ('error', '')
    """
    if not isinstance(data, dict):
        return ""
    if provider == "mercado_pago":
        return _text(data.get("status_detail")) if data.get("status") == "rejected" else ""
    if provider == "demo":
        return _text(data.get("simulated_state"))
    if provider == "stripe":
        error = data.get("error") or (data.get("payment_intent") or {}).get("last_payment_error") or {}
        return _text(error.get("decline_code") or error.get("code"))
    return ""


def _text(value):
    return value if isinstance(value, str) else ""
