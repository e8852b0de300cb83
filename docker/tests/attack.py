"""What a pupil may try on a class's Hub: pages whose script asks the Hub for all that their reader may do there."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine import IMAGE, docker
from hub import container

from tests.browser import browser, missing

# Neither https nor localhost: with either, browsers are stricter than in most classes.
NAME = "panda.school"

# Where a pupil may write, and what it is at their server: a notebook, which asks for a login, and what JupyterLab takes
# for an extension of its own and hands out to anybody.
NOTEBOOK, PAGE = "lab/tree/help.ipynb", "lab/extensions/help.html"
FOLDERS = {NOTEBOOK: "/work/panda-to-vulture", PAGE: "/tmp/home/.local/share/jupyter/labextensions"}

# The window's name is what the script found: for each request a status, or nothing where the browser keeps that back.
# Each request that makes something is also sent blindly, as another site could.
SCRIPT = """
(async () => {
  const ask = (path, options) => fetch(HUB + path, {credentials: 'include', ...options}).catch(() => null);
  const home = await ask('/hub/home'), text = home ? await home.text() : '';
  const token = (text.match(/xsrf_token: "([^"]+)"/) || [])[1], me = (text.match(/user: "([^"]+)"/) || [])[1];
  const found = {origin: location.origin, me, home: home && home.status};
  const tries = {
    token: ['POST', '/hub/api/users/' + (me || 'teacher') + '/tokens'], make: ['POST', '/hub/api/users/mallory'],
    start: ['POST', '/hub/api/users/grace/server'], delete: ['DELETE', '/hub/api/users/grace'],
    end: ['POST', '/hub/api/shutdown'], users: ['GET', '/hub/api/users'],
  };
  for (const [name, [method, path]] of Object.entries(tries)) {
    if (method == 'POST') await ask(path, {method, mode: 'no-cors', body: '{}'});
    const answer = await ask(path, {method, headers: token ? {'X-XSRFToken': token} : {}});
    found[name] = answer && answer.status;
  }
  window.name = JSON.stringify(found);
})();
"""

WRITE = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text(sys.argv[2])"


def lay(name: str, hub: str) -> None:
    """Put two traps into a pupil's container, as the pupil may in a terminal: a notebook trusted there, and a page."""
    script = f"<script>const HUB = {json.dumps(hub)};{SCRIPT}</script>"
    output = {"output_type": "display_data", "data": {"text/html": script}, "metadata": {}}
    cell = {"cell_type": "code", "id": "help", "execution_count": 1, "metadata": {}, "source": "", "outputs": [output]}
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    for trap, text in ((NOTEBOOK, json.dumps(notebook)), (PAGE, script)):
        docker("exec", container(name), "mkdir", "--parents", FOLDERS[trap])
        docker("exec", container(name), "python3", "-c", WRITE, f"{FOLDERS[trap]}/{Path(trap).name}", text)
    docker("exec", container(name), "jupyter", "trust", f"{FOLDERS[NOTEBOOK]}/{Path(NOTEBOOK).name}")


@contextmanager
def chromium() -> Iterator[Any]:
    """A Chromium that finds a class by the name NAME, and by all names under it (Playwright's Browser).

    It has a container's network: on this machine's, each container that comes or goes stops whatever it loads.
    """
    assert not missing(), missing()
    around = docker("run", "--detach", "--rm", IMAGE, "sleep", "infinity").stdout.strip()
    found = docker("inspect", "--format", "{{.State.Pid}} {{.NetworkSettings.Gateway}}", around).stdout
    process, machine = found.split()
    try:
        with open("/proc/self/ns/net") as here, open(f"/proc/{process}/ns/net") as there:
            os.setns(there.fileno(), os.CLONE_NEWNET)
            with browser(f"--host-resolver-rules=MAP {NAME} {machine}, MAP *.{NAME} {machine}") as running:
                os.setns(here.fileno(), os.CLONE_NEWNET)
                yield running
    finally:
        docker("kill", around)


@dataclass
class Visitor:
    """Somebody who logs in with a Chromium."""

    page: Any  # Playwright's
    hub: str

    @classmethod
    def enter(cls, running: Any, hub: str, name: str, password: str) -> "Visitor":
        """Log in, in a profile of their own; a pupil's server starts, and the lessons open."""
        after_login, there = ("/hub/home", "**/hub/home") if name == "teacher" else ("/hub/spawn", "**/lab/**")
        page = running.new_context(ignore_https_errors=True).new_page()
        page.set_default_timeout(180_000)  # milliseconds: a busy machine is no failure
        page.goto(f"{hub}/hub/login?next={after_login}")
        page.fill("#username_input", name)
        page.fill("#password_input", password)
        page.click("#login_submit")
        page.wait_for_url(there)
        return cls(page, hub)

    def opens(self, address: str) -> tuple[int, dict[str, Any]]:
        """Open a trap: its status, and what its script found, which is nothing if it did not run."""
        self.page.goto(f"{self.hub}/hub/home")
        self.page.evaluate("window.name = ''")
        status = self.page.goto(address).status
        if status == 200:
            self.page.wait_for_function("window.name")
        else:
            self.page.wait_for_load_state("networkidle")
        return status, json.loads(self.page.evaluate("window.name") or "{}")

    def users(self) -> set[str]:
        """Those whom the Hub knows, as the teacher's page for it lists them."""
        self.page.goto(f"{self.hub}/hub/admin")
        self.page.get_by_test_id("user-name-div-teacher").wait_for()
        return set(self.page.locator("[data-testid^=user-name-div-]").all_inner_texts())
