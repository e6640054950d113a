"""What apps ask their platform while they run, answered from what is kept here."""
