import Delivery
import Mail
import SMTP
import SQLite
import Service
import Store
import Synchronization
import TestSupport

@testable import Engine

/// Two processes of outboxd on one database, with a few mails that are due: what a ``Model`` explores.
///
/// They run as in a ``World``, with both loops of the engine, the journals and SQLite as they are; only who goes on
/// when is the model's to say.
final class ModelWorld {
    let size: ModelSize
    let clock = VirtualClock(began: WallTime(milliseconds: 1_900_000_000_000))
    let server: Connection
    let relay: VirtualRelay
    let journals = VirtualJournals()
    private(set) var seats: [Seat] = []
    /// How many faults there were.
    private(set) var faults = 0
    var book = ModelBook()
    private(set) var mails: [ModelMail] = []
    private(set) var rows: [ModelRow] = []
    private let settings: EngineSettings
    private let epochNote = VirtualEpochNote()
    private let directory: TemporaryDirectory
    private let mood = RelayMood()
    private var started = 0

    private final class RelayMood: Sendable {
        let answerToDot = Mutex(RelayAnswer.reply("250 2.0.0 Ok", after: .zero))
    }

    static let lease: Duration = .seconds(2)

    init(_ size: ModelSize) throws {
        self.size = size
        directory = try TemporaryDirectory()
        // What lies there is ``MemoryDisk``'s; outboxd wants to see a file.
        try directory.write("", to: "outbox.db")
        let path = directory.file("outbox.db")
        MemoryDisk.shared.clear()
        MemoryDisk.shared.now = { [clock] in clock.wallNow().milliseconds }
        _ = try Database.migrate(path: path)
        server = try Connection(path: path, mode: .readWrite)
        settings = EngineSettings(
            database: path,
            relay: ConnectionSettings(
                host: "relay.test", port: 25, tls: .none, ehloName: "test.example"),
            connections: 1, from: try Mailbox(parsing: "Acme <support@acme.test>"),
            retry: RetryPolicy(base: .seconds(1), cap: .seconds(1)), lease: Self.lease)
        relay = VirtualRelay(
            clock: EngineClock(clock), isPipelined: false, keepsCommands: false
        ) { [mood] command, _, _ in
            command == "."
                ? mood.answerToDot.withLock(\.self) : .reply(VirtualRelay.usual(command))
        }
        for seat in 0..<2 {
            let server = server
            seats.append(
                try Seat { try ModelMail.all(server).filter(\.isSending) })
            try start(seat)
        }
        // Their first rounds, without mail, are no matter of the model.
        for seat in seats {
            while seat.hasWork(isLocked: false) { try seat.goOn(isLocked: false) }
        }
        for mail in 1...size.mails { try insert(mail) }
        try read()
    }

    private func insert(_ number: Int) throws {
        try TestRow(
            to: "r\(number)@example.test", conversation: "c\(number)", body: "text \(number)",
            helpdesk: "h", message: "m\(number)", instant: true,
            createdAt: clock.wallNow().milliseconds
        ).insert(into: server)
    }

    /// Its start is one step: nothing of it is shared with the other but its registration.
    private func start(_ seat: Int) throws {
        let number = started
        started += 1
        try seats[seat].start { visit in
            try VirtualProcess(
                settings, lifeline: Lifeline(number, visit: visit), journals: journals,
                epochNote: epochNote, relay: relay, clock: EngineClock(clock),
                random: EngineRandom(SameNumber(UInt64(number))),
                firstToken: Int64(1 + number * 1_000_000), bootID: "boot"
            ) { _ in }
        }
    }

    /// Each process draws the same number again and again, so that it does not matter how many it has drawn.
    ///
    /// None that is close to 0: who draws from a range would refuse it, and draw the same again.
    private struct SameNumber: SimulatedRandom {
        private let number: UInt64
        init(_ number: UInt64) { self.number = 0x9E37_79B9_7F4A_7C15 &+ number }
        func next() -> UInt64 { number }
    }

    private func read() throws {
        mails = try ModelMail.all(server)
        rows = try ModelRow.all(server)
    }

    // MARK: Steps

