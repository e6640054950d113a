"""Custom views: one that draws, one that fails."""


def draw(provides, all_app_runs, context):
    context["results"] = [
        {"param": result.get_param(), "data": result.get_data()} for _, results in all_app_runs for result in results
    ]
    context["provides"] = provides
    return "drawn.html"


def fail(provides, all_app_runs, context):
    raise ValueError("no such column")
