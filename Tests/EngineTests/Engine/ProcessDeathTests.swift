import Delivery
import Store
import TestSupport
import Testing

@testable import Engine
@testable import outboxd_simulate

/// A process dies at every point that it passes, one after the other: a write to its journal, a commit, a
/// send.
///
/// Another one finds what it left.
struct ProcessDeathTests {
    private struct Run {
        var end: Lifeline.Point?
        var states: [String]
        /// How often the relay has accepted each mail, by its text.
        var accepted: [Int]
        var messageIDs: [Int]
        /// Those that outboxd says may have gone out twice.
        var uncertain: [Bool]
    }

    /// On two connections: those behind the first four follow others, where mails do.
    private static func texts(_ isPipelined: Bool) -> [String] {
        (0..<(isPipelined ? 7 : 3)).map { "m\($0)" }
    }

    /// - Parameter point: where the first process dies; the second is started half a minute later.
    private func run(diesAt point: Int, isPipelined: Bool) throws -> Run {
        let bed = try VirtualBed(diesAt: point, isPipelined: isPipelined) { command, _ in
            VirtualRelay.usual(command)
        }
        let texts = Self.texts(isPipelined)
        let ids = try texts.map {
            try bed.insert($0, conversation: "c\($0)", instant: true)
        }
        try bed.run(for: .seconds(30))
        let end = bed.lifelines.first?.end
        try bed.start()
        try bed.run(for: .seconds(600))
        let sent = bed.relay.messages
        let own = texts.map { text in sent.filter { $0.contains("text of \(text)") } }
        return Run(
            end: end, states: try ids.map(bed.state), accepted: own.map(\.count),
            messageIDs: own.map { Set($0.compactMap(Self.messageID)).count },
            uncertain: try ids.map(bed.isUncertain))
    }

    private static func messageID(_ message: String) -> Substring? {
        message.split(separator: "\n").first { $0.hasPrefix("Message-ID:") }
    }

    @Test(arguments: [false, true])
    func `wherever a process dies, nothing is lost and only an announced mail goes out twice`(
        isPipelined: Bool
    ) throws {
        var ends: [Lifeline.Point: Int] = [:]
        for point in 0... {
            let run = try run(diesAt: point, isPipelined: isPipelined)
            guard let end = run.end else { break }
            ends[end, default: 0] += 1
            #expect(run.states.allSatisfy { $0 == "sent" }, "\(point): \(end)")
            #expect(run.accepted.allSatisfy { (1...2).contains($0) }, "\(point): \(run.accepted)")
            // The same mail, so that the receiver can drop it.
            #expect(run.messageIDs.allSatisfy { $0 == 1 }, "\(point): \(end)")
            // Two connections: no more than two mails were under way.
            #expect(run.accepted.count { $0 == 2 } <= 2, "\(point): \(run.accepted)")
            for (count, isUncertain) in zip(run.accepted, run.uncertain) {
                #expect(count == 1 || isUncertain, "\(point): \(end)")
            }
            switch end {
            // The dot can only have been sent where it was announced before. (A mail that follows takes
            // its slot while another's dot is waited for.)
            case .slot(.take), .slot(.free), .commit:
                if isPipelined { break }
                #expect(run.accepted == [1, 1, 1], "\(point): \(end) \(run.accepted)")
            default: break
            }
        }
        #expect(ends.values.reduce(0, +) > 30)
        let kinds: [Lifeline.Point] = [
            .slot(.take), .slot(.announce), .slot(.reply), .slot(.free), .commit(.before),
            .commit(.after), .send,
        ]
        for kind in kinds { #expect(ends[kind] ?? 0 > 0, "\(kind) was never reached") }
    }
}
