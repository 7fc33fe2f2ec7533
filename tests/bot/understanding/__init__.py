"""What understanding owes the survivor, shown on labelled sentences and by properties."""
