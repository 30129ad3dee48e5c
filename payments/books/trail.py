"""The rules of the audit trail: every entry as it was written, all in one line of seals, none missing at its end."""

from payments.books.asking import Rule

_ENTRY = """
SELECT 'audit entry ' || e.id, 'not as it was written, or the one before it is gone', 'its hash'
FROM shared_auditentry e LEFT JOIN shared_auditentry last ON last.id = e.previous
WHERE e.previous IS NOT NULL AND last.id IS NULL OR e.hash <> encode(sha256(convert_to(jsonb_build_array(
    coalesce(last.hash, ''), e.id, extract(epoch FROM e.at), e.action, e.actor_id, e.subject_type, e.subject_id,
    e.reason, host(e.address), e.data
)::text, 'UTF8')), 'base64')
"""

_SEAL = """
SELECT 'audit seal ' || s.position, 'not the one that was set', 'its place and its hash'
FROM (
    SELECT *, coalesce(lag(hash) OVER line, '') AS before, row_number() OVER line AS place
    FROM shared_auditseal WINDOW line AS (ORDER BY position)
) s
LEFT JOIN shared_auditentry e ON e.id = s.entry_id
WHERE s.position <> s.place OR s.hash <>
    encode(sha256(convert_to(jsonb_build_array(s.before, s.position, e.hash)::text, 'UTF8')), 'base64')
"""

_LENGTH = """
SELECT 'audit trail', format('%s seals', coalesce(s.position, 0)), format('%s', coalesce(h.entries, 0))
FROM (SELECT 1) one
LEFT JOIN shared_audithead h ON h.id = 1
LEFT JOIN (SELECT position, hash FROM shared_auditseal ORDER BY position DESC LIMIT 1) s ON true
WHERE (s.position, s.hash) IS DISTINCT FROM (h.entries, h.hash)
"""

_UNSEALED = """
SELECT 'audit entry ' || e.id, 'not sealed', 'sealed within the hour'
FROM shared_auditentry e LEFT JOIN shared_auditseal s ON s.entry_id = e.id
WHERE s.position IS NULL AND e.at < now() - interval '1 hour'
"""

TRAIL = (
    Rule("an audit entry is as it was written", _ENTRY),
    Rule("the seals are as they were set", _SEAL),
    Rule("no last audit entry is missing", _LENGTH),
    Rule("every audit entry is sealed", _UNSEALED),
)
