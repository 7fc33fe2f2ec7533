"""The directory of services: who helps, where, when, for whom. Never holds a confidential service: those lie in `sos.shelters`."""
