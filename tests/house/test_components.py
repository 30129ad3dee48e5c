"""Every component has its story on the page /components/, and nobody sees that page in earnest."""

import os
import re
import subprocess
import sys
from pathlib import Path

from portal import deploy_check
from portal.components import STORIES

ROOT = Path(__file__).resolve().parents[2]


def test_every_component_has_its_story():
    files = {file.stem for file in (ROOT / "templates" / "components").glob("*.html")}
    assert files - set(STORIES) == set(), "add their states to STORIES in portal/components.py"
    assert set(STORIES) - files == set()


def test_the_page_shows_every_state_of_every_component(client, db, settings):
    settings.SHOW_COMPONENTS = True
    page = client.get("/components/").content.decode()
    for name, states in STORIES.items():
        story = re.search(rf"<h2>{name}</h2>(.*?)<h2>[a-zA-Z]", page, re.S)[1]
        shown = dict(re.findall(r"<h3>([^<]+)</h3>(.*?)(?=<h3>|\Z)", story, re.S))
        assert set(shown) == set(states)
        assert all("ma__" in html for html in shown.values()), name


def test_the_page_names_each_id_once(client, db, settings):
    settings.SHOW_COMPONENTS = True
    ids = re.findall(r'\sid="([^"]+)"', client.get("/components/").content.decode())
    assert len(ids) == len(set(ids)) > 10


def test_nobody_finds_the_page_where_the_settings_do_not_show_it(client, db):
    assert client.get("/components/").status_code == 404


def test_only_the_settings_of_a_laptop_show_it():
    program = "from django.conf import settings; print(settings.SHOW_COMPONENTS)"
    shown = {}
    for module in ("development", "production"):
        facts = {"DJANGO_SETTINGS_MODULE": f"portal.settings.{module}", "SHOW_COMPONENTS": "true"}
        environment = {"PATH": os.environ["PATH"], **deploy_check.ENVIRONMENT, **facts}
        command = [sys.executable, "-c", program]
        run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        shown[module] = run.stdout.strip()
    assert shown == {"development": "True", "production": "False"}
