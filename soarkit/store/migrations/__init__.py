"""How the tables came to be. What has been released never changes; every change is a migration of its own."""
