"""Work that the database took back because two transactions waited for each other is done once more: the second time the other one has ended.

Only for work that is one transaction from its beginning to its end: of anything else a part would be done twice.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError

from sos import logs
from sos.db.statements import is_deadlock

Given = ParamSpec("Given")
Made = TypeVar("Made")


def once_more(work: Callable[Given, Made]) -> Callable[Given, Made]:
    """The same call, repeated once after a deadlock. Raises what the work raises; a second deadlock too."""

    @wraps(work)
    def does(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        try:
            return work(*args, **kwargs)
        except DBAPIError as error:
            if not is_deadlock(error):
                raise
            logs.event("database.again", error=type(error).__name__)
        return work(*args, **kwargs)

    return does
