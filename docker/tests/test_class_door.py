"""class/: who comes in, what the teacher may do, and what a pupil's page can do to whoever opens it."""

import json
import re
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from attack import NAME, NOTEBOOK, PAGE, Visitor, chromium, lay
from engine import ROOT, until
from hub import PASSWORDS, Browser, changed, compose, container

PUPILS, TEACHERS = PASSWORDS["CLASS_PASSWORD"], PASSWORDS["TEACHER_PASSWORD"]


@pytest.fixture(scope="module")
def running(hub: str) -> Iterator[object]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def named(hub: str) -> str:
    """The address for browsers."""
    return f"http://{NAME}:{hub.rpartition(':')[2]}"


@pytest.fixture
def teacher(hub: str) -> Browser:
    return Browser(hub, "teacher", TEACHERS)


def test_a_pupils_trap_works_on_the_pupil(running, named, ada):
    """So it is a trap. What it finds is its own, and even of that it takes no token away."""
    lay("ada", named)
    here = Visitor.enter(running, named, "ada", PUPILS)
    for trap in (NOTEBOOK, PAGE):
        status, found = here.opens(f"{named}/user/ada/{trap}")
        assert status == 200 and found.pop("origin") == named
        assert found.pop("me") == "ada" and found.pop("home") == 200
        assert set(found.values()) <= {403, 404} and found["token"] == 403


def test_what_the_teacher_is_lured_to_makes_and_deletes_nothing(running, named, ada, grace):
    """Without names of their own, servers share the Hub's origin: the script reads, as the teacher, who is there."""
    lay("ada", named)
    at_desk = Visitor.enter(running, named, "teacher", TEACHERS)
    assert at_desk.opens(f"{named}/user/ada/{NOTEBOOK}") == (403, {})
    _, found = at_desk.opens(f"{named}/user/ada/{PAGE}")
    assert found.pop("me") == "teacher" and found.pop("home") == found.pop("users") == 200
    assert found == {"origin": named, "token": 403, "make": 403, "start": 404, "delete": 403, "end": 403}
    users = at_desk.users()
    assert {"ada", "grace", "teacher"} <= users and "mallory" not in users


def shut(origin: str) -> dict[str, str | None]:
    """What the script finds where the browser shows it nothing, and the Hub takes none of its orders."""
    return {"origin": origin} | dict.fromkeys(["home", "token", "make", "start", "delete", "end", "users"])


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_with_subdomains_no_page_of_a_pupils_reaches_the_hub(running, named, tmp_path, scheme):
    """Each server is a site of its own."""
    address = named.replace("http", scheme)
    own = address.replace("panda", "ada.panda")
    settings = {"SUBDOMAINS": address}
    if scheme == "https":
        settings["COMPOSE_FILE"] = f"{ROOT}/class/compose.yaml:{certified(tmp_path)}"
    with changed(**settings):
        teacher = Visitor.enter(running, address, "teacher", TEACHERS)
        grace = Visitor.enter(running, address, "grace", PUPILS)
        ada = Visitor.enter(running, address, "ada", PUPILS)
        lay("ada", address)
        assert ada.opens(f"{own}/user/ada/{NOTEBOOK}") == (200, shut(own))
        for visitor in (ada, grace, teacher):
            assert visitor.opens(f"{own}/user/ada/{PAGE}") == (200, shut(own))
        assert grace.opens(f"{own}/user/ada/{NOTEBOOK}")[0] == 403
        users = teacher.users()
        assert {"ada", "grace", "teacher"} <= users and "mallory" not in users and container("grace")


def certified(folder: Path) -> Path:
    """A self-signed certificate, and what compose.yaml needs to find it."""
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN=*.{NAME}"]
    subprocess.run([*command, "-keyout", folder / "key.pem", "-out", folder / "cert.pem"], check=True)
    settings = folder / "compose.yaml"
    settings.write_text(json.dumps({"services": {"hub": {"volumes": [f"{folder}:/tls:ro"]}}}))
    return settings


def test_the_teacher_holds_what_a_class_needs_and_no_more(teacher, ada, grace):
    held = teacher.send("GET", "/hub/api/user", "/hub/").json()
    assert not held["admin"] and set(held["roles"]) == {"user", "teacher"}
    assert {scope for scope in held["scopes"] if not scope.endswith("!user=teacher")} == {
        "admin-ui", "delete:servers", "list:users", "read:servers", "read:users:activity", "read:users:name",
    }  # fmt: skip
    for page in ("lab", "api/contents"):
        assert teacher.page(f"/user/ada/{page}").status_code == 403
    for name in ("ada", "grace"):
        assert teacher.send("POST", f"/hub/api/users/{name}/tokens", "/hub/").status_code in (403, 404)


