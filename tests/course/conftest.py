"""What the tests of the course share: widgets end with their test."""

import gc

import pytest
from ipywidgets import Widget


@pytest.fixture(autouse=True)
def no_widget_is_left():
    """ipywidgets keeps every widget alive, and with it a lab's network: 40 MB for each test otherwise."""
    yield
    Widget.close_all()
    gc.collect()
