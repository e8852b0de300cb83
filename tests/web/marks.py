"""What a test of the lab in a browser needs. Without it, the test is skipped, and says what is missing."""

import shutil

import browser
import pytest

IN_A_BROWSER = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.skipif(bool(browser.missing()), reason=f"NO BROWSER TESTS: {browser.missing()}"),
    pytest.mark.skipif(not shutil.which("npm"), reason="npm is not here: apt-get install npm"),
]
