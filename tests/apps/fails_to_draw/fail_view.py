"""Views that fail, each in another way."""

import os
import sys
import time


def raises(provides, all_app_runs, context):
    """Raise what views raise most often."""
    return _deeper({})


def _deeper(result):
    return result["ip"]


def exits(provides, all_app_runs, context):
    """End the program."""
    sys.exit("that is all")


def exits_hard(provides, all_app_runs, context):
    """End the process."""
    os._exit(3)


def hangs(provides, all_app_runs, context):
    """Never come back."""
    time.sleep(600)


def returns_nothing(provides, all_app_runs, context):
    """Forget the template."""


def returns_a_number(provides, all_app_runs, context):
    """Return something else."""
    return 7


def names_no_template(provides, all_app_runs, context):
    """Name a template that the app does not have."""
    return "absent.html"


def breaks_in_its_template(provides, all_app_runs, context):
    """Raise while the template is drawn."""
    context["number"] = 7
    return "breaks.html"


def has_no_such_tag(provides, all_app_runs, context):
    """Use a template with a tag that nobody has."""
    return "no_such_tag.html"


def extends_what_is_absent(provides, all_app_runs, context):
    """Use a template that extends one that nobody has."""
    return "extends_absent.html"


def draws_too_much(provides, all_app_runs, context):
    """Make more than a browser can show."""
    context["prerender"] = True
    return "x" * 100_000_001


def prints_a_secret(provides, all_app_runs, context):
    """Let a secret out wherever a view can."""
    print("printed", "secret-of-4711")
    raise ValueError("raised secret-of-4711")


def closes_its_link(provides, all_app_runs, context):
    """Close every descriptor."""
    os.closerange(3, 4096)
    return "absent.html"


def says_a_lot(provides, all_app_runs, context):
    """Raise with a whole answer as its text."""
    raise ValueError("much " * 1_000_000)


def has_no_text(provides, all_app_runs, context):
    """Use a template in another encoding."""
    return "latin.html"


def asks_for_an_address(provides, all_app_runs, context):
    """Use a template that links to a page of the platform."""
    return "address.html"
