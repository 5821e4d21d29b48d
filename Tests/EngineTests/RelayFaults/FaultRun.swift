import Delivery
import Synchronization
import TestSupport

@testable import Engine
@testable import Store

/// Plays one cell: one mail meets the fault, and another shows whether the connection and the relay are
/// used again.
struct FaultRun {
    let cell: FaultCell
    let front: TLSFront?
    private let fault: FaultRule
    private let bed: FaultBed
    private let full: FullListener?
    /// The mail that is looked at, and the one behind it.
    private let (mail, witness): (Int64, Int64)

    static func play(_ cell: FaultCell, front: TLSFront?) throws -> FaultReport {
        let run = try FaultRun(cell, front: front)
        defer { run.end() }
        return cell.stage == .quit ? run.playQuit() : run.play()
    }

    private init(_ cell: FaultCell, front: TLSFront?) throws {
        (self.cell, self.front) = (cell, front)
        fault = FaultRule(cell)
        (mail, witness) =
            switch (cell.mode, cell.stage) {
            case (.following, .next): (4, 5)
            case (.following, _): (3, 4)
            case (_, .next): (2, 9)
            default: (1, 9)
            }
        let isConnect = cell.stage == .connect
        full = isConnect && cell.fault == .silent ? try FullListener() : nil
        bed = try FaultBed(
            Self.configuration(cell), front: front, start: Self.start(cell.mode),
            tlsFault: cell.tlsFault,
            patience: cell.fault.takesTime && cell.stage.isBeforeMail
                ? .seconds(2) : .seconds(20),
            listening: !isConnect, port: full?.port)
        bed.relay.add(fault.rule)
    }

    private func end() {
        bed.end()
        full?.close()
    }

    private static func start(_ mode: FaultMode) -> TLSFront.Start? {
        switch mode {
        case .plain, .pipelined, .following: nil
        case .starttls: .starttls
        case .implicit: .implicit
        }
    }

    private static func configuration(_ cell: FaultCell) -> RelayConfiguration {
        var configuration = RelayConfiguration()
        configuration.credentials = FaultBed.credentials
        configuration.isBehindTLSFront = true
        // What the relay does not read, the client is left with.
        configuration.receiveBuffer = cell.stage == .content ? 65_536 : nil
        if cell.mode == .plain { configuration.extensions.remove(.pipelining) }
        if cell.mode == .starttls { configuration.extensions.insert(.startTLS) }
        return configuration
    }

    // MARK: From the connection to the final dot

    private func play() -> FaultReport {
        var breaches: [String] = []
        if cell.mode == .following {
            breaches += sendTrain()
        } else {
            if cell.stage == .next { breaches += sendFirst() }
            bed.send([letter(mail)])
        }
        guard let result = bed.result(of: mail, steps: { isWaitedFor }) else {
            return FaultReport(outcome: .sent, breaches: breaches + ["no result"], wasMet: isMet)
        }
        let accepted = bed.relay.mails.first { $0.recipient == Self.address(mail) }?.connection
        guard
            var outcome = FaultOutcome(
                result.end, isElsewhere: isOnRelay && accepted != fault.connection)
        else { return FaultReport(outcome: .sent, breaches: ["\(result.end)"], wasMet: isMet) }
        breaches += countsAttempt(result, outcome)
        if full == nil {
            let next = witnessConnection(after: outcome, &breaches)
            outcome.keepsConnection = next != nil && next == connection
        }
        breaches += whatNobodyMayDo(outcome)
        return FaultReport(outcome: outcome, breaches: breaches, wasMet: isMet)
    }

    /// The relay itself goes wrong, not what stands before it.
    private var isOnRelay: Bool { cell.stage != .tls && cell.stage != .connect }

    private var isMet: Bool { !isOnRelay || fault.connection != nil }

    /// The connection that met the fault, where it could live on.
    private var connection: Int? {
        isOnRelay ? fault.connection : (cell.fault == .twoPieces ? 1 : nil)
    }

    /// Time is to go on; before MAIL the machine's does.
    ///
    /// Not while others are under way, whose time it is not.
    private var isWaitedFor: Bool {
        guard cell.fault.takesTime, let silent = fault.connection else { return false }
        let record = bed.relay.record
        let isAlone = !record.connections.contains { $0.number != silent && $0.closedAt == nil }
        let through = Set(record.mails.map(\.recipient))
        return isAlone
            || innocent.allSatisfy { through.contains(Self.address($0)) || bed.hasResult(of: $0) }
    }

    /// Those that are sent with it and meet nothing.
    private var innocent: [Int64] {
        guard cell.mode == .following else { return [] }
        return cell.stage == .next ? [1, 2, 5] : [1, 2, 4, 5]
    }

