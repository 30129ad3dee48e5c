"""`python -m tests.simulation --help`: many seeded histories on all cores."""

import os
import sys

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    django.setup()

    from tests.simulation.many import main

    sys.exit(main(sys.argv[1:]))