def test_the_teachers_page_shows_who_is_there_and_stops_a_container(running, named, grace):
    at_desk = Visitor.enter(running, named, "teacher", TEACHERS)
    assert "grace" in at_desk.users() and container("grace")
    at_desk.page.get_by_test_id("user-row-grace").get_by_role("button", name="Stop Server").click()
    until(lambda: not container("grace"), 60)


def test_cookies_last_a_school_day_and_stay_on_the_site(ada, teacher):
    for browser in (ada, teacher):
        cookies = {cookie.name: cookie for cookie in browser.session.cookies}
        assert "jupyterhub-hub-login" in cookies
        for cookie in (cookies[name] for name in set(cookies) - {"_xsrf"}):  # which opens nothing
            assert cookie.get_nonstandard_attr("SameSite") == "Lax" and cookie.has_nonstandard_attr("HttpOnly")
            assert time.time() < cookie.expires <= time.time() + 10 * 3600
    assert any(cookie.path == "/user/ada/" and cookie.name != "_xsrf" for cookie in ada.session.cookies)


@pytest.mark.parametrize("name", ["x" * 19, "<b>", "../../etc"])
def test_a_refused_name_hears_why(hub, name):
    login = Browser(hub, name, PUPILS).login
    assert login.status_code == 403 and "18 letters and digits" in re.findall('login_error">([^<]*)', login.text)[0]


def test_both_passwords_have_to_differ(hub):
    said = compose("run", "--rm", "--env", f"TEACHER_PASSWORD={PUPILS}", "hub", check=False)
    assert "are the same in class/.env" in said and "now running" not in said


FORGED = ("X-Forwarded-For", "X-Real-Ip")  # by which Tornado goes


def wrong(hub: str, name: str) -> None:
    """A wrong password, from an address that the attacker makes up."""
    login = Browser(hub, name, "wrong", headers=dict.fromkeys(FORGED, f"10.1.1.{len(name)}")).login
    assert login.status_code == 403 and "not the right password" in login.text


def test_wrong_passwords_wait_in_turn_whatever_the_name_and_the_right_one_opens(hub):
    """Six at once, each with a name of its own: no wait for three of them, then 1, 2 and 4 seconds."""
    assert Browser(hub, "ada", PUPILS).login.status_code == 302  # whatever was tried before is forgiven
    began = time.monotonic()
    with ThreadPoolExecutor(6) as crowd:
        list(crowd.map(lambda number: wrong(hub, "e" * number), range(1, 7)))
    assert time.monotonic() - began >= 1 + 2 + 4
    assert Browser(hub, "ada", PUPILS).login.status_code == 302


HAMMER = r"""
import http.cookiejar, re, sys, threading, urllib.parse, urllib.request
page, *forged = sys.argv[1:]
def guess(number):
    web = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    web.addheaders += [(name, f"10.1.2.{number}") for name in forged]
    xsrf = re.findall('name="_xsrf" value="([^"]+)"', web.open(page).read().decode())[0]
    form = {"username": "teacher", "password": "wrong", "_xsrf": xsrf}
    try:
        web.open(page, urllib.parse.urlencode(form).encode())
    except urllib.error.HTTPError as error:
        print(f"{error.code}\n", end="", flush=True)  # in one piece
for number in range(40):
    threading.Thread(target=guess, args=[number]).start()
"""


@pytest.mark.parametrize("port", [8000, 8081])
def test_a_pupil_who_hammers_does_not_lock_the_teacher_out(hub, ada, port):
    """Forty wrong passwords at once, each from an address that it makes up, by way of the proxy or past it."""
    hammer = ["python3", "-c", HAMMER, f"http://hub:{port}/hub/login", *FORGED]
    guesses = subprocess.Popen(["docker", "exec", container("ada"), *hammer], stdout=subprocess.PIPE, text=True)
    assert guesses.stdout is not None
    assert guesses.stdout.readline() == "403\n"
    assert Browser(hub, "teacher", TEACHERS).login.status_code == 302 and guesses.poll() is None
    rest = guesses.communicate()[0].split()
    assert len(rest) == 39 and "429" in set(rest) <= {"403", "429"}  # those whose turn did not come are refused


@pytest.mark.parametrize("path", ["/", f"/user/ada/{PAGE}", "/nowhere"])
def test_the_proxy_has_no_workers(hub, ada, path):
    """Nor a page that a browser keeps and takes for one."""
    assert requests.get(hub + path, headers={"Service-Worker": "script"}, timeout=60).status_code == 403
    assert "Service-Worker" in requests.get(hub + path, allow_redirects=False, timeout=60).headers["Vary"]
