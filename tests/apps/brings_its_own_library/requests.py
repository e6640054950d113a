"""Not the library of that name."""

WHOSE = "the app's own"
