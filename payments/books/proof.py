"""The rules of proof: one receipt and one confirmation for what was paid, not before it was, and none for the rest."""

from payments.books.asking import Rule

# A clock may be set back a little between two lines of one program.
_CLOCK = "interval '1 second'"

_RECEIPT = """
SELECT p.reference, format('%s receipts', count(r.id)), CASE WHEN is_taken THEN '1' ELSE 'none' END
FROM (SELECT *, status IN ('paid', 'returned') AS is_taken FROM payments_payment) p
LEFT JOIN payments_receipt r ON r.payment_id = p.id
GROUP BY p.reference, p.is_taken
HAVING count(r.id) <> is_taken::int
"""

_AMOUNT = """
SELECT p.reference, format('a receipt of %s cents, %s in its parts', r.amount_cents, coalesce(s.cents, 0)),
    format('%s cents, in parts above zero', p.amount_cents)
FROM payments_receipt r JOIN payments_payment p ON p.id = r.payment_id
CROSS JOIN LATERAL (
    SELECT sum((part ->> 1)::bigint) AS cents, min((part ->> 1)::bigint) AS least
    FROM jsonb_array_elements(r.split) AS part
) s
WHERE (r.amount_cents, s.cents) IS DISTINCT FROM (p.amount_cents, p.amount_cents) OR s.least <= 0
"""

_SPLIT = """
SELECT p.reference, format('bill %s on the receipt, %s times', part ->> 0, count(*)),
    'each bill once, and of the household'
FROM payments_receipt r JOIN payments_payment p ON p.id = r.payment_id
CROSS JOIN LATERAL jsonb_array_elements(r.split) AS part
LEFT JOIN billing_bill b ON b.number = part ->> 0
GROUP BY p.id, part ->> 0
HAVING count(*) > 1 OR bool_or(part ->> 0 IS NOT NULL AND b.household_id IS DISTINCT FROM p.household_id)
"""

_ISSUED = f"""
SELECT p.reference, 'a receipt from before it was paid', 'after'
FROM payments_receipt r JOIN payments_payment p ON p.id = r.payment_id
WHERE r.issued_at < p.paid_at - {_CLOCK}
"""

_CONFIRMED = """
SELECT p.reference, format('%s confirmations', coalesce(m.copies, 0)), CASE WHEN is_taken THEN '1' ELSE 'none' END
FROM (SELECT *, status IN ('paid', 'returned') AS is_taken FROM payments_payment) p
LEFT JOIN (
    SELECT split_part(key, ':', 2) AS reference, count(*) AS copies FROM shared_outgoingmessage
    WHERE kind = 'payment_paid' AND key = 'payment:' || split_part(key, ':', 2) || ':paid' GROUP BY 1
) m ON m.reference = p.reference
WHERE coalesce(m.copies, 0) <> is_taken::int
"""

_AGAIN = """
SELECT m.reference, format('%s more messages that say paid', m.copies), format('%s that support sent again',
    coalesce(a.acts, 0))
FROM (
    SELECT split_part(key, ':', 2) AS reference, count(*) AS copies FROM shared_outgoingmessage
    WHERE kind = 'payment_paid' AND key <> 'payment:' || split_part(key, ':', 2) || ':paid' GROUP BY 1
) m
LEFT JOIN payments_payment p ON p.reference = m.reference
LEFT JOIN (
    SELECT subject_id, count(*) AS acts FROM shared_auditentry
    WHERE subject_type = 'payments.payment' AND action = 'receipt sent again' GROUP BY subject_id
) a ON a.subject_id = p.id::text
WHERE m.copies > coalesce(a.acts, 0)
"""

_TOLD = f"""
SELECT split_part(m.key, ':', 2), 'a message says paid', 'none before it is'
FROM shared_outgoingmessage m
LEFT JOIN payments_payment p ON p.reference = split_part(m.key, ':', 2) AND p.status IN ('paid', 'returned')
WHERE m.kind = 'payment_paid' AND (p.id IS NULL OR m.created_at < p.paid_at - {_CLOCK})
"""

PROOF = (
    Rule("a paid payment has one receipt", _RECEIPT),
    Rule("a receipt is over what was paid", _AMOUNT),
    Rule("a receipt names the household's bills", _SPLIT),
    Rule("no receipt before it is paid", _ISSUED),
    Rule("a paid payment has one confirmation", _CONFIRMED),
    Rule("paid is said again only by support", _AGAIN),
    Rule("no message says paid before it is", _TOLD),
)
