"""Erasure, retention and the turn of the epochs: asks each room to forget."""
