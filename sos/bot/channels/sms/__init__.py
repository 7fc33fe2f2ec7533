"""SMS: the gateways and what they have in common; what a text costs stands in `sos.texts.segments`."""
