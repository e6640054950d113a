"""Threat libraries and clients for the tests that talk to a ThreatQ server."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from services.threatq import CLIENT_ID, CLIENT_SECRET, PASSWORD, USER, ThreatQService
from stix_export.threatq import Client, Settings

TIMES = {"created_at": "2021-10-07 14:05:58", "updated_at": "2021-10-07 14:06:00", "touched_at": "2021-10-07 14:19:54"}
ROOT = ("incident", 12)
APPLICATION = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
PERSON = {"client_id": CLIENT_ID, "username": USER, "password": PASSWORD}


def library() -> dict[str, Any]:
    """One object of each collection around an incident, with all that a record can have."""
    others = "attack_pattern campaign course_of_action exploit_target identity intrusion_set malware tool".split()
    attribute = {"name": "Kill Chain Phase", "value": "Delivery", "sources": [{"name": "EDR", "tlp_id": 2}]}
    return {
        "format": "threat-library/1",
        "library_id": "lib-1",
        "exported_at": "2021-10-21T21:02:46Z",
        "objects": {
            "incident": [
                {
                    **TIMES,
                    "id": 12,
                    "value": "High severity detection",
                    "sources": [{"name": "EDR", "tlp_id": 3}, {"name": "Crowd"}],
                    "attributes": [{"name": "Owner", "value": "SOC"}, {"name": "Owner", "value": "CERT"}],
                    "tags": ["urgent", {"id": 4, "name": "edr"}],
                    "started_at": "2021-10-06 00:00:00",
                }
            ],
            "indicators": [
                {
                    **TIMES,
                    "id": 336,
                    "type": {"name": "MD5"},
                    "status": {"name": "Active"},
                    "value": "3b35d89b10e561e05006e0a101154348",
                    "score": {"generated_score": "3.00", "manual_score": 9},
                    "sources": [{"name": "EDR"}],
                },
                {**TIMES, "id": 337, "type": "FQDN", "status": "Whitelisted", "value": "contoso.example", "score": 7.4},
            ],
            "adversaries": [{**TIMES, "id": 12, "name": "Bär", "description": [{"value": "<p>A &amp; B</p>"}]}],
            "events": [{**TIMES, "id": 5, "title": "Seen", "type": {"name": "Sighting"}, "happened_at": "2021-10-01"}],
            **{
                name: [{**TIMES, "id": 40 + number, "value": f"A {name}", "attributes": [attribute], "type": "Loader"}]
                for number, name in enumerate(others)
            },
            "tasks": [{**TIMES, "id": 1, "name": "Call back"}],
        },
        "relationships": [
            {"id": 901, "a": ["incident", 12], "b": ["indicators", 336], "created_at": "2021-10-07 14:19:16"},
            {"id": 902, "a": ["indicators", 336], "b": ["incident", 12], "updated_at": "2021-10-08 00:00:00"},
            {"id": 903, "a": ["incident", 12], "b": ["adversaries", 12]},
            {"id": 904, "a": ["events", 5], "b": ["incident", 12], "created_at": "2021-10-07 14:19:17"},
            {"id": 905, "a": ["adversaries", 12], "b": ["indicators", 337], "created_at": "2021-10-07 14:19:18"},
            {"id": 906, "a": ["tasks", 1], "b": ["incident", 12]},
            *(
                {"id": 910 + number, "a": ["incident", 12], "b": [name, 40 + number]}
                for number, name in enumerate(others)
            ),
            {"id": 930, "a": ["malware", 46], "b": ["tool", 47], "created_at": "2021-10-07 14:19:19"},
        ],
        "attachments": [],
    }


def star(count: int) -> dict[str, Any]:
    """An incident with so many indicators."""
    indicators = [
        {**TIMES, "id": number, "type": {"name": "Filename"}, "status": {"name": "Active"}, "value": f"{number}.exe"}
        for number in range(1, count + 1)
    ]
    relations = [{"a": ["incident", 12], "b": ["indicators", number]} for number in range(1, count + 1)]
    incident = {**TIMES, "id": 12, "value": "Hub"}
    return {
        "format": "threat-library/1",
        "library_id": "lib-1",
        "objects": {"incident": [incident], "indicators": indicators},
        "relationships": relations,
    }


class Pauses:
    """Stands in for sleeping."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.told: list[str] = []

    def client(self, service: ThreatQService, credentials: dict[str, str] | None = None, **changes: Any) -> Client:
        """A client of the service that does not really wait."""
        settings = Settings.from_config({"base_url": service.url, **(credentials or APPLICATION)})
        return Client(replace(settings, **changes), progress=self.told.append, sleep=self.seconds.append)
