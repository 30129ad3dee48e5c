"""The Celery application: where tasks are found and how they start."""

import os
import sys
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init
from django.core.exceptions import ImproperlyConfigured

from portal.checks import refuse_wrong_settings

# every server imports this first: one that was told nothing is in earnest, and says what it lacks
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")
app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def end_with_wrong_settings(**_: Any) -> None:
    """End a worker or a beat on settings that the web server would refuse."""
    try:
        refuse_wrong_settings()
    except ImproperlyConfigured as error:
        sys.exit(str(error))  # Celery swallows every other exception of a signal
