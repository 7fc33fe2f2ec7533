"""One question to a gateway: how are you? Never shows an address or a secret; no answer is an answer."""

from collections.abc import Mapping
from typing import Final

import aiohttp

from sos.bot.channels.sms.attempt import Answer, attempt
from sos.bot.channels.sms.provider import OutboundSms, Vitals

SECONDS: Final = 8.0
BATTERY_LOW: Final = "battery_low"
CREDIT_LOW: Final = "credit_low"
SENDING_FAILS: Final = "sending_fails"
NO_NETWORK: Final = "no_network"
_NOBODY: Final = OutboundSms("", "", "", timeout_seconds=SECONDS)


async def asked(session: aiohttp.ClientSession, url: str, headers: Mapping[str, str] | None = None) -> Answer | Vitals:
    """The answer to a GET, or dead."""
    answer = await attempt(session, _NOBODY, "GET", url, headers=headers)
    return answer if isinstance(answer, Answer) else Vitals(alive=False, detail=answer.detail)


def refused(answer: Answer) -> Vitals | None:
    """Dead where the answer is no success."""
    return None if 200 <= answer.status < 300 else Vitals(alive=False, detail=f"http_{answer.status}")
