"""``python -m soarkit``: the command line."""

from soarkit.cli.main import main

main()
