import CCurl
package import Delivery
import Glibc

/// An open connection to the relay, ready for MAIL: libcurl looked the name up, connected, read the
/// greeting, said EHLO and did STARTTLS and AUTH as the settings ask.
///
/// The mails' dialogues are the caller's, over ``send(_:)`` and ``receive(into:)``, which never
/// block; ``socket`` is for poll(2).
///
/// May be handed from one thread to another, but is used by one at a time. The process has to
/// ignore SIGPIPE.
package final class RelayConnection: @unchecked Sendable {
    // Unchecked, since libcurl's handles may move between threads if used by one at a time:
    // https://curl.se/libcurl/c/threadsafe.html

    private let handle: EasyHandle
    /// For poll(2) alone; libcurl owns it.
    package let socket: Int32
    /// What the last EHLO reply offers.
    package let extensions: RelayExtensions
    /// `host[address]:port`, as Postfix writes `relay=`.
    package let peer: String
    /// TLS version and cipher, such as `TLSv1.3 / TLS_AES_256_GCM_SHA384`; nil in clear.
    package let tls: String?
    /// Of the secrets that were known when it was opened.
    private let masks: [SecretMask]
    private var isOpen = true

    private init(adopting handle: EasyHandle, socket: Int32, settings: ConnectionSettings) {
        self.handle = handle
        self.socket = socket
        let handshake = handle.observer.handshake
        extensions = handshake.extensions
        masks = ConnectionRedaction(settings).masks
        peer = "\(settings.bareHost)[\(handle.peerAddress)]:\(settings.port)"
        tls = handshake.isTLS ? handle.observer.tlsDescription ?? "TLS" : nil
    }

    deinit { close() }

    /// Connects, and blocks meanwhile: for a thread of its own.
    ///
    /// Credentials that are set were accepted (235 was seen), or it throws.
    ///
    /// - Parameters:
    ///   - shouldStop: asked about every 50 ms; true ends it with an `outage`.
    ///   - watch: told what happens as it happens, with secrets taken out.
    ///   - onSilence: told once for each stretch of ten seconds in which a relay that took the connection says
    ///     nothing; it is waited for all the same.
    package static func open(
        _ settings: ConnectionSettings, shouldStop: @escaping () -> Bool = { false },
        watch: ConnectionWatch? = nil, onSilence: @escaping (DeliveryError) -> Void = { _ in }
    ) throws(RelayTrouble) -> RelayConnection {
        try settings.validate()
        guard let tokens = settings.tokens else {
            return try attemptTwice(settings, watch, shouldStop, onSilence)
        }
        let issue = try tokens.issue(shouldStop)
        do {
            return try attemptTwice(
                settings.using(issue.token), watch, shouldStop, onSilence)
        } catch {
            guard error.refusesToken, let next = try tokens.next(after: issue, shouldStop) else {
                throw error
            }
            return try attemptTwice(settings.using(next.token), watch, shouldStop, onSilence)
        }
    }

    /// With TLS, and where that is no must without.
    private static func attemptTwice(
        _ settings: ConnectionSettings, _ watch: ConnectionWatch?,
        _ shouldStop: @escaping () -> Bool, _ onSilence: @escaping (DeliveryError) -> Void
    ) throws(RelayTrouble) -> RelayConnection {
        do {
            return try attempt(settings, watch, shouldStop, onSilence)
        } catch {
            guard settings.tls == .opportunistic, !settings.implicitTLS, error.error.stage == .tls,
                settings.clientCertificate == nil, !shouldStop()
            else { throw error }
            // As Postfix's `may`: a handshake that fails is no reason not to deliver in clear. A
            // password is at stake only on loopback (``ConnectionSettings/mayOnlyReachLoopback``).
            var inClear = settings
            inClear.tls = .none
            return try attempt(inClear, watch, shouldStop, onSilence)
        }
    }

    private static func attempt(
        _ settings: ConnectionSettings, _ watch: ConnectionWatch?,
        _ shouldStop: @escaping () -> Bool, _ onSilence: @escaping (DeliveryError) -> Void
    ) throws(RelayTrouble) -> RelayConnection {
        var connector = try Connector(
            settings, watch: watch, onSilence: onSilence, shouldStop: shouldStop)
        try connector.run()
        guard let socket = connector.handle.activeSocket else {
            throw connector.trouble(.outage, "the relay closed the connection")
        }
        return RelayConnection(adopting: connector.handle, socket: socket, settings: settings)
    }

    /// Sends the first of the bytes that the socket takes now.
    ///
    /// - Returns: how many; 0 where it takes none. Then the same bytes have to come again.
    package func send(_ bytes: UnsafeRawBufferPointer) throws(ConnectionLost) -> Int {
        guard isOpen else { throw ConnectionLost(reason: "the connection is closed") }
        var sent = 0
        switch curl_easy_send(handle.easy, bytes.baseAddress, bytes.count, &sent) {
        case CURLE_OK: return sent
        case CURLE_AGAIN: return 0
        case let code: throw ConnectionLost(reason: handle.errorText(code))
        }
    }

    /// ``send(_:)`` for what a ``Dialogue`` hands out.
    package func send(_ bytes: ArraySlice<UInt8>) throws(ConnectionLost) -> Int {
        try bytes.withUnsafeBufferPointer { buffer throws(ConnectionLost) in
            try send(UnsafeRawBufferPointer(buffer))
        }
    }

    /// Receives what is there.
    ///
    /// TLS holds bytes back that poll(2) does not know of: ask again until nil.
    ///
    /// - Returns: how many; nil if nothing is there now, 0 where the relay closed.
    package func receive(into buffer: UnsafeMutableRawBufferPointer) throws(ConnectionLost) -> Int?
    {
        guard isOpen else { throw ConnectionLost(reason: "the connection is closed") }
        var count = 0
        switch curl_easy_recv(handle.easy, buffer.baseAddress, buffer.count, &count) {
        case CURLE_OK: return count
        case CURLE_AGAIN: return nil
        case let code: throw ConnectionLost(reason: handle.errorText(code))
        }
    }

    /// ``receive(into:)`` for an array that is kept.
    package func receive(into buffer: inout [UInt8]) throws(ConnectionLost) -> Int? {
        try buffer.withUnsafeMutableBufferPointer { bytes throws(ConnectionLost) in
            try receive(into: UnsafeMutableRawBufferPointer(bytes))
        }
    }

    /// What the relay said, without a password or token that it repeats.
    package func hidingSecrets(in end: DialogueEnd) -> DialogueEnd { masks.hide(in: end) }

    /// ``hidingSecrets(in:)-(DialogueEnd)`` for the text of a reply.
    package func hidingSecrets(in text: String) -> String { masks.hide(in: text) }

    private static let quitCommand = Array("QUIT\r\n".utf8)

    /// Says QUIT; the relay's reply is the caller's to wait for.
    ///
    /// - Returns: false if the socket did not take it.
    package func sayQuit() throws(ConnectionLost) -> Bool {
        try send(Self.quitCommand[...]) == Self.quitCommand.count
    }

    /// Closes at once, without QUIT.
    package func close() {
        guard isOpen else { return }
        isOpen = false
        handle.free()
    }
}

extension ConnectionSettings {
    fileprivate func using(_ token: Secret) -> ConnectionSettings {
        var settings = self
        settings.token = token
        return settings
    }
}

extension RelayTrouble {
    /// A fresh one may be taken.
    fileprivate var refusesToken: Bool {
        kind == .credentials && error.stage == .auth && error.code != nil
    }
}
