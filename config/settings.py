"""Settings from SOS_* variables, read once. Imports nothing of ours; never holds a default secret."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

Choice = TypeVar("Choice", bound=StrEnum)

KNOWN = {
    "SOS_INSTANCE",
    "SOS_DATABASE_URL",
    "SOS_KEYS",
    "SOS_ENV",
    "SOS_BIND",
    "SOS_PUBLIC_URL",
    "SOS_TELEGRAM_TOKEN",
    "SOS_TELEGRAM_MODE",
    "SOS_TELEGRAM_SECRET",
    "SOS_TELEGRAM_API_URL",
    "SOS_SMS_OUT",
    "SOS_WATCHDOG_TO",
    "SOS_WATCHDOG_PING_URL",
}
SMS_PREFIX = "SOS_SMS_"


class WrongSetting(Exception):
    """A variable has a value that cannot be used. Names the variable, never a secret."""


class Env(StrEnum):
    """Where this installation stands."""

    DEMO = "demo"
    PRODUCTION = "production"


class TelegramMode(StrEnum):
    """How updates reach us; Telegram allows one of the two."""

    WEBHOOK = "webhook"
    POLLING = "polling"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the environment decides."""

    instance: Path
    database_url: str = field(repr=False)
    keys: Path
    env: Env
    port: int
    bind: str
    public_url: str
    telegram_token: str = field(repr=False)
    telegram_mode: TelegramMode
    telegram_secret: str = field(repr=False)
    telegram_api_url: str
    sms_out: tuple[str, ...]
    sms: Mapping[str, Mapping[str, str]] = field(repr=False)
    """provider -> its SOS_SMS_<PROVIDER>_* variables, names lower-cased without the prefix"""
    watchdog_to: tuple[str, ...] = field(default=(), repr=False)
    """whom the watchdog tells: numbers (+383...), Telegram chats (digits), http(s) addresses"""
    watchdog_ping_url: str = field(default="", repr=False)
    """an outside dead-man address, asked while the whole chain is young"""
    unknown: tuple[str, ...] = ()
    """SOS_* variables that nobody reads: probably misspelt"""

    @property
    def demo(self) -> bool:
        return self.env is Env.DEMO

    @property
    def config(self) -> Path:
        """The folder of what an operator may change."""
        return Path(__file__).parent

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the environment. Raises WrongSetting with the name of the variable."""
        env = os.environ if environ is None else environ
        instance = Path(env.get("SOS_INSTANCE") or "./instance").absolute()
        port = _port(env.get("PORT") or "8000")
        bind = env.get("SOS_BIND") or "127.0.0.1"
        return cls(
            instance=instance,
            database_url=env.get("SOS_DATABASE_URL") or f"sqlite:///{instance / 'sos.db'}",
            keys=Path(env.get("SOS_KEYS") or instance / "keys").absolute(),
            env=_one_of(Env, "SOS_ENV", env.get("SOS_ENV") or "demo"),
            port=port,
            bind=bind,
            public_url=(env.get("SOS_PUBLIC_URL") or f"http://{bind}:{port}").rstrip("/"),
            telegram_token=env.get("SOS_TELEGRAM_TOKEN", ""),
            telegram_mode=_one_of(TelegramMode, "SOS_TELEGRAM_MODE", env.get("SOS_TELEGRAM_MODE") or "webhook"),
            telegram_secret=env.get("SOS_TELEGRAM_SECRET", ""),
            telegram_api_url=(env.get("SOS_TELEGRAM_API_URL") or "https://api.telegram.org").rstrip("/"),
            sms_out=tuple(name.strip().lower() for name in env.get("SOS_SMS_OUT", "").split(",") if name.strip()),
            sms=_sms(env),
            watchdog_to=tuple(one.strip() for one in env.get("SOS_WATCHDOG_TO", "").split(",") if one.strip()),
            watchdog_ping_url=_address("SOS_WATCHDOG_PING_URL", env.get("SOS_WATCHDOG_PING_URL", "").strip()),
            unknown=tuple(sorted(name for name in env if name.startswith("SOS_") and name not in KNOWN and not _is_sms(name))),
        )


def _is_sms(name: str) -> bool:
    return name.startswith(SMS_PREFIX) and name.count("_") >= 3


def _sms(env: Mapping[str, str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, value in env.items():
        if _is_sms(name):
            provider, _, setting = name.removeprefix(SMS_PREFIX).partition("_")
            found.setdefault(provider.lower(), {})[setting.lower()] = value
    return found


def _port(value: str) -> int:
    if not value.isascii() or not value.isdigit() or not 0 < int(value) < 65536:
        raise WrongSetting("PORT must be a number from 1 to 65535")
    return int(value)


def _address(name: str, value: str) -> str:
    if value and not value.startswith(("http://", "https://")):
        raise WrongSetting(f"{name} must begin with http:// or https://")
    return value


def _one_of(kind: type[Choice], name: str, value: str) -> Choice:
    try:
        return kind(value.strip().lower())
    except ValueError:
        raise WrongSetting(f"{name} must be one of {', '.join(kind)}") from None
