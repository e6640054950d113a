"""One view, whose template uses every filter."""

from datetime import datetime, timedelta, timezone


class _Thing:
    name = "of a thing"


def every_filter(provides, all_app_runs, context):
    """Give the template values that no result JSON can hold."""
    now = datetime.now(timezone.utc)
    context["data"] = all_app_runs[0][1][0].get_data()[0]
    context["thing"] = _Thing()
    context["mixed"] = {None: 0, "b": 1, 1: 2}
    context["past"] = now - timedelta(minutes=3, seconds=5)
    context["hour"] = now - timedelta(hours=1, seconds=5)
    context["future"] = now + timedelta(days=2, seconds=5)
    context["now"] = now
    context["naive"] = datetime.now() - timedelta(days=400)
    context["moment"] = datetime(2024, 1, 5, 13, 2)
    context["morning"] = datetime(2024, 1, 5, 0, 2)
    context["day"] = datetime(2024, 1, 5).date()
    context["length"] = timedelta(hours=2, minutes=1)
    return "filters.html"
