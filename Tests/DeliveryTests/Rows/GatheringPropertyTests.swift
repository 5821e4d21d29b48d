import Delivery
import TestSupport
import Testing

/// Random groups of all shapes, against ``GatheringReference`` and against what must always hold.
@Suite struct GatheringPropertyTests {
    static func group(using generator: inout SplitMix64) -> GatheringReference {
        let size = generator.chance(5) ? 130 : Int.random(in: 0...6, using: &generator)
        let marker = generator.chance(50) ? Double.random(in: -10...210, using: &generator) : nil
        let wasDeferred = generator.chance(40)
        let rows = (0..<size).map { index in
            var row = OpenRow.made(
                Int64(index), at: Double(Int.random(in: 0...120, using: &generator)),
                instant: generator.chance(10), cancelled: generator.chance(20),
                readUpTo: marker.map { $0.rounded() }, suppressed: generator.chance(5),
                attempts: wasDeferred && generator.chance(50) ? 1 : 0)
            // The clock was set in the meantime.
            if generator.chance(5) { row.dueAt = row.dueAt + .seconds(30) }
            // The API server puts it off.
            if generator.chance(10) {
                row.notBefore = wall(Double(Int.random(in: 0...200, using: &generator)))
            }
            return row
        }
        let retryAt = wall(Double(Int.random(in: 0...200, using: &generator)))
        return GatheringReference(
            rows: rows.shuffled(using: &generator),
            now: wall(Double(Int.random(in: 0...200, using: &generator))),
            retryAt: wasDeferred || generator.chance(10) ? retryAt : nil,
            maxAge: generator.chance(30)
                ? .seconds(Int.random(in: 0...150, using: &generator)) : nil,
            ignoresHold: generator.chance(10),
            limit: generator.chance(30) ? Int.random(in: 1...4, using: &generator) : 100)
    }

    static func gather(_ group: GatheringReference) -> Gathering {
        Gathering(
            of: group.rows, at: group.now, retryAt: group.retryAt, maxAge: group.maxAge,
            ignoresHold: group.ignoresHold, limit: group.limit)
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func `it decides as the slow reference does`(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        for _ in 0..<250 {
            let group = Self.group(using: &generator)
            let decision = Self.gather(group)
            let sorted = group.rows.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
            let fates = sorted.map { ($0.id, group.fate($0)) }
            #expect(decision.mail == fates.filter { $0.1 == .mailed }.map(\.0))
            #expect(decision.leftOver == fates.filter { $0.1 == .leftOver }.map(\.0))
            let skips = fates.compactMap { id, fate -> Skip? in
                guard case .skipped(let reason) = fate else { return nil }
                return Skip(row: id, reason: reason)
            }
            #expect(decision.skips == skips)
        }
    }

    @Test(arguments: 100..<140 as Range<UInt64>)
    func `what must always hold`(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        for _ in 0..<250 {
            let group = Self.group(using: &generator)
            let decision = Self.gather(group)
            let rows = Dictionary(uniqueKeysWithValues: group.rows.map { ($0.id, $0) })
            let mail = decision.mail.compactMap { rows[$0] }

            // Never a row that is read or cancelled, never more than the limit, in order.
            #expect(mail.allSatisfy { $0.reasonToSkip(at: group.now) == nil })
            #expect(mail.count <= group.limit)
            #expect(mail == mail.sorted(by: OpenRow.isOlder))

            // Never early: some row of the group that is to be mailed is due.
            let leftOver = decision.leftOver.compactMap { rows[$0] }
            let isDue = (mail + leftOver).contains {
                group.ignoresHold || $0.isInstant || $0.dueAt <= group.now
            }
            #expect(mail.isEmpty || isDue)

            // Nor a row that counts as not yet written.
            #expect((mail + leftOver).allSatisfy { $0.notBefore ?? group.now <= group.now })

            // Nothing is decided twice, and nothing waits when all is decided.
            let decided = decision.mail + decision.leftOver + decision.skips.map(\.row)
            #expect(Set(decided).count == decided.count)
            #expect(Set(decided).isSubset(of: rows.keys))
            let waiting = rows.keys.filter { !decided.contains($0) }
            #expect((decision.lookAgainAt != nil) == (mail.isEmpty && !waiting.isEmpty))
            let unwritten = waiting.filter { id in rows[id].map(group.isUnwritten) ?? false }
            #expect(mail.isEmpty || waiting == unwritten)
            #expect(!mail.isEmpty || leftOver.isEmpty)
            if let lookAgainAt = decision.lookAgainAt { #expect(lookAgainAt > group.now) }
        }
    }

    @Test(arguments: 200..<220 as Range<UInt64>)
    func `until it is time to look again nothing can go, and no hold ends`(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        for _ in 0..<200 {
            var group = Self.group(using: &generator)
            let decision = Self.gather(group)
            guard decision.mail.isEmpty else { continue }
            let decided = Set(decision.skips.map(\.row))
            group.rows.removeAll { decided.contains($0.id) }
            // A tried row that is yet to be created can be read any moment; there is no such row.
            if group.rows.contains(where: { $0.attempts > 0 && $0.createdAt > group.now }) {
                continue
            }
            let held = Set(group.rows.filter { !group.endsOnceGone($0) }.map(\.id))
            let end = decision.lookAgainAt ?? group.now + .seconds(1_000)
            var later = group
            while later.now + .seconds(1) < end {
                later.now = later.now + .seconds(1)
                #expect(!later.goes)
                #expect(Set(group.rows.filter { !later.endsOnceGone($0) }.map(\.id)) == held)
            }
        }
    }

    @Test(arguments: 300..<320 as Range<UInt64>)
    func `looking again and again comes to an end, with every row mailed or skipped`(
        seed: UInt64
    ) throws {
        var generator = SplitMix64(seed: seed)
        for _ in 0..<50 {
            var group = Self.group(using: &generator)
            var open = Set(group.rows.map(\.id))
            for _ in 0..<1_000 where !open.isEmpty {
                let decision = Self.gather(group)
                open.subtract(decision.mail)
                open.subtract(decision.skips.map(\.row))
                group.rows.removeAll { !open.contains($0.id) }
                if decision.mail.isEmpty, !open.isEmpty {
                    group.now = try #require(decision.lookAgainAt)
                }
            }
            #expect(open.isEmpty)
        }
    }
}
