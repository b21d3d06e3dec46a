"""What may become of an agreement: {name: steps}, see `life_common`. The day 0 is Monday, 6 April 2026."""

# 1,000 with 17 % of tax and 585: 90 and 45 days late.
TWO = [("owe", -90, "1000", True), ("owe", -45, "585")]
THREE = [("owe", -90, "33.33"), ("owe", -60, "33.34"), ("owe", -60, "33.33")]
HALF = {"fine": 100, "interest": 50, "principal": 10}
FREE = {"fine": 100, "interest": 100}
CHARGES, PRINCIPAL = "charges", "principal"


def sign(day, percents=None, down=None, count=3, method="none", rate="0", order=CHARGES):
    return ("sign", day, percents, down, count, method, rate, order)


def worked(order=CHARGES, method="price", rate="1"):
    """A down payment and five installments with interest; the first one is due on day 30."""
    return [*TWO, sign(0, HALF, "289.18", 5, method, rate, order)]


# The down payment, the first installment two days late, a part of the second one.
PAYING = [("pay", 0, "all", 0), ("pay", 32, "all", 1), ("pay", 50, "100")]
BRIDGED = [("owe", -90, "1000"), ("account", -80), ("owe", -45, "585")]

SCENARIOS = {
    # --- kept ---
    "paid as agreed": [
        *worked(),
        *(("pay", day, "all", number) for number, day in enumerate((0, 30, 63, 91, 122, 154))),
        ("earn", 179),
    ],
    "interest month by month": [
        *worked(),
        ("pay", 0, "all", 0),
        ("earn", 24),
        ("earn", 55),
        ("pay", 60, "all"),
        ("earn", 85),
    ],
    "paid in any order": [*TWO, sign(0), ("pay", 0, "all", 3), ("pay", 1, "all", 1), ("pay", 2, "all", 2)],
    "all at once": [*TWO, sign(0, HALF, count=0), ("pay", 0, "all")],
    "in small parts": [*TWO, sign(0), *(("pay", day, "217.35") for day in (0, 20, 40, 60)), ("pay", 70, "all")],
    "too much": [*TWO, sign(0), ("pay", 0, "all", 1), ("pay", 10, "all+50")],
    "an invoice beside it": [*TWO, sign(0), ("owe", 20, "80"), ("pay", 35, "700"), ("pay", 60, "all")],
    "partly paid before, kept": [*TWO, ("pay", -30, "300"), sign(0, FREE), ("pay", 0, "all")],
    "no discount for punctual installments": [
        ("discount", -100),
        *TWO,
        sign(0),
        ("pay", 0, "all", 1),
        ("pay", 30, "all", 2),
        ("break", 31),
    ],
    # --- late installments ---
    "late with charges": [*TWO, sign(0), ("pay", 17, "all", 1), ("pay", 45, "all", 2), ("pay", 100, "all")],
    "late, charges left": [*TWO, sign(0, FREE), ("pay", 45, "590", 1), ("pay", 46, "all+0"), ("pay", 100, "all")],
    "charges paid later": [
        *TWO,
        sign(0, FREE, count=2),
        ("pay", 45, "877.50", 1),
        ("pay", 80, "20"),
        ("pay", 90, "all"),
    ],
    # --- broken ---
    "nothing paid": [*worked(), ("break", 40)],
    "charges first": [*worked(), *PAYING, ("break", 65)],
    "principal first": [*worked(PRINCIPAL), *PAYING, ("break", 65)],
    "interest was earned": [*worked(), *PAYING, ("earn", 55), ("break", 65), ("pay", 70, "all")],
    "closed books": [*worked(), *PAYING, ("earn", 55), ("lock", 57), ("break", 65), ("pay", 66, "500")],
    "all but little paid": [*TWO, sign(0, HALF), ("pay", 0, "all-1"), ("break", 65)],
    "more paid than owed": [
        ("owe", -10, "100"),
        sign(0, None, None, 6, "simple", "10", PRINCIPAL),
        *(("pay", 0, "all", number) for number in range(1, 6)),
        ("break", 20),
    ],
    "charges paid late": [*worked(), ("pay", 45, "350"), ("pay", 70, "250"), ("break", 80)],
    "charges paid late, principal first": [*worked(PRINCIPAL), ("pay", 45, "350"), ("pay", 70, "250"), ("break", 80)],
    "charges left, broken": [*TWO, sign(0, FREE), ("pay", 45, "all", 1), ("pay", 60, "585", 2), ("break", 70)],
    "partly paid before": [*TWO, ("pay", -30, "300"), sign(0, FREE, "200"), ("pay", 0, "all", 0), ("break", 40)],
    "charges of an invoice paid before": [
        *TWO,
        ("pay", -20, "1170.00"),
        sign(0, FREE),
        ("pay", 0, "100"),
        ("break", 40),
        ("pay", 50, "all"),
    ],
    "agreed anew": [*worked(), *PAYING, ("break", 65), sign(70, FREE, count=2), ("pay", 75, "all")],
    "agreed and broken anew": [*worked(), *PAYING, ("break", 65), sign(70, FREE), ("pay", 75, "99"), ("break", 90)],
    "three of one day": [*THREE, sign(0, {"principal": 7, "fine": 50}, count=4), ("pay", 3, "40"), ("break", 9)],
    # --- restored ---
    "broken by mistake": [*worked(), *PAYING, ("break", 65), ("restore", 65), ("pay", 70, "all"), ("earn", 85)],
    "restored, principal first": [*worked(PRINCIPAL), *PAYING, ("earn", 55), ("break", 65), ("restore", 70)],
    "broken again": [*worked(), *PAYING, ("break", 65), ("restore", 68), ("pay", 70, "60"), ("break", 80)],
    "restored with late charges": [*worked(), ("pay", 45, "350"), ("break", 50), ("restore", 55), ("pay", 60, "all")],
    "restored with charges left": [*TWO, sign(0, FREE), ("pay", 45, "585", 1), ("break", 60), ("restore", 62)],
    # --- paid off before its time ---
    "paid off": [*worked(), ("pay", 0, "all", 0), ("pay", 30, "all", 1), ("earn", 55), ("pay_off", 63)],
    "paid off on the day": [*TWO, sign(0, None, None, 6, "sac", "2"), ("pay_off", 0), ("earn", 24)],
    "paid off late": [*worked(method="simple"), ("pay", 0, "all", 0), ("pay_off", 80)],
    "one paid early": [
        *worked(),
        ("pay", 0, "all", 0),
        ("pay_early", 10, 5),
        ("earn", 24),
        ("pay", 30, "all", 1),
        ("pay_early", 45, 3),
        ("earn", 55),
        ("pay_off", 63),
        ("earn", 85),
    ],
    "one paid early, broken": [*worked(), ("pay_early", 5, 2), ("earn", 55), ("break", 65), ("pay", 70, "all")],
    "one paid early, restored": [*worked(), ("pay_early", 5, 2), ("break", 65), ("restore", 66), ("earn", 85)],
    "one paid early, bounced": [*worked(), ("pay_early", 5, 2), ("pay_early", 8, 4), ("bounce", 20, 0), ("earn", 85)],
    "one paid early, broken, bounced": [*worked(), ("pay_early", 5, 2), ("break", 65), ("bounce", 75)],
    "one paid early, renegotiated": [
        *worked(method="simple"),
        ("pay", 0, "all", 0),
        ("pay_early", 5, 2),
        sign(40, {"principal": 2}, None, 3, "simple", "1"),
        ("earn", 85),
        ("break", 90),
        ("pay_early", 95, 5),
    ],
    # --- money goes back ---
    "bounced and paid again": [*worked(), ("pay", 0, "all", 0), ("bounce", 10), ("pay", 12, "all", 0)],
    "last payment bounced": [
        *TWO,
        sign(0, HALF),
        ("pay", 0, "900"),
        ("pay", 20, "all"),
        ("bounce", 30),
        ("pay", 40, "all"),
    ],
    "too much bounced": [*TWO, sign(0), ("pay", 10, "all+50"), ("bounce", 15)],
    "late charges bounced": [*worked(), ("pay", 45, "350"), ("bounce", 60), ("pay", 62, "100")],
    "bounced after the break": [*worked(), *PAYING, ("break", 65), ("bounce", 75)],
    "first of three bounced": [*worked(PRINCIPAL), *PAYING, ("break", 65), ("bounce", 75, 0), ("pay", 80, "all")],
    "bounced after restoring": [*worked(), *PAYING, ("break", 65), ("restore", 68), ("bounce", 75)],
    "bounced, then broken": [*worked(), *PAYING, ("bounce", 60, 1), ("break", 65)],
    # --- renegotiated ---
    "renegotiated": [*worked(), *PAYING, ("earn", 55), sign(63, None, None, 4), ("pay", 70, "all"), ("earn", 85)],
    "later one broken": [*worked(), *PAYING, sign(63, None, None, 4), ("pay", 65, "90"), ("break", 80), ("earn", 85)],
    "both broken": [*worked(), *PAYING, sign(63, None, None, 4), ("pay", 65, "90"), ("break", 80), ("break", 81)],
    "later one restored": [*worked(), *PAYING, sign(63, FREE), ("pay", 65, "90"), ("break", 80), ("restore", 82)],
    "interest to come forgiven": [
        *worked(),
        ("pay", 0, "all", 0),
        sign(40, {"principal": 1, "fine": 100}, None, 3, "simple", "1"),
        ("earn", 85),
        ("break", 90),
        ("earn", 116),
        ("break", 120),
    ],
    "three agreements": [*worked(), sign(40, FREE), ("pay", 41, "300"), sign(75, None, None, 2), ("pay", 80, "all")],
    # --- postponed ---
    "postponed": [
        *worked(),
        ("pay", 0, "all", 0),
        ("postpone", 20, 1, 12),
        ("pay", 42, "all", 1),
        ("pay", 60, "all", 2),
    ],
    "postponed and late": [*worked(), ("pay", 0, "all", 0), ("postpone", 32, 1, 6), ("pay", 50, "all"), ("earn", 55)],
    "postponed and broken": [
        *worked(),
        ("pay", 0, "all", 0),
        ("postpone", 20, 1, 12),
        ("pay", 50, "99"),
        ("break", 70),
    ],
    # --- remainders and receivable accounts ---
    "cents": [("owe", -90, "100"), sign(0, FREE), ("pay", 0, "30.01", 1), ("pay", 5, "36.67"), ("pay", 9, "all")],
    "little": [("owe", -90, "0.07"), sign(0, FREE, count=3), ("break", 3)],
    "two accounts": [*BRIDGED, sign(0, HALF, "200"), ("pay", 0, "all", 0), ("pay", 45, "all", 1), ("break", 70)],
    "two accounts, principal first": [
        *BRIDGED,
        sign(0, HALF, order=PRINCIPAL),
        ("pay", 2, "900"),
        ("break", 9),
        ("restore", 9),
    ],
    "paid from another account": [
        *TWO,
        sign(0, HALF),
        ("account", 1),
        ("pay", 2, "900"),
        ("pay", 3, "all"),
        ("earn", 24),
    ],
    "paid from another account, broken": [
        *TWO,
        sign(0),
        ("account", 1),
        ("pay", 2, "900"),
        ("break", 9),
        ("pay", 9, "all"),
    ],
    "principal first, restored": [
        *TWO,
        sign(0, HALF, order=PRINCIPAL),
        ("pay", 2, "1200"),
        ("break", 9),
        ("restore", 9),
    ],
    "paid from another account, principal first, restored": [
        *TWO,
        sign(0, HALF, order=PRINCIPAL),
        ("account", 1),
        ("pay", 2, "1200"),
        ("break", 9),
        ("restore", 9),
    ],
    # --- what more goes back ---
    "paid off, renegotiated, bounced": [
        ("owe", -90, "287.16"),
        sign(0, {"principal": 3}, None, 2, "sac", "1"),
        ("pay", 0, "68.27"),
        ("pay_off", 0),
        ("bounce", 0, 0),
        sign(0, {"fine": 25}, "20", 1, "sac", "1", PRINCIPAL),
        ("bounce", 3, 0),
        ("earn", 24),
        ("earn", 55),
    ],
    "paid off, bounced": [*worked(), ("pay", 0, "all", 0), ("pay_off", 40), ("bounce", 50), ("pay", 60, "all")],
    "paid off twice": [*worked(), ("pay", 0, "all", 0), ("pay_off", 40), ("bounce", 50), ("pay_off", 60), ("earn", 85)],
    "paid off, bounced, broken": [*worked(), ("pay", 0, "all", 0), ("pay_off", 40), ("bounce", 50), ("break", 60)],
    "from another account, bounced": [*TWO, sign(0), ("account", 1), ("pay", 2, "900"), ("break", 9), ("bounce", 20)],
    "only charges bounced": [*TWO, sign(0), ("pay", 45, "20"), ("break", 60), ("bounce", 70)],
    "paid before, bounced": [*TWO, ("pay", -30, "300"), sign(0, FREE), ("bounce", 20), ("pay", 30, "all")],
    "paid before, bounced, broken": [*TWO, ("pay", -30, "300"), sign(0, FREE), ("bounce", 20), ("break", 30)],
}
# What the suite plays: all take minutes. Each has something that no other test of the suite has.
SAMPLE = (
    "interest was earned",
    "closed books",
    "more paid than owed",
    "agreed and broken anew",
    "three of one day",
    "no discount for punctual installments",
    "principal first, restored",
    "restored with charges left",
    "paid off, bounced, broken",
    "one paid early",
    "one paid early, broken, bounced",
    "one paid early, renegotiated",
    "first of three bounced",
    "paid before, bounced, broken",
    "from another account, bounced",
    "interest to come forgiven",
    "two accounts",
    "postponed and late",
)
