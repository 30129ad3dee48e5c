"""The roof (settings, addresses, worker) and, in portal.shared, the floor."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
