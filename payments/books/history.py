"""The rules of history: each is a path of the table of moves, ends where the payment stands, and is unchanged."""

from payments.books.asking import Rule
from payments.states import MOVES, Status

# The hash is worked out here once more, not by the database's own function: that one could be changed as well.
_HASH = """
encode(sha256(convert_to(jsonb_build_array(
    coalesce(e.before, ''), e.payment_id, e.position, extract(epoch FROM e.at), e.from_status, e.to_status, e.via,
    e.code
)::text, 'UTF8')), 'base64')
"""

_LEGAL = ", ".join(
    f"'{move}'"
    for move in [f">{Status.STARTED}", *sorted(f"{today}>{after}" for today in MOVES for after in MOVES[today])]
)

_PATH = f"""
SELECT p.reference, format('step %s goes from "%s" to "%s"', e.position, e.from_status, e.to_status),
    format('a legal move from "%s"', coalesce(e.last, ''))
FROM (
    SELECT *, lag(to_status) OVER (PARTITION BY payment_id ORDER BY position) AS last FROM payments_paymentevent
) e
JOIN payments_payment p ON p.id = e.payment_id
WHERE e.from_status <> coalesce(e.last, '') OR e.from_status || '>' || e.to_status NOT IN ({_LEGAL})
"""

_END = """
SELECT p.reference, format('a history that ends at "%s"', coalesce(e.to_status, '')), format('"%s"', p.status)
FROM payments_payment p
LEFT JOIN (
    SELECT DISTINCT ON (payment_id) payment_id, to_status FROM payments_paymentevent
    ORDER BY payment_id, position DESC
) e ON e.payment_id = p.id
WHERE e.to_status IS DISTINCT FROM p.status
"""

_CHAIN = f"""
SELECT p.reference, format('step %s is not as it was written', e.position), 'its place and its hash'
FROM (
    SELECT *, lag(hash) OVER steps AS before, row_number() OVER steps AS place FROM payments_paymentevent
    WINDOW steps AS (PARTITION BY payment_id ORDER BY position)
) e
JOIN payments_payment p ON p.id = e.payment_id
WHERE e.position <> e.place OR e.hash <> {_HASH}
"""

_LENGTH = """
SELECT p.reference, format('%s steps, the last "%s"', coalesce(e.steps, 0), coalesce(e.last, '')),
    format('%s steps, the last "%s"', coalesce(c.events, 0), coalesce(c.status, ''))
FROM payments_payment p
LEFT JOIN payments_paymentchain c ON c.payment_id = p.id
LEFT JOIN (
    SELECT DISTINCT ON (payment_id) payment_id, to_status AS last, hash,
        count(*) OVER (PARTITION BY payment_id) AS steps
    FROM payments_paymentevent ORDER BY payment_id, position DESC
) e ON e.payment_id = p.id
WHERE (c.events, c.status, c.hash) IS DISTINCT FROM (e.steps, e.last, e.hash)
"""

HISTORY = (
    Rule("a history is a path of the table", _PATH),
    Rule("a history ends where the payment stands", _END),
    Rule("a step is as it was written", _CHAIN),
    Rule("no last step is missing", _LENGTH),
)
