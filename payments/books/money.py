"""The rules of money: what each payment's credits must be, what a bill may carry, where a household's money lies."""

from payments.books.asking import Rule

POSTED = "('sending', 'pending', 'succeeded')"

_PAYMENT = f"""
SELECT reference, format('%s held, %s counted, %s reversed', held, counted, reversed),
    format('%s held, %s counted, %s reversed', must_hold, must_count, must_reverse)
FROM (
    SELECT p.reference, coalesce(c.held, 0) AS held, coalesce(c.counted, 0) AS counted,
        coalesce(c.reversed, 0) AS reversed,
        CASE WHEN p.status IN ('submitting', 'awaiting_member', 'processing') THEN p.amount_cents ELSE 0 END
            AS must_hold,
        CASE p.status WHEN 'paid' THEN p.amount_cents - coalesce(r.cents, 0) ELSE 0 END AS must_count,
        CASE p.status WHEN 'paid' THEN coalesce(r.cents, 0) WHEN 'returned' THEN p.amount_cents ELSE 0 END
            AS must_reverse
    FROM payments_payment p
    LEFT JOIN (
        SELECT source, sum(amount_cents) FILTER (WHERE status = 'held') AS held,
            sum(amount_cents) FILTER (WHERE status IN ('settled', 'disputed')) AS counted,
            sum(amount_cents) FILTER (WHERE status = 'reversed') AS reversed
        FROM billing_credit GROUP BY source
    ) c ON c.source = p.reference
    LEFT JOIN (
        SELECT payment_id, sum(amount_cents) AS cents FROM payments_refund WHERE status IN {POSTED}
        GROUP BY payment_id
    ) r ON r.payment_id = p.id
) money
WHERE (held, counted, reversed) IS DISTINCT FROM (must_hold, must_count, must_reverse)
"""

_DISPUTED = """
SELECT p.reference, format('%s paid, %s set aside', c.paid, c.aside),
    CASE WHEN d.is_open THEN 'all set aside for the open dispute' ELSE 'nothing set aside' END
FROM payments_payment p
JOIN (
    SELECT source, coalesce(sum(amount_cents) FILTER (WHERE status = 'settled'), 0) AS paid,
        coalesce(sum(amount_cents) FILTER (WHERE status = 'disputed'), 0) AS aside
    FROM billing_credit GROUP BY source
) c ON c.source = p.reference
CROSS JOIN LATERAL (
    SELECT EXISTS (
        SELECT FROM payments_dispute WHERE payment_id = p.id AND kind = 'card' AND status = 'open'
    ) AS is_open
) d
WHERE p.status = 'paid' AND CASE WHEN d.is_open THEN c.paid > 0 ELSE c.aside > 0 END
"""

_STRAY = """
SELECT c.source, format('%s cents of no payment', sum(c.amount_cents)), 'a payment that brought them'
FROM billing_credit c LEFT JOIN payments_payment p ON p.reference = c.source
WHERE p.id IS NULL AND c.status NOT IN ('superseded', 'released')
GROUP BY c.source
"""

_STRANGE = """
SELECT p.reference, format('credit %s of household %s', c.id, c.household_id), format('household %s', p.household_id)
FROM billing_credit c JOIN payments_payment p ON p.reference = c.source
WHERE c.household_id <> p.household_id
"""

_SPLIT = """
SELECT parent.source, format('credit %s is %s: %s cents in its parts', parent.id, parent.status,
    coalesce(sum(child.amount_cents), 0)), format('superseded: %s cents', parent.amount_cents)
FROM billing_credit parent LEFT JOIN billing_credit child ON child.parent_id = parent.id
WHERE parent.status = 'superseded' OR child.id IS NOT NULL
GROUP BY parent.id
HAVING parent.status <> 'superseded' OR coalesce(sum(child.amount_cents), 0) <> parent.amount_cents
"""

_BILL = """
SELECT 'bill ' || b.number, format('%s cents credited', sum(c.amount_cents)), format('at most %s', b.total_cents)
FROM billing_bill b JOIN billing_credit c ON c.bill_id = b.id AND c.status IN ('held', 'settled', 'disputed')
GROUP BY b.id
HAVING sum(c.amount_cents) > b.total_cents
"""

_OWNER = """
SELECT 'bill ' || b.number, format('credit %s of household %s', c.id, c.household_id),
    format('household %s', b.household_id)
FROM billing_bill b JOIN billing_credit c ON c.bill_id = b.id
WHERE c.household_id <> b.household_id
"""

_ATTEMPTS = """
SELECT 'bill ' || b.number, format('%s attempts on their way', count(*)), 'at most 1'
FROM billing_bill b JOIN billing_credit c ON c.bill_id = b.id AND c.status = 'held'
GROUP BY b.id
HAVING count(*) > 1
"""

_HOUSEHOLD = f"""
SELECT 'household ' || h.id,
    format('%s on bills + %s credit + %s refunded + %s returned', coalesce(l.placed, 0),
        coalesce(l.kept, 0), coalesce(t.refunded, 0), coalesce(t.returned, 0)),
    format('%s paid', coalesce(t.paid, 0))
FROM accounts_household h
LEFT JOIN (
    SELECT p.household_id, sum(p.amount_cents) AS paid,
        coalesce(sum(r.cents) FILTER (WHERE p.status = 'paid'), 0) AS refunded,
        coalesce(sum(p.amount_cents) FILTER (WHERE p.status = 'returned'), 0) AS returned
    FROM payments_payment p
    LEFT JOIN (
        SELECT payment_id, sum(amount_cents) AS cents FROM payments_refund WHERE status IN {POSTED}
        GROUP BY payment_id
    ) r ON r.payment_id = p.id
    WHERE p.status IN ('paid', 'returned') GROUP BY p.household_id
) t ON t.household_id = h.id
LEFT JOIN (
    SELECT household_id, coalesce(sum(amount_cents) FILTER (WHERE bill_id IS NOT NULL), 0) AS placed,
        coalesce(sum(amount_cents) FILTER (WHERE bill_id IS NULL), 0) AS kept
    FROM billing_credit WHERE status IN ('settled', 'disputed') GROUP BY household_id
) l ON l.household_id = h.id
WHERE coalesce(l.placed + l.kept, 0) + coalesce(t.refunded + t.returned, 0) <> coalesce(t.paid, 0)
"""

_REFUNDS = """
SELECT p.reference, format('%s cents refunded or asked for', sum(r.amount_cents)),
    format('at most %s of a payment that was paid', p.amount_cents)
FROM payments_payment p JOIN payments_refund r ON r.payment_id = p.id AND r.status NOT IN ('failed', 'declined')
GROUP BY p.id
HAVING sum(r.amount_cents) > p.amount_cents OR p.status NOT IN ('paid', 'returned')
"""

MONEY = (
    Rule("a payment has its money", _PAYMENT),
    Rule("disputed money is set aside", _DISPUTED),
    Rule("money comes with a payment", _STRAY),
    Rule("money stays in its household", _STRANGE),
    Rule("split money adds up", _SPLIT),
    Rule("no bill is credited above its total", _BILL),
    Rule("a bill has its own household's money", _OWNER),
    Rule("one attempt a bill is on its way", _ATTEMPTS),
    Rule("a household's money is all there", _HOUSEHOLD),
    Rule("no refund above what was paid", _REFUNDS),
)
