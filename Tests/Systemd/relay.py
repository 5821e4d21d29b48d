"""A relay for the test of the installation: STARTTLS, then AUTH PLAIN or LOGIN, then mail.

    relay.py DIRECTORY PORT USER PASSWORD

DIRECTORY has cert.pem and key.pem. Each accepted mail is appended to DIRECTORY/mails, each
connection's fate to DIRECTORY/log. While DIRECTORY/silent is there the final dot gets no reply.
"""
import base64
import os
import socketserver
import ssl
import sys
import time

directory, port, user, password = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(f"{directory}/cert.pem", f"{directory}/key.pem")


def note(name, text):
    with open(f"{directory}/{name}", "a", encoding="utf-8") as file:
        file.write(text + "\n")


class Session(socketserver.BaseRequestHandler):
    def handle(self):
        self.secure = self.known = False
        self.open(self.request)
        self.say("220 relay.example ESMTP")
        try:
            while self.step(self.line()):
                pass
        except (OSError, EOFError) as error:
            note("log", f"gone: {error}")

    def open(self, connection):
        self.connection = connection
        self.file = connection.makefile("rb")

    def say(self, text):
        self.connection.sendall(text.encode() + b"\r\n")

    def line(self):
        line = self.file.readline(65536)
        if not line:
            raise EOFError("closed")
        return line.rstrip(b"\r\n").decode("utf-8", "replace")

    def step(self, line):
        verb = line.split(" ")[0].upper()
        if verb == "EHLO":
            more = "AUTH PLAIN LOGIN" if self.secure else "STARTTLS"
            self.say(f"250-relay.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 {more}")
        elif verb == "STARTTLS":
            self.say("220 go")
            self.open(context.wrap_socket(self.connection, server_side=True))
            self.secure = True
        elif verb == "AUTH":
            self.auth(line.split(" "))
        elif verb in ("MAIL", "RCPT", "RSET", "NOOP"):
            self.say("250 ok" if self.known else "530 5.7.0 log in first")
        elif verb == "DATA":
            self.data()
        elif verb == "QUIT":
            self.say("221 bye")
            return False
        else:
            self.say("502 what?")
        return True

    def ask(self, prompt):
        self.say("334 " + base64.b64encode(prompt).decode())
        return base64.b64decode(self.line()).decode()

    def auth(self, words):
        if words[1].upper() == "PLAIN":
            text = base64.b64decode(words[2]).decode() if len(words) > 2 else self.ask(b"")
            given = text.split("\0")[1:]
        else:
            given = [self.ask(b"Username:"), self.ask(b"Password:")]
        self.known = given == [user, password]
        note("log", f"login of {given[0]}: {'right' if self.known else 'wrong'}")
        self.say("235 2.7.0 welcome" if self.known else "535 5.7.8 no")

    def data(self):
        self.say("354 go on")
        lines = []
        while (line := self.line()) != ".":
            lines.append(line)
        while os.path.exists(f"{directory}/silent"):
            time.sleep(0.1)
        note("mails", "\n".join(lines) + "\n-- end of mail --")
        self.say("250 2.0.0 taken")


class Relay(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Relay(("127.0.0.1", port), Session).serve_forever()
