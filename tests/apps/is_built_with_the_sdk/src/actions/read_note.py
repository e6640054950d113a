"""An action in a module of its own, registered by its name, that imports from the main module."""

from soar_sdk.params import Params

from ..app import Asset, NoteOutput, app


def read_note(params: Params, asset: Asset) -> NoteOutput:
    """Give back what a web hook kept."""
    assert app.asset is asset
    return NoteOutput(note=asset.cache_state.get("note", ""))
