"""Views that draw what must not get out, and one that fails with it."""

import os

from connector import TEXT


def draw(provides, all_app_runs, context):
    context.update(
        text=TEXT, title1=TEXT, got=repr([[one.get_data() for one in results] for _, results in all_app_runs])
    )
    context["environment"] = " ".join(name for name in os.environ if name.startswith("SOARKIT"))
    return "view.html"


def fail(provides, all_app_runs, context):
    raise ValueError(TEXT)
