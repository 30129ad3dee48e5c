"""What beat starts by name exists: a misspelt name would never run and never say so."""

import pytest
from django.conf import settings

from portal.celery import app


@pytest.mark.parametrize("entry", settings.CELERY_BEAT_SCHEDULE.values(), ids=settings.CELERY_BEAT_SCHEDULE.keys())
def test_every_task_of_the_schedule_is_known_to_the_worker(entry):
    app.loader.import_default_modules()
    assert entry["task"] in app.tasks
