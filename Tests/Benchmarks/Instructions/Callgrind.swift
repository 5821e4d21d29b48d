import Foundation
import TestSupport

/// A drain under valgrind's callgrind, which counts what each thread does.
///
/// The counts are those of the program alone, whatever the machine does besides. Under clocks that are as slow as
/// valgrind (`Tests/SlowedClock`) as many mails share a transaction as outside: without, 4 did instead of 100, or more on
/// a faster machine, and the counts hung on that.
enum Callgrind {
    /// - Throws: ``Executable/Missing`` where there is no valgrind.
    static func countDrain(of mails: Int) throws -> Instructions {
        let valgrind = try Executable.find("valgrind", package: "valgrind")
        let outbox = try Outbox()
        try outbox.fill(mails)
        let sink = try TimingSink()
        var environment = Product.environment(database: outbox.path, relay: sink.url)
        environment["OUTBOXD_LOG_LEVEL"] = "warning"
        environment["OUTBOXD_SMTP_CONNECTIONS"] = "4"
        environment["LD_PRELOAD"] = try BuiltProducts.url("libSlowedClock.so").path
        let result = try ChildProcess.run(
            valgrind,
            [
                "--tool=callgrind", "--separate-threads=yes", "--fair-sched=yes",
                "--callgrind-out-file=" + outbox.file("calls"), try Product.path(), "drain",
            ],
            environment: environment, timeout: .seconds(1_200))
        guard result.exit == .code(0), sink.count == mails else {
            throw Problem("under valgrind: \(result.exit), \(sink.count) mails; \(result.errors)")
        }
        return try count(beside: outbox.file("calls"))
    }

    /// Reads what the threads' files say.
    private static func count(beside path: String) throws -> Instructions {
        let folder = URL(filePath: path).deletingLastPathComponent()
        var counted = Instructions(storing: 0, sending: 0)
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path)
        where file.hasPrefix("calls-") {
            let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
            guard let total = total(of: text) else { continue }
            // Only one thread talks to the relay. Of the others, which show how far a drain has
            // come or open connections, none does as much as the storing one.
            if text.contains(" curl_easy_send\n") {
                counted.sending += total
            } else {
                counted.storing = max(counted.storing, total)
            }
        }
        guard counted.storing > 0, counted.sending > 0 else {
            throw Problem("valgrind has counted no threads in \(folder.path)")
        }
        return counted
    }

    private static func total(of text: String) -> Int? {
        text.split(separator: "\n").last { $0.hasPrefix("totals: ") }
            .flatMap { Int($0.dropFirst("totals: ".count)) }
    }
}
