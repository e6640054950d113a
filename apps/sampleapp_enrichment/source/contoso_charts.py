# Copyright (c) Contoso Corp
# Licensed under the Apache License 2.0
"""Charts, as Highcharts takes them: options in JSON. Callback functions and HTML are not allowed in them."""

import json
from datetime import datetime, timezone

COLORS = {"benign": "#2e8540", "suspicious": "#a15c00", "malicious": "#c62828"}


def milliseconds(when):
    """A time of the service, such as 2025-03-01 or 2025-03-01T10:30:00Z, as Highcharts counts it."""
    form = "%Y-%m-%dT%H:%M:%SZ" if "T" in when else "%Y-%m-%d"
    moment = datetime.strptime(when, form).replace(tzinfo=timezone.utc)
    return int(moment.timestamp() * 1000)


def networks_pie(resolutions):
    """How the answers are spread over networks."""
    counts = {}
    for one in resolutions:
        counts[one["network"]] = counts.get(one["network"], 0) + one["count"]
    data = [{"name": name, "y": count} for name, count in sorted(counts.items(), key=lambda item: -item[1])]
    return json.dumps(
        {
            "chart": {"type": "pie", "height": 300},
            "title": {"text": "Answers by network"},
            "credits": {"enabled": False},
            "tooltip": {"pointFormat": "<b>{point.y}</b> answers ({point.percentage:.1f} %)"},
            "plotOptions": {
                "pie": {"innerSize": "55%", "dataLabels": {"format": "{point.name}: {point.percentage:.1f} %"}}
            },
            "series": [{"name": "Answers", "data": data}],
        }
    )


def queries_chart(queries):
    """Queries a day as columns, with their mean over a week as a line."""
    counts = []
    means = []
    for index, one in enumerate(queries):
        day = milliseconds(one["day"])
        week = [before["count"] for before in queries[max(0, index - 6) : index + 1]]
        counts.append([day, one["count"]])
        means.append([day, round(sum(week) / len(week), 1)])
    return json.dumps(
        {
            "chart": {"height": 320},
            "title": {"text": "Queries a day"},
            "credits": {"enabled": False},
            "xAxis": {"type": "datetime"},
            "yAxis": {"title": {"text": "Queries"}, "min": 0},
            "tooltip": {"shared": True},
            "series": [
                {"type": "column", "name": "Queries", "color": "SteelBlue", "data": counts},
                {"type": "spline", "name": "Mean of 7 days", "color": "#c65d00", "data": means},
            ],
        }
    )


def addresses_timeline(resolutions):
    """One bar from the first to the last time that an address was seen."""
    addresses = []
    for one in resolutions:
        if one["ip"] not in addresses:
            addresses.append(one["ip"])
    data = [
        {
            "x": milliseconds(one["first_seen"]),
            "x2": milliseconds(one["last_seen"]),
            "y": addresses.index(one["ip"]),
            "network": one["network"],
        }
        for one in resolutions
    ]
    return json.dumps(
        {
            "chart": {"type": "xrange", "height": 120 + 40 * len(addresses)},
            "title": {"text": "Addresses over time"},
            "credits": {"enabled": False},
            "xAxis": {"type": "datetime"},
            "yAxis": {"title": {"text": ""}, "categories": addresses, "reversed": True},
            "legend": {"enabled": False},
            "tooltip": {"pointFormat": "<b>{point.yCategory}</b> {point.network}"},
            "series": [{"name": "Seen", "pointWidth": 18, "color": "SteelBlue", "data": data}],
        }
    )


def score_gauge(score):
    """The score from 0 to 100 on a dial."""
    bands = [
        {"from": 0, "to": 30, "color": COLORS["benign"]},
        {"from": 30, "to": 70, "color": COLORS["suspicious"]},
        {"from": 70, "to": 100, "color": COLORS["malicious"]},
    ]
    return json.dumps(
        {
            "chart": {"type": "gauge", "height": 260},
            "title": {"text": "Score"},
            "credits": {"enabled": False},
            "pane": {"startAngle": -120, "endAngle": 120},
            "yAxis": {"min": 0, "max": 100, "tickInterval": 20, "plotBands": bands},
            "series": [{"name": "Score", "data": [score]}],
        }
    )
