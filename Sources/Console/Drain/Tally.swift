internal import Delivery
internal import Engine
internal import Store
internal import Synchronization

/// What a drain has done so far; the engine's threads tell, the main thread asks.
final class Tally: Sendable {
    private struct Counts {
        var line = DrainLine()
        /// Rows that were sent.
        var rows = 0
        var skipped: [SkipReason: Int] = [:]
        /// Rows that failed.
        var failed = 0
        var forSending = 0
        var relayError: DeliveryError?
        var causes = DrainCauses()
        /// Why mails were told as failed, since some of them may wait again.
        var failures: [Int64: String] = [:]
        /// Causes that nobody has been told of.
        var news: [String] = []
        /// Of a drain that was told what to send.
        var chosenMails: Int?

        mutating func add(_ attempt: EngineEvent.Attempt, isOtherRelay: Bool) {
            switch attempt.outcome {
            case .sent:
                line.sent += 1
                rows += attempt.rows.count
            case .deferred: line.deferred += 1
            case .failed:
                line.failed += 1
                failed += attempt.rows.count
            case .uncertain: line.uncertain += 1
            case .returned:
                // Else it is the relay's trouble, which is told by itself.
                guard isOtherRelay else { return }
                line.returned += 1
            case .faulty: break
            }
            guard let text = DrainCauses.text(of: attempt) else { return }
            add(text)
            guard case .failed = attempt.outcome else { return }
            if failures.count >= Tally.mostFailures { failures.removeAll() }
            failures[attempt.mailID] = text
        }

        mutating func add(_ cause: String) {
            if let new = causes.add(cause) { news.append(new) }
        }

        /// Rows that were told as failed wait again; some of them may have failed before.
        mutating func reopened(_ rows: Int) {
            failed = max(0, failed - rows)
            line.failed = min(line.failed, failed)
        }

        /// What was told of them is not true any more.
        mutating func reopened(mails: [Int64]) {
            for mail in mails { failures.removeValue(forKey: mail).map { causes.takeBack($0) } }
        }
    }
    /// So many mails are remembered at once; those that wait again have failed a moment before.
    private static let mostFailures = 4_096
    private let counts = Mutex(Counts())
    private let isOtherRelay: Bool

    init(isOtherRelay: Bool = false) {
        self.isOtherRelay = isOtherRelay
    }

    func note(_ event: EngineEvent) {
        counts.withLock { counts in
            switch event {
            case .skipped(let skips):
                for skip in skips { counts.skipped[skip.reason, default: 0] += 1 }
            case .failedRow(_, let reason, let text):
                counts.failed += 1
                counts.add("failed (\(reason.rawValue)): \(text)")
            case .relay(let status):
                counts.relayError = status.error
                if let error = status.error, status.state == .down {
                    counts.add("the relay is in trouble: \(error.stage.rawValue): \(error.text)")
                }
            case .reopened(let rows, let sender):
                counts.reopened(rows)
                counts.forSending += rows
                counts.add("the relay refuses the sender \(sender)")
            case .reopenedForRelay(let rows): counts.reopened(rows)
            case .reopenedMails(let mails): counts.reopened(mails: mails)
            case .attempted(let attempts):
                for attempt in attempts { counts.add(attempt, isOtherRelay: isOtherRelay) }
            case .chosen(let mails): counts.chosenMails = mails
            default: break
            }
        }
    }

    var line: DrainLine { counts.withLock(\.line) }
    var returned: Int { line.returned }
    var uncertain: Int { line.uncertain }
    var relayError: DeliveryError? { counts.withLock(\.relayError) }
    var chosenMails: Int? { counts.withLock(\.chosenMails) }

    /// Causes that are new since the last call.
    func takeNews() -> [String] {
        counts.withLock { counts in
            defer { counts.news.removeAll() }
            return counts.news
        }
    }

    var summary: String {
        counts.withLock { counts in
            let line = counts.line
            return "sent \(counted(line.sent, "mail")) (\(counted(counts.rows, "row"))), "
                + "skipped \(Self.text(of: counts.skipped)), deferred \(line.deferred), "
                + "failed \(counts.failed), uncertain \(line.uncertain)"
                + (line.returned > 0 ? ", returned \(line.returned)" : "")
                + (counts.forSending > 0 ? ", waiting for a sender \(counts.forSending)" : "")
        }
    }

    /// `0`, or `3 (2 read, 1 stale)`.
    private static func text(of skipped: [SkipReason: Int]) -> String {
        let reasons = SkipReason.allCases.compactMap { reason in
            skipped[reason].map { "\($0) \(reason.rawValue)" }
        }
        let sum = skipped.values.reduce(0, +)
        return reasons.isEmpty ? "0" : "\(sum) (\(reasons.joined(separator: ", ")))"
    }

    /// `3 × deferred: rcpt: 450 4.2.0 later`, the most frequent first.
    var causes: [String] {
        counts.withLock { counts in
            let sorted = counts.causes.all.filter { $0.count > 0 }.sorted {
                ($1.count, $0.text) < ($0.count, $1.text)
            }
            return sorted.map { "\(DrainLine.grouped($0.count)) × \($0.text)" }
                + (counts.causes.others > 0 ? ["\(counts.causes.others) × others"] : [])
        }
    }
}
