"""The documentation page of an app: one HTML file without scripts, or Markdown."""
