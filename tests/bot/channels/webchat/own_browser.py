"""A browser without JavaScript on the pages of what is hers: forms, a file, an archive."""

import contextlib
import html
import re
import secrets
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from types import MappingProxyType

from tests.stories.test_web import Browser

MINE = "/chat/mine"


class OwnBrowser(Browser):
    """The chat and the pages below `/chat/mine`. `status` and `raw`: of the latest answer."""

    status = 200
    raw = b""
    headers: Mapping[str, str] = MappingProxyType({})

    def opens(self, path: str = MINE) -> str:
        return self._asks(urllib.request.Request(self.url + path))

    def says_word(self, word: str) -> str:
        return self.posts("/word", word=word)

    def posts(self, path: str, **fields: str) -> str:
        return self._asks(self._from_here(path, urllib.parse.urlencode(fields).encode()))

    def uploads(self, body: bytes = b"", name: str = "", media_type: str = "image/jpeg", words: str = "") -> str:
        mark = secrets.token_hex(8)
        parts = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: {media_type}\r\n\r\n'.encode()
        parts += body + f'\r\n--{mark}\r\nContent-Disposition: form-data; name="words"\r\n\r\n{words}\r\n--{mark}--\r\n'.encode()
        request = self._from_here("/keep", parts)
        request.add_header("Content-Type", f"multipart/form-data; boundary={mark}")
        return self._asks(request)

    def agreed(self, word: str = "green door") -> "OwnBrowser":
        """Past the first contact, with a check word."""
        self.says("hello", "1", "1")
        self.taps("my words")
        self.taps("check word")
        self.says(word)
        return self

    def _from_here(self, path: str, body: bytes) -> urllib.request.Request:
        return urllib.request.Request(f"{self.url}{MINE}{path}", body, {"Sec-Fetch-Site": "same-origin"})

    def _asks(self, request: urllib.request.Request) -> str:
        try:
            answer = self._opener.open(request, timeout=30)
        except urllib.error.HTTPError as refusal:
            answer = refusal
        with contextlib.closing(answer):
            self.status, self.raw, self.headers = answer.status, answer.read(), dict(answer.headers)
        return html.unescape(self.raw.decode("utf-8", "replace"))

    def items(self) -> list[str]:
        """Ids of what is kept, as the page's forms name them."""
        return list(dict.fromkeys(re.findall(r'name="id" value="([0-9a-f]{32})"', self.opens())))
