import Delivery
@testable import Engine
import SMTP
import Service
@testable import Store
import TestSupport

@testable import outboxd_simulate

/// The sending thread with its own dialer and sockets, between a test and a relay that goes wrong once.
///
/// Its clock stands still but for ``step(by:)``. What is waited for before MAIL is waited for by the machine's
/// clock.
final class FaultBed {
    static let credentials = RelayConfiguration.Credentials(user: "acme", password: "s3cret")
    /// In one step of the clock.
    static let stepLength: Duration = .seconds(20)

    let relay: ScriptedRelay
    /// How often the pre-send check was made.
    let checks = CountedChecks { _ in .go }
    private let clock = SteppedClock()
    private let handOff: HandOff
    private let wake: EventFD
    private let journal: InFlightJournal
    private let directory: TemporaryDirectory
    private let door: TLSFront.Door?
    private let thread: OSThread
    private var results: [Int64: SendResult] = [:]

    /// - Parameters:
    ///   - patience: for silence before MAIL.
    ///   - port: of what stands in the relay's place; nil: the relay's own.
    init(
        _ configuration: RelayConfiguration, front: TLSFront?, start: TLSFront.Start?,
        tlsFault: TLSFront.Fault, patience: Duration, listening: Bool = true, port: Int? = nil
    ) throws {
        directory = try TemporaryDirectory()
        relay = try ScriptedRelay(configuration, listening: listening)
        if let start, let front {
            door = try front.open(start, to: relay.port, fault: tlsFault)
        } else {
            door = nil
        }
        wake = try EventFD()
        handOff = try HandOff(forStoring: wake, forSending: EventFD())
        handOff.leaseStands(until: SteadyTime(nanoseconds: .max))
        let path = directory.file("outbox.db")
        journal = try InFlightJournal.create(
            besideDatabase: path, connections: 1, bootID: "b")
        let settings = EngineSettings(
            database: path,
            relay: ConnectionSettings(
                host: door == nil ? "127.0.0.1" : "localhost",
                port: port ?? door?.port ?? Int(relay.port), implicitTLS: start == .implicit,
                tls: door == nil ? .none : .required, username: Self.credentials.user,
                password: Secret(Self.credentials.password), caFile: front?.caFile,
                ehloName: "test.example", connectTimeout: patience, commandTimeout: patience),
            dialogueTimeouts: DialogueTimeouts(command: .seconds(300), final: .seconds(600)),
            connections: 1)
        thread = try Self.start(settings, handOff, journal, checks, clock)
    }

    private static func start(
        _ settings: EngineSettings, _ handOff: HandOff, _ journal: InFlightJournal,
        _ checks: CountedChecks, _ clock: SteppedClock
    ) throws -> OSThread {
        let forSending = handOff.forSending
        return try OSThread(name: "send") {
            guard let signal = forSending as? EventFD else { return }
            let loop = SendingLoop(
                settings, handOff: handOff, journal: journal, check: checks, heartbeat: Heartbeat(),
                surroundings: Surroundings(clock: EngineClock(clock)), observer: { _ in })
            var driver = SendingDriver(loop, signal: signal)
            driver.run()
        }
    }

    /// Ends the thread, and closes everything.
    func end() {
        handOff.stop(by: SteadyTime(nanoseconds: 0))
        thread.join()
        journal.remove()
        relay.stop()
    }

    func send(_ mails: [OutgoingMail]) { handOff.send(mails) }

    /// Time goes on for the sending thread.
    func step(by duration: Duration) {
        clock.step(by: duration)
        handOff.forSending.signal()
    }

    /// Waits for what became of a mail.
    ///
    /// - Parameter steps: asked again and again: time goes on in steps where it says so.
    func result(of mail: Int64, steps: () -> Bool = { false }) -> SendResult? {
        let deadline = TestClock.steady + .seconds(20)
        while results[mail] == nil, TestClock.steady < deadline {
            for result in handOff.takeResults().results {
                results[result.mail.mail.mailID] = result
            }
            guard results[mail] == nil else { break }
            let isTimed = steps()
            if isTimed { step(by: Self.stepLength) }
            _ = wake.wait(timeout: .milliseconds(isTimed ? 5 : 50))
            wake.drain()
        }
        return results.removeValue(forKey: mail)
    }

    /// It has come, and was not asked for yet.
    func hasResult(of mail: Int64) -> Bool { results[mail] != nil }

    /// What the tables would say of it.
    func finished(_ result: SendResult) -> FinishedMail.Outcome? {
        guard case .verdict(let verdict) = result.end else { return nil }
        let rules = OutcomeRules(
            settings: EngineSettings(
                database: "", relay: ConnectionSettings(host: "", port: 0),
                dialogueTimeouts: .usual, connections: 1))
        var random = SystemRandomNumberGenerator()
        return rules.finish(
            result.mail.mail, OutcomeRules.Ending(verdict: verdict, at: clock.wallNow()),
            relayDown: .zero, using: &random
        ).outcome
    }
}
