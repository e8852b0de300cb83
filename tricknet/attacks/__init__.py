"""Attacks: how a picture gets a different answer, and the parts that attacks are made of. One file for each."""