    /// Everything that can happen next; empty at the end.
    var steps: [ModelStep] {
        guard !isOver else { return [] }
        var steps: [ModelStep] = []
        for seat in seats.indices { steps += self.steps(of: seat) }
        if steps.allSatisfy(\.isFault), mayWait { steps.insert(.wait, at: 0) }
        let someoneIsBusy = seats.contains { $0.isBusy && !$0.isFrozen }
        if faults < size.faults, someoneIsBusy { steps.append(.freeze) }
        // Whoever stands still lets time go by for the others.
        if !steps.contains(.wait), mayWait { steps.append(.wait) }
        return steps
    }

    private func steps(of seat: Int) -> [ModelStep] {
        let one = seats[seat]
        let isLocked = isLocked(for: seat)
        guard let process = one.process else { return isLocked ? [] : [.start(seat)] }
        var steps: [ModelStep] = []
        if one.hasWork(isLocked: isLocked) {
            steps.append(.go(seat))
            let sendsDot = one.sending.place == .send && one.storing.place == nil
            if sendsDot, faults < size.faults { steps.append(.loseReply(seat)) }
        }
        // One that has nothing in hand leaves nothing behind.
        let hasMail = one.isBusy || process.storing.hand.count > 0
        if faults < size.faults, hasMail { steps.append(.kill(seat)) }
        return steps
    }

    /// Another process is in the middle of a transaction.
    private func isLocked(for seat: Int) -> Bool {
        seats.contains { $0 !== seats[seat] && $0.isInTransaction }
    }

    /// Nobody has anything to do for now but who stands still.
    private var mayWait: Bool {
        let living = seats.indices.filter { seats[$0].process != nil }
        return living.contains { !seats[$0].isBusy }
            && living.allSatisfy {
                seats[$0].isFrozen || !seats[$0].hasWork(isLocked: isLocked(for: $0))
            }
    }

    /// Every mail is finished, and nobody has anything in hand.
    var isOver: Bool {
        mails.count == size.mails && mails.allSatisfy(\.isFinished)
            && seats.allSatisfy { !$0.isBusy && $0.process?.storing.hand.count ?? 0 == 0 }
    }

    /// - Throws: ``Violation``.
    func take(_ step: ModelStep) throws {
        let before = mails
        if step.isFault { faults += 1 }
        var actor: Int?
        switch step {
        case .go(let seat):
            actor = seat
            try seats[seat].goOn(isLocked: isLocked(for: seat))
        case .loseReply(let seat):
            actor = seat
            mood.answerToDot.withLock { $0 = .acceptAndClose }
            defer { mood.answerToDot.withLock { $0 = .reply("250 2.0.0 Ok") } }
            try seats[seat].goOn(isLocked: isLocked(for: seat))
        case .kill(let seat): seats[seat].kill()
        case .start(let seat): try start(seat)
        case .freeze:
            for seat in seats where seat.isBusy { seat.isFrozen = true }
            clock.advance(by: Self.lease + .seconds(1))
        case .wait:
            let next = seats.filter { !$0.isBusy }.compactMap { $0.process?.nextAt }.min()
            if let next { clock.advance(by: max(.zero, next - clock.steadyNow())) }
        }
        try read()
        try book.note(relay.takeDeliveries(), rows)
        try book.compare(mails, rows, before: before, by: actor.flatMap(owner), in: self)
    }

    private func owner(_ seat: Int) -> Int64? { seats[seat].process?.storing.instance.id }

    /// What is left of a process's lease; negative if it is over, or it has none.
    func leaseLeft(of owner: Int64) throws -> Duration {
        let until = try server.statement("SELECT lease_until FROM outboxd_instances WHERE id = ?")
            .bind(owner).first { $0.int(0) }
        return .milliseconds((until ?? 0) - clock.steadyNow().milliseconds)
    }

    /// What was left of it when the mail was claimed.
    func leaseLeft(of owner: Int64, atClaimOf mail: ModelMail) throws -> Duration {
        let age = clock.wallNow().milliseconds - (mail.claimedAt ?? 0)
        return try leaseLeft(of: owner) + .milliseconds(age)
    }

    func seat(of owner: Int64) -> Seat? {
        seats.first { $0.process?.storing.instance.id == owner }
    }
}

/// How much there is to explore.
struct ModelSize: Equatable {
    var mails = 1
    /// How many faults (a kill, a standstill, a lost reply) a history may have.
    var faults = 1
}
