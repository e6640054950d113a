"""The app side of soarkit: what stands behind the names in ``phantom`` and ``phantom_common``.

Standard library only, Python 3.9 syntax, and never an import of ``soarkit``: this package runs in the app's own
interpreter. Heavy standard modules are imported where they are used, because every action pays for start-up.
"""
