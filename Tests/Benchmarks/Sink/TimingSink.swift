import Delivery
import Foundation
import Glibc
import TestSupport

/// An SMTP server in a thread of this process, which notes when it accepts mails to certain
/// recipients.
///
/// A ``ScriptedRelay`` records everything and has a thread for each connection: beside a backlog it
/// would be what is measured.
final class TimingSink: Sendable {
    /// What addresses begin with whose mails are noted with their time.
    static let timed = "timed"
    /// What addresses begin with that are put off, with 451.
    static let deferred = "deferred"

    let port: UInt16
    private let record = SinkRecord()
    /// Closing it ends the thread.
    private let stop: Int32

    /// - Parameter delay: how long after a command, or several sent together, the answer comes.
    init(delay: Duration = .zero) throws {
        let listener = try Loopback.ipv4.makeSocket()
        try Loopback.ipv4.bind(listener, port: 0)
        port = try Loopback.ipv4.port(of: listener)
        guard listen(listener, 128) == 0 else { throw SystemCallError("listen") }
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw SystemCallError("pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        stop = ends[1]
        let (reading, record) = (ends[0], record)
        Thread.detachNewThread {
            SinkLoop(listener: listener, stop: reading, delay: delay, record: record).run()
        }
    }

    deinit { close(stop) }

    var address: String { "127.0.0.1:\(port)" }
    var url: String { "smtp://\(address)" }

    /// How many messages it has accepted.
    var count: Int { record.count }

    /// When the mails to timed recipients were accepted, or the last one of each.
    var accepted: [String: Moment] { record.timed }

    /// - Throws: ``Problem`` where they do not come.
    func wait(for count: Int, timeout: Duration = .seconds(600)) throws {
        guard eventually(timeout: timeout, { self.count >= count }) else {
            throw Problem("only \(self.count) of \(count) mails came")
        }
    }

    /// - Throws: ``Problem`` where one of them does not come.
    func wait(for recipients: some Sequence<String>, timeout: Duration = .seconds(60)) throws {
        let recipients = Array(recipients)
        guard eventually(timeout: timeout, { recipients.allSatisfy(accepted.keys.contains) }) else {
            throw Problem("some of \(recipients.count) mails did not come")
        }
    }
}
