"""What the lessons' claims rest on: experiments, their tables and their pages. Nothing imports it."""
