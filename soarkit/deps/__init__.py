"""Locking, vendoring and checking an app's dependencies.

=================  ==========================================================================================
``appfolder``      an app's folder with its JSON, and the interpreters to work for
``inputs``         what the app asks for: its pypi list, requirements.txt or wheel list
``tools``          pip-tools and pip, in an environment per interpreter
``resolving``      pip-compile: the app's input and the baseline in one resolution
``lockfile``       the form of ``soarkit-pyXY.lock``
``locking``        ``soarkit deps lock``
``wheelfetch``     wheels downloaded or built
``platforms``      other platforms than this one, by uv
``listedit``       wheel lists rewritten in the text of an app JSON
``vendoring``      ``soarkit deps vendor``
``imports``        what the modules of an app import
``provides``       which distribution an import name belongs to
``simpleindex``    what an index has of a distribution: versions, yanked or not
``checking``       ``soarkit deps check``
=================  ==========================================================================================
"""
