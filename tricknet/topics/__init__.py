"""One lesson's idea each."""
