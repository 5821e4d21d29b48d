#!/usr/bin/env python3
"""Makes a fixture of an older schema, by the binary that had it.

    git archive COMMIT | tar -x -C old && (cd old && swift build --product outboxd)
    make.py old/.build/debug/outboxd > schema-N.sql

The binary works on a database of its own and sends to a relay that this script plays, until there are rows in
every state that it knows; then it is killed in the midst of a dialogue. The database is printed as SQL. A
fixture that has been released is never made anew: it is what that binary wrote.
"""
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

END = "\r\n"


class Relay(threading.Thread):
    """Decides by the recipient: reject, nouser, defer, uncertain, stall; and refuses the sender blocked@."""

    def __init__(self):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.stalled = threading.Event()

    def run(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            self.talk(connection, connection.makefile("rb"))
        except (OSError, ValueError):
            pass
        connection.close()

    def talk(self, connection, lines):
        def say(text):
            connection.sendall((text + END).encode())

        say("220 relay.example.test ESMTP")
        recipient = ""
        for line in lines:
            command = line.decode("utf-8", "replace").strip()
            verb = command.split(" ")[0].upper()
            if verb == "EHLO":
                say("250-relay.example.test" + END + "250-SIZE 10000000" + END + "250-SMTPUTF8" + END
                    + "250 ENHANCEDSTATUSCODES")
            elif verb == "MAIL" and "blocked@" in command:
                say("550 5.7.1 Sender address rejected")
            elif verb == "RCPT":
                recipient = command
                for word, reply in [
                    ("reject", "550 5.7.1 Not here"), ("nouser", "550 5.1.1 No such mailbox"),
                    ("defer", "451 4.7.1 Come again later"),
                ]:
                    if word in command:
                        say(reply)
                        break
                else:
                    say("250 2.1.5 Ok")
            elif verb == "DATA":
                if "stall" in recipient:
                    self.stalled.set()
                    time.sleep(3600)
                say("354 Go on")
                for text in lines:
                    if text == b".\r\n":
                        break
                if "uncertain" in recipient:
                    return
                say("250 2.0.0 Queued as 4fXyz")
            elif verb == "QUIT":
                say("221 2.0.0 Bye")
                return
            else:
                say("250 2.0.0 Ok")


class Box:
    def __init__(self, binary, directory, relay):
        self.binary = os.path.abspath(binary)
        self.path = os.path.join(directory, "outbox.db")
        self.environment = {
            "OUTBOXD_DATABASE": self.path, "OUTBOXD_SMTP_URL": f"smtp://127.0.0.1:{relay.port}",
            "OUTBOXD_FROM": "Acme <support@acme.test>", "OUTBOXD_EHLO_NAME": "outboxd.example.test",
            "OUTBOXD_HOLD": "1s", "OUTBOXD_RETRY_BASE": "10m", "OUTBOXD_RETRY_CAP": "10m",
            "OUTBOXD_ON_UNCERTAIN": "hold", "OUTBOXD_SMTP_CONNECTIONS": "2",
            "SWIFT_BACKTRACE": "enable=no", "USER": "operator", "LOGNAME": "operator",
        }

    def command(self, *arguments):
        subprocess.run([self.binary, *arguments], env=self.environment, check=True, stdout=sys.stderr)

    def sql(self, text, *values):
        connection = sqlite3.connect(self.path, timeout=30)
        with connection:
            found = connection.execute(text, values).fetchall()
        connection.close()
        return found

    message = 0

    def row(self, to, conversation=None, helpdesk="acme", instant=1, created=None, body="It works again."):
        Box.message += 1
        self.sql(
            "INSERT INTO outbox (helpdesk_id, conversation_id, message_id, recipient_email, recipient_name,"
            " author_name, subject, body_text, instant, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            helpdesk, conversation or f"c{Box.message}", f"m{Box.message}", to, "Ann", "Olga",
            "Printer is offline", body, instant,
            int(time.time() * 1000) if created is None else created)

    def wait(self, to, *states):
        for _ in range(600):
            found = self.sql(
                "SELECT s.state || coalesce('/' || s.reason, '') FROM outbox_status s JOIN outbox o"
                " ON o.id = s.id WHERE o.recipient_email = ?", to)
            if found and all(state[0] in states for state in found):
                return
            time.sleep(0.05)
        raise SystemExit(f"{to} is {found}, not {states}")


def fill(box, relay):
    box.command("migrate")
    for name in ["acme", "apart", "aside", "blocked"]:
        box.sql("INSERT INTO helpdesks (id, name, from_address, paused) VALUES (?, ?, ?, ?)",
                name, name.title(), f"{name}@acme.test", name == "apart")
    box.sql("INSERT INTO suppressions (helpdesk_id, address, reason, created_at) VALUES ('', ?, 'asked us to', ?)",
            "gone@example.test", 1795000000000)
    box.command("pause", "--helpdesk", "aside")
    daemon = subprocess.Popen([box.binary, "run"], env=box.environment, stderr=subprocess.DEVNULL)
    try:
        work(box, relay)
    finally:
        daemon.send_signal(signal.SIGKILL)
        daemon.wait()
    # Nobody has seen these.
    box.row("new@example.test")
    box.row("new@example.test", "held", instant=0, created=int(time.time() * 1000) + 600_000)


def work(box, relay):
    box.row("sent@example.test")
    box.wait("sent@example.test", "sent")
    for body in ["First.", "Second.", "Third."]:
        box.row("combined@example.test", "combined", instant=0, body=body)
    box.row("reject@example.test")
    box.row("nouser@example.test")
    box.row("defer@example.test")
    box.row("uncertain@example.test", "unsure", instant=0, body="One of two.")
    box.row("uncertain@example.test", "unsure", instant=0, body="Two of two.")
    box.row("gone@example.test")
    box.row("no address")
    box.row("seconds@example.test", created=1795000000)
    now = int(time.time() * 1000)
    box.sql("INSERT INTO read_markers VALUES ('acme', 'seen', 'read@example.test', ?)", now + 1)
    box.row("read@example.test", "seen", created=now)
    box.row("cancelled@example.test", instant=0)
    box.sql("UPDATE outbox SET cancelled_at = ? WHERE recipient_email = 'cancelled@example.test'", now)
    box.row("apart@example.test", helpdesk="apart")
    box.row("aside@example.test", helpdesk="aside")
    for number in range(7):
        box.row(f"blocked{number}@example.test", helpdesk="blocked")
        # Of another sender, so that it shows whose fault the refusals are.
        box.row("sent@example.test")
    box.row("held@example.test", instant=0, created=now + 600_000)
    for to, states in [
        ("combined", ["sent"]), ("reject", ["failed/rejected"]), ("nouser", ["failed/rejected"]),
        ("defer", ["pending/deferred"]), ("uncertain", ["pending/uncertain"]),
        ("gone", ["skipped/suppressed"]), ("seconds", ["failed/invalid_row"]),
        ("read", ["skipped/read"]), ("cancelled", ["skipped/cancelled"]), ("apart", ["pending/paused"]),
        ("aside", ["pending/paused"]), ("held", ["pending/hold"]), ("blocked6", ["pending/sender"]),
    ]:
        box.wait(f"{to}@example.test", *states)
    box.wait("no address", "failed/invalid_address")
    box.row("stall@example.test")
    if not relay.stalled.wait(30):
        raise SystemExit("the relay was not asked for the last mail")
    time.sleep(0.5)


def dump(path):
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA writable_schema = ON")
    text = "\n".join(connection.iterdump())
    # The machine's name for its boot says nothing here.
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "00000000-0000-0000-0000-000000000000", text)


def main():
    relay = Relay()
    relay.start()
    with tempfile.TemporaryDirectory() as directory:
        box = Box(sys.argv[1], directory, relay)
        fill(box, relay)
        for row in box.sql("SELECT s.id, o.recipient_email, s.state, s.reason, s.uncertain, s.attempts"
                           " FROM outbox_status s JOIN outbox o ON o.id = s.id ORDER BY s.id"):
            print(*row, file=sys.stderr)
        under_way = box.sql("SELECT count(*) FROM outbox_status WHERE state = 'sending'")[0][0]
        if under_way != 1:
            raise SystemExit(f"{under_way} rows were under way when the daemon was killed, not one; try again")
        print(dump(box.path))


main()
