"""SOS alerts: raised, folded, marked; closed by people only."""
