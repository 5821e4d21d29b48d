package import Delivery

/// What a ``ScriptedRelay`` has seen, in the order in which it happened.
package struct RelayRecord: Sendable {
    package struct Connection: Sendable {
        /// Counts from 1.
        package let number: Int
        package let openedAt: Moment
        /// Nil while it is open.
        package internal(set) var closedAt: Moment?
        /// The argument of the last EHLO or HELO.
        package internal(set) var greetedAs: String?
    }

    package struct Command: Sendable {
        package let verb: RelayEvent.Verb
        /// As it came, without CRLF; passwords too.
        package let line: String
        package let connection: Int
        package let at: SteadyTime
    }

    package internal(set) var connections: [Connection] = []
    /// The lines of commands; neither connections nor final dots are among them.
    package internal(set) var commands: [Command] = []
    /// Every message whose final dot was read, whatever became of it.
    package internal(set) var transfers: [ReceivedMail] = []
    /// The places in `transfers` of those that were accepted, in the order of acceptance.
    private(set) var acceptedTransfers: [Int] = []
    /// What clients did that RFC 5321 or RFC 2920 do not allow, such as sending ahead of a reply
    /// that has to be waited for.
    ///
    /// Each begins with the connection's number.
    package internal(set) var breaches: [String] = []

    /// The accepted messages: those the relay answers for, whether or not its reply got through.
    package var mails: [ReceivedMail] { acceptedTransfers.map { transfers[$0] } }

    /// The number of accepted messages; unlike `mails.count` it costs nothing.
    package var mailCount: Int { acceptedTransfers.count }

    package var openConnections: Int { connections.count { $0.closedAt == nil } }

    mutating func accept(_ transfer: Int) {
        transfers[transfer].outcome = .accepted
        acceptedTransfers.append(transfer)
    }
}
