"""What gunicorn runs. It starts only when Django's and our own checks of the settings find no error."""

from django.core.wsgi import get_wsgi_application

from portal.checks import refuse_wrong_settings

application = get_wsgi_application()
refuse_wrong_settings()