    private func letter(_ number: Int64) -> OutgoingMail {
        guard cell.stage == .content, number == mail else { return SendingBed.mail(number) }
        return SendingBed.mail(number, text: Self.large, isKept: true)
    }

    private static func address(_ mail: Int64) -> String { "p\(mail)@example.test" }

    /// More than a connection takes before somebody reads.
    private static let large =
        "Subject: hi\r\n\r\n"
        + String(repeating: String(repeating: "x", count: 900) + "\r\n", count: 9_000)

    private func sendFirst() -> [String] {
        bed.send([letter(1)])
        guard case .verdict(.accepted) = bed.result(of: 1)?.end else {
            return ["the first mail was not accepted"]
        }
        return []
    }

    /// Five mails; the third is under way before the dot of the second is answered.
    private func sendTrain() -> [String] {
        let gate = Gate()
        let dots = Atomic(0)
        // After the cell's own rule, which counts dots as well.
        bed.relay.add { event in
            guard event.verb == .dot else { return nil }
            return dots.add(1, ordering: .relaxed).newValue == 2 ? .hold(gate) : nil
        }
        bed.send((1...5).map(letter))
        let isAtDot = gate.waitForArrivals(timeout: .seconds(20))
        let checks = bed.checks.count
        gate.open()
        return isAtDot && checks == 3 ? [] : ["the third mail did not follow: \(checks) checks"]
    }

    // MARK: What is to hold everywhere

    private func countsAttempt(_ result: SendResult, _ outcome: FaultOutcome) -> [String] {
        let isAttempt =
            switch bed.finished(result) {
            case .sent, .deferred, .failed, .uncertain: true
            case .returned, .faulty, nil: false
            }
        return isAttempt == outcome.fate.isAttempt ? [] : ["an attempt is counted: \(isAttempt)"]
    }

    /// The relay's connection that carried the mail behind; nil if it did not go out.
    private func witnessConnection(
        after outcome: FaultOutcome, _ breaches: inout [String]
    ) -> Int? {
        if cell.mode != .following {
            if outcome.fate == .outage || outcome.fate == .login {
                if cell.stage == .connect { try? bed.relay.start() }
                // Longer than any wait between two probes.
                bed.step(by: .seconds(1_800))
            }
            bed.send([SendingBed.mail(witness)])
        }
        let end = endOfOther(witness)
        guard case .verdict(.accepted) = end else {
            breaches.append("the mail behind: \(end.map { "\($0)" } ?? "no result")")
            return nil
        }
        return bed.relay.mails.first { $0.recipient == Self.address(witness) }?.connection
    }

    /// A mail that went back unbegun comes again, as the store would have it.
    private func endOfOther(_ mail: Int64) -> SendResult.End? {
        let steps = { cell.mode == .following && isWaitedFor }
        let end = bed.result(of: mail, steps: steps)?.end
        guard case .unused = end else { return end }
        bed.send([SendingBed.mail(mail)])
        return bed.result(of: mail, steps: steps)?.end
    }

    /// The relay has every mail once that is said to be sent, and no other.
    private func whatNobodyMayDo(_ outcome: FaultOutcome) -> [String] {
        var found: [String] = []
        let recipients = bed.relay.mails.map(\.recipient)
        let copies = recipients.count { $0 == Self.address(mail) }
        let isSent = outcome.fate == .sent || outcome.fate == .again
        if copies != (isSent ? 1 : 0) { found.append("the relay has it \(copies) times") }
        if Set(recipients).count != recipients.count { found.append("a mail came twice") }
        if cell.mode == .following {
            for other in innocent where other != witness {
                let end = endOfOther(other)
                if case .verdict(.accepted) = end { continue }
                found.append("mail \(other): \(end.map { "\($0)" } ?? "no result")")
            }
        }
        // Who is answered early speaks early.
        if cell.fault != .early { found += bed.relay.breaches }
        return found
    }

    // MARK: QUIT

    /// The mail is through, and the connection has lain idle for long enough.
    private func playQuit() -> FaultReport {
        var breaches = sendFirst()
        bed.step(by: .seconds(61))
        if !fault.wait() { return FaultReport(outcome: .sent, breaches: breaches, wasMet: false) }
        let isClosed = eventually(timeout: .seconds(20)) {
            bed.step(by: .seconds(1))
            return bed.relay.record.connections.first?.closedAt != nil
        }
        if !isClosed { breaches.append("the connection stays open") }
        var outcome = FaultOutcome.sentAndOver
        let next = witnessConnection(after: outcome, &breaches)
        outcome.keepsConnection = next == 1
        return FaultReport(
            outcome: outcome, breaches: breaches + whatNobodyMayDo(outcome), wasMet: true)
    }
}
