package import Delivery
package import Store

/// What a drain would do if it began now: a dry run.
///
/// The rules are those of the real one, so is what is read; nothing is changed. What the relay will say nobody
/// knows: every mail that goes counts as accepted.
package struct Forecast: Sendable {
    package struct Helpdesk: Sendable, Equatable {
        package var mails = 0
        package var rows = 0
        package var skipped = 0
        package var waiting = 0
        package var failing = 0

        package init() {}
    }
    package struct Waiting: Sendable, Equatable {
        package var rows = 0
        /// When the first of them is looked at again.
        package var next: WallTime?
    }

    package private(set) var mails = 0
    /// In them.
    package private(set) var rows = 0
    package private(set) var skipped: [SkipReason: Int] = [:]
    package private(set) var waiting: [WaitReason: Waiting] = [:]
    /// New rows that can't be sent.
    package private(set) var failing: [FailReason: Int] = [:]
    /// Failed rows that were to be tried again, and can't be.
    package private(set) var refused = 0
    /// Being sent by another process.
    package private(set) var underWay = 0
    package private(set) var byHelpdesk: [String: Helpdesk] = [:]
    /// Of the first mails that would go: the first row of each, and how many rows it has.
    package private(set) var examples: [(row: Int64, rows: Int)] = []

    private static let mostExamples = 5
    private static let slice = 1_000

    /// - Parameters:
    ///   - retried: Failed rows that would wait again first.
    ///   - goesOn: Asked between slices; false ends the look early.
    package init(
        _ settings: EngineSettings, mode: RunMode, _ reader: any QueueReader, at now: WallTime,
        retried: [Int64] = [], goesOn: () -> Bool = { true }
    ) throws {
        let rules = ClaimRules(
            settings: settings, ignoresHold: mode.ignoresHold, now: now, nonce: 0,
            maxAgeOfAll: mode.maxAge)
        let chosen = mode.rows.map { Set($0).union(retried) }
        var newcomers = try NewRowsForecast(
            settings, reader, at: now, chosen: chosen, retried: retried)
        refused = newcomers.refused
        for (helpdesk, reason) in newcomers.failing { add(failing: reason, helpdesk) }
        for new in newcomers.skipped { add([(new.row, .skipped(new.reason))], new.helpdesk) }
        for row in newcomers.putOff {
            add(
                [(row.id, .waits(row.isFaulty ? .deferred : .hold, until: row.until))],
                row.helpdeskID)
        }
        if let rows = mode.rows {
            try look(at: rows, of: chosen, reader, rules, &newcomers, goesOn)
        } else {
            try lookAtAll(reader, rules, &newcomers, goesOn)
        }
        // All that are open were looked at, unless only some rows are chosen.
        for key in newcomers.conversations where goesOn() {
            let mails = chosen == nil ? [] : try reader.mails(of: key, at: now)
            add(try newcomers.join(mails, of: key, reader, at: now), rules, chosen, key.helpdeskID)
        }
    }

    private mutating func lookAtAll(
        _ reader: any QueueReader, _ rules: ClaimRules, _ newcomers: inout NewRowsForecast,
        _ goesOn: () -> Bool
    ) throws {
        var position: ConversationKey?
        while goesOn() {
            let mails = try reader.mails(after: position, limit: Self.slice, at: rules.now)
            guard let last = mails.last else { return }
            position = ConversationKey(last.key)
            var rest = mails[...]
            while let key = rest.first.map({ ConversationKey($0.key) }) {
                let own = rest.prefix { ConversationKey($0.key) == key }
                rest = rest.dropFirst(own.count)
                let joined = try newcomers.join(Array(own), of: key, reader, at: rules.now)
                add(joined, rules, nil, key.helpdeskID)
            }
        }
    }

    private mutating func look(
        at rows: [Int64], of chosen: Set<Int64>?, _ reader: any QueueReader, _ rules: ClaimRules,
        _ newcomers: inout NewRowsForecast, _ goesOn: () -> Bool
    ) throws {
        var seen: Set<ConversationKey> = []
        for start in stride(from: 0, to: rows.count, by: Self.slice) where goesOn() {
            let some = Array(rows[start..<min(rows.count, start + Self.slice)])
            for key in try reader.conversations(ofRows: some) where seen.insert(key).inserted {
                let mails = try reader.mails(of: key, at: rules.now)
                let joined = try newcomers.join(mails, of: key, reader, at: rules.now)
                add(joined, rules, chosen, key.helpdeskID)
            }
        }
    }

    // MARK: Counting

    private mutating func add(
        _ mails: [QueuedMail], _ rules: ClaimRules, _ chosen: Set<Int64>?, _ helpdesk: String
    ) {
        let one = ConversationForecast(mails, rules: rules, reviews: chosen == nil) {
            chosen?.contains($0) ?? true
        }
        self.mails += one.mailCount
        byHelpdesk[helpdesk, default: Helpdesk()].mails += one.mailCount
        add(one.fates, helpdesk)
        for mail in 0..<min(one.mailCount, Self.mostExamples - examples.count) {
            let own = one.fates.filter { $0.fate == .goes(mail: mail) }
            if let first = own.first { examples.append((first.row, own.count)) }
        }
    }

    private mutating func add(
        _ fates: [(row: Int64, fate: ConversationForecast.Fate)], _ helpdesk: String
    ) {
        var own = byHelpdesk[helpdesk] ?? Helpdesk()
        for (_, fate) in fates {
            switch fate {
            case .goes:
                rows += 1
                own.rows += 1
            case .skipped(let reason):
                skipped[reason, default: 0] += 1
                own.skipped += 1
            case .waits(let reason, let until):
                waiting[reason, default: Waiting()].rows += 1
                let next = [waiting[reason]?.next, until].compactMap(\.self).min()
                waiting[reason]?.next = next
                own.waiting += 1
            case .underWay: underWay += 1
            }
        }
        byHelpdesk[helpdesk] = own
    }

    private mutating func add(failing reason: FailReason, _ helpdesk: String) {
        failing[reason, default: 0] += 1
        byHelpdesk[helpdesk, default: Helpdesk()].failing += 1
    }
}
