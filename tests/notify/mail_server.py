"""A mail server on the loopback (RFC 5321), as far as a sender meets it.

How an address is answered stands in its own name: `unknown@` is no mailbox here, `full@` has no
room today.
"""

import asyncio
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass(eq=False)
class MailServer:
    mails: list[EmailMessage] = field(default_factory=list)
    port: int = 0
    _server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n")
        while line := (await reader.readline()).strip():
            if line.upper() == b"DATA":
                writer.write(b"354 go on\r\n")
                content = await reader.readuntil(b"\r\n.\r\n")
                self.mails.append(message_from_bytes(content[:-5], policy=policy.default))
            writer.write(_reply(line))
            if line.upper() == b"QUIT":
                break
        writer.close()


def _reply(line: bytes) -> bytes:
    recipient = line.lower().removeprefix(b"rcpt to:")
    if recipient.startswith(b"<unknown@"):
        return b"550 5.1.1 no such mailbox\r\n"
    if recipient.startswith(b"<full@"):
        return b"452 4.2.2 mailbox full\r\n"
    return b"250 ok\r\n"
