"""Security keys against an authenticator made here: an answer counts for one question, one site, one key, and never backwards."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field

import cbor2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from sos.staff.sign_in import security_keys
from sos.staff.sign_in.errors import NotRecognised
from sos.staff.sign_in.security_keys import SecurityKey, Site

SITE = Site("desk.example", "https://desk.example")


@dataclass
class Token:
    """A key in software: ES256, no attestation."""

    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    counter: int = 0

    def make(self, options: str, site: Site = SITE) -> str:
        numbers = self.private.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})
        data = self._data(site, 0x41) + bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(client("create", options, site), attestationObject=text(attestation))

    def use(self, options: str, site: Site = SITE) -> str:
        self.counter += 1
        said, data = client("get", options, site), self._data(site, 0x01)
        signature = self.private.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(said, authenticatorData=text(data), signature=text(signature))

    def _data(self, site: Site, flags: int) -> bytes:
        return hashlib.sha256(site.name.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big")

    def _answer(self, said: bytes, **response: str) -> str:
        whole = {"id": text(self.id), "rawId": text(self.id), "type": "public-key"}
        return json.dumps(whole | {"response": {"clientDataJSON": text(said)} | response})


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def client(act: str, options: str, site: Site) -> bytes:
    return json.dumps({"type": f"webauthn.{act}", "challenge": json.loads(options)["challenge"], "origin": site.origin}).encode()


@pytest.fixture
def token() -> Token:
    return Token()


@pytest.fixture
def key(token: Token) -> SecurityKey:
    asked = security_keys.ask_to_make(SITE, member_id="a" * 32, alias="Ana", have=[])
    return security_keys.made(SITE, asked.challenge, token.make(asked.options), " blue ")


def test_a_key_is_made_kept_and_used(token: Token, key: SecurityKey) -> None:
    kept = SecurityKey.unpacked(key.packed(), key.sign_count)
    assert kept == key
    assert kept.label == "blue"
    asked = security_keys.ask_to_use(SITE, [kept])
    answer = token.use(asked.options)
    assert security_keys.id_of(answer) == token.id
    assert security_keys.used(SITE, asked.challenge, answer, kept) == 1


def test_an_answer_to_an_earlier_question_is_refused(token: Token, key: SecurityKey) -> None:
    first, second = security_keys.ask_to_use(SITE, [key]), security_keys.ask_to_use(SITE, [key])
    with pytest.raises(NotRecognised):
        security_keys.used(SITE, second.challenge, token.use(first.options), key)


@pytest.mark.parametrize(
    "elsewhere",
    [
        pytest.param(Site("desk.example", "https://evil.example"), id="another origin"),
        pytest.param(Site("evil.example", "https://desk.example"), id="another name"),
        pytest.param(Site("desk.example", "http://desk.example"), id="without TLS"),
    ],
)
def test_an_answer_given_to_another_site_is_refused(token: Token, key: SecurityKey, elsewhere: Site) -> None:
    asked = security_keys.ask_to_use(SITE, [key])
    with pytest.raises(NotRecognised):
        security_keys.used(SITE, asked.challenge, token.use(asked.options, elsewhere), key)
    asked = security_keys.ask_to_make(SITE, member_id="a" * 32, alias="Ana", have=[])
    with pytest.raises(NotRecognised):
        security_keys.made(SITE, asked.challenge, Token().make(asked.options, elsewhere), "")


def test_another_key_does_not_answer_for_it(token: Token, key: SecurityKey) -> None:
    asked = security_keys.ask_to_use(SITE, [key])
    with pytest.raises(NotRecognised):
        security_keys.used(SITE, asked.challenge, Token(id=token.id).use(asked.options), key)


def test_a_counter_that_went_back_is_a_copy_and_refused(token: Token, key: SecurityKey) -> None:
    asked = security_keys.ask_to_use(SITE, [key])
    later = SecurityKey(key.credential_id, key.public_key, key.label, sign_count=5)
    with pytest.raises(NotRecognised):
        security_keys.used(SITE, asked.challenge, token.use(asked.options), later)


@pytest.mark.parametrize("answer", ["", "null", "[]", "{}", '{"id": 3}', '{"id": "x", "response": {}}', "\ud800"])
def test_what_is_no_answer_is_refused(key: SecurityKey, answer: str) -> None:
    asked = security_keys.ask_to_use(SITE, [key])
    with pytest.raises(NotRecognised):
        security_keys.used(SITE, asked.challenge, answer, key)
    with pytest.raises(NotRecognised):
        security_keys.made(SITE, asked.challenge, answer, "")


def test_nothing_secret_is_in_what_is_printed(key: SecurityKey) -> None:
    asked = security_keys.ask_to_use(SITE, [key])
    assert text(key.public_key) not in repr(key)
    assert asked.challenge not in repr(asked).replace(asked.options, "")
