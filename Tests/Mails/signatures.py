"""Signs each mail of a gallery and sends it through a Postfix to a receiver without 8BITMIME: signatures.py GALLERY.

What a relay changes behind the signer breaks the signature, and the mail fails DMARC. Postfix rewrites 8-bit content
for such a receiver, and breaks lines of more than 998 octets.
"""
import contextlib
import email
import glob
import grp
import os
import pwd
import re
import signal
import smtplib
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
from email.utils import parseaddr

import dkim

SELECTOR = "test"
# RFC 6376, 5.4.1, and what mails of a list and notifications have besides.
SIGNED = """From Sender Reply-To To Cc Subject Date Message-ID In-Reply-To References MIME-Version Content-Type
    Content-Transfer-Encoding Content-Language Auto-Submitted List-Id List-Unsubscribe List-Unsubscribe-Post
    Feedback-ID""".split()
MAIN = """
compatibility_level = 3.6
queue_directory = %(directory)s/spool
data_directory = %(directory)s/data
maillog_file = %(directory)s/mail.log
maillog_file_prefixes = %(directory)s
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.test
mydestination =
mynetworks = 127.0.0.0/8
relayhost = [127.0.0.1]:%(receiver)d
smtp_dns_support_level = disabled
smtp_host_lookup = native
alias_maps =
alias_database =
local_recipient_maps =
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_peername_lookup = no
"""
MASTER = """
127.0.0.1:%(plain)d inet n - n - - smtpd
127.0.0.1:%(signing)d inet n - n - - smtpd -o smtpd_milters=inet:127.0.0.1:%(milter)d
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 300 1 qmgr
tlsmgr    unix - - n 1000? 1 tlsmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
trace     unix - - n - 0 bounce
verify    unix - - n - 1 verify
proxymap  unix - - n - - proxymap
smtp      unix - - n - - smtp
error     unix - - n - - error
retry     unix - - n - - error
anvil     unix - - n - 1 anvil
scache    unix - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
"""
OPENDKIM = """
Background no
Syslog no
Mode s
Socket inet:%(milter)d@127.0.0.1
Canonicalization relaxed/simple
InternalHosts 127.0.0.1
KeyTable file:%(directory)s/keys
SigningTable refile:%(directory)s/signing
SignHeaders %(signed)s
OversignHeaders %(signed)s
RequireSafeKeys no
"""


class Receiver(socketserver.ThreadingTCPServer):
    """Offers no extension, and keeps what it gets by recipient."""
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), ReceiverDialogue)
        self.mails = {}
        threading.Thread(target=self.serve_forever, daemon=True).start()


