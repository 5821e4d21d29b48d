import CCurl
import Delivery
import Glibc
import Hosts

/// What libcurl calls back to while it opens a connection.
///
/// One object for each handle, used by the thread that drives the handle. Every reply line comes by
/// here before libcurl acts on it. Where ``Handshake`` says no, libcurl is told that the line could
/// not be taken, and closes without QUIT.
final class HandshakeObserver {
    var handshake: Handshake
    /// Why we ended it; beats whatever libcurl makes of that.
    private(set) var trouble: RelayTrouble?
    /// Reply lines so far.
    private(set) var lineCount = 0
    /// Such as `TLSv1.3 / TLS_AES_256_GCM_SHA384`.
    private(set) var tlsDescription: String?
    private var reader = ReplyReader(keepingLines: true)
    private var sockets: Set<Int32> = []
    private var wasConnected = false
    private let onlyLoopback: Bool
    private let passwordRefused: RelayTrouble
    /// libcurl's error buffer.
    let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

    private let watch: ConnectionWatch?
    private let redaction: ConnectionRedaction
    private var phaseSince = ContinuousClock.now
    private var hasLookedUp = false
    private var hasToldConnected = false

    init(_ settings: ConnectionSettings, watch: ConnectionWatch? = nil) {
        self.watch = watch
        redaction = ConnectionRedaction(settings)
        handshake = Handshake(
            implicitTLS: settings.implicitTLS, tls: settings.tls,
            authenticates: settings.authenticates, byToken: settings.tokens != nil)
        onlyLoopback = settings.mayOnlyReachLoopback
        passwordRefused = settings.passwordRefused()
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit { errorText.deallocate() }

    /// Takes a reply line; false if the handshake ends here.
    func take(_ line: UnsafeRawBufferPointer) -> Bool {
        guard trouble == nil else { return false }
        lineCount += 1
        if isWatched { tell(reply: line) }
        reader.feed(ArraySlice(line))
        do throws(RelayTrouble) {
            while let event = reader.next() {
                switch event {
                case .reply(let reply):
                    tookReply()
                    try handshake.take(reply, lines: reader.lastLines)
                case .garbled(let text): throw handshake.garbled(text)
                }
            }
            return true
        } catch {
            trouble = redaction.trouble(error)
            return false
        }
    }

    /// A socket for libcurl; none for an address that must not be connected to.
    func openSocket(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        if isWatched, !hasLookedUp {
            hasLookedUp = true
            took(.lookup)
        }
        let descriptor = CurlSocket.open(address, mayConnect: mayConnect)
        if descriptor >= 0 { sockets.insert(descriptor) }
        return descriptor
    }

    /// Whether the password may go to the address that the name resolved to: `localhost` is what
    /// the hosts file or a name server says it is.
    func mayConnect(to address: UnsafeRawPointer, family: Int32) -> Bool {
        guard onlyLoopback, !Loopback.isAddress(address, family: family) else { return true }
        trouble = passwordRefused
        return false
    }

    /// The TCP connection stands, or stood.
    ///
    /// libcurl 7.88 itself says so only after TLS.
    var isConnected: Bool {
        if !wasConnected { wasConnected = sockets.contains(where: Self.hasPeer) }
        return wasConnected
    }

    private static func hasPeer(_ descriptor: Int32) -> Bool {
        var address = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getpeername(descriptor, $0, &size) == 0
            }
        }
    }

    /// The address at the other end, in numbers; nil if there is none.
    private static func peer(_ descriptor: Int32) -> String? {
        var address = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let isKnown = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getpeername(descriptor, $0, &size) == 0
                    && getnameinfo(
                        $0, size, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0
            }
        }
        return isKnown ? ReplyText.clean(text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))) : nil
    }

    func closeSocket(_ descriptor: curl_socket_t) -> Int32 {
        if Self.hasPeer(descriptor) { wasConnected = true }
        sockets.remove(descriptor)
        return close(descriptor)
    }

    /// Of what libcurl tells about its doings only the line on TLS.
    ///
    /// The same callback sees the AUTH dialogue, which is why it is not kept anywhere, and shown to who
    /// watches without its secrets (``ConnectionRedaction``).
    func note(_ text: UnsafeRawBufferPointer) {
        let start: StaticString = "SSL connection using "
        let count = start.utf8CodeUnitCount
        guard text.count > count, memcmp(text.baseAddress!, start.utf8Start, count) == 0 else {
            return
        }
        let line = text.dropFirst(count).prefix { $0 != 0x0A && $0 != 0x0D }
        tlsDescription = ReplyText.clean(line, limit: 100)
        guard isWatched else { return }
        took(.tls)
        tell(.encrypted(tlsDescription ?? "TLS"))
    }

    // MARK: Somebody watches

    var isWatched: Bool { watch != nil }

    func tell(_ event: ConnectionEvent) { watch?(event) }

    /// The TCP connection stands; told once.
    func tellConnected() {
        guard isWatched, !hasToldConnected else { return }
        hasToldConnected = true
        took(.connect)
        tell(.connected(sockets.lazy.compactMap(Self.peer).first ?? "the relay"))
    }

    /// A command goes out.
    func noteCommand(_ line: UnsafeRawBufferPointer) {
        guard isWatched else { return }
        let text = ReplyText.clean(line.prefix { $0 != 0x0D && $0 != 0x0A })
        tell(.sent(redaction.command(text, isLoggingIn: handshake.step == .auth)))
    }

    private func tell(reply line: UnsafeRawBufferPointer) {
        let text = ReplyText.clean(line.prefix { $0 != 0x0D && $0 != 0x0A })
        tell(.received(redaction.reply(text, isLoggingIn: handshake.step == .auth)))
    }

    private func tookReply() {
        switch handshake.step {
        case .greeting: took(.greeting)
        case .ehlo: took(.ehlo)
        case .starttls: took(.starttls)
        case .auth: took(.auth)
        case .done: break
        }
    }

    /// The phase lasted since the one before it.
    private func took(_ phase: ConnectionPhase) {
        guard isWatched else { return }
        let now = ContinuousClock.now
        tell(.took(phase, now - phaseSince))
        phaseSince = now
    }
}
