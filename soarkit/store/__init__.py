"""What must last: installed apps, assets and runs."""
