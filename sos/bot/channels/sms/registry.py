"""Finds the SMS gateways: every file in `providers/` is one, its class named after it. Never keeps them: the caller holds what it built."""

import importlib
import pkgutil
from collections.abc import Mapping

from sos.bot.channels.sms import providers as package
from sos.bot.channels.sms.provider import Misconfigured, SmsProvider


def names() -> tuple[str, ...]:
    """The gateways there are, in alphabetical order."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(package.__path__)))


def providers(settings_by_provider: Mapping[str, Mapping[str, str]], *, public_url: str = "") -> dict[str, SmsProvider]:
    """Every gateway by name, set up or not: one without its secret refuses all and cannot send.

    `settings_by_provider`: the SOS_SMS_<NAME>_* variables by gateway, lower-cased, without the prefix. `public_url`: SOS_PUBLIC_URL; gateways
    that must be told where to report get `<public_url>/sms/<name>/status` unless their own `status_url` is set. Raises Misconfigured.
    """
    known = names()
    unknown = sorted(set(settings_by_provider) - set(known))
    if unknown:
        raise Misconfigured(f"SOS_SMS_{unknown[0].upper()}_* names no SMS gateway; there are: {', '.join(known)}")
    return {name: _build(name, settings_by_provider.get(name, {}), public_url) for name in known}


def _build(name: str, settings: Mapping[str, str], public_url: str) -> SmsProvider:
    module = importlib.import_module(f"{package.__name__}.{name}")
    status = {"status_url": f"{public_url.rstrip('/')}/sms/{name}/status"} if public_url else {}
    provider: SmsProvider = getattr(module, name.capitalize())({**status, **settings})
    return provider
