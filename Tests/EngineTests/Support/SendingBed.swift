import Delivery
@testable import Engine
@testable import outboxd_simulate
import SMTP
import Service
@testable import Store
import Synchronization
import TestSupport

/// The sending thread alone, between a scripted relay and a check that a test answers.
final class SendingBed: Sendable {
    let relay: ScriptedRelay
    let handOff: HandOff
    let journal: InFlightJournal
    let checks: CountedChecks
    let heartbeat = Heartbeat()
    private let tunnel: TLSRelay?
    private let directory: TemporaryDirectory
    private let thread: OSThread

    /// - Parameter isTLS: The relay is reached through TLS.
    /// - Parameter hasLease: It stands, for ever.
    /// - Parameter answer: gets the number of the check, from 1.
    init(
        rules: [RelayRule] = [], connections: Int = 1, isTLS: Bool = false,
        timeouts: DialogueTimeouts = .usual, hasLease: Bool = true,
        _ answer: @escaping @Sendable (Int) throws -> PreSendResult = { _ in .go }
    ) throws {
        directory = try TemporaryDirectory()
        let path = directory.file("outbox.db")
        relay = try ScriptedRelay(rules: rules)
        tunnel = try isTLS ? TLSRelay("tunnel:\(relay.port)") : nil
        let forSending = try EventFD()
        handOff = try HandOff(forStoring: EventFD(), forSending: forSending)
        if hasLease { handOff.leaseStands(until: SteadyTime(nanoseconds: .max)) }
        journal = try InFlightJournal.create(
            besideDatabase: path, connections: connections, bootID: "b")
        checks = CountedChecks(answer)
        let settings = EngineSettings(
            database: path,
            relay: Self.way(to: relay, through: tunnel),
            dialogueTimeouts: timeouts, connections: connections)
        let (handOff, journal, checks, heartbeat) = (handOff, journal, checks, heartbeat)
        thread = try OSThread(name: "send") {
            let loop = SendingLoop(
                settings, handOff: handOff, journal: journal, check: checks, heartbeat: heartbeat,
                surroundings: Surroundings(), observer: { _ in })
            var driver = SendingDriver(loop, signal: forSending)
            driver.run()
        }
    }

    private static func way(
        to relay: ScriptedRelay, through tunnel: TLSRelay?
    ) -> ConnectionSettings {
        guard let tunnel else {
            return ConnectionSettings(
                host: "127.0.0.1", port: Int(relay.port), tls: .none, ehloName: "test.example")
        }
        return ConnectionSettings(
            host: "localhost", port: tunnel.port, implicitTLS: true, tls: .required,
            caFile: tunnel.caFile, ehloName: "test.example")
    }

    /// Ends the thread.
    func end() {
        handOff.stop(by: SteadyTime(nanoseconds: 0))
        thread.join()
        journal.remove()
        tunnel?.stop()
    }

    func send(_ count: Int, text: String = "Subject: hi\r\n\r\nhi\r\n") {
        handOff.send((1...count).map { Self.mail(Int64($0), text: text) })
    }

    /// Waits for so many results, and takes them.
    func results(_ count: Int) -> [SendResult] {
        var results: [SendResult] = []
        _ = eventually {
            results += handOff.takeResults().results
            return results.count >= count
        }
        return results
    }

    static func mail(
        _ id: Int64, text: String = "Subject: hi\r\n\r\nhi\r\n",
        sender: String = "support@acme.test", isKept: Bool = false
    ) -> OutgoingMail {
        let key = MailKey(
            helpdeskID: "h", conversationID: "c\(id)", recipient: "p\(id)@example.test",
            audience: "visitor")
        let claim = Claim(
            mailID: id, token: id, key: key, dueAt: TestClock.wall, claimedAt: TestClock.wall,
            attempts: 0, copies: 0, takeovers: 0, sender: sender,
            emailMessageID: "<\(id)@acme.test>", rows: [], helpdesk: nil, frozen: nil,
            isSenderProbe: false)
        return OutgoingMail(
            claim,
            content: FrozenMail(
                envelopeSender: "support@acme.test", envelopeRecipient: "p\(id)@example.test",
                needsSMTPUTF8: false, message: Array(text.utf8)), isKept: isKept)
    }
}

/// Answers pre-send checks as a test wants it, and counts them.
final class CountedChecks: PreSendCheck, Sendable {
    private let asked = Atomic(0)
    private let answer: @Sendable (Int) throws -> PreSendResult

    init(_ answer: @escaping @Sendable (Int) throws -> PreSendResult) {
        self.answer = answer
    }

    var count: Int { asked.load(ordering: .relaxed) }

    func check(_ mail: CheckedMail, at now: WallTime) throws -> PreSendResult {
        try answer(asked.add(1, ordering: .relaxed).newValue)
    }
}
