"""Figures of the portal, each beside what it is measured against. `make bench` prints them; none is a test."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
django.setup()
