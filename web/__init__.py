"""What makes the page: the course where nothing is installed, in a browser."""
