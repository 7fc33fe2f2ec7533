"""Stand-ins that speak real HTTP on loopback and take a script of faults. They never import what they stand opposite."""
