"""Whether two places are near one another, roughly and fast.

For "beside" in a text; must never order services or be shown: ``distance`` does that.
"""

import math

_METRES_PER_DEGREE = 111_195


def rough_metres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Between two points of one region, degrees, on a plane: within 1 % up to 50 km, about a microsecond."""
    north = (other_lat - lat) * _METRES_PER_DEGREE
    east = (other_lon - lon) * _METRES_PER_DEGREE * math.cos(math.radians(lat))
    return math.hypot(north, east)
