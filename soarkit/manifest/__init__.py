"""An app's own description: its JSON as published, the model a run works with, and what is wrong with it."""
