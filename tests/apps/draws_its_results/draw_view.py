"""Views, one for each way in which apps draw."""

import json

import phantom.app as phantom
from draw_consts import *
from phantom.action_result import ActionResult
from phantom.json_keys import *


def everything(provides, all_app_runs, context):
    """Show what a view is given."""
    assert isinstance(all_app_runs, list)
    assert phantom.APP_SUCCESS
    seen = {name: value for name, value in context.items() if name not in ("container", "app")}
    context["results"] = results = []
    for summary, action_results in all_app_runs:
        for result in action_results:
            assert isinstance(result, ActionResult)
            result.offset = 1
            results.append(
                {
                    "summary": summary,
                    "data": result.get_data(),
                    "size": result.get_data_size(),
                    "param": result.get_param(),
                    "own": result.get_summary(),
                    "message": result.get_message(),
                    "status": result.get_status(),
                    "dict": result.get_dict(),
                    "id": result.id,
                }
            )
    container, app = context["container"], context["app"]
    context["seen"] = json.dumps(
        {
            "provides": provides,
            "runs": len(all_app_runs),
            "context": seen,
            "container": [isinstance(container, int), container + 0, container.id],
            "app": [isinstance(app, int), app + 0],
            "results": results,
            "const": TITLE,
        }
    )
    context["title_color"] = "white"
    context["body_color"] = "#0F75BC"
    return "everything.html"


def sub_folder(provides, all_results, context):
    """Name a template in a folder, with a slash before it."""
    context["data"] = [result.get_data() for _, results in all_results for result in results]
    return "/views/sub.html"


def cells(provides, all_app_runs, context):
    """Use the platform's table."""
    context["headers"] = ["Address", "Link", "Note"]
    context["rows"] = [
        [
            {"value": "10.0.0.1", "contains": ["ip"], "id": 1, "data_path": "action_result.data.*.ip"},
            {"value": "https://contoso.example/?a=1&b=2"},
            {"value": "it's <b>"},
        ],
        [{"value": "o'", "contains": ["user name", "host name"]}, {"value": ""}, {"value": None}],
    ]
    context["allow_links"] = [1]
    return "/widgets/generic_table.html"


def menus(provides, all_app_runs, context):
    """Use the platform's menu."""
    context["menu"] = {"one": {"report": ["https://contoso.example/1"]}, "two": {}, None: {}}
    return "widgets/uber_widget.html"


def first_that_is_there(provides, all_app_runs, context):
    """Name several templates."""
    return ["absent.html", "plain.html", "everything.html"]


def finished(provides, all_app_runs, context):
    """Return HTML, as views of the SDK do."""
    context["prerender"] = True
    return "<p>{{ not drawn }} {% nor this %}</p>"


def own_base(provides, all_app_runs, context):
    """Extend what extends the platform's template."""
    return "own_child.html"


def titles_of_two_kinds(provides, all_app_runs, context):
    """Fill the blocks of the SDK's base template."""
    return "titles.html"


def context_menus(provides, all_app_runs, context):
    """Put data into scripts and attributes."""
    context["data"] = [item for _, results in all_app_runs for result in results for item in result.get_data()]
    return "menus.html"


def climbing_out(provides, all_app_runs, context):
    """Name a file outside of the folder."""
    return "/../../phapps/other/secret.html"


def by_the_platforms_path(provides, all_app_runs, context):
    """Name a template of the platform by its whole path."""
    context["menu"] = {"one": {}}
    return "/../../phantom_ui/templates/widgets/uber_widget.html"


def tags_of_django(provides, all_app_runs, context):
    """Load every library that Django has anywhere."""
    return "tags.html"
