"""Keys of an app JSON that have a meaning in several places. Imports nothing: the start of every run needs it."""

#: In a JSON that was made from an SDK app's source folder, in place of lists of dependencies: the folder's
#: ``requires-python``. The environment is built from the ``uv.lock`` that lies in the app's folder.
REQUIRES_PYTHON = "requires-python"

#: In a JSON that was made from an enrichment bundle's metadata: that metadata as it was found.
ENRICHMENT = "enrichment"
#: The folder of a bundle that holds its scripts.
SOURCE = "source"


def is_bundle(manifest: object) -> bool:
    """Whether an app JSON was made from an enrichment bundle's metadata."""
    return isinstance(manifest, dict) and isinstance(manifest.get(ENRICHMENT), dict)
