"""One action for each thing that the SDK asks its platform for."""

from collections.abc import Iterator

from soar_sdk.abstract import SOARClient
from soar_sdk.action_results import ActionOutput, OutputField
from soar_sdk.app import App
from soar_sdk.asset import AssetField, BaseAsset
from soar_sdk.exceptions import ActionFailure
from soar_sdk.logging import getLogger
from soar_sdk.models.artifact import Artifact
from soar_sdk.models.container import Container
from soar_sdk.params import OnPollParams, Param, Params
from soar_sdk.webhooks.models import WebhookRequest, WebhookResponse

logger = getLogger()


class Asset(BaseAsset):
    """What the app is configured with."""

    server: str = AssetField(description="A name", default="here")
    key: str = AssetField(description="A secret", sensitive=True)
    # Where the configuration lacks it, the SDK takes None and not the default.
    limit: int | None = AssetField(description="A number", default=25)


app = App(
    name="Built With The SDK",
    app_type="generic",
    logo="logo.svg",
    logo_dark="logo_dark.svg",
    product_vendor="soarkit",
    product_name="fixture",
    publisher="soarkit",
    appid="0f0f6d2c-7a39-4c3f-9d0e-7d6a9d3a1b11",
    asset_cls=Asset,
).enable_webhooks(default_requires_auth=False)


@app.test_connectivity()
def test_connectivity(soar: SOARClient, asset: Asset) -> None:
    """Succeed where the secret arrived in plain text, and the default of what was not given."""
    logger.progress("looking at the configuration")
    if asset.limit != 25:
        raise ActionFailure("the default is missing")
    if asset.key != "plain-secret":
        raise ActionFailure("the key is another one")


class CountOutput(ActionOutput):
    """A number that grows with every run."""

    count: int = OutputField(column_name="Count")
    server: str = OutputField(cef_types=["host name"], column_name="Server")


class CountParams(Params):
    """What to add."""

    by: int = Param(description="How many", default=1)


@app.action(read_only=True, render_as="table")
def count_up(params: CountParams, soar: SOARClient, asset: Asset) -> CountOutput:
    """Keep a number in the asset's state."""
    number = asset.cache_state.get("number", 0) + params.by
    asset.cache_state["number"] = number
    soar.set_message(f"counted to {number}")
    return CountOutput(count=number, server=asset.server)


@app.view_handler(template="counts.html")
def show_counts(outputs: list[CountOutput]) -> dict:
    """Show the numbers of all runs."""
    return {"counts": [output.count for output in outputs]}


@app.action(read_only=True, view_handler=show_counts)
def count_visibly(params: CountParams, asset: Asset) -> CountOutput:
    """Give a number that has a view."""
    return CountOutput(count=params.by, server=asset.server)


@app.view_handler(template="counts.html")
def break_a_view(outputs: list[CountOutput]) -> dict:
    """Raise what the SDK draws a page of."""
    raise LookupError("nothing to see")


@app.action(read_only=True, view_handler=break_a_view)
def count_badly(params: CountParams, asset: Asset) -> CountOutput:
    """Give a number whose view fails."""
    return CountOutput(count=params.by, server=asset.server)


class ShimsOutput(ActionOutput):
    """Modules in which the SDK fell back to its own stand-ins."""

    platform: list[str]
    fallback: list[str]


@app.action()
def list_shims(params: Params) -> ShimsOutput:
    """Tell which of the SDK's modules found the platform, and which made do without."""
    import importlib

    import soar_sdk.shims

    found: dict[bool, list[str]] = {True: [], False: []}
    for folder in soar_sdk.shims.__path__:
        for module in _modules(folder, "soar_sdk.shims"):
            available = getattr(importlib.import_module(module), "_soar_is_available", None)
            if available is not None:
                found[available].append(module)
    return ShimsOutput(platform=sorted(found[True]), fallback=sorted(found[False]))


def _modules(folder: str, package: str) -> Iterator[str]:
    from pathlib import Path

    for path in Path(folder).rglob("*.py"):
        parts = path.relative_to(folder).with_suffix("").parts
        yield ".".join([package, *(part for part in parts if part != "__init__")])


class SavedOutput(ActionOutput):
    """What was saved."""

    container_id: int
    artifact_id: int
    vault_id: str


@app.action(read_only=False)
def save_things(params: Params, soar: SOARClient) -> SavedOutput:
    """Save a container, an artifact and a file through the SDK's client."""
    container = soar.container.create({"name": "from an action", "label": "events", "asset_id": soar.get_asset_id()})
    artifact = soar.artifact.create({"container_id": container, "name": "one", "cef": {"sourceAddress": "10.0.0.1"}})
    vault_id = soar.vault.create_attachment(container, "content", "note.txt")
    return SavedOutput(container_id=container, artifact_id=artifact, vault_id=vault_id)


@app.action()
def break_down(params: Params) -> CountOutput:
    """Raise what no app expects."""
    raise KeyError("nothing here")


@app.on_poll()
def on_poll(params: OnPollParams, soar: SOARClient, asset: Asset) -> Iterator[Container | Artifact]:
    """Bring as many containers as are asked for, with one artifact each."""
    for number in range(min(params.container_count or 1, 3)):
        yield Container(name=f"container {number}", source_data_identifier=f"c{number}")
        yield Artifact(name="artifact", source_data_identifier=f"a{number}", cef={"number": number})


@app.webhook("note")
def note(request: WebhookRequest[Asset]) -> WebhookResponse:
    """Keep what was sent in the asset's state."""
    request.asset.cache_state["note"] = request.body
    return WebhookResponse.text_response(f"kept {len(request.body or '')}")


class NoteOutput(ActionOutput):
    """What a web hook kept."""

    note: str


app.register_action("actions.read_note:read_note", action_type="investigate")
