import Delivery
import Foundation
import Glibc
import TestSupport
import Testing

/// `outboxd demo`: "the whole way on one machine … ends by itself".
struct DemoTests {
    private static func environment(_ directory: TemporaryDirectory) -> [String: String] {
        // None of these may matter to it.
        [
            "TMPDIR": directory.path, "OUTBOXD_DATABASE": "/nowhere/outbox.db",
            "OUTBOXD_SMTP_URL": "http://nonsense", "OUTBOXD_HOLD": "never", "OUTBOXD_BOGUS": "1",
        ]
    }

    @Test func `it shows the whole way in less than 15 seconds and leaves nothing behind`() throws {
        let directory = try TemporaryDirectory()
        let begin = TestClock.steady
        let demo = try ChildProcess.run(
            try BuiltProducts.url("outboxd").path, ["demo"],
            environment: Self.environment(directory), directory: "/proc")
        #expect(TestClock.steady - begin < .seconds(15))
        #expect(demo.exit == .code(0), "\(demo.output)\(demo.errors)")
        #expect(demo.errors.isEmpty)
        for words in [
            "the hold is 3 s", "Ann has read it in time: no mail", "3 replies in one mail",
            "550 5.1.1", "450 4.2.0", "notes for Eli: sent",
            "The mail server received 3 mails with 5 of them.", "Checked:",
        ] {
            #expect(demo.output.contains(words), "\(words)")
        }
        #expect(!demo.output.contains("\u{1B}"))
        #expect(demo.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func `a signal ends it, and it tidies up`(signal: Int32) throws {
        let directory = try TemporaryDirectory()
        let demo = try ChildProcess(
            try BuiltProducts.url("outboxd").path, ["demo"],
            environment: Self.environment(directory))
        #expect(demo.waitForOutput("answers Ann", in: .output))
        demo.terminate(signal)
        #expect(demo.waitForExit() == .code(0))
        #expect(demo.output.contains("Stopped before the end"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
    }

    @Test func `without a place for its files it says so`() throws {
        let demo = try ChildProcess.run(
            try BuiltProducts.url("outboxd").path, ["demo"], environment: ["TMPDIR": "/nowhere"])
        #expect(demo.exit == .code(74))
        #expect(demo.errors.contains("set TMPDIR"))
    }
}
