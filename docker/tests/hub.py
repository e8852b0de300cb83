"""A class of its own, for the tests: a real Hub, and people who log in through its proxy as browsers do."""

import os
import re
import subprocess
from pathlib import Path

import requests
from engine import ROOT, docker, free_port, until

PROJECT = "ptv-class"  # in place of panda-class, which may be a teacher's on this machine
README = (ROOT / "class" / "README.md").read_text(encoding="utf-8")
TASKS = dict(re.findall(r"^\| (.*?) \| `(.*)`", README, re.MULTILINE))  # what its table says
COPY = README.split("<!-- test: copy -->")[1].split("\n\n")[1]


class Hub:
    """A Hub that a teacher starts in a clone of the repository."""

    def __init__(self, clone: Path) -> None:
        self.clone, self.port = clone, str(free_port())
        self.address = f"http://127.0.0.1:{self.port}"
        files = "git ls-files -z | xargs -0 cp --parents --no-dereference --target-directory"
        subprocess.run(["bash", "-c", f"{files} {clone}"], cwd=ROOT, check=True)

    def type(self, line: str) -> str:
        """A line of class/README.md that the teacher types, and what it prints, errors too."""
        place = os.environ | {"COMPOSE_PROJECT_NAME": PROJECT, "PORT": self.port, "HOME": str(self.clone.parent)}
        words = ["bash", "-eo", "pipefail", "-c", line.replace("panda-class", PROJECT)]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        done = subprocess.run(words, cwd=self.clone, env=place, **pipes)
        assert done.returncode == 0, f"{line}\n{done.stdout}"
        return done.stdout

    def start(self, *pupils: str) -> None:
        """With these names on the class list."""
        settings = self.clone / "class" / ".env"
        if settings.exists():
            settings.write_text(re.sub("^PUPILS=.*$", f"PUPILS={' '.join(pupils)}", settings.read_text(), flags=re.M))
        self.said = self.type("class/start.sh")

    def setting(self, name: str) -> str:
        """What start.sh prints of a password."""
        return re.findall(f"^{name}=(.*)$", self.said, re.MULTILINE)[0]

    def run(self, code: str) -> str:
        """What Python prints in the Hub's container."""
        return docker("exec", f"{PROJECT}-hub-1", "python3", "-c", code).stdout


class Browser:
    """Somebody who logs in, with the cookies of a browser."""

    def __init__(self, hub: Hub, name: str, password: str) -> None:
        self.hub, self.name, self.session = hub, name, requests.Session()
        self.container = f"{PROJECT}-{name}"
        page = self.page("/hub/login").text
        form = {"username": name, "password": password, "_xsrf": re.findall(r'name="_xsrf" value="([^"]+)"', page)[0]}
        self.login = self.session.post(f"{hub.address}/hub/login", data=form, allow_redirects=False)

    @classmethod
    def enter(cls, hub: Hub, name: str) -> "Browser":
        """A pupil logs in, and sees the lessons."""
        pupil = cls(hub, name, hub.setting("CLASS_PASSWORD"))
        pupil.start()
        return pupil

    def page(self, path: str) -> requests.Response:
        return self.session.get(self.hub.address + path, timeout=180)

    def send(self, method: str, path: str, prefix: str, *, json: object = None) -> requests.Response:
        """What JavaScript would send, with the cookie against cross-site requests that belongs to the prefix."""
        xsrf = next(cookie.value for cookie in self.session.cookies if cookie.name == "_xsrf" and cookie.path == prefix)
        return self.session.request(method, self.hub.address + path, headers={"X-XSRFToken": xsrf or ""}, json=json)

    def start(self) -> None:
        """Ask the Hub for a container, again while it ends the one before or has not missed it, and see the lessons."""

        def there() -> bool:
            self.page("/hub/spawn")
            return "JupyterLab" in self.page(f"/user/{self.name}/lab").text

        until(there, 180)

    def run(self, code: str, *, check: bool = True) -> str:
        """What Python prints in the pupil's container, where a notebook would run it."""
        return docker("exec", self.container, "python3", "-c", code, check=check).stdout
