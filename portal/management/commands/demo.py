"""Runs the whole portal on this machine: database, sandbox gateway, worker with beat, and the pages."""

import contextlib
import logging
import os
import shutil
import signal
import sys
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, OperationalError, connection

from accounts.models import Household, Member
from portal.demo import facts, people
from portal.demo.processes import Died, PortTaken, Processes, check_port

THREADS = 8


class Command(BaseCommand):
    """Start everything, say where it is, stop everything on Ctrl-C."""

    help = "Run the portal with its sandbox gateway and worker, on invented data. Ctrl-C stops it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reset", action="store_true", help="forget the demonstration's data first")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.SETTINGS_MODULE != "portal.settings.development":
            raise CommandError("The demonstration runs on the development settings alone.", returncode=2)
        logging.getLogger().setLevel(logging.WARNING)  # among what we print only what is wrong
        self.processes = Processes(settings.DATA / "log")
        self.has_terminal = os.isatty(0)
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: sys.exit(0))
        try:
            self._run(reset=options["reset"])
        except KeyboardInterrupt:
            self._tell("\nStopping ...")
        except (Died, PortTaken, OperationalError) as problem:
            raise CommandError(" ".join(str(problem).split())) from problem
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not leave children behind
            self.processes.stop()

    def _run(self, *, reset: bool) -> None:
        check_port(_port(settings.SITE_URL), what="the portal", variable="PORTAL_PORT")
        check_port(_port(settings.SANDBOX_URL), what="the sandbox gateway", variable="SANDBOX_PORT")
        check_port(settings.EMAIL_PORT, what="the sandbox's mail server", variable="SMTP_PORT")
        if reset:
            self._reset()
        for folder in ("queue", "control"):
            (settings.CELERY_BROKER_FOLDER / folder).mkdir(parents=True, exist_ok=True)
        self._tell("Preparing the database ...")
        call_command("migrate", verbosity=0)
        if not Member.objects.exists():
            call_command("seed_demo", stdout=self.stdout)
        connection.close()
        self._start()
        self._tell("\n".join(self._facts()))
        self.processes.watch(also=self._look)

    def _reset(self) -> None:
        """Empty the database and forget the sandbox, the queue and the files of the demonstration."""
        if "accounts_household" in connection.introspection.table_names():
            if Household.objects.exclude(number__startswith=people.PREFIX).exists():
                raise CommandError(
                    "This database holds households that are not the demonstration's. Nothing is removed."
                )
            with connection.cursor() as cursor:
                cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        for name in ("sandbox", "broker", "demo", "log", "attachments"):
            shutil.rmtree(settings.DATA / name, ignore_errors=True)

    def _start(self) -> None:
        environment = {"DJANGO_SETTINGS_MODULE": "portal.settings.development", "DEBUG": "0"}
        self._tell("Starting the sandbox gateway, the worker and the portal ...")
        self.processes.start("sandbox", _sandbox(), environment)
        self.processes.wait_for_port("sandbox", _port(settings.SANDBOX_URL))
        self.processes.start("worker", _worker(), environment)
        self.processes.start("portal", _portal(), environment)
        self.processes.wait_for_port("portal", _port(settings.SITE_URL))

    def _look(self) -> None:
        """Raise Died when the database is gone; end when the terminal was closed without a word to us."""
        if self.has_terminal and not os.isatty(0):
            sys.exit(0)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseError as error:
            raise Died("The database has stopped. Everything else is stopped too.") from error

    def _facts(self) -> list[str]:
        return [
            "",
            f"The portal               {settings.SITE_URL}/",
            f"Inbox (all mail, texts)  {settings.SANDBOX_URL}/inbox",
            f"Gateway control panel    {settings.SANDBOX_URL}/panel",
            f"Django admin             {settings.SITE_URL}/admin/",
            "",
            f"Log-ins, each with the password: {people.PASSWORD}",
            *(f"  {username:<9} {what}" for username, what in facts.log_ins()),
            "",
            "Can still register (MassHealth ID, name, date of birth):",
            *(
                f"  {m.masshealth_id}  {m.first_name} {m.last_name}, {m.date_of_birth:%m/%d/%Y}: {what}"
                for m, what in facts.free_members()
            ),
            "",
            f"Logs: {settings.DATA / 'log'}",
            "Ctrl-C stops everything; the data stay until make demo-reset.",
        ]

    def _tell(self, text: str) -> None:
        with contextlib.suppress(OSError):  # the terminal may be gone
            self.stdout.write(text)
            self.stdout.flush()


def _port(url: str) -> int:
    return urlsplit(url).port or 80


def _sandbox() -> list[str]:
    command = [sys.executable, "-m", "sandbox", "--allow-development", "--data", str(settings.DATA / "sandbox")]
    command += ["--port", str(_port(settings.SANDBOX_URL)), "--smtp-port", str(settings.EMAIL_PORT)]
    command += ["--portal-url", settings.SITE_URL, "--webhook-url", f"{settings.SITE_URL}/webhooks/stripe/"]
    command += ["--twilio-token", settings.TWILIO_AUTH_TOKEN]
    return [*command, "--webhook-secret", settings.STRIPE_WEBHOOK_SECRETS[0]]


def _worker() -> list[str]:
    command = [sys.executable, "-m", "celery", "-A", "portal", "worker", "--beat", "--loglevel", "WARNING"]
    return [*command, "--pool", "threads", "--concurrency", "2", "--schedule", str(settings.DATA / "broker" / "beat")]


def _portal() -> list[str]:
    command = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{_port(settings.SITE_URL)}"]
    return [*command, "--worker-class", "gthread", "--threads", str(THREADS), "--no-control-socket"]
