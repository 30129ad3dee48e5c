"""What gunicorn runs. It starts only when Django's and our own checks of the settings find no error."""

import os

from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")
application = get_wsgi_application()
wrong = [message for message in checks.run_checks() if message.is_serious()]
if wrong:
    raise ImproperlyConfigured("\n".join(map(str, wrong)))
