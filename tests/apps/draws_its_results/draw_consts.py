"""What a view imports from beside itself."""

TITLE = "from beside"
