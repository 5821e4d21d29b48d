internal import Delivery
internal import Store

/// Outcomes that a failing statement kept from being written down, tried again more and more rarely.
///
/// The mails stay claimed meanwhile, so what is repeated is the noting and never the sending. Each keeps a
/// record of the in-flight journal, of which there are two thousand: what can't be recorded is not sent, so a
/// helpdesk with too many of them sends no more.
///
/// | outcomes that failed, of all helpdesks | a helpdesk sends no more with |
/// |---|---|
/// | fewer than 500 | 20 of its own |
/// | 500 and more | 1 of its own |
struct Unrecorded {
    private struct Entry {
        var result: SendResult
        var retryAt: SteadyTime
    }
    private var entries: [Int64: Entry] = [:]
    /// How often each has failed, by token; kept while it is tried again.
    private var failures: [Int64: Int] = [:]
    /// How many of each helpdesk have failed and are not recorded.
    private var own: [String: Int] = [:]

    /// Helpdesks that send no more for now.
    var full: Set<String> {
        guard !own.isEmpty else { return [] }
        let most = failures.count < 500 ? 20 : 1
        return Set(own.filter { $0.value >= most }.keys)
    }

    var count: Int { entries.count }

    /// How often writing down has failed for the one that failed most often.
    var mostFailures: Int { failures.values.max() ?? 0 }

    /// When the next one is tried again.
    var nextAt: SteadyTime? { entries.values.map(\.retryAt).min() }

    /// - Returns: true if it failed for the first time.
    mutating func add(_ result: SendResult, at now: SteadyTime) -> Bool {
        let token = result.mail.mail.token
        let count = (failures[token] ?? 0) + 1
        if count == 1 { own[result.mail.mail.key.helpdeskID, default: 0] += 1 }
        failures[token] = count
        entries[token] = Entry(
            result: result, retryAt: now + StatementBackoff.delay(failures: count))
        return count == 1
    }

    /// Takes those whose time has come.
    mutating func takeDue(at now: SteadyTime) -> [SendResult] {
        let due = entries.filter { $0.value.retryAt <= now }
        for token in due.keys { entries[token] = nil }
        return Self.inOrder(due)
    }

    mutating func takeAll() -> [SendResult] {
        defer { entries.removeAll() }
        return Self.inOrder(entries)
    }

    /// As they were claimed.
    private static func inOrder(_ entries: [Int64: Entry]) -> [SendResult] {
        entries.sorted { $0.key < $1.key }.map(\.value.result)
    }

    /// It is written down.
    mutating func recorded(_ mail: InFlightMail) {
        guard !failures.isEmpty, failures.removeValue(forKey: mail.token) != nil else { return }
        let left = (own[mail.key.helpdeskID] ?? 0) - 1
        own[mail.key.helpdeskID] = left > 0 ? left : nil
    }
}
