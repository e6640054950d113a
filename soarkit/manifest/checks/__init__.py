"""The rules of an app JSON that a schema cannot say: about several places at once, or about the app's
other files."""
