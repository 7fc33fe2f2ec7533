"""The staff door: screens for operators."""
