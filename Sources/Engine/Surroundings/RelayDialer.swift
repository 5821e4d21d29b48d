internal import Delivery
internal import SMTP
internal import Service

/// Opens connections to the relay while the sending thread does something else.
///
/// The sending thread counts what is under way, so that it asks for no more than it wants; it owns what it
/// has taken.
protocol RelayDialer: Sendable {
    /// Those that were begun and not taken yet: what is open already and waits to be taken counts
    /// too, or else there would be more than wanted.
    var underWay: Int { get }
    /// No thread is left.
    var isQuiet: Bool { get }

    /// Begins to open a connection; a signal says when it is there, or is not.
    func open(epoch: RelayBreaker.Epoch) throws(SystemError)
    func takeOpened() -> [OpenedConnection]
    /// Those that are begun from now on are opened with these.
    func use(_ settings: ConnectionSettings)
    /// What a relay that took a connection has been silent about meanwhile, each time once.
    func takeSilences() -> [RelaySilence]
    /// Those of earlier epochs give up soon; those of later ones are opened as ever.
    func abandon(before epoch: RelayBreaker.Epoch)
    /// Those under way give up soon.
    func stop()
}

/// A relay took a connection, and has said nothing for a while.
struct RelaySilence: Sendable {
    var error: DeliveryError
    var epoch: RelayBreaker.Epoch
}

/// What became of an attempt to open a connection.
struct OpenedConnection: Sendable {
    var result: Result<any RelayChannel, RelayTrouble>
    var epoch: RelayBreaker.Epoch
    var took: Duration
}

/// An open connection to the relay, past EHLO, TLS and AUTH: what a mail's dialogue is had over.
///
/// Used by one thread at a time. Nothing here blocks.
protocol RelayChannel: AnyObject, Sendable {
    /// What the last EHLO reply offers.
    var extensions: RelayExtensions { get }
    /// `host[address]:port`, as Postfix writes `relay=`.
    var peer: String { get }
    /// nil in clear.
    var tls: String? { get }
    /// The socket that poll(2) watches; nil if the channel lies in memory.
    var descriptor: Int32? { get }

    /// Sends the first of the bytes that are taken now.
    /// - Returns: how many; 0 if none are. Then the same bytes have to come again.
    func send(_ bytes: ArraySlice<UInt8>) throws(ConnectionLost) -> Int
    /// - Returns: how many; nil if nothing is there now, 0 if the relay closed.
    func receive(into buffer: inout [UInt8]) throws(ConnectionLost) -> Int?
    /// - Returns: false if QUIT was not taken.
    func sayQuit() throws(ConnectionLost) -> Bool
    /// At once, without QUIT.
    func close()
    /// What the relay said, without a password or token that it repeats.
    func hidingSecrets(in end: DialogueEnd) -> DialogueEnd
}

extension RelayConnection: RelayChannel {
    var descriptor: Int32? { socket }
}
