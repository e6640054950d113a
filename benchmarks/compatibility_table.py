"""What the answers of published apps come to, for programs and for people: for benchmarks/compatibility.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from compatibility_verdict import LACKED, OWN, REFUSED, TIMEOUT, judge

LOADS, ANSWERS = 98.0, 99.0  # percent


def table(names: dict[str, str], kept: Callable[[str, str], dict[str, Any] | None]) -> dict[str, Any]:
    """The figures of every app, and the shares.

    :param names: the apps' folders by their names
    :param kept: what is known of an app's step
    """
    apps = []
    for name, folder in names.items():
        about = kept(name, "survey") or {}
        counts = dict.fromkeys((OWN, LACKED, TIMEOUT, REFUSED, "not run"), 0)
        built, imported = kept(name, "environment") or {}, kept(name, "import")
        reasons = []
        for stage in (built, imported or {}):
            if stage.get("error"):
                reasons.append(f"{stage['step']}: {stage['error']['where'] or ''} {stage['error']['message']}")
        for step in about.get("actions", []):
            end = kept(name, step)
            verdict = judge(end, folder) if end else None
            counts[verdict.kind if verdict else "not run"] += 1
            if verdict and verdict.kind != OWN:
                reasons.append(f"{step.partition(' ')[2]}: {verdict.kind}: {verdict.reason}")
        apps.append(
            {
                "app": name,
                "kind": about.get("kind"),
                "loads": bool(imported and not imported["error"]),
                "actions": len(about.get("actions", [])),
                **counts,
                "notes": built.get("notes", []),
                "reasons": reasons or ([about["reason"]] if about.get("reason") else []),
            }
        )
    counted = [one for one in apps if one["kind"] == "classic"]
    loading = [one for one in counted if one["loads"]]
    return {
        "counted": len(counted),
        "loading": len(loading),
        "loads": _share(len(loading), len(counted)),
        "actions": sum(one["actions"] for one in loading),
        **{kind: sum(one[kind] for one in loading) for kind in (OWN, LACKED, TIMEOUT, REFUSED, "not run")},
        "answers": _share(sum(one[OWN] for one in loading), sum(one["actions"] for one in loading)),
        "answers_of_all": _share(sum(one[OWN] for one in counted), sum(one["actions"] for one in counted)),
        "apps": apps,
    }


def _share(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 0.0


def text(figures: dict[str, Any]) -> str:
    """The figures for people."""
    columns = ("loads", "actions", OWN, LACKED, TIMEOUT, REFUSED, "not run")
    lines = ["| app | " + " | ".join(columns) + " | reasons |", "|---" * (len(columns) + 2) + "|"]
    for one in figures["apps"]:
        if one["kind"] == "classic":
            cells = ["yes" if one["loads"] else "NO", *(str(one[column]) for column in columns[1:])]
            reasons = "; ".join(dict.fromkeys(" ".join(reason.split())[:200] for reason in one["reasons"]))
            lines.append(f"| {one['app']} | {' | '.join(cells)} | {reasons.replace('|', '/')} |")
    lines.append("")
    for one in figures["apps"]:
        if one["kind"] not in ("classic", None):
            lines.append(f"- not counted: {one['app']} ({one['kind']}): {' '.join(one['reasons'])}")
    others = ", ".join(f"{kind} {figures[kind]}" for kind in (LACKED, TIMEOUT, REFUSED, "not run"))
    own = f"{figures[OWN]} of {figures['actions']}, {figures['answers']} % (at least {ANSWERS:g} %); {others}"
    lines += [
        "",
        f"Apps that load: {figures['loading']} of {figures['counted']}, {figures['loads']} % (at least {LOADS:g} %)",
        f"Their actions with the app's own outcome: {own}",
        f"Of the actions of all apps, those that do not load included: {figures['answers_of_all']} %",
    ]
    return "\n".join(lines) + "\n"
