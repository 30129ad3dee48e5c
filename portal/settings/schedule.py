"""What beat starts, and when (Eastern)."""

from celery.schedules import crontab

CELERY_BEAT_SCHEDULE = {
    "send what is still waiting": {"task": "portal.shared.tasks.sweep_messages", "schedule": 30.0},
    "answer inquiries, tell of locks": {"task": "accounts.tasks.sweep", "schedule": 20.0},
    "work off gateway events": {"task": "payments.tasks.sweep_events", "schedule": 30.0},
    "ask whether the gateway is well": {"task": "payments.tasks.take_pulse", "schedule": 60.0},
    "resolve stalled payments": {"task": "payments.tasks.sweep_stalled", "schedule": 60.0},
    "resolve refunds, look at disputes": {"task": "payments.tasks.sweep_refunds", "schedule": 120.0},
    "look at payments at the bank": {"task": "payments.tasks.sweep_processing", "schedule": 3600.0},
    "prove the books": {"task": "payments.tasks.check_books", "schedule": crontab(hour=3, minute=40)},
    "seal the audit trail": {"task": "portal.shared.tasks.seal_audit", "schedule": 60.0},
    "catch up on gateway events": {
        "task": "payments.tasks.reconcile",
        "schedule": crontab(minute=25),
        "args": ["events"],
    },
    "compare charges": {
        "task": "payments.tasks.reconcile",
        "schedule": crontab(hour=2, minute=5),
        "args": ["intents"],
    },
    "compare payouts": {
        "task": "payments.tasks.reconcile",
        "schedule": crontab(hour=4, minute=5),
        "args": ["payouts"],
    },
    "remind of small deposits": {"task": "payments.tasks.remind_of_deposits", "schedule": crontab(minute=5)},
    "remind of due dates": {"task": "billing.tasks.send_reminders", "schedule": crontab(hour="8-19", minute=35)},
    "send policy notices": {"task": "accounts.tasks.send_policy_notices", "schedule": 60.0},
    "tell of new bills": {"task": "billing.tasks.tell_of_new_bills", "schedule": 60.0},
    "draw what autopay owes": {"task": "payments.tasks.run_autopay", "schedule": crontab(hour="6-20", minute=15)},
    "forget tries at unknown names": {"task": "accounts.tasks.purge", "schedule": crontab(hour=3, minute=20)},
    "clear authorizations kept long enough": {
        "task": "payments.tasks.purge_authorizations",
        "schedule": crontab(hour=3, minute=30),
    },
    "forget cases kept long enough": {"task": "billing.tasks.purge_cases", "schedule": crontab(hour=3, minute=50)},
    "clear what is no longer needed": {
        "task": "portal.shared.tasks.purge_expired",
        "schedule": crontab(hour=3, minute=10),
    },
}
