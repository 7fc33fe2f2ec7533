"""Security keys and phones by WebAuthn: the library verifies, this file says what is asked of them. Pure: no database, no web."""

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from sos.staff.sign_in.errors import NotRecognised
from sos.staff.sign_in.totp import ISSUER

_BROKEN = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError)
"""What the library raises at answers that are wrong, or no answers at all."""


@dataclass(frozen=True, slots=True)
class Site:
    """The name that keys are bound to, and the origin that the browser must state ("https://desk.example")."""

    name: str
    origin: str


@dataclass(frozen=True, slots=True)
class SecurityKey:
    """What is kept of one key."""

    credential_id: bytes = field(repr=False)
    public_key: bytes = field(repr=False)
    label: str
    sign_count: int = 0

    def packed(self) -> str:
        """As JSON, for sealing; the counter stands in a column of its own."""
        return json.dumps({"id": _text(self.credential_id), "public": _text(self.public_key), "label": self.label})

    @classmethod
    def unpacked(cls, packed: str, sign_count: int) -> "SecurityKey":
        found = json.loads(packed)
        return cls(_raw(found["id"]), _raw(found["public"]), found["label"], sign_count)


@dataclass(frozen=True, slots=True)
class Asked:
    """Options for the browser as JSON, and the challenge to remember until its answer."""

    options: str
    challenge: str = field(repr=False)


def ask_to_make(site: Site, *, member_id: str, alias: str, have: Iterable[SecurityKey]) -> Asked:
    """What `navigator.credentials.create` is asked; keys that she has are left out."""
    made = generate_registration_options(
        rp_id=site.name,
        rp_name=ISSUER,
        user_id=member_id.encode(),
        user_name=alias,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=key.credential_id) for key in have],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=UserVerificationRequirement.DISCOURAGED
        ),
    )
    return Asked(options_to_json(made), _text(made.challenge))


def made(site: Site, challenge: str, answer: str, label: str) -> SecurityKey:
    """The new key. Raises NotRecognised for an answer that is not to this challenge on this site."""
    try:
        found = verify_registration_response(
            credential=answer, expected_challenge=_raw(challenge), expected_rp_id=site.name, expected_origin=site.origin
        )
    except _BROKEN:
        raise NotRecognised from None
    return SecurityKey(found.credential_id, found.credential_public_key, label.strip()[:40] or "Key", found.sign_count)


def ask_to_use(site: Site, have: Iterable[SecurityKey]) -> Asked:
    """What `navigator.credentials.get` is asked. It is a second factor after a password, so touching it is enough."""
    asked = generate_authentication_options(
        rp_id=site.name,
        allow_credentials=[PublicKeyCredentialDescriptor(id=key.credential_id) for key in have],
        user_verification=UserVerificationRequirement.DISCOURAGED,
    )
    return Asked(options_to_json(asked), _text(asked.challenge))


def id_of(answer: str) -> bytes:
    """Which key answers. Raises NotRecognised."""
    try:
        return _raw(json.loads(answer)["id"])
    except _BROKEN:
        raise NotRecognised from None


def used(site: Site, challenge: str, answer: str, key: SecurityKey) -> int:
    """The key's counter after this use. Raises NotRecognised, also for a counter that went back (a copy of the key)."""
    try:
        found = verify_authentication_response(
            credential=answer,
            expected_challenge=_raw(challenge),
            expected_rp_id=site.name,
            expected_origin=site.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
        )
    except _BROKEN:
        raise NotRecognised from None
    return found.new_sign_count


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