class ReceiverDialogue(socketserver.StreamRequestHandler):
    def reply(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self):
        recipient = None
        self.reply("220 receiver.test ESMTP")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"RCPT":
                recipient = re.search(rb"<(.*?)@", line)[1].decode()
            if verb == b"DATA":
                self.reply("354 go on")
                self.server.mails[recipient] = self.data()
            if verb == b"QUIT":
                self.reply("221 bye")
                return
            self.reply("250 receiver.test")

    def data(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_for(condition, what, log=None, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"{what}\n{open(log, errors='replace').read()[-3000:] if log else ''}")
        time.sleep(0.1)


def accepts(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


@contextlib.contextmanager
def relay(directory, ports):
    """A Postfix, and the OpenDKIM that signs what comes to one of its ports."""
    values = {"directory": directory, "signed": ",".join(SIGNED), **ports}
    for name in ("etc", "spool", "data"):
        os.mkdir(f"{directory}/{name}")
    postfix = pwd.getpwnam("postfix")
    os.chown(f"{directory}/data", postfix.pw_uid, grp.getgrnam("postfix").gr_gid)
    for name, text in {
        "etc/main.cf": MAIN, "etc/master.cf": MASTER, "opendkim.conf": OPENDKIM,
        "keys": "key %%:" + SELECTOR + ":%(directory)s/key.pem\n", "signing": "* key\n",
    }.items():
        with open(f"{directory}/{name}", "w", encoding="ascii") as file:
            file.write(text % values)
    milter = subprocess.Popen(["opendkim", "-f", "-x", f"{directory}/opendkim.conf"])
    log = f"{directory}/mail.log"
    try:
        subprocess.run(["postfix", "-c", f"{directory}/etc", "start"], check=True, capture_output=True, timeout=60)
        wait_for(lambda: all(accepts(ports[one]) for one in ("plain", "signing", "milter")), "does not start", log)
        yield log
    finally:
        milter.terminate()
        milter.wait(timeout=30)
        with contextlib.suppress(FileNotFoundError):
            master = int(open(f"{directory}/spool/pid/master.pid", encoding="ascii").read())
            os.kill(master, signal.SIGTERM)
            wait_for(lambda: not os.path.exists(f"/proc/{master}"), "Postfix does not end")


def oversigned(mail):
    """Each header once more than it is there, so that none can be added."""
    present = [line.split(b":")[0].lower() for line in mail.split(b"\r\n\r\n")[0].split(b"\r\n")]
    return [name.encode() for name in SIGNED for _ in range(present.count(name.lower().encode()) + 1)]


def signed(mail, domain, key, canonical):
    return dkim.sign(
        mail, SELECTOR.encode(), domain, key, canonicalize=(canonical, canonical),
        include_headers=oversigned(mail)) + mail


def send(port, mail, name):
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as smtp:
        smtp.ehlo("signer.test")
        smtp.sendmail("bounces@acme.example", [name + "@receiver.test"], mail)


def main():
    gallery, = sys.argv[1:]
    paths = sorted(glob.glob(os.path.join(glob.escape(gallery), "*.eml")))
    mails = {os.path.basename(path).removesuffix(".eml"): open(path, "rb").read() for path in paths}
    assert len(mails) > 70, paths
    receiver = Receiver()
    ports = {name: free_port() for name in ("plain", "signing", "milter")}
    ports["receiver"] = receiver.server_address[1]
    with tempfile.TemporaryDirectory() as directory:
        os.chmod(directory, 0o755)
        subprocess.run(
            ["openssl", "genrsa", "-traditional", "-out", f"{directory}/key.pem", "2048"], check=True, capture_output=True)
        public = subprocess.run(
            ["openssl", "rsa", "-in", f"{directory}/key.pem", "-pubout"], check=True, capture_output=True).stdout
        key = open(f"{directory}/key.pem", "rb").read()
        record = b"v=DKIM1; k=rsa; p=" + b"".join(public.splitlines()[1:-1])
        sent = []

        def give(port, mail, name):
            send(ports[port], mail, name)
            sent.append(name)

        def verifies(name):
            return dkim.verify(receiver.mails[name], dnsfunc=lambda *_, **__: record)

        with relay(directory, ports) as log:
            for name, mail in mails.items():
                domain = parseaddr(email.message_from_bytes(mail)["From"])[1].split("@")[1].encode()
                for canonical in (b"relaxed", b"simple"):
                    give("plain", signed(mail, domain, key, canonical), f"{name}-{canonical.decode()}")
                give("signing", mail, f"{name}-opendkim")
            own = list(sent)
            # That it would be seen.
            start = b"From: a@acme.example\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
            for name, rest in {
                "eight-bit": "Content-Transfer-Encoding: 8bit\r\n\r\nGrüße\r\n",
                "long-line": "\r\n" + "a" * 1_500 + "\r\n",
            }.items():
                give("plain", signed(start + rest.encode(), b"acme.example", key, b"relaxed"), name)
            wait_for(lambda: all(name in receiver.mails for name in sent), "not all mails arrived", log, 120)
        broken = [name for name in own if not verifies(name)]
        assert not broken, f"signatures that do not verify behind Postfix: {broken}"
        for name in ("eight-bit", "long-line"):
            assert not verifies(name), f"{name} verifies: the relay changes nothing that would break a signature"
    print(f"{len(own)} signed mails: each signature verifies behind Postfix")


main()
