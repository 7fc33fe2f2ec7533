"""The parts of the wiring, each on the one below: ground, staff, alerts, shelters, sharing. `sos.rooms` is the whole."""
