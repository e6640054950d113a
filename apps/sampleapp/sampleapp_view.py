# File: sampleapp_view.py
#
# Copyright (c) Contoso Corp
# Licensed under the Apache License 2.0
"""Custom views of SampleApp."""


def file_reputation(provides, all_app_runs, context):
    """Fill the context for file_reputation.html: one entry for each action result."""
    context["results"] = results = []
    for _summary, action_results in all_app_runs:
        for result in action_results:
            results.append(
                {
                    "param": result.get_param(),
                    "summary": result.get_summary(),
                    "message": result.get_message(),
                    "succeeded": result.get_status(),
                    "files": result.get_data(),
                }
            )
    return "file_reputation.html"
