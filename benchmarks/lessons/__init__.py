"""What the lessons claim, measured."""
