"""A mail server that does what the recipient's name says, to see what a client makes of it.

    smtp_faults.py FOLDER [--tls CERT KEY] [--auth USER PASSWORD]

Prints its port and serves on 127.0.0.1 until it is killed. Each mail that it has taken over becomes FOLDER/N.eml, where
N counts up. Names: ok, grey (450), gone (550), full (552), busy (421), spam (554 after the mail), later (451 after the
mail), cut-before (closes in the middle of the mail), cut-after (keeps the mail, then closes without an answer), slow
(answers after 30 s). With --tls it offers STARTTLS and demands it; without, it does not know it.
"""

import argparse
import asyncio
import logging
import os
import ssl

from aiosmtpd.smtp import SMTP, AuthResult

ANSWERS = {
    "grey": "450 4.2.0 Greylisted, try again",
    "gone": "550 5.1.1 No such user here",
    "full": "552 5.2.2 Mailbox full",
}
AFTER = {"spam": "554 5.7.1 Looks like spam", "later": "451 4.3.0 Not just now"}


def name_of(envelope):
    return envelope.rcpt_tos[0].split("@")[0] if envelope.rcpt_tos else ""


class Server(SMTP):
    async def smtp_DATA(self, arg):
        if name_of(self.envelope) == "cut-before":
            await self.push("354 Go on")
            await self._reader.readline()
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class Handler:
    def __init__(self, folder):
        self.folder, self.count = folder, 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        name = address.split("@")[0]
        if name == "busy":
            await server.push("421 4.3.2 Closing for today")
            server.transport.close()
            return "421 4.3.2 Closing for today"
        if name in ANSWERS:
            return ANSWERS[name]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        name = name_of(envelope)
        if name in AFTER:
            return AFTER[name]
        self.count += 1
        path = os.path.join(self.folder, f"{self.count}.eml")
        with open(path + ".part", "wb") as file:
            file.write(f"X-From: {envelope.mail_from}\r\nX-To: {envelope.rcpt_tos[0]}\r\n".encode())
            file.write(envelope.content)
        os.rename(path + ".part", path)
        if name == "cut-after":
            server.transport.abort()
        if name == "slow":
            await asyncio.sleep(30)
        return "250 2.0.0 Taken over"


async def main():
    logging.disable(logging.CRITICAL)  # clients that go away are what is tried here
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--tls", nargs=2)
    parser.add_argument("--auth", nargs=2)
    options = parser.parse_args()
    handler = Handler(options.folder)
    context = None
    if options.tls:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*options.tls)

    def check(server, session, envelope, mechanism, data):
        fine = options.auth and [data.login.decode(), data.password.decode()] == options.auth
        return AuthResult(success=bool(fine), handled=False)

    def factory():
        return Server(handler, hostname="faults.example.org", tls_context=context, require_starttls=bool(context),
                      authenticator=check if options.auth else None, auth_required=bool(options.auth),
                      auth_require_tls=bool(context), enable_SMTPUTF8=True)

    server = await asyncio.get_running_loop().create_server(factory, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
