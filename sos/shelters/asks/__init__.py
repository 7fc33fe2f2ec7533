"""One ask to several shelters that does not tell who asks: unit needs only, and nothing by which two asks could be linked."""
