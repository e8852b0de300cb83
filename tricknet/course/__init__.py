"""What is clicked and checked: exercises, sliders, the lab, and how Jupyter runs."""
