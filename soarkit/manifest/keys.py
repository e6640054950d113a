"""Keys of an app JSON that have a meaning in several places. Imports nothing: the start of every run needs it."""

#: In a JSON that was made from an SDK app's source folder, in place of lists of dependencies: the folder's
#: ``requires-python``. The environment is built from the ``uv.lock`` that lies in the app's folder.
REQUIRES_PYTHON = "requires-python"
