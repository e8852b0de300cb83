"""One claim of your own: a plan that is sealed before its run, and checked for its form."""
