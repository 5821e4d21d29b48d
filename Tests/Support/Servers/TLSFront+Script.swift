extension TLSFront {
    /// Prints the port at which doors are asked for: `START RELAY FAULT [TEXT]`, the latter two in base64.
    ///
    /// The answer is the door's port; it is closed when the asker hangs up.
    static let script = """
        import asyncio, base64, socket, ssl, struct, sys

        def context(number):
            made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            made.load_cert_chain(sys.argv[1 + 2 * number], sys.argv[2 + 2 * number])
            return made

        good, contexts = context(0), {"wrong": context(1), "expired": context(2)}

        def reset(writer):
            raw = writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

        async def pass_on(reader, writer, halves=False):
            try:
                while data := await reader.read(65536):
                    if halves and len(data) > 1:
                        writer.write(data[:len(data) // 2])
                        await asyncio.sleep(0.003)
                        data = data[len(data) // 2:]
                    writer.write(data)
                    await writer.drain()
                writer.close()
            except ConnectionResetError: reset(writer)
            except OSError: writer.close()

        class Door:
            def __init__(self, start, relay, fault, text=""):
                self.start, self.relay, self.fault, self.text = start, int(relay), fault, text.encode()

            async def open(self):
                listener = socket.create_server(("127.0.0.1", 0))
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
                self.server = await asyncio.start_server(self.serve, sock=listener)
                return listener.getsockname()[1]

            # Buffers are small: what the relay does not read, the client is left with.
            async def connect(self):
                ours, theirs = await asyncio.open_connection("127.0.0.1", self.relay)
                raw = theirs.get_extra_info("socket")
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
                return ours, theirs

            async def serve(self, reader, writer):
                try: await self.talk(reader, writer)
                except ConnectionResetError: pass
                except (OSError, ssl.SSLError): pass
                finally: writer.close()

            async def talk(self, reader, writer):
                fault, self.fault = self.fault, "none"
                if self.start == "implicit":
                    if not await self.handshake(fault, reader, writer): return
                    ours, theirs = await self.connect()
                else:
                    ours, theirs = await self.connect()
                    try:
                        if not await self.clear(reader, writer, ours, theirs): return
                        if not await self.handshake(fault, reader, writer): return
                    except ConnectionResetError: return reset(writer)
                    finally:
                        if writer.transport.is_closing(): theirs.close()
                await asyncio.gather(pass_on(reader, theirs), pass_on(ours, writer))

            # True when the relay has said 220 to STARTTLS.
            async def clear(self, reader, writer, ours, theirs):
                asked = asyncio.Event()
                async def ask():
                    while data := await reader.read(65536):
                        if data.upper() == b"STARTTLS\\r\\n":
                            asked.set()
                            return theirs.write(data)
                        theirs.write(data)
                    theirs.close()
                asking = asyncio.create_task(ask())
                said = b""
                while data := await ours.read(65536):
                    writer.write(data)
                    if not asked.is_set(): continue
                    said += data
                    if b"\\n" in said:
                        if said.startswith(b"220"): return True
                        said = b""
                        asked.clear()
                        asking = asyncio.create_task(ask())
                return False

            # True when TLS is up.
            async def handshake(self, fault, reader, writer):
                if fault == "early": writer.write(self.text)
                if fault in ("close", "reset", "silence", "say", "early", "flood", "drip"):
                    await reader.read(65536)
                if fault == "reset":
                    reset(writer)
                    return False
                if fault == "say": writer.write(self.text)
                while fault == "flood":
                    writer.write(self.text * 1000)
                    await writer.drain()
                for octet in b"\\x16\\x03\\x03\\x40\\x00" + bytes(16384) if fault == "drip" else b"":
                    writer.write(bytes([octet]))
                    await asyncio.sleep(0.02)
                    if writer.transport.is_closing(): return False
                if fault in ("silence", "say", "early", "drip"):
                    while await reader.read(65536): pass
                if fault in ("close", "silence", "say", "early", "drip"): return False
                await writer.start_tls(contexts.get(fault, good))
                # Python 3.11 leaves the reader with the transport of before, which it would pause.
                reader._transport = writer.transport
                return fault != "cut"

            async def close(self):
                self.server.close()

        # Cuts what the server says in two, in front of another door.
        class Halver(Door):
            async def open(self):
                self.behind = Door(self.start, self.relay, "none")
                self.relay = await self.behind.open()
                return await super().open()

            async def talk(self, reader, writer):
                ours, theirs = await self.connect()
                await asyncio.gather(pass_on(reader, theirs), pass_on(ours, writer, True))

            async def close(self):
                await super().close()
                await self.behind.close()

        async def control(reader, writer):
            start, relay, *rest = (await reader.readline()).decode().split()
            fault, *text = [base64.b64decode(word).decode() for word in rest]
            door = (Halver if fault == "pieces" else Door)(start, relay, fault, *text)
            writer.write(b"%d\\n" % await door.open())
            await reader.read()
            await door.close()
            writer.close()

        async def main():
            server = await asyncio.start_server(control, "127.0.0.1", 0)
            print(server.sockets[0].getsockname()[1], flush=True)
            await server.serve_forever()

        asyncio.run(main())
        """
}
