"""The opaque id under which a case holds a unit directly: nobody without the place key can tell whose it is, or go from it to the case. Pure."""

from sos.encryption import index


def opaque(key: bytes, case: str) -> str:
    """32 hex digits; the same for every hold of one case."""
    return index(key, f"hold.case\x1f{case}".encode()).hex()[:32]
