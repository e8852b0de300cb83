"""What tests, experiments and scripts share: a real browser, and networks in PyTorch to judge ours by."""
