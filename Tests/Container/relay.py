#!/usr/bin/env python3
"""A mail server that keeps nothing: accepts every password and mail, and prints a line for each.

    relay.py    prints its port on 127.0.0.1, then "recipient subject" for each mail
"""
import socket
import threading


def serve(connection):
    lines = connection.makefile("rb")

    def say(text):
        connection.sendall(f"{text}\r\n".encode())

    say("220 relay.test ESMTP")
    recipient = ""
    for line in lines:
        command = line.decode("utf-8", "replace").strip()
        verb = command[:4].upper()
        if verb == "EHLO":
            say("250-relay.test\r\n250-AUTH PLAIN\r\n250 SMTPUTF8")
        elif verb == "AUTH":
            if len(command.split()) < 3:
                say("334 ")
                lines.readline()
            say("235 2.7.0 Ok")
        elif verb == "DATA":
            say("354 Go on")
            subject = ""
            for text in lines:
                if text == b".\r\n":
                    break
                if text.lower().startswith(b"subject:"):
                    subject = text.decode("utf-8", "replace").split(":", 1)[1].strip()
            # In one piece: others write too.
            print(f"{recipient} {subject}\n", end="", flush=True)
            say("250 2.0.0 Ok")
        elif verb == "QUIT":
            say("221 2.0.0 Bye")
            break
        else:
            if verb == "RCPT":
                recipient = command[command.index("<") + 1:command.index(">")]
            say("250 2.0.0 Ok")
    connection.close()


def main():
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


main()
