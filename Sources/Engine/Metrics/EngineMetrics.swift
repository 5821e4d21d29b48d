package import Delivery
internal import Store

/// What this process has counted since its start.
///
/// A value: a scrape gets a copy. No label grows with helpdesks, users or relays.
package struct EngineMetrics: Sendable, Equatable {
    /// How a notification (a row) has ended.
    package enum Ending: Hashable, Sendable {
        case sent
        case skipped(SkipReason)
        case failed(FailReason)

        package static let all: [Ending] =
            [.sent] + SkipReason.allCases.map(skipped) + FailReason.allCases.map(failed)
    }
    package struct Delivery: Hashable, Sendable {
        package var outcome: DeliveryOutcome
        package var stage: Stage

        package init(_ outcome: DeliveryOutcome, _ stage: Stage) {
            self.outcome = outcome
            self.stage = stage
        }
    }
    package enum Phase: String, Sendable, CaseIterable {
        /// DNS, TCP, TLS, EHLO, AUTH.
        case connect
        /// From MAIL to the final dot.
        case transfer
        /// From the final dot to its reply.
        case final
    }
    /// Why a mail may go out, or have gone out, twice.
    package enum Doubt: String, Sendable, CaseIterable {
        /// The dialogue broke off after the final dot.
        case noReply = "no_reply"
        /// The process died after the final dot.
        case died
        /// The relay took it when another process had it already.
        case overtaken
    }
    /// What kept a mail from going out twice.
    package enum Prevention: String, Sendable, CaseIterable {
        /// The notes of a process that died held the relay's reply.
        case replyNoted = "reply_noted"
        /// This process was too slow, and saw before the content that another had the mail.
        case takenOver = "taken_over"
    }

    package internal(set) var ingested = 0
    package internal(set) var endings: [Ending: Int] = [:]
    package internal(set) var reopened = 0
    package internal(set) var pruned = 0
    package internal(set) var deliveries: [Delivery: Int] = [:]
    package internal(set) var doubts: [Doubt: Int] = [:]
    package internal(set) var prevented: [Prevention: Int] = [:]
    package internal(set) var lateHeld = Histogram.times
    package internal(set) var lateInstant = Histogram.times
    package internal(set) var phases: [Phase: Histogram] = [:]
    package internal(set) var commits = Histogram.times
    package internal(set) var claimedBatches = Histogram.mails
    package internal(set) var finishedBatches = Histogram.mails
    package internal(set) var statementFaults = 0
    package internal(set) var databaseErrors = 0
    /// Why the database can't be used; nil while it can.
    package internal(set) var databaseTrouble: String?
    /// nil before it was tried.
    package internal(set) var isRelayUp: Bool?
    /// The first commit after a mail was attempted or a row ended; nil before any was.
    package internal(set) var movedAt: SteadyTime?
    private var hasMoved = false

    package init() {}
}

// MARK: - Counting

extension EngineMetrics {
    mutating func note(_ event: EngineEvent) {
        switch event {
        case .ingested(let rows): ingested += rows
        case .failedRow(_, let reason, _): endings[.failed(reason), default: 0] += 1
        case .skipped(let skips):
            for skip in skips { endings[.skipped(skip.reason), default: 0] += 1 }
            hasMoved = true
        case .attempted(let attempts): for attempt in attempts { note(attempt) }
        case .leaseLost(_, _, let wasSent):
            if wasSent {
                doubts[.overtaken, default: 0] += 1
            } else {
                prevented[.takenOver, default: 0] += 1
            }
        case .relay(let status):
            switch status.state {
            case .up: isRelayUp = true
            case .down: isRelayUp = false
            case .unknown: isRelayUp = nil
            }
        case .reopened(let rows, _), .reopenedForRelay(let rows): reopened += rows
        case .storeTrouble(let text):
            databaseErrors += 1
            databaseTrouble = text
        case .storeRecovered: databaseTrouble = nil
        case .statementFault: statementFaults += 1
        case .moreFaults(let count, _): statementFaults += count
        case .measured(let measurement): note(measurement)
        case .reopenedMails, .relaySilent, .connectionsLimited, .senderBlocked, .senderUnblocked,
            .tookOver, .journalTrouble, .notTakenOver, .clockWasSet, .idsBeganAnew, .idsUsedAgain,
            .unrecorded, .actsThroughPauses, .waitsForHold, .chosen, .unwatched, .waitingForLock,
            .pruned,
            .rowKept, .restored, .released, .epochUnwritable:
            break
        }
    }

    private mutating func note(_ attempt: EngineEvent.Attempt) {
        let outcome = DeliveryOutcome(attempt.outcome)
        let stage = outcome == .sent ? .final : attempt.error?.stage ?? .final
        deliveries[Delivery(outcome, stage), default: 0] += 1
        end(attempt.outcome, rows: attempt.rows.count)
        hasMoved = hasMoved || outcome != .returned
        if outcome == .uncertain { doubts[.noReply, default: 0] += 1 }
        note(attempt.delays)
    }

    private mutating func note(_ delays: Delays) {
        if let late = delays.late {
            if delays.isInstant { lateInstant.add(late) } else { lateHeld.add(late) }
        }
        if delays.connecting > .zero { phases[.connect, default: .times].add(delays.connecting) }
        guard let final = delays.final else {
            // The dialogue did not come to its end: how long that took says little of the relay.
            return
        }
        phases[.transfer, default: .times].add(delays.transmitting - final)
        phases[.final, default: .times].add(final)
    }

    /// What a mail's end means for its rows.
    private mutating func end(_ outcome: FinishedMail.Outcome, rows: Int) {
        switch outcome {
        case .sent: endings[.sent, default: 0] += rows
        case .failed(let reason): endings[.failed(reason), default: 0] += rows
        case .deferred(_, let expired) where !expired.isEmpty:
            endings[.failed(.expired), default: 0] += expired.count
        case .deferred, .uncertain, .returned, .faulty: break
        }
    }

    private mutating func note(_ measurement: Measurement) {
        switch measurement {
        case .commit(let time, let finished, let claimed, let now):
            commits.add(time)
            if hasMoved { movedAt = now }
            hasMoved = false
            if finished > 0 { finishedBatches.add(Int64(finished)) }
            if claimed > 0 { claimedBatches.add(Int64(claimed)) }
        case .pruned(let rows): pruned += rows
        case .takenOver(let mails):
            for mail in mails {
                end(mail.outcome, rows: mail.rows)
                switch mail.outcome {
                case .sent: prevented[.replyNoted, default: 0] += 1
                case .uncertain: doubts[.died, default: 0] += 1
                case .deferred, .failed, .returned, .faulty: break
                }
            }
        }
    }
}
