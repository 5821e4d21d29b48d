import Delivery
import Foundation
import TestSupport
import Testing

@testable import Engine
@testable import outboxd_simulate

/// The model, and what it stands on.
///
/// `.ci/run` explores more of it.
struct ModelTests {
    /// In a process of its own: it forks, which one with threads must not.
    @Test func `every history of one mail and one fault keeps the promises`() async throws {
        let binary = try BuiltProducts.url("outboxd-simulate").path
        let run = try await blocking {
            Result { try ChildProcess.run(binary, ["--model", "1"], timeout: .seconds(600)) }
        }.get()
        #expect(run.exit == .code(0), "\(run.output) \(run.errors)")
        let figures = try #require(run.output.firstMatch(of: /(\d+) states, (\d+) transitions/))
        let states = try #require(Int(figures.1))
        let transitions = try #require(Int(figures.2))
        #expect(states > 500 && transitions > states, "\(run.output)")
    }

    @Test func `a second copy has to be marked before it comes`() throws {
        var book = ModelBook()
        var row = ModelRow(
            id: 1, recipient: "r1@example.test", state: "sending", isUncertain: false)
        try book.note([delivery("Message-ID: <1@a>\n\ntext")], [row])
        #expect(throws: Violation.self) {
            var again = book
            try again.note([delivery("Message-ID: <1@a>\n\ntext")], [row])
        }
        row.isUncertain = true
        try book.note([delivery("Message-ID: <1@a>\n\ntext")], [row])
        #expect(book.accepted["r1@example.test"]?.count == 2)
        #expect(throws: Violation.self) {
            try book.note([delivery("Message-ID: <2@a>\n\ntext")], [row])
        }
        #expect(throws: Violation.self) {
            try book.note([delivery("Message-ID: <1@a>\n\nother")], [row])
        }
    }

    private func delivery(_ message: String) -> VirtualRelay.Delivery {
        VirtualRelay.Delivery(
            process: 0, recipient: "r1@example.test", message: message,
            contentAt: VirtualClock.start, isAccepted: true)
    }

    @Test func `the graph knows which states are stuck, and the shortest way there`() throws {
        let graph = try StateGraph()
        for hash in 0..<4 {
            let found = try graph.insert(UInt64(hash) + 10, isEnd: hash == 2)
            #expect(found.number == UInt32(hash) && found.isNew)
        }
        #expect(try !graph.insert(11, isEnd: false).isNew)
        func connect(_ from: UInt32, _ to: UInt32, step: UInt16, isFault: Bool = false) throws {
            try graph.connect(.init(from: from, to: to, step: step, isFault: isFault))
        }
        try connect(0, 1, step: 0)
        try connect(1, 2, step: 0)
        try connect(1, 3, step: 1)
        try connect(0, 3, step: 2)
        try connect(3, 2, step: 0, isFault: true)
        #expect(graph.stuck() == 3)
        #expect(graph.way(to: 3) == [2])
        #expect(graph.depth == 2)
        try connect(3, 1, step: 3)
        #expect(graph.stuck() == nil)
    }

    @Test func `a fiber stops in the middle and goes on`() throws {
        let fiber = try Fiber()
        var passed: [Int] = []
        for round in [0, 10] {
            fiber.run {
                passed.append(round + 1)
                fiber.stop()
                passed.append(round + 2)
            }
            #expect(fiber.isStopped && passed.last == round + 1)
            fiber.goOn()
            #expect(!fiber.isStopped)
        }
        #expect(passed == [1, 2, 11, 12])
        #expect(!Fiber.isRunning)
    }
}
